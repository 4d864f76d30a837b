//! Each field of an object is asked once, however the object is named.

use super::*;
use crate::backends::github::answer::Faults;
use serde_json::{Value, json};

fn fields(kind: Kind, names: &[&str]) -> Wanted {
    let mut wanted = Wanted::default();
    for name in names {
        wanted.add(kind.field(name).unwrap(), 0, Wanted::default());
    }
    wanted
}

fn by_number(names: &[&str]) -> Ask {
    Ask {
        lookup: Lookup::PullRequest {
            owner: "Acme".to_owned(),
            name: "checkout".to_owned(),
            number: 612,
        },
        wanted: fields(Kind::PullRequest, names),
    }
}

fn by_url(names: &[&str]) -> Ask {
    Ask {
        lookup: Lookup::Resource {
            url: "https://github.com/acme/checkout/pull/612".to_owned(),
        },
        wanted: fields(Kind::PullRequest, names).as_member("PullRequest"),
    }
}

fn found(type_name: &str, fields: &Value) -> Found {
    Found {
        type_name: type_name.to_owned(),
        fields: fields.as_object().unwrap().clone(),
        faults: Faults::default(),
    }
}

#[test]
fn one_object_asked_twice_is_asked_once_for_both_selections() {
    let memory = Memory::default();
    let asked = memory.lacking(&[by_number(&["title"]), by_number(&["state"])]);
    assert_eq!(asked, [by_number(&["title", "state"])]);
}

#[test]
fn a_number_and_a_url_of_one_object_are_one_look_up_by_url() {
    let memory = Memory::default();
    let asked = memory.lacking(&[by_number(&["title"]), by_url(&["state"])]);
    assert_eq!(asked, [by_url(&["title", "state"])]);
}

#[test]
fn what_is_known_is_not_asked_again_and_the_rest_alone_is() {
    let mut memory = Memory::default();
    let first = memory.lacking(&[by_number(&["title"])]);
    memory.learn(first, vec![Ok(found("PullRequest", &json!({ "title": "Revert" })))]);
    assert_eq!(memory.lacking(&[by_url(&["title"])]), []);
    let second = memory.lacking(&[by_url(&["title", "body"])]);
    assert_eq!(second, [by_url(&["body"])]);
    memory.learn(second, vec![Ok(found("PullRequest", &json!({ "body": "why" })))]);
    let recalled = memory.recall(&by_number(&["title", "body"])).unwrap();
    assert_eq!(
        Value::Object(recalled.fields.clone()),
        json!({ "title": "Revert", "body": "why" })
    );
}

#[test]
fn a_pull_request_by_number_is_no_issue() {
    let mut memory = Memory::default();
    let asked = memory.lacking(&[by_number(&["title"]), by_url(&["title"])]);
    memory.learn(asked, vec![Ok(found("Issue", &json!({ "title": "an issue" })))]);
    assert!(memory.recall(&by_url(&["title"])).is_ok());
    let failure = memory.recall(&by_number(&["title"])).unwrap_err();
    assert!(matches!(failure.cause, Cause::NotFound { .. }));
}

#[test]
fn a_failure_is_told_once_and_not_remembered() {
    let mut memory = Memory::default();
    let asked = memory.lacking(&[by_number(&["title"])]);
    let failure = Failure::new(BACKEND, "lookup", Cause::NotFound { what: "it".to_owned() });
    let failed = memory.learn(asked, vec![Err(failure.clone())]);
    assert_eq!(failed.get("acme/checkout/pull/612"), Some(&failure));
    assert_eq!(memory.lacking(&[by_url(&["title"])]), [by_url(&["title"])]);
}

#[test]
fn asks_come_in_one_order_whatever_order_they_came_in() {
    let memory = Memory::default();
    let other = Ask {
        lookup: Lookup::Repository {
            owner: "acme".to_owned(),
            name: "web".to_owned(),
        },
        wanted: fields(Kind::Repository, &["name"]),
    };
    let forth = memory.lacking(&[by_number(&["title"]), other.clone()]);
    let back = memory.lacking(&[other, by_number(&["title"])]);
    assert_eq!(forth, back);
}
