//! The shipped schema is searched, and all of it can be asked for.

use super::atlas::{Atlas, Kind};
use super::{Explorer, Refused, search};
use crate::tools::embedded;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

fn explorer() -> Explorer {
    Explorer::new(embedded::SCHEMA, embedded::options()).unwrap()
}

fn arguments(query: &str) -> Map<String, Value> {
    json!({ "query": query }).as_object().unwrap().clone()
}

/// A query for one field, by the way that the atlas knows.
fn query_for(atlas: &Atlas, parent: &str, field: &super::atlas::Field) -> String {
    let mut query = String::from("{ ");
    let way = atlas.way(parent).unwrap();
    for step in way {
        if step.starts_with("...") {
            query.push_str("__typename ");
        }
        query.push_str(step);
        query.push_str(" { ");
    }
    query.push_str(&field.step());
    let below = match atlas.get(&field.named).map(|ty| &ty.kind) {
        Some(Kind::Fields(_) | Kind::Union(_)) => " { __typename }",
        _ => "",
    };
    query.push_str(below);
    query.push_str(&" }".repeat(way.len() + 1));
    query
        .replace(": String!", ": \"x\"")
        .replace(": ID!", ": \"1\"")
        .replace(": Int!", ": 1")
}

/// A field without a weight, or a list of which nobody says how long it is, would be shown and then refused.
#[test]
fn every_field_that_is_shown_can_be_asked_for() {
    let (explorer, mut count) = (explorer(), 0);
    for (parent, field) in explorer.atlas.fields() {
        let query = query_for(&explorer.atlas, parent, field);
        if let Err(refused) = explorer.query(&arguments(&query)) {
            panic!("{parent}.{}: {query}\n{refused:?}", field.name);
        }
        count += 1;
    }
    assert!(count > 100, "{count}");
}

#[test]
fn the_first_words_of_a_person_lead_to_the_vendors() {
    let atlas = Atlas::read(embedded::SCHEMA);
    for (words, first) in [
        ("stars", "type Repository {"),
        ("labels of an issue", "type Issue {"),
        ("how many people are in a channel", "type SlackChannel {"),
        ("when was the monitor triggered", "type DatadogMonitorGroup {"),
        ("commit hash", "type Commit {"),
        ("reply count of a thread", "type SlackMessage {"),
    ] {
        let found = search::search(&atlas, words);
        let text = found["schema"].as_str().unwrap();
        let kind = text.lines().find(|line| line.starts_with("type")).unwrap();
        assert_eq!(kind, first, "{words}:\n{text}");
    }
}

/// Read as an agent would: the best type first, short, and what is not there said.
#[test]
fn everyday_questions_are_answered_shortly() {
    let atlas = Atlas::read(embedded::SCHEMA);
    let mut all = String::new();
    for words in [
        "who is on call",
        "open alerts for checkout service",
        "deploys",
        "how do I get the ci status of a PR",
        "send a dm",
        "latest messages in the incident channel",
        "who merged the PR",
    ] {
        let found = search::search(&atlas, words);
        let schema = found["schema"].as_str().unwrap();
        if found["matched"] != 0 {
            assert!(schema.len() <= 1_500, "{words}: {}", schema.len());
        }
        let first: Vec<_> = schema.lines().filter(|line| line.starts_with("type")).take(2).collect();
        let told = found["next"].as_str().unwrap().split(" Ask for").next().unwrap();
        writeln!(
            all,
            "{words} ({} bytes)\n{}\n  {told}\n",
            schema.len(),
            first.join("\n")
        )
        .unwrap();
        writeln!(all, "{schema}\n").unwrap();
    }
    insta::assert_snapshot!(all);
}

#[test]
fn any_words_give_a_bounded_answer() {
    let atlas = Atlas::read(embedded::SCHEMA);
    for words in [
        "",
        "the",
        "a b c",
        "{}\"\u{1f600}",
        "message",
        "number url name id",
        &"state ".repeat(40),
    ] {
        let found = search::search(&atlas, words).to_string();
        assert!(found.len() < 4_500, "{words}: {}", found.len());
    }
}

/// What is shown is SDL, but for what points at the rest.
#[test]
fn what_is_shown_is_sdl() {
    let atlas = Atlas::read(embedded::SCHEMA);
    for words in [
        "stars",
        "failing checks",
        "monitor",
        "SlackMessage",
        "GitHubObject",
        "zebra",
    ] {
        let found = search::search(&atlas, words);
        let text = found["schema"].as_str().unwrap().replace(';', " ");
        if let Err(error) = async_graphql::parser::parse_schema(&text) {
            panic!("{words}: {error}\n{text}");
        }
    }
}

#[test]
fn text_that_is_no_query_is_refused_and_nothing_breaks() {
    let explorer = explorer();
    for text in [
        "",
        "{",
        "}",
        "query",
        "{ ...F } fragment F on Query { ...F }",
        "\u{0}",
        "{ slack { ",
        &"{a".repeat(5_000),
    ] {
        assert!(
            matches!(explorer.query(&arguments(text)), Err(Refused::Query(_))),
            "{text}"
        );
    }
}

/// An agent reads the refusal, and pays for it.
#[test]
fn a_refusal_is_short_whatever_the_query_is() {
    let explorer = explorer();
    let long = "a".repeat(6_000);
    for query in [
        format!("{{ slack {{ {} }} }}", "nme ".repeat(4_000)),
        format!("{{ slack {{ {long} }} }}"),
        format!("query($x: {long}) {{ slack {{ user(id: $x) {{ {long} }} }} }}"),
        "{ ".repeat(40) + "\u{1b}[31m",
    ] {
        let Err(Refused::Query(text)) = explorer.query(&arguments(&query)) else {
            panic!("{query} is run")
        };
        assert!(text.len() < 4_500, "{} bytes:\n{text}", text.len());
        assert!(text.contains("run_query:1:") && !text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn a_query_has_no_budget_of_its_own() {
    let query = "query A @tool(maxBytes: 2000000) { slack { user(id: \"U1\") { id name } } }";
    let Err(Refused::Query(text)) = explorer().query(&arguments(query)) else {
        panic!("it is run")
    };
    assert!(text.contains("`@tool` is for the files of tools"), "{text}");
}
