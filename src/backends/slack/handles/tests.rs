//! Handles against a Slack with a few channels, whose workspace is called Acme Shop and lives at `acme.slack.com`.

use super::HandleQuery;
use crate::backends::slack::standin::{Seen, StandIn};
use serde_json::{Value, json};
use std::time::Duration;
use upstream::{Call, Cause};

const NAMES: [&str; 6] = ["incidents", "payments", "acme-payments", "störung", "shop-ops", "ops"];

fn slack(seen: &Seen) -> Value {
    if seen.operation == "auth.test" {
        return json!({"ok": true, "team": "Acme Shop", "url": "https://acme.slack.com/", "user": "braid"});
    }
    let channels = NAMES.map(|name| json!({"id": format!("C-{name}"), "name": name}));
    json!({"ok": true, "channels": channels})
}

async fn found(slack: &StandIn, handle: &str, account: Option<&str>) -> Option<String> {
    let query = HandleQuery {
        handle: handle.to_owned(),
        account: account.map(str::to_owned),
    };
    let call = Call::within(Duration::from_secs(10));
    let channel = slack.client.channel_by_handle(&query, &call).await.unwrap();
    channel.and_then(|channel| channel.name.clone())
}

#[tokio::test]
async fn the_whole_name_comes_first_and_only_a_known_account_is_dropped() {
    let slack = StandIn::start(slack).await;
    for (handle, channel) in [
        ("@slack-incidents", Some("incidents")),
        ("@slack-Incidents", Some("incidents")),
        ("@slack-#incidents", Some("incidents")),
        ("@slack-sto\u{308}rung", Some("störung")),
        // The workspace's domain, and its name in the spellings that hold no blank.
        ("@slack-acme-incidents", Some("incidents")),
        ("@slack-acme-#incidents", Some("incidents")),
        ("@slack-acme-shop-incidents", Some("incidents")),
        ("@slack-Acme_Shop-incidents", Some("incidents")),
        ("@slack-acmeshop-incidents", Some("incidents")),
        // Both the domain and the name fit: the longer name that is left is more exact.
        ("@slack-acme-shop-ops", Some("shop-ops")),
        // The whole name is a channel's, though it also begins with the account's.
        ("@slack-acme-payments", Some("acme-payments")),
        ("@slack-acme-#payments", Some("payments")),
        // Part of a name that was not found is no other name.
        ("@slack-payments-incidents", None),
        ("@slack-other-#incidents", None),
        ("@slack-acme-eu-incidents", None),
        ("@slack-acme-", None),
        ("@slack-acme", None),
        ("@slack-", None),
        ("@slack-acm-incidents", None),
        ("@slack-acmeincidents", None),
    ] {
        assert_eq!(found(&slack, handle, None).await.as_deref(), channel, "{handle}");
    }
    assert_eq!(slack.seen("auth.test").len(), 1, "the workspace's name is cached");
    assert_eq!(slack.seen("conversations.list").len(), 1);
}

#[tokio::test]
async fn the_configured_account_is_dropped_without_asking_for_the_workspaces_name() {
    let slack = StandIn::start(slack).await;
    let account = Some("Payments");
    assert_eq!(
        found(&slack, "@slack-payments-incidents", account).await.as_deref(),
        Some("incidents")
    );
    assert_eq!(
        found(&slack, "@slack-payments", account).await.as_deref(),
        Some("payments")
    );
    assert!(slack.seen("auth.test").is_empty());
    // It is one of the names that may be dropped, not the only one.
    assert_eq!(
        found(&slack, "@slack-acme-incidents", account).await.as_deref(),
        Some("incidents")
    );
}

#[tokio::test]
async fn what_is_too_long_for_a_name_is_not_looked_for() {
    let slack = StandIn::start(slack).await;
    let handle = format!("@slack-{}", "a-".repeat(20_000));
    assert_eq!(found(&slack, &handle, None).await, None);
    assert!(slack.seen("conversations.list").is_empty());
}

#[tokio::test]
async fn that_the_workspaces_name_cannot_be_had_is_a_failure_and_not_a_missing_channel() {
    let slack = StandIn::start(|seen| match seen.operation.as_str() {
        "auth.test" => json!({"ok": false, "error": "internal_error"}),
        _ => slack(seen),
    })
    .await;
    let query = HandleQuery {
        handle: "@slack-acme-incidents".to_owned(),
        account: None,
    };
    let call = Call::within(Duration::from_secs(10));
    let failure = slack.client.channel_by_handle(&query, &call).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Unavailable { .. }), "{failure}");
}
