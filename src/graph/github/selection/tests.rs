//! GitHub is asked what the selection needs, in one request for each level, and nothing else.

use crate::backends::Backend;
use crate::backends::github::testing::{Peer, Seen};
use crate::graph::failure::failure_of;
use crate::loaders::{Clients, Loaders};
use async_graphql::{Request, Response, Variables};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use upstream::{Call, Cause};

pub(crate) fn loaders(peer: &Peer) -> Arc<Loaders> {
    let clients = Clients {
        slack: Backend::Off {
            backend: "slack",
            variables: vec!["SLACK_BOT_TOKEN"],
        },
        github: Backend::On(peer.client.clone()),
        datadog: Backend::Off {
            backend: "datadog",
            variables: vec!["DATADOG_API_KEY"],
        },
    };
    Arc::new(Loaders::new(&clients, Arc::new(Call::within(Duration::from_secs(25)))))
}

async fn run(peer: &Peer, request: impl Into<Request>) -> Response {
    let schema = crate::graph::builder().finish();
    schema.execute(request.into().data(loaders(peer))).await
}

/// An object that has every field, whatever it is.
fn anything(what: &str) -> Value {
    json!({
        "__typename": "PullRequest",
        "nameWithOwner": "acme/checkout",
        "name": "checkout",
        "number": 612,
        "title": what,
        "url": what,
        "pullRequestState": "MERGED",
        "author": { "login": "mona", "url": "https://github.com/mona" },
        "repository": { "nameWithOwner": "acme/checkout", "name": "checkout" },
        "languages": { "edges": [{ "node": { "name": "Rust" }, "size": 3 }, { "node": { "name": "C" }, "size": 2 }] },
        "openIssues": { "totalCount": 4 },
        "stargazerCount": 9,
    })
}

/// What is asked of the objects: the fragments, without their names.
fn fragments(seen: &Seen) -> Vec<&str> {
    let fragments = seen.query.lines().filter(|line| line.starts_with("fragment "));
    fragments
        .filter_map(|line| line.split_once(" on "))
        .map(|(_, rest)| rest)
        .collect()
}

#[tokio::test]
async fn only_selected_fields_are_asked_aliases_and_fragments_opened() {
    let peer = Peer::of_objects(anything).await;
    let answer = run(
        &peer,
        "query { github { repository(owner: \"acme\", name: \"checkout\") { stars: stargazerCount ...More } } }
         fragment More on Repository { ... { open_issues: openIssueCount } languages(first: 1) { name } }",
    )
    .await;
    assert_eq!(answer.errors, []);
    assert_eq!(
        answer.data.into_json().unwrap(),
        json!({ "github": { "repository": { "stars": 9, "open_issues": 4, "languages": [{ "name": "Rust" }] } } })
    );
    let seen = peer.seen();
    assert_eq!(
        fragments(&seen[0]),
        [
            "Repository { stargazerCount openIssues: issues(first: 1, states: OPEN) { totalCount } \
          languages(first: 1, orderBy: {field: SIZE, direction: DESC}) { edges { node { name } } } }"
        ]
    );
}

#[tokio::test]
async fn what_stands_under_a_type_condition_is_asked_of_that_type_only() {
    let peer = Peer::of_objects(anything).await;
    let answer = run(
        &peer,
        "query { github { object(url: \"https://github.com/acme/checkout/pull/612\") {
             __typename
             ... on PullRequest { title author { login } }
             ... on Issue { number ...Where }
             ... on GitHubObject { ... on Commit { oid } }
         } } }
         fragment Where on Issue { repository { name } }",
    )
    .await;
    assert_eq!(answer.errors, []);
    let seen = peer.seen();
    assert_eq!(
        fragments(&seen[0]),
        ["UniformResourceLocatable { __typename url \
          ... on Issue { number repository { name } } \
          ... on PullRequest { title author { __typename login } } \
          ... on Commit { oid } }"]
    );
}

#[tokio::test]
async fn what_skip_and_include_leave_out_is_not_asked() {
    let peer = Peer::of_objects(anything).await;
    let request = Request::new(
        "query($with: Boolean!) { github { repository(owner: \"acme\", name: \"checkout\") {
             name
             stargazerCount @include(if: $with)
             ... @skip(if: true) { forkCount }
             openIssueCount @skip(if: $with)
         } } }",
    )
    .variables(Variables::from_json(json!({ "with": false })));
    let answer = run(&peer, request).await;
    assert_eq!(answer.errors, []);
    let seen = peer.seen();
    assert_eq!(
        fragments(&seen[0]),
        ["Repository { name openIssues: issues(first: 1, states: OPEN) { totalCount } }"]
    );
}

#[tokio::test]
async fn a_list_length_may_be_a_variable_or_its_default() {
    let peer = Peer::of_objects(anything).await;
    let text = "query($n: Int! = 3) { github { repository(owner: \"acme\", name: \"checkout\") { languages(first: $n) { size } } } }";
    assert_eq!(run(&peer, text).await.errors, []);
    let with_variable = Request::new(text).variables(Variables::from_json(json!({ "n": 1 })));
    let answer = run(&peer, with_variable).await;
    assert_eq!(
        answer.data.into_json().unwrap(),
        json!({ "github": { "repository": { "languages": [{ "size": 3 }] } } })
    );
    let seen = peer.seen();
    assert!(seen[0].query.contains("languages(first: 3,"), "{}", seen[0].query);
    assert!(seen[1].query.contains("languages(first: 1,"), "{}", seen[1].query);
}

#[tokio::test]
async fn a_length_out_of_range_is_refused_before_anything_is_asked() {
    let peer = Peer::of_objects(anything).await;
    let queries = [
        "{ github { repository(owner: \"a\", name: \"b\") { languages(first: 101) { name } } } }",
        "{ github { searchRepositories(query: \"x\", first: 0) { totalCount } } }",
    ];
    for query in queries {
        let answer = run(&peer, query).await;
        let failure = failure_of(&answer.errors[0]).unwrap();
        assert!(
            matches!(&failure.cause, Cause::Invalid { message } if message.contains("1 to 100")),
            "{failure}"
        );
    }
    assert_eq!(peer.seen().len(), 0);
}

#[tokio::test]
async fn a_level_is_one_request_and_one_object_is_asked_once() {
    let peer = Peer::of_objects(anything).await;
    let answer = run(
        &peer,
        "{ github {
             a: repository(owner: \"acme\", name: \"checkout\") { name pullRequest(number: 612) { title } }
             b: repository(owner: \"Acme\", name: \"checkout\") { stargazerCount }
             c: pullRequest(owner: \"acme\", name: \"checkout\", number: 612) { state }
             d: object(url: \"https://github.com/acme/checkout/pull/612/files\") { ... on PullRequest { number } }
             e: object(url: \"https://github.com/acme/checkout/pull/617\") { ... on PullRequest { number } }
         } }",
    )
    .await;
    assert_eq!(answer.errors, []);
    let data = answer.data.into_json().unwrap();
    assert_eq!(data["github"]["c"]["state"], "MERGED");
    assert_eq!(
        data["github"]["a"]["pullRequest"]["title"],
        "https://github.com/acme/checkout/pull/612"
    );
    let seen = peer.seen();
    assert_eq!(seen.len(), 1, "{seen:#?}");
    assert_eq!(seen[0].lookups().len(), 3, "{:?}", seen[0].lookups());
}

#[tokio::test]
async fn a_pull_request_of_a_nested_repository_is_the_next_level() {
    let peer = Peer::of_objects(anything).await;
    let answer = run(
        &peer,
        "{ github { pullRequest(owner: \"acme\", name: \"checkout\", number: 612) {
             repository { pullRequest(number: 617) { number } }
         } } }",
    )
    .await;
    assert_eq!(answer.errors, []);
    let seen = peer.seen();
    assert_eq!(fragments(&seen[0]), ["PullRequest { repository { nameWithOwner } }"]);
    assert_eq!(seen[1].lookups(), ["acme/checkout#617"]);
}

#[tokio::test]
async fn one_failure_leaves_the_others() {
    let peer = Peer::of_objects(|what| {
        if what == "acme/gone" {
            json!({ "errors": [{ "type": "NOT_FOUND", "path": [], "message": "Could not resolve" }] })
        } else {
            anything(what)
        }
    })
    .await;
    let answer = run(
        &peer,
        "{ github { a: repository(owner: \"acme\", name: \"gone\") { name } b: repository(owner: \"acme\", name: \"checkout\") { name } } }",
    )
    .await;
    assert_eq!(
        answer.data.clone().into_json().unwrap(),
        json!({ "github": { "b": { "name": "checkout" } } })
    );
    let failure = failure_of(&answer.errors[0]).unwrap();
    assert_eq!(
        failure.cause,
        Cause::NotFound {
            what: "repository acme/gone".to_owned()
        }
    );
    assert_eq!(peer.seen().len(), 1);
}

#[tokio::test]
async fn checks_that_the_token_may_not_read_leave_their_state() {
    let path = |rest: &[Value]| {
        let start = [
            "commits",
            "nodes",
            "0",
            "commit",
            "statusCheckRollup",
            "contexts",
            "nodes",
        ];
        start
            .iter()
            .map(|key| json!(key))
            .chain(rest.iter().cloned())
            .collect::<Value>()
    };
    let rollup = json!({ "state": "FAILURE", "contexts": { "nodes": [null] } });
    let object = json!({ "title": "x", "commits": { "nodes": [{ "commit": { "statusCheckRollup": rollup } }] } });
    let errors = json!([{ "type": "FORBIDDEN", "path": path(&[json!(0)]), "message": "Resource not accessible" }]);
    let peer = Peer::of_objects(move |_| json!({ "object": object, "errors": errors })).await;
    let answer = run(
        &peer,
        "{ github { pullRequest(owner: \"a\", name: \"b\", number: 1) { title checks { state failing { name } } } } }",
    )
    .await;
    assert_eq!(
        answer.data.clone().into_json().unwrap(),
        json!({ "github": { "pullRequest": { "title": "x", "checks": { "state": "FAILURE" } } } })
    );
    assert!(matches!(
        failure_of(&answer.errors[0]).unwrap().cause,
        Cause::Forbidden { .. }
    ));
}

#[tokio::test]
async fn failing_checks_are_those_that_ended_badly() {
    let nodes = json!([
        { "__typename": "CheckRun", "name": "build", "url": "https://ci/1", "conclusion": "FAILURE" },
        { "__typename": "CheckRun", "name": "lint", "conclusion": "SUCCESS" },
        { "__typename": "CheckRun", "name": "slow", "conclusion": null },
        { "__typename": "CheckRun", "name": "new", "conclusion": "SOMETHING_NEW" },
        { "__typename": "StatusContext", "name": "deploy", "state": "ERROR" },
        { "__typename": "StatusContext", "name": "docs", "state": "PENDING" },
    ]);
    let rollup = json!({ "state": "FAILURE", "all": { "totalCount": 6 }, "contexts": { "nodes": nodes } });
    let object = json!({ "commits": { "nodes": [{ "commit": { "statusCheckRollup": rollup } }] } });
    let peer = Peer::of_objects(move |_| object.clone()).await;
    let answer = run(
        &peer,
        "{ github { pullRequest(owner: \"a\", name: \"b\", number: 1) { checks { totalCount failing { name url } } } } }",
    )
    .await;
    assert_eq!(answer.errors, []);
    assert_eq!(
        answer.data.into_json().unwrap()["github"]["pullRequest"]["checks"],
        json!({ "totalCount": 6, "failing": [{ "name": "build", "url": "https://ci/1" }, { "name": "deploy", "url": null }] })
    );
}

#[tokio::test]
async fn a_search_pages_by_a_cursor_of_its_own() {
    let peer = Peer::of_objects(|_| {
        json!({
            "repositoryCount": 2000,
            "nodes": [{ "__typename": "Repository", "name": "one" }, null, { "__typename": "Repository", "name": "two" }],
            "pageInfo": { "endCursor": "Y3Vyc29yOjM=", "hasNextPage": true },
        })
    })
    .await;
    let first = run(
        &peer,
        "{ github { searchRepositories(query: \"rust\", first: 3) { totalCount nodes { name } pageInfo { endCursor hasNextPage } } } }",
    )
    .await;
    assert_eq!(first.errors, []);
    let page = first.data.into_json().unwrap()["github"]["searchRepositories"].clone();
    assert_eq!(page["totalCount"], 2000);
    assert_eq!(page["nodes"], json!([{ "name": "one" }, { "name": "two" }]));
    let cursor = page["pageInfo"]["endCursor"].as_str().unwrap();
    let next = Request::new(
        "query($c: String) { github { searchRepositories(query: \"rust\", first: 3, cursor: $c) { totalCount } } }",
    );
    let next = next.variables(Variables::from_json(json!({ "c": cursor })));
    assert_eq!(run(&peer, next).await.errors, []);
    let seen = peer.seen();
    assert_eq!(seen[0].variables["after0"], Value::Null);
    assert_eq!(seen[1].variables["after0"], "Y3Vyc29yOjM=");
    assert_eq!(fragments(&seen[1]), ["SearchResultItemConnection { repositoryCount }"]);
}

#[tokio::test]
async fn an_object_of_an_unknown_kind_is_other_and_no_github_url_is_refused() {
    let peer = Peer::of_objects(|what| json!({ "__typename": "Release", "url": what })).await;
    let answer = run(
        &peer,
        "{ github {
             a: object(url: \"https://github.com/acme/checkout/releases/tag/v1\") { __typename ... on GitHubOther { kind url } }
             b: object(url: \"https://example.com/acme\") { __typename }
         } }",
    )
    .await;
    assert_eq!(
        answer.data.clone().into_json().unwrap()["github"]["a"],
        json!({ "__typename": "GitHubOther", "kind": "Release", "url": "https://github.com/acme/checkout/releases/tag/v1" })
    );
    let failure = failure_of(&answer.errors[0]).unwrap();
    assert!(matches!(&failure.cause, Cause::Invalid { message } if message.contains("https://example.com/acme")));
    assert_eq!(peer.seen().len(), 1);
}
