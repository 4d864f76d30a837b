//! Links of many messages are one request; what cannot be seen is left out, and a sick GitHub is not.

use super::*;
use crate::backends::github::testing::{Peer, Reply};
use crate::graph::failure::failure_of;
use crate::graph::github::test_loaders;
use async_graphql::{EmptyMutation, EmptySubscription, Object, Response, Schema};
use serde_json::{Value, json};

/// A root with messages that link somewhere, in the place of Slack.
struct Root(Vec<Vec<String>>);

struct Message(Vec<String>);

#[Object(name = "TestRoot")]
impl Root {
    async fn messages(&self) -> Vec<Message> {
        self.0.iter().cloned().map(Message).collect()
    }
}

#[Object(name = "TestMessage")]
impl Message {
    async fn ts(&self) -> usize {
        self.0.len()
    }

    async fn links(&self, ctx: &Context<'_>) -> Result<Option<Vec<GitHubObject>>, Error> {
        objects_of(ctx, &self.0).await.map(Some)
    }
}

const QUERY: &str = "{ messages { ts links { __typename
    ... on PullRequest { number title state author { login } url }
    ... on Issue { number state url }
} } }";

fn pull(number: usize) -> String {
    format!("https://github.com/acme/checkout/pull/{number}")
}

fn object(url: &str) -> Value {
    let number: i32 = url.rsplit('/').next().unwrap().parse().unwrap();
    match number {
        404 => json!({ "errors": [{ "type": "NOT_FOUND", "path": [], "message": "Could not resolve" }] }),
        403 => json!({ "errors": [{ "type": "FORBIDDEN", "path": [], "message": "SAML enforcement" }] }),
        _ => json!({
            "__typename": "PullRequest",
            "number": number,
            "title": "Revert",
            "pullRequestState": "OPEN",
            "author": { "login": "mona" },
            "url": pull(usize::try_from(number).unwrap()),
        }),
    }
}

async fn run(peer: &Peer, messages: Vec<Vec<String>>) -> Response {
    let schema = Schema::build(Root(messages), EmptyMutation, EmptySubscription)
        .data(test_loaders(peer))
        .finish();
    schema.execute(QUERY).await
}

fn numbers(links: &Value) -> Vec<u64> {
    links
        .as_array()
        .unwrap()
        .iter()
        .map(|link| link["number"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn all_links_of_all_messages_are_one_request() {
    let peer = Peer::of_objects(object).await;
    let messages: Vec<Vec<String>> = (0..200)
        .map(|message| vec![pull(600 + message % 90), pull(600)])
        .collect();
    let answer = run(&peer, messages).await;
    assert_eq!(answer.errors, []);
    let data = answer.data.into_json().unwrap();
    assert_eq!(numbers(&data["messages"][0]["links"]), [600]);
    assert_eq!(numbers(&data["messages"][95]["links"]), [605, 600]);
    assert_eq!(data["messages"][1]["links"][0]["author"]["login"], "mona");
    let seen = peer.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].lookups().len(), 90);
}

#[tokio::test]
async fn links_beyond_the_bound_are_not_followed_and_counted() {
    let peer = Peer::of_objects(object).await;
    let answer = run(&peer, vec![(1..=40).map(pull).collect()]).await;
    let data = answer.data.clone().into_json().unwrap();
    let first: Vec<_> = (1..=20).collect();
    assert_eq!(numbers(&data["messages"][0]["links"]), first);
    let told: Vec<_> = answer
        .errors
        .iter()
        .map(|error| failure_of(error).unwrap().cause.to_string())
        .collect();
    assert_eq!(told, ["the message links to 40 things on GitHub, and 20 are followed"]);
    assert_eq!(peer.seen()[0].lookups().len(), 20);
}

#[tokio::test]
async fn an_object_is_there_once_in_the_order_of_its_first_link() {
    let peer = Peer::of_objects(object).await;
    let message = vec![
        pull(9) + "/files",
        "https://example.com/x".to_owned(),
        pull(7),
        pull(9),
        // GitHub gives the pull request for this one as well.
        "https://github.com/acme/checkout/issues/7".to_owned(),
    ];
    let answer = run(&peer, vec![message]).await;
    let data = answer.data.into_json().unwrap();
    assert_eq!(numbers(&data["messages"][0]["links"]), [9, 7]);
}

#[tokio::test]
async fn urls_that_name_nothing_make_no_request() {
    let peer = Peer::of_objects(object).await;
    let message = vec![
        "https://example.com/acme".to_owned(),
        "https://github.com/acme/checkout/blob/main/README.md".to_owned(),
        // The query selects nothing of a repository or an account.
        "https://github.com/acme/checkout".to_owned(),
        "https://github.com/acme".to_owned(),
    ];
    let answer = run(&peer, vec![message, Vec::new()]).await;
    assert_eq!(answer.errors, []);
    assert_eq!(
        answer.data.into_json().unwrap(),
        json!({ "messages": [{ "ts": 4, "links": [] }, { "ts": 0, "links": [] }] })
    );
    assert_eq!(peer.seen().len(), 0);
}

#[tokio::test]
async fn what_is_gone_or_forbidden_is_told_beside_the_rest() {
    let peer = Peer::of_objects(object).await;
    let answer = run(
        &peer,
        vec![vec![pull(404), pull(1)], vec![pull(403), pull(2)], vec![pull(404)]],
    )
    .await;
    let data = answer.data.clone().into_json().unwrap();
    assert_eq!(numbers(&data["messages"][0]["links"]), [1]);
    assert_eq!(numbers(&data["messages"][1]["links"]), [2]);
    assert_eq!(data["messages"][2]["links"], json!([]));
    let mut told: Vec<_> = answer
        .errors
        .iter()
        .map(|error| {
            let place = serde_json::to_value(&error.path).unwrap();
            (place[1].as_u64().unwrap(), failure_of(error).unwrap().cause.class())
        })
        .collect();
    told.sort_unstable();
    assert_eq!(told, [(0, "not_found"), (1, "forbidden"), (2, "not_found")]);
}

#[tokio::test]
async fn what_need_not_name_an_object_is_not_missed() {
    let peer =
        Peer::of_objects(|_| json!({ "errors": [{ "type": "NOT_FOUND", "path": [], "message": "none" }] })).await;
    let wiki = "https://github.com/acme/checkout/releases/tag/v1".to_owned();
    let answer = run(&peer, vec![vec![wiki]]).await;
    assert_eq!(answer.errors, []);
    assert_eq!(peer.seen().len(), 1, "it was asked for");
}

#[tokio::test]
async fn a_sick_github_is_an_error_at_the_links() {
    let peer = Peer::start(|_| Reply::status(403, "").header("retry-after", "38")).await;
    let answer = run(&peer, vec![vec![pull(1)], Vec::new()]).await;
    assert_eq!(
        answer.data.clone().into_json().unwrap(),
        json!({ "messages": [{ "ts": 1 }, { "ts": 0, "links": [] }] })
    );
    let failure = failure_of(&answer.errors[0]).unwrap();
    assert!(matches!(failure.cause, Cause::Throttled { .. }));
    assert_eq!(peer.seen().len(), 1);
}
