//! What is said of a cut, and what it says to do.

use crate::tools::budget::{Cut, Kind};
use crate::tools::catalog::tests::{argument, spec};
use crate::tools::catalog::{Catalog, Params};
use crate::tools::path::{Path, Step};
use crate::tools::problems::Scene;
use serde_json::{Map, Value, json};
use toolgen::ToolSpec;
use toolgen::spec::Input;

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

/// What is told where `slack_get_history` is listed too.
fn told(tool: &ToolSpec, before: &Value, cuts: &[Cut]) -> Value {
    let mut history = paged(&[("channel", Input::String), ("cursor", Input::String)]);
    history.name = "slack_get_history".to_owned();
    history.shape.unwrap = vec!["slack".to_owned(), "history".to_owned()];
    for argument in history.arguments.iter_mut().skip(1) {
        argument.required = false;
    }
    let catalog = Catalog::new(Params {
        specs: vec![history.into()],
        ..Params::default()
    })
    .unwrap();
    let scene = Scene {
        tool,
        variables: &Map::new(),
        catalog: &catalog,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
    };
    super::as_json(&scene, before, cuts)
}

fn paged(names: &[(&str, Input)]) -> ToolSpec {
    let arguments = names.iter().map(|(name, input)| argument(name, input.clone()));
    ToolSpec {
        arguments: arguments.collect(),
        ..spec("t")
    }
}

#[test]
fn a_page_is_fetched_again_smaller_because_its_cursor_goes_too_far() {
    let tool = paged(&[("limit", Input::Int), ("cursor", Input::String)]);
    assert_eq!(
        told(&tool, &Value::Null, &[cut("messages", Kind::Items, 7, 20)]),
        json!([{ "path": "messages", "kept": 7, "of": 20,
            "rest": "call again with limit=7, whose next_cursor goes on after them; the one here skips what was cut" }])
    );
}

#[test]
fn like_places_stand_together_and_lists_before_texts() {
    let cuts = [
        cut("notifies.0.text", Kind::Characters, 60, 900),
        cut("notifies.0.history", Kind::Items, 3, 20),
        cut("notifies.1.history", Kind::Items, 2, 20),
    ];
    let before = json!({ "notifies": [{ "id": "C1", "history": [] }, { "id": "C2", "history": [] }] });
    assert_eq!(
        told(&paged(&[("limit", Input::Int)]), &before, &cuts),
        json!([
            { "path": "notifies.*.history", "kept": 5, "of": 40,
                "rest": "page through it with `slack_get_history`, `channel` being the `id` beside it" },
            { "path": "notifies.0.text", "kept": 60, "of": 900, "unit": "characters" },
        ])
    );
}

#[test]
fn a_smaller_page_is_named_only_where_it_leads_to_the_rest() {
    let rest = |names: &[(&str, Input)], before: Value, path: &str| {
        told(&paged(names), &before, &[cut(path, Kind::Items, 1, 9)])[0]["rest"].clone()
    };
    let limit = || ("limit", Input::Int);
    assert_eq!(
        rest(&[limit(), ("cursor", Input::String)], Value::Null, "messages.0.links"),
        "call again with a smaller `limit` and follow next_cursor"
    );
    assert_eq!(
        rest(&[limit()], json!({ "notifies": [{ "history": [] }] }), "notifies"),
        "call again with a smaller `limit`, so that more of them fit"
    );
    assert_eq!(
        rest(&[limit()], json!({ "items": [{}] }), "items"),
        "narrow the question"
    );
    assert_eq!(
        rest(&[("from", Input::String)], Value::Null, "series.0.points"),
        "narrow the query or the time span"
    );
}

#[test]
fn without_an_id_beside_it_a_list_has_a_tool_all_the_same() {
    let before = json!({ "notifies": [{ "name": "ops" }] });
    let entries = told(&spec("t"), &before, &[cut("notifies.0.history", Kind::Items, 1, 9)]);
    assert_eq!(entries[0]["rest"], "page through it with `slack_get_history`");
}

#[test]
fn there_is_an_end_to_it() {
    let cuts: Vec<_> = (0..30).map(|n| cut(&format!("list{n}"), Kind::Items, 1, 2)).collect();
    let entries = told(&spec("t"), &Value::Null, &cuts);
    assert_eq!(entries.as_array().unwrap().len(), 7);
    assert_eq!(entries[6], json!({ "path": "24 more places" }));
}
