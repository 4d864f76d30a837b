//! The way through the one rule; each test holds it against what the rule itself makes.

use super::locate;
use async_graphql::PathSegment;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use toolgen::shape::{apply, stays};
use toolgen::spec::{RootShape, Shape};

fn object(fields: &[(&str, Shape)]) -> Shape {
    Shape::Object(named(fields))
}

fn named(fields: &[(&str, Shape)]) -> Vec<(String, Shape)> {
    fields
        .iter()
        .map(|(key, shape)| ((*key).to_owned(), shape.clone()))
        .collect()
}

fn collapse(key: &str, inner: Shape) -> Shape {
    Shape::Collapse {
        key: key.to_owned(),
        inner: Box::new(inner),
    }
}

fn list(element: Shape) -> Shape {
    Shape::List(Box::new(element))
}

/// `{ slack { history { messages: nodes { ts author { name } links { __typename … on Issue { number } } } next: pageInfo { endCursor } } } }`
fn history() -> RootShape {
    let links = Shape::Abstract(BTreeMap::from([(
        "Issue".to_owned(),
        named(&[("__typename", Shape::Leaf), ("number", Shape::Leaf)]),
    )]));
    RootShape {
        unwrap: vec!["slack".to_owned(), "history".to_owned()],
        inner: object(&[
            (
                "messages",
                list(object(&[
                    ("ts", Shape::Leaf),
                    ("author", collapse("name", Shape::Leaf)),
                    ("links", list(links)),
                ])),
            ),
            ("next", collapse("endCursor", Shape::Leaf)),
        ]),
    }
}

fn segments(path: &str) -> Vec<PathSegment> {
    path.split('.')
        .map(|step| {
            step.parse()
                .map_or_else(|_| PathSegment::Field(step.to_owned()), PathSegment::Index)
        })
        .collect()
}

fn response() -> Value {
    json!({ "slack": { "history": {
        "messages": [
            null,
            { "ts": "1.1", "author": { "name": "Ada" }, "links": [null, { "__typename": "Issue", "number": 7 }, { "__typename": "Moved", "number": 8 }] },
            { "ts": "2.2", "author": null, "links": null },
        ],
        "next": { "endCursor": null },
    } } })
}

#[test]
fn the_elements_that_stay_are_those_of_the_result() {
    let response = response();
    let messages = &response["slack"]["history"]["messages"];
    let Shape::Object(fields) = history().inner else {
        panic!()
    };
    let Shape::List(message) = &fields[0].1 else { panic!() };
    let staying: Vec<_> = messages
        .as_array()
        .unwrap()
        .iter()
        .map(|value| stays(message, value))
        .collect();
    assert_eq!(staying, [false, true, true]);
    let result = apply(&history(), response.clone());
    assert_eq!(
        Value::Object(result),
        json!({ "messages": [
            { "ts": "1.1", "author": "Ada", "links": [{ "__typename": "Issue", "number": 7 }] },
            { "ts": "2.2" },
        ] })
    );
}

#[test]
fn finds_the_place_in_the_result() {
    let place = |path: &str| locate(&history(), &response(), &segments(path)).to_string();
    assert_eq!(place("slack.history.messages.2.links"), "messages.1.links");
    assert_eq!(place("slack.history.messages.1.author.name"), "messages.0.author");
    assert_eq!(
        place("slack.history.messages.1.links.1.number"),
        "messages.0.links.0.number"
    );
    assert_eq!(place("slack.history.messages.0"), "messages");
    assert_eq!(place("slack.history.messages.1.links.0"), "messages.0.links");
    assert_eq!(place("slack.history.messages.1.links.2.number"), "messages.0.links");
    assert_eq!(place("slack.history"), "");
}

#[test]
fn names_what_came_off_at_the_root_when_it_is_missing() {
    let nothing = json!({ "slack": { "history": null } });
    assert_eq!(
        locate(&history(), &nothing, &segments("slack.history")).to_string(),
        "history"
    );
}
