//! What the credentials may do: the doctor compares it with what the tools need, and a call that lacks something names it.

use super::support::{Era, Run, Setup, Stdio, failure};
use sandbox::{Effect, Fault, GithubToken, Options, Vendor};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn finding(run: &Run, backend: &str) -> Value {
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let findings = report["backends"].as_array().unwrap();
    findings
        .iter()
        .find(|finding| finding["backend"] == backend)
        .unwrap()
        .clone()
}

#[tokio::test]
async fn the_doctor_names_what_a_token_lacks_and_for_which_tools() {
    let setup = Setup::with(Options {
        slack_bot_lacks: vec!["groups:history".to_owned(), "chat:write".to_owned()],
        slack_user_lacks: vec!["search:read".to_owned()],
        github_lacks: vec!["repo".to_owned()],
        ..Options::default()
    })
    .await;
    let run = setup.run(&["doctor", "--json"]).await;
    assert_eq!(run.code, Some(0), "what works, works: {}", run.stdout);
    let slack = finding(&run, "slack");
    assert_eq!(slack["state"], "partly");
    // No tool that is on posts, so that nothing lacks `chat:write`.
    assert_eq!(
        slack["lacks"],
        json!({ "groups:history": ["monitor_context", "slack_get_history"], "search:read": ["slack_search"] })
    );
    let detail = slack["detail"].as_str().unwrap();
    assert!(
        detail.contains("lacks groups:history (monitor_context, slack_get_history), search:read (slack_search)"),
        "{detail}"
    );
    let github = finding(&run, "github");
    assert_eq!(github["state"], "partly");
    assert!(
        github["lacks"]["repo"]
            .as_array()
            .unwrap()
            .contains(&json!("github_get_repo")),
        "{github}"
    );
    let writing = setup
        .run(&["doctor", "--json", "--allow-writes", "slack_send_message"])
        .await;
    assert_eq!(
        finding(&writing, "slack")["lacks"]["chat:write"],
        json!(["slack_send_message"])
    );
}

#[tokio::test]
async fn the_doctor_says_what_cannot_be_compared() {
    let setup = Setup::with(Options {
        github_token: GithubToken::FineGrained,
        ..Options::default()
    })
    .await;
    let run = setup.run(&["doctor", "--json"]).await;
    let github = finding(&run, "github");
    assert_eq!(github["state"], "on");
    assert!(
        github["detail"]
            .as_str()
            .unwrap()
            .contains("does not list what it may do"),
        "{github}"
    );
    let datadog = finding(&run, "datadog");
    let detail = datadog["detail"].as_str().unwrap();
    assert!(
        detail.contains("cannot be asked for") && detail.contains("monitors_read, timeseries_query"),
        "{detail}"
    );
    let setup = Setup::new().await.set("DATADOG_APP_KEY", "wrong");
    let datadog = finding(&setup.run(&["doctor", "--json"]).await, "datadog");
    assert_eq!(datadog["state"], "failing");
    assert!(
        datadog["detail"]
            .as_str()
            .unwrap()
            .contains("it is the application key"),
        "{datadog}"
    );
}

#[tokio::test]
async fn a_call_that_lacks_a_scope_names_it() {
    let setup = Setup::with(Options {
        slack_user_lacks: vec!["search:read".to_owned()],
        datadog_lacks: vec!["timeseries_query".to_owned()],
        github_lacks: vec!["repo".to_owned()],
        ..Options::default()
    })
    .await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let slack = client.call("slack_search", json!({ "query": "checkout" })).await;
    assert!(
        failure(&slack).contains("missing scope search:read"),
        "{}",
        failure(&slack)
    );
    let datadog = client
        .call("datadog_query_metrics", json!({ "query": "avg:checkout.errors{*}" }))
        .await;
    assert!(
        failure(&datadog).contains("missing scope timeseries_query"),
        "{}",
        failure(&datadog)
    );
    // What a token may not see is not there, says GitHub.
    let hidden = client
        .call("github_get_repo", json!({ "owner": "acme", "name": "salaries" }))
        .await;
    assert!(failure(&hidden).contains("not_found"), "{}", failure(&hidden));
    for (sent, needed) in [
        (
            [
                ("x-oauth-scopes", "read:org"),
                ("x-accepted-oauth-scopes", "repo, admin:org"),
            ],
            "repo or admin:org",
        ),
        (
            [
                ("x-oauth-scopes", ""),
                (
                    "x-accepted-github-permissions",
                    "contents=read,metadata=read; issues=write",
                ),
            ],
            "contents=read and metadata=read or issues=write",
        ),
    ] {
        let headers: BTreeMap<_, _> = sent
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let refusal = Effect::Status {
            status: 403,
            body: None,
            headers,
        };
        setup.sandbox.inject(Vendor::GitHub, Fault::once(refusal));
        let refused = client
            .call("github_get_repo", json!({ "owner": "acme", "name": "checkout" }))
            .await;
        assert!(failure(&refused).contains(needed), "{}", failure(&refused));
    }
}
