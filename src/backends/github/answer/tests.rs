//! Answers taken apart: each error to the look-up it belongs to, the rest untouched.

use super::*;
use crate::backends::github::types::{PullRequest, Repository};
use crate::backends::github::wanted::Wanted;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

fn repository(name: &str) -> Ask {
    Ask {
        lookup: Lookup::Repository {
            owner: "acme".to_owned(),
            name: name.to_owned(),
        },
        wanted: Wanted::default(),
    }
}

fn pull_request(number: i32) -> Ask {
    Ask {
        lookup: Lookup::PullRequest {
            owner: "acme".to_owned(),
            name: "checkout".to_owned(),
            number,
        },
        wanted: Wanted::default(),
    }
}

fn link(url: &str) -> Ask {
    Ask {
        lookup: Lookup::Resource { url: url.to_owned() },
        wanted: Wanted::default(),
    }
}

fn verdicts(asks: &[Ask], body: &Value) -> Vec<Option<Verdict>> {
    let mut headers = HeaderMap::new();
    headers.insert("x-github-request-id", HeaderValue::from_static("ABCD:1"));
    let response = Response {
        status: StatusCode::OK,
        headers,
        body: body.to_string().into(),
    };
    read(&response, asks, "lookups").unwrap()
}

fn failure_of(verdict: Option<&Option<Verdict>>) -> &Failure {
    verdict.unwrap().as_ref().unwrap().as_ref().unwrap_err()
}

fn found_of(verdict: Option<&Option<Verdict>>) -> &Found {
    verdict.unwrap().as_ref().unwrap().as_ref().unwrap()
}

#[test]
fn each_error_goes_to_its_own_look_up() {
    let asks = [
        repository("a"),
        repository("b"),
        pull_request(7),
        link("https://github.com/x/y"),
    ];
    let body = json!({
        "data": {
            "l0": { "name": "a" },
            "l1": null,
            "l2": { "pullRequest": null },
            "l3": null,
            "rateLimit": { "cost": 1 },
        },
        "errors": [
            { "type": "NOT_FOUND", "path": ["l1"], "message": "Could not resolve to a Repository" },
            { "type": "NOT_FOUND", "path": ["l2", "pullRequest"], "message": "Could not resolve to a PullRequest" },
            { "type": "FORBIDDEN", "path": ["l3"], "message": "Resource protected by organization SAML enforcement." },
        ],
    });
    let verdicts = verdicts(&asks, &body);
    assert_eq!(
        found_of(verdicts.first()).fields,
        *json!({ "name": "a" }).as_object().unwrap()
    );
    let missing = failure_of(verdicts.get(1));
    assert_eq!(
        missing.cause,
        Cause::NotFound {
            what: "repository acme/b".to_owned()
        }
    );
    assert_eq!(missing.request_id.as_deref(), Some("ABCD:1"));
    assert_eq!(
        failure_of(verdicts.get(2)).cause,
        Cause::NotFound {
            what: "pull request acme/checkout#7".to_owned()
        }
    );
    assert!(matches!(failure_of(verdicts.get(3)).cause, Cause::Forbidden { .. }));
}

#[test]
fn null_without_an_error_is_not_found() {
    let verdicts = verdicts(&[link("https://github.com/x/y")], &json!({ "data": { "l0": null } }));
    assert_eq!(
        failure_of(verdicts.first()).cause,
        Cause::NotFound {
            what: "https://github.com/x/y".to_owned()
        }
    );
}

#[test]
fn a_deeper_error_leaves_the_rest_of_its_object() {
    let path = json!([
        "l0",
        "pullRequest",
        "commits",
        "nodes",
        0,
        "commit",
        "statusCheckRollup"
    ]);
    let body = json!({
        "data": { "l0": { "pullRequest": {
            "title": "Revert #612",
            "commits": { "nodes": [{ "commit": { "statusCheckRollup": null } }] },
        } } },
        "errors": [{ "type": "FORBIDDEN", "path": path, "message": "Resource not accessible by personal access token" }],
    });
    let verdicts = verdicts(&[pull_request(617)], &body);
    let node: Node<PullRequest> = found_of(verdicts.first()).node();
    assert_eq!(
        node.required("title", node.data.title.value()),
        Ok("Revert #612".to_owned())
    );
    let checks = node.optional("commits", node.data.checks().cloned()).unwrap_err();
    assert!(matches!(checks.cause, Cause::Forbidden { .. }));
}

#[test]
fn a_look_up_that_another_one_took_along_has_no_verdict_yet() {
    let body = json!({
        "data": null,
        "errors": [{ "type": "INVALID_CURSOR_ARGUMENTS", "path": ["l1"], "message": "`x` does not appear to be a valid cursor." }],
    });
    let verdicts = verdicts(&[repository("a"), repository("b")], &body);
    assert_eq!(verdicts.first(), Some(&None));
    assert!(matches!(failure_of(verdicts.get(1)).cause, Cause::Invalid { .. }));
}

#[test]
fn an_error_without_a_place_speaks_for_all_that_is_missing() {
    let body = json!({
        "data": { "l0": { "name": "a" }, "l1": null },
        "errors": [{ "message": "Something went wrong while executing your query." }],
    });
    let verdicts = verdicts(&[repository("a"), repository("b")], &body);
    assert!(matches!(verdicts.first(), Some(Some(Ok(_)))));
    assert!(matches!(failure_of(verdicts.get(1)).cause, Cause::Unavailable { .. }));
}

#[test]
fn a_value_that_cannot_be_read_costs_itself() {
    let body = json!({ "data": { "l0": {
        "name": 7,
        "url": "https://github.com/acme/a",
        "stargazerCount": 99_999_999_999_u64,
        "pushedAt": "yesterday",
        "primaryLanguage": "Rust",
        "languages": { "edges": [{ "node": { "name": "Rust" }, "size": 9 }, null, "x", { "node": null, "size": "big" }] },
    } } });
    let verdicts = verdicts(&[repository("a")], &body);
    let node: Node<Repository> = found_of(verdicts.first()).node();
    assert_eq!(node.data.url.value().as_deref(), Some("https://github.com/acme/a"));
    assert_eq!(node.data.stargazer_count.value(), None);
    assert_eq!(node.data.pushed_at.value(), None);
    let languages = node.data.languages.value().unwrap();
    let sizes: Vec<_> = languages
        .edges
        .iter()
        .map(|(index, language)| (*index, language.size.value()))
        .collect();
    assert_eq!(sizes, [(0, Some(9)), (3, None)]);
    let unreadable = node.required("name", node.data.name.value()).unwrap_err();
    assert!(matches!(unreadable.cause, Cause::Malformed { expected: "name", .. }));
}

#[test]
fn an_unknown_enum_value_is_kept_and_fails_nothing_else() {
    let body = json!({ "data": { "l0": { "pullRequest": { "title": "x", "pullRequestState": "QUEUED" } } } });
    let verdicts = verdicts(&[pull_request(1)], &body);
    let node: Node<PullRequest> = found_of(verdicts.first()).node();
    assert_eq!(node.data.title.value().as_deref(), Some("x"));
    assert_eq!(
        node.data.pull_request_state.value(),
        Some(crate::backends::github::types::PullRequestState::Other(
            "QUEUED".to_owned()
        ))
    );
}

#[test]
fn texts_are_cleaned() {
    let body = json!({ "data": { "l0": { "description": "a\u{202e}b\u{200b}c\u{7}" } } });
    let verdicts = verdicts(&[repository("a")], &body);
    let node: Node<Repository> = found_of(verdicts.first()).node();
    assert_eq!(node.data.description.value().as_deref(), Some("abc"));
}

#[test]
fn a_later_answer_adds_to_an_earlier_one() {
    let found = |fields: Value| Found {
        type_name: "Repository".to_owned(),
        fields: fields.as_object().unwrap().clone(),
        faults: Faults::default(),
    };
    let mut known = found(json!({ "name": "a", "owner": { "login": "acme" }, "labels": [1, 2] }));
    known.absorb(found(json!({ "owner": { "url": "u" }, "labels": [3] })));
    assert_eq!(
        Value::Object(known.fields),
        json!({ "name": "a", "owner": { "login": "acme", "url": "u" }, "labels": [3] })
    );
}

#[test]
fn an_element_that_is_hidden_is_known_by_its_fault() {
    let forbidden = Failure::new(
        "github",
        "lookup",
        Cause::Forbidden {
            message: "SAML".to_owned(),
        },
    );
    let faults = Faults(vec![(vec!["2".to_owned()], forbidden.clone())]);
    assert_eq!(faults.hiding(|index| *index != 2), Some(&forbidden));
    assert_eq!(faults.hiding(|_| true), None);
}
