//! What is said of a cut, and what it says to do.

use super::tell;
use crate::graph::paging::{Position, position};
use crate::tools::budget::{Cut, Kind};
use crate::tools::catalog::tests::{argument, spec};
use crate::tools::catalog::{Catalog, Params};
use crate::tools::path::{Path, Step};
use crate::tools::problems::Scene;
use serde_json::{Value, json};
use toolgen::ToolSpec;
use toolgen::spec::{Input, ListSpec};

fn cut(path: &str, what: Kind, kept: usize, of: usize) -> Cut {
    let steps = path
        .split('.')
        .map(|step| step.parse().map_or_else(|_| Step::Key(step.to_owned()), Step::Index));
    Cut {
        path: Path(steps.collect()),
        what,
        kept,
        of,
    }
}

fn place(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

/// A tool with these arguments, of which only the first must be given.
fn tool(name: &str, arguments: &[(&str, Input)], lists: Vec<ListSpec>) -> ToolSpec {
    let mut arguments: Vec<_> = arguments
        .iter()
        .map(|(name, input)| argument(name, input.clone()))
        .collect();
    for argument in arguments.iter_mut().skip(1) {
        argument.required = false;
    }
    ToolSpec {
        arguments,
        lists,
        ..spec(name)
    }
}

fn history() -> ToolSpec {
    let messages = ListSpec {
        path: place("messages"),
        cursors: Some("slack.history".to_owned()),
        goes_on_after: Some("ts".to_owned()),
        size: Some("limit".to_owned()),
        cursor: Some("cursor".to_owned()),
        next_cursor: Some(place("next_cursor")),
        arguments: [("channel".to_owned(), "channel".to_owned())].into(),
        ..ListSpec::default()
    };
    let arguments = [
        ("channel", Input::String),
        ("limit", Input::Int),
        ("cursor", Input::String),
    ];
    tool("slack_get_history", &arguments, vec![messages])
}

fn context() -> ToolSpec {
    let notifies = ListSpec {
        path: place("notifies"),
        ..ListSpec::default()
    };
    let history = ListSpec {
        path: place("notifies.*.history"),
        cursors: Some("slack.history".to_owned()),
        goes_on_after: Some("ts".to_owned()),
        size: Some("limit".to_owned()),
        parent: [("channel".to_owned(), place("notifies.*.id"))].into(),
        ..ListSpec::default()
    };
    tool(
        "monitor_context",
        &[("id", Input::Id), ("limit", Input::Int)],
        vec![notifies, history],
    )
}

/// What is told, and the result afterwards.
fn told(tool: &ToolSpec, given: &Value, before: &Value, cuts: &[Cut]) -> (Value, Value) {
    let catalog = Catalog::new(Params {
        specs: vec![history().into()],
        ..Params::default()
    })
    .unwrap();
    let scene = Scene {
        tool,
        variables: given.as_object().unwrap(),
        catalog: &catalog,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    let mut result = before.clone();
    let told = tell(&scene, before, cuts, &mut result);
    (told, result)
}

fn messages(count: usize) -> Value {
    let message = |n: usize| json!({ "ts": format!("1.{}", 100 - n), "text": "words ".repeat(40) });
    (0..count).map(message).collect()
}

fn begins(cursor: &Value) -> Position {
    position("slack", "slack.history", cursor.as_str()).unwrap()
}

#[test]
fn the_results_own_cursor_goes_on_at_the_cut() {
    for end in [json!("of the whole page"), Value::Null] {
        let mut before = json!({ "messages": messages(20) });
        if end.is_string() {
            before["next_cursor"] = end;
        }
        let given = json!({ "channel": "C1", "limit": 20 });
        let (told, result) = told(&history(), &given, &before, &[cut("messages", Kind::Items, 7, 20)]);
        assert_eq!(
            told,
            json!([{ "path": "messages", "kept": 7, "of": 20, "rest": "`next_cursor` goes on after them" }])
        );
        assert_eq!(begins(&result["next_cursor"]).after.as_deref(), Some("1.94"));
    }
}

#[test]
fn a_cursor_by_number_counts_on_from_the_page_it_stands_on() {
    let mut search = history();
    search.lists[0].goes_on_after = None;
    let first = crate::graph::paging::within("slack.history", None, 5, None).unwrap();
    let before = json!({ "messages": messages(15), "next_cursor": "x" });
    let given = json!({ "channel": "C1", "cursor": first });
    let (_, result) = told(&search, &given, &before, &[cut("messages", Kind::Items, 4, 15)]);
    assert_eq!(begins(&result["next_cursor"]).skip, 9);
}

#[test]
fn without_a_cursor_in_the_result_the_call_has_it() {
    let mut tool = history();
    tool.lists[0].next_cursor = None;
    let given = json!({ "channel": "#it's on", "limit": 20 });
    let before = json!({ "messages": messages(20) });
    let (told, result) = told(&tool, &given, &before, &[cut("messages", Kind::Items, 7, 20)]);
    let rest = told[0]["rest"].as_str().unwrap();
    let cursor = rest
        .strip_prefix(r"slack_get_history channel='#it'\''s on' limit=20 cursor=")
        .unwrap();
    assert_eq!(begins(&json!(cursor)).after.as_deref(), Some("1.94"));
    assert_eq!(result, before);
}

#[test]
fn a_nested_list_has_a_call_of_its_own_for_each_place() {
    let channel = |id: &str| json!({ "id": id, "history": messages(20) });
    let before = json!({ "notifies": [channel("C1"), channel("C2")] });
    let cuts = [
        cut("notifies.0.history", Kind::Items, 3, 20),
        cut("notifies.1.history", Kind::Items, 2, 20),
    ];
    let (told, _) = told(&context(), &json!({ "id": "40", "limit": 20 }), &before, &cuts);
    let rest = |index: usize| told[index]["rest"].as_str().unwrap().split_once(" cursor=").unwrap();
    // The largest loss first.
    assert_eq!(
        (&told[0]["path"], rest(0).0),
        (&json!("notifies.1.history"), "slack_get_history channel=C2")
    );
    assert_eq!(begins(&json!(rest(0).1)).after.as_deref(), Some("1.99"));
    assert_eq!(
        (&told[1]["path"], rest(1).0),
        (&json!("notifies.0.history"), "slack_get_history channel=C1")
    );
    assert_eq!(begins(&json!(rest(1).1)).after.as_deref(), Some("1.98"));
}

#[test]
fn a_tool_is_named_even_where_its_arguments_are_not_known() {
    let before = json!({ "notifies": [{ "name": "ops", "history": messages(9) }] });
    let cuts = [cut("notifies.0.history", Kind::Items, 1, 9)];
    let (told, _) = told(&context(), &json!({ "id": "40" }), &before, &cuts);
    assert_eq!(told[0]["rest"], "page through it with `slack_get_history`");
}

#[test]
fn a_text_is_had_whole_where_its_item_is_asked_for_alone() {
    let before = json!({ "messages": messages(20) });
    let given = json!({ "channel": "C1", "limit": 20 });
    let rest = |cuts: &[Cut]| told(&history(), &given, &before, cuts).0[0]["rest"].clone();
    let one = rest(&[cut("messages.4.text", Kind::Characters, 60, 900)]);
    let cursor = one
        .as_str()
        .unwrap()
        .strip_prefix("slack_get_history channel=C1 limit=1 cursor=")
        .unwrap();
    assert_eq!(begins(&json!(cursor)).after.as_deref(), Some("1.97"));
    let first = rest(&[cut("messages.0.text", Kind::Characters, 60, 900)]);
    assert_eq!(first, "slack_get_history channel=C1 limit=1");
    let several = rest(&[
        cut("messages.4.text", Kind::Characters, 60, 900),
        cut("messages.5.text", Kind::Characters, 60, 900),
    ]);
    assert_eq!(several, "call again with a smaller `limit`, so that more of each fits");
    let alone = told(
        &history(),
        &given,
        &json!({ "messages": messages(1) }),
        &[cut("messages.0.text", Kind::Characters, 60, 900)],
    );
    assert_eq!(alone.0[0]["rest"], "no call gives more of it");
    let at = json!({ "messages": [{ "ts": "1.1", "text": "long", "permalink": "https://acme.slack.com/p1" }] });
    let (alone, _) = told(
        &history(),
        &given,
        &at,
        &[cut("messages.0.text", Kind::Characters, 60, 900)],
    );
    assert_eq!(
        alone[0]["rest"],
        "no call gives more of it; it is whole at https://acme.slack.com/p1"
    );
    let pull = json!({ "title": "T", "body": "long", "url": "https://github.com/acme/checkout/pull/617" });
    let (pull, _) = told(
        &spec("pull"),
        &json!({}),
        &pull,
        &[cut("body", Kind::Characters, 60, 900)],
    );
    assert_eq!(
        pull[0]["rest"],
        "no call gives more of it; it is whole at https://github.com/acme/checkout/pull/617"
    );
}

#[test]
fn like_texts_stand_together_and_lists_before_them() {
    let before = json!({ "notifies": [{ "id": "C1", "history": messages(20) }] });
    let cuts = [
        cut("notifies.0.history.0.text", Kind::Characters, 60, 900),
        cut("notifies.0.history.1.text", Kind::Characters, 60, 900),
        cut("notifies.0.history", Kind::Items, 3, 20),
    ];
    let (told, _) = told(&context(), &json!({ "id": "40" }), &before, &cuts);
    assert_eq!(told[0]["path"], "notifies.0.history");
    assert_eq!(
        told[1],
        json!({ "path": "notifies.*.history.*.text", "kept": 120, "of": 1800, "unit": "characters",
            "rest": "call again with a smaller `limit`, so that more of each fits" })
    );
}

#[test]
fn where_nothing_pages_less_is_asked_for() {
    let rest = |tool: &ToolSpec, path: &str, kept: usize| {
        let (told, _) = told(tool, &json!({}), &json!({}), &[cut(path, Kind::Items, kept, 9)]);
        told[0]["rest"].clone()
    };
    assert_eq!(
        rest(&context(), "notifies", 1),
        "call again with a smaller `limit`, so that more of each fits",
        "the lists in it are what fills it"
    );
    let mut series = context();
    series.lists[0].narrowed_by = vec!["query".to_owned(), "from".to_owned()];
    series.lists.truncate(1);
    assert_eq!(rest(&series, "notifies", 1), "narrow `query` or `from`");
    assert_eq!(rest(&series, "elsewhere", 1), "ask for less");
    assert_eq!(
        rest(&history(), "messages", 0),
        "ask for less",
        "a cursor at the start would go in circles"
    );
}

#[test]
fn a_query_that_was_written_for_this_is_told_what_to_select() {
    let mut query = history();
    query.name = "run_query".to_owned();
    query.arguments = vec![argument("the query", Input::String)];
    let list = &mut query.lists[0];
    (list.size, list.cursor) = (None, None);
    list.cursors = Some("github.search".to_owned());
    list.goes_on_after = None;
    let before = json!({ "messages": messages(20), "next_cursor": "the end" });
    let cuts = [cut("messages", Kind::Items, 7, 20)];
    let (entries, result) = told(&query, &json!({}), &before, &cuts);
    assert_eq!(entries[0]["rest"], "`next_cursor` goes on after them");
    let begins = position("github", "github.search", result["next_cursor"].as_str()).unwrap();
    assert_eq!(begins.skip, 7);
    query.lists[0].next_cursor = None;
    let (entries, _) = told(&query, &json!({}), &before, &cuts);
    assert_eq!(
        entries[0]["rest"],
        "select `pageInfo { endCursor }` beside it, which then goes on here as `cursor`; or ask for a smaller page"
    );
}

#[test]
fn there_is_an_end_to_it() {
    let cuts: Vec<_> = (0..30).map(|n| cut(&format!("list{n}"), Kind::Items, 1, 2)).collect();
    let (entries, _) = told(&spec("t"), &json!({}), &Value::Null, &cuts);
    assert_eq!(entries.as_array().unwrap().len(), 7);
    assert_eq!(entries[6], json!({ "path": "24 more places" }));
}
