//! A monitor's `@slack-…` handles: the channel that Datadog notifies, or a problem that says why none is shown. Never
//! another channel.

use super::support::{Era, Peer, Reply, Setup, Stdio, structured};
use serde_json::{Value, json};

/// What `monitor_context` gives for a monitor with this message, in a workspace with `#incidents` and `#alerts`.
async fn context(message: &'static str, config: &str) -> Value {
    let slack = Peer::start(|seen| match seen.path() {
        "/auth.test" => Reply::Json(
            200,
            json!({ "ok": true, "team": "Acme Shop", "url": "https://acme.slack.com/" }),
        ),
        "/conversations.list" => {
            let channels =
                json!([{ "id": "C0INC00001", "name": "incidents" }, { "id": "C0ALERTS01", "name": "alerts" }]);
            Reply::Json(200, json!({ "ok": true, "channels": channels }))
        }
        _ => Reply::Json(200, json!({ "ok": true, "messages": [] })),
    })
    .await;
    let datadog = Peer::start(move |_| {
        Reply::Json(
            200,
            json!({ "id": 40, "name": "Errors", "type": "query alert", "message": message }),
        )
    })
    .await;
    let setup = Setup::new().await.file("braid.toml", config);
    let setup = setup
        .set("SLACK_API_URL", &slack.url)
        .set("DATADOG_API_URL", &datadog.url);
    let mut client = Stdio::open(&setup, Era::Modern).await;
    structured(&client.call("monitor_context", json!({ "id": 40 })).await).clone()
}

fn notified(context: &Value) -> Vec<&str> {
    let channels = context["notifies"].as_array().unwrap();
    channels
        .iter()
        .map(|channel| channel["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn part_of_a_name_stands_for_no_other_channel() {
    let context = context("Errors are up. @slack-payments-incidents", "").await;
    assert!(notified(&context).is_empty(), "{context:#}");
    let problem = &context["problems"][0];
    assert_eq!(
        problem["reason"],
        "not_found: a Slack channel for `@slack-payments-incidents`"
    );
    let fix = problem["fix"].as_str().unwrap();
    assert!(fix.contains("`slack_account` under `[datadog]`"), "{fix}");
}

#[tokio::test]
async fn the_workspaces_own_name_and_domain_may_come_before_the_channels() {
    let message = "@slack-acme-incidents @slack-acme-shop-alerts";
    let context = context(message, "").await;
    assert_eq!(notified(&context), ["incidents", "alerts"]);
    assert_eq!(context["problems"], Value::Null);
}

#[tokio::test]
async fn the_configured_account_may_come_before_the_channels() {
    let config = "[datadog]\nslack_account = \"payments\"\n";
    let context = context("@slack-payments-incidents @slack-other-alerts", config).await;
    assert_eq!(notified(&context), ["incidents"]);
    assert_eq!(
        context["problems"][0]["reason"],
        "not_found: a Slack channel for `@slack-other-alerts`"
    );
}
