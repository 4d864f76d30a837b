//! What is listed, and what is refused.

use super::{Catalog, CatalogError, Hidden, Params, Writes};
use std::collections::BTreeMap;
use std::sync::Arc;
use toolgen::ToolSpec;
use toolgen::spec::{Annotations, Argument, Bounds, Cost, Input, ListSpec, OperationKind, Rendering, RootShape, Shape};

/// A tool for tests, to be changed where a test cares.
pub(crate) fn spec(name: &str) -> ToolSpec {
    ToolSpec {
        name: name.to_owned(),
        group: "slack".to_owned(),
        title: None,
        description: format!("What {name} does."),
        kind: OperationKind::Query,
        operation: "Q".to_owned(),
        document: "query Q { slack { __typename } }".to_owned(),
        backends: vec!["slack".to_owned()],
        annotations: Annotations {
            read_only: true,
            destructive: false,
            idempotent: true,
            open_world: false,
        },
        arguments: vec![],
        input_schema: Arc::default(),
        output_schema: Arc::default(),
        shape: RootShape {
            unwrap: vec![],
            inner: Shape::Object(vec![]),
        },
        rendering: Rendering::default(),
        lists: vec![],
        shares: vec![],
        source: format!("queries/slack/{name}.graphql"),
        text: "query Q { slack { __typename } } # as written".to_owned(),
        hidden: vec![],
        max_bytes: None,
        cost: Cost::default(),
        scopes: BTreeMap::new(),
    }
}

/// An argument that must be given.
pub(crate) fn argument(name: &str, input: Input) -> Argument {
    Argument {
        name: name.to_owned(),
        description: None,
        input,
        required: true,
        nullable: false,
        default: None,
        bounds: Bounds::default(),
        examples: vec![],
    }
}

fn writing(name: &str) -> ToolSpec {
    ToolSpec {
        kind: OperationKind::Mutation,
        ..spec(name)
    }
}

fn params() -> Params {
    let elsewhere = ToolSpec {
        group: "github".to_owned(),
        backends: vec!["github".to_owned()],
        ..spec("github_get_repo")
    };
    Params {
        specs: vec![
            writing("slack_send_message").into(),
            spec("slack_search").into(),
            elsewhere.into(),
            spec("slack_get_history").into(),
        ],
        ..Params::default()
    }
}

fn listed(params: Params) -> Vec<String> {
    let catalog = Catalog::new(params).unwrap();
    catalog.listed().map(|tool| tool.spec.name.clone()).collect()
}

#[test]
fn lists_by_name_and_writes_only_when_allowed() {
    assert_eq!(
        listed(params()),
        ["github_get_repo", "slack_get_history", "slack_search"]
    );
    let all = Params {
        writes: Writes::All,
        ..params()
    };
    assert!(listed(all).contains(&"slack_send_message".to_owned()));
    let this = Params {
        writes: Writes::Only(vec!["slack_send_message".to_owned()]),
        ..params()
    };
    assert!(listed(this).contains(&"slack_send_message".to_owned()));
}

#[test]
fn lists_a_tool_while_its_backends_are_on() {
    let off = Params {
        off: BTreeMap::from([("github".to_owned(), vec!["GITHUB_TOKEN".to_owned()])]),
        ..params()
    };
    let catalog = Catalog::new(off).unwrap();
    assert_eq!(catalog.listed().count(), 2);
    assert_eq!(
        catalog.find("github_get_repo").unwrap().hidden,
        Some(Hidden::BackendOff {
            backend: "github".to_owned(),
            variables: vec!["GITHUB_TOKEN".to_owned()],
        })
    );
}

#[test]
fn lists_the_groups_that_were_asked_for() {
    let one = Params {
        groups: Some(vec!["github".to_owned()]),
        ..params()
    };
    assert_eq!(listed(one), ["github_get_repo"]);
}

#[test]
fn refuses_names_that_are_not_there_and_names_the_nearest() {
    let write = Params {
        writes: Writes::Only(vec!["slack_send_mesage".to_owned()]),
        ..params()
    };
    assert_eq!(
        Catalog::new(write).unwrap_err().to_string(),
        "--allow-writes: there is no writing tool `slack_send_mesage`; did you mean `slack_send_message`?"
    );
    let reading = Params {
        writes: Writes::Only(vec!["slack_search".to_owned()]),
        ..params()
    };
    assert!(matches!(Catalog::new(reading), Err(CatalogError::NoSuchWrite { .. })));
    let group = Params {
        groups: Some(vec!["gihub".to_owned()]),
        ..params()
    };
    assert_eq!(
        Catalog::new(group).unwrap_err().to_string(),
        "--groups: there is no group `gihub`; did you mean `github`?"
    );
}

#[test]
fn refuses_two_tools_of_one_name() {
    let twice = Params {
        specs: vec![spec("slack_search").into(), spec("slack_search").into()],
        ..Params::default()
    };
    assert!(matches!(Catalog::new(twice), Err(CatalogError::Twice { .. })));
}

#[test]
fn knows_where_to_look_what_became_of_a_write() {
    let taking = |tool: ToolSpec, names: &[&str]| ToolSpec {
        arguments: names.iter().map(|name| argument(name, Input::String)).collect(),
        ..tool
    };
    let catalog = Catalog::new(Params {
        specs: vec![
            taking(writing("slack_send_message"), &["channel", "text"]).into(),
            taking(writing("slack_save"), &["query", "name"]).into(),
            taking(spec("slack_get_history"), &["channel", "limit"]).into(),
            taking(spec("slack_search"), &["query"]).into(),
        ],
        ..Params::default()
    })
    .unwrap();
    let readers = |name: &str| catalog.readers_beside(&catalog.find(name).unwrap().spec);
    assert_eq!(readers("slack_send_message"), ["slack_get_history"]);
    assert!(readers("slack_save").is_empty());
}

#[test]
fn names_the_nearest_tools() {
    let catalog = Catalog::new(params()).unwrap();
    assert_eq!(catalog.nearest("slack_history").first(), Some(&"slack_get_history"));
    assert!(catalog.nearest("zzz").is_empty());
}

/// A tool whose own list goes on with Slack's history; its field's arguments are fed by these.
fn paging(name: &str, fed: &[(&str, &str)]) -> ToolSpec {
    let list = ListSpec {
        path: vec!["messages".to_owned()],
        cursors: Some("slack.history".to_owned()),
        cursor: Some("cursor".to_owned()),
        arguments: fed
            .iter()
            .map(|(of, by)| ((*of).to_owned(), (*by).to_owned()))
            .collect(),
        ..ListSpec::default()
    };
    let names = fed.iter().map(|(_, by)| *by).chain(["cursor"]);
    ToolSpec {
        arguments: names.map(|name| argument(name, Input::String)).collect(),
        lists: vec![list],
        ..spec(name)
    }
}

#[test]
fn a_pager_is_one_that_can_be_asked_for_any_list() {
    let mut literal = paging("alerts_channel", &[]);
    literal.lists[0].is_fixed = true;
    let mut fixed = paging("alerts_fixed", &[("channel", "hidden")]);
    fixed.arguments.retain(|argument| argument.name != "hidden");
    let more = ToolSpec {
        arguments: [
            paging("b", &[("channel", "channel")]).arguments,
            vec![argument("team", Input::String)],
        ]
        .concat(),
        ..paging("archive", &[("channel", "channel")])
    };
    let ours = paging("history_of_ours", &[("channel", "channel")]);
    let built_in = paging("slack_get_history", &[("channel", "channel")]);
    let pager = |specs: &[&ToolSpec], built_in: &[&str]| {
        let catalog = Catalog::new(Params {
            specs: specs.iter().map(|spec| Arc::new((*spec).clone())).collect(),
            built_in: built_in.iter().map(|name| (*name).to_owned()).collect(),
            ..Params::default()
        })
        .unwrap();
        let list = paging("x", &[]).lists[0].clone();
        catalog
            .pager(&list, &spec("monitor_context"))
            .map(|(tool, _)| tool.name.clone())
    };
    assert_eq!(pager(&[&literal, &fixed], &[]), None);
    assert_eq!(pager(&[&literal, &fixed, &more], &[]).as_deref(), Some("archive"));
    assert_eq!(
        pager(&[&literal, &more, &ours], &[]).as_deref(),
        Some("history_of_ours")
    );
    let all = [&literal, &fixed, &more, &ours, &built_in];
    assert_eq!(
        pager(&all, &["slack_get_history"]).as_deref(),
        Some("slack_get_history")
    );
}
