//! `/graphql` and `/graphiql`: the unified schema for people, with limits, and no writes that nobody allowed.

use super::support::{Answer, Server, Setup};
use reqwest::{Method, StatusCode};
use sandbox::Vendor;
use serde_json::{Value, json};

async fn post(server: &Server, query: &str) -> Answer {
    let body = json!({ "query": query }).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/graphql-response+json"),
    ];
    server.send(Method::POST, "/graphql", &headers, body).await
}

fn complaints(answer: &Answer) -> String {
    let errors = answer.json()["errors"].clone();
    errors
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| error["message"].to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn a_tools_file_runs_unedited() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/queries/joined/monitor_context.graphql");
    let body = json!({ "query": std::fs::read_to_string(root).unwrap(), "variables": { "id": "40", "limit": 2 } });
    let answer = server
        .send(
            Method::POST,
            "/graphql",
            &[("content-type", "application/json")],
            body.to_string(),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.json()["errors"], Value::Null);
    assert_eq!(answer.json()["data"]["datadog"]["monitor"]["state"], "ALERT");
}

#[tokio::test]
async fn graphiql_is_a_page() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let page = server.get("/graphiql").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.content_type().starts_with("text/html"), "{}", page.content_type());
}

#[tokio::test]
async fn deep_wide_and_costly_queries_are_refused_before_anything_is_asked() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let deep = format!(
        "{{ slack {{ channel(channel: \"#deploys\") {{ history {{ nodes {{ {}id{} }} }} }} }} }}",
        "channel { history { nodes { ".repeat(12),
        " } } }".repeat(12)
    );
    let aliases: Vec<_> = (0..600)
        .map(|index| format!("a{index}: monitor(id: \"{index}\") {{ name state }}"))
        .collect();
    let aliases = aliases.join(" ");
    let wide = format!("{{ datadog {{ {aliases} }} }}");
    for (what, query) in [("deep", deep), ("wide", wide)] {
        let answer = post(&server, &query).await;
        assert!(
            !complaints(&answer).is_empty(),
            "a {what} query is refused: {}",
            answer.status
        );
        assert!(answer.json()["data"].is_null(), "{what}");
    }
    assert!(setup.sandbox.requests(Vendor::Datadog).is_empty() && setup.sandbox.requests(Vendor::Slack).is_empty());
}

#[tokio::test]
async fn writes_are_refused_unless_all_are_allowed() {
    let setup = Setup::new().await;
    let write = "mutation { slackSendMessage(channel: \"#deploys\", text: \"hello\") { ts } }";
    for arguments in [&[][..], &["--allow-writes", "slack_send_message"]] {
        let server = Server::with(&setup, arguments).await;
        let answer = post(&server, write).await;
        assert!(complaints(&answer).contains("--allow-writes"), "{}", answer.body);
    }
    assert!(setup.sandbox.requests(Vendor::Slack).is_empty());
    let server = Server::with(&setup, &["--allow-writes", "all"]).await;
    assert!(post(&server, write).await.json()["data"]["slackSendMessage"]["ts"].is_string());
    let asked = setup.sandbox.requests(Vendor::Slack).len();
    let by_get = server
        .get("/graphql?query=mutation%7BslackSendMessage(channel:%22%23deploys%22,text:%22x%22)%7Bts%7D%7D")
        .await;
    assert_eq!(by_get.status, StatusCode::METHOD_NOT_ALLOWED, "{}", by_get.body);
    assert_eq!(setup.sandbox.requests(Vendor::Slack).len(), asked);
}

#[tokio::test]
async fn a_write_that_a_fragment_repeats_runs_once_or_not_at_all() {
    let setup = Setup::new().await;
    let server = Server::with(&setup, &["--allow-writes", "all"]).await;
    let write = "slackSendMessage(channel: \"C0DEPLOYS\", text: \"once\") { ts }";
    post(
        &server,
        &format!("mutation M {{ {write} ...F }} fragment F on Mutation {{ {write} }}"),
    )
    .await;
    let posts = setup.sandbox.requests(Vendor::Slack);
    let posts = posts
        .iter()
        .filter(|request| request.operation == "chat.postMessage")
        .count();
    assert!(posts <= 1, "{posts} messages for one field");
}
