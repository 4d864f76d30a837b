//! No secret in any output: results, errors, logs at their most talkative, GraphQL, the doctor.

use super::support::{Era, Server, Setup, Stdio};
use reqwest::Method;
use sandbox::{Effect, Fault, Vendor};
use serde_json::json;
use std::collections::BTreeMap;

const TOKEN: &str = "braid-token-5d1c";

/// Where a vendor repeats the credentials that it was sent.
const ECHO: &str = "{what was sent}";

fn secrets(setup: &Setup) -> Vec<String> {
    let known = setup.sandbox.credentials.clone();
    vec![
        known.slack_bot_token,
        known.slack_user_token,
        known.github_token,
        known.datadog_api_key,
        known.datadog_app_key,
        TOKEN.to_owned(),
    ]
}

/// Vendors that send back what they were sent are known; what they say must not reach the agent with a secret in it.
fn fail_everything(setup: &Setup, effect: &Effect) {
    setup.sandbox.clear_faults();
    let known = setup.sandbox.credentials.clone();
    let (bot, keys) = (
        known.slack_bot_token,
        format!("{} {}", known.datadog_api_key, known.datadog_app_key),
    );
    let repeating = |sent: &str| {
        let mut effect = effect.clone();
        if let Effect::Status { body: Some(body), .. } = &mut effect {
            *body = body.replace(ECHO, sent);
        }
        Fault::always(effect)
    };
    for (operation, sent) in [
        ("search.messages", &known.slack_user_token),
        ("conversations.list", &bot),
        ("conversations.history", &bot),
        ("chat.postMessage", &bot),
    ] {
        setup.sandbox.inject(Vendor::Slack, repeating(sent).on(operation));
    }
    setup.sandbox.inject(Vendor::GitHub, repeating(&known.github_token));
    setup.sandbox.inject(Vendor::Datadog, repeating(&keys));
}

fn effects() -> Vec<Effect> {
    let echo = json!({ "ok": false, "error": ECHO, "message": ECHO, "errors": [{ "message": ECHO }] }).to_string();
    vec![
        Effect::Status {
            status: 401,
            body: None,
            headers: BTreeMap::new(),
        },
        Effect::Status {
            status: 403,
            body: Some(echo),
            headers: BTreeMap::new(),
        },
        Effect::Status {
            status: 500,
            body: None,
            headers: BTreeMap::new(),
        },
        Effect::ResetBefore,
        Effect::MalformedJson,
        Effect::Redirect {
            status: 302,
            location: "https://elsewhere.example/".to_owned(),
        },
    ]
}

#[track_caller]
fn nowhere(setup: &Setup, what: &str, text: &str) {
    for secret in secrets(setup) {
        assert!(!text.contains(&secret), "{secret} in {what}:\n{text}");
    }
}

#[tokio::test]
async fn no_secret_in_results_or_logs() {
    let setup = Setup::new().await.set("BRAID_LOG", "trace").set("BRAID_TOKEN", TOKEN);
    let mut server = Server::start(&setup).await;
    server
        .headers
        .insert("authorization", format!("Bearer {TOKEN}").parse().unwrap());
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let calls = [
        ("slack_get_history", json!({ "channel": "#deploys" })),
        ("slack_search", json!({ "query": "checkout" })),
        ("slack_send_message", json!({ "channel": "C0DEPLOYS", "text": "hello" })),
        ("github_get_repo", json!({ "owner": "acme", "name": "checkout" })),
        ("datadog_query_metrics", json!({ "query": "avg:checkout.errors{*}" })),
        ("monitor_context", json!({ "id": 40 })),
    ];
    for effect in effects() {
        fail_everything(&setup, &effect);
        for (tool, arguments) in &calls {
            let result = client.call(tool, arguments.clone()).await;
            nowhere(&setup, tool, &result.to_string());
            let answer = server
                .modern("tools/call", json!({ "name": tool, "arguments": arguments }))
                .await;
            nowhere(&setup, tool, &answer.body);
        }
        let query = json!({ "query": "{ datadog { monitor(id: 40) { name } } github { repository(owner: \"acme\", name: \"checkout\") { name } } }" });
        let headers = [("content-type", "application/json")];
        let answer = server.send(Method::POST, "/graphql", &headers, query.to_string()).await;
        nowhere(&setup, "/graphql", &answer.body);
        let doctor = setup.run(&["doctor"]).await;
        nowhere(&setup, "the doctor", &format!("{}{}", doctor.stdout, doctor.stderr));
    }
    client.hang_up();
    server.signal("TERM").await;
    let (piped, over_http) = tokio::join!(client.ended(), server.ended());
    assert!(piped.stderr.lines().count() > 10, "it talks: {}", piped.stderr);
    nowhere(&setup, "the log over stdio", &piped.stderr);
    nowhere(&setup, "the log over HTTP", &over_http.stderr);
}

#[tokio::test]
async fn a_wrong_configuration_does_not_repeat_secrets() {
    let setup = Setup::new()
        .await
        .set("SLACK_API_URL", "https://user:pa55word@slack.example/api");
    let run = setup.run(&["stdio"]).await;
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("SLACK_API_URL") && !run.stderr.contains("pa55word"),
        "{}",
        run.stderr
    );
    let setup = Setup::new()
        .await
        .file("token", "from-a-file-77\n")
        .set("GITHUB_TOKEN_FILE", "token");
    let run = setup.run(&["stdio"]).await;
    assert_eq!(run.code, Some(2), "given twice");
    assert!(
        run.stderr.contains("GITHUB_TOKEN_FILE") && !run.stderr.contains("from-a-file"),
        "{}",
        run.stderr
    );
}

#[tokio::test]
async fn a_secret_may_come_from_a_file_that_changes() {
    let setup = Setup::new().await;
    let right = setup.sandbox.credentials.github_token.clone();
    let setup = setup
        .unset("GITHUB_TOKEN")
        .file("token", "ghp_wrong\n")
        .set("GITHUB_TOKEN_FILE", "token");
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let arguments = json!({ "owner": "acme", "name": "checkout" });
    let result = client.call("github_get_repo", arguments.clone()).await;
    assert_eq!(result["isError"], true, "{result:#}");
    let setup = setup.file("token", &format!("{right}\n"));
    let result = client.call("github_get_repo", arguments).await;
    assert_eq!(result["isError"], false, "{result:#}");
    drop(setup);
}
