//! What one tool returns, another takes.

use super::support::{Era, Setup, Stdio, structured};
use serde_json::{Value, json};

#[tokio::test]
async fn a_message_found_by_its_monitor_can_be_replied_to_and_read_again() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let found = client.call("monitor_context", json!({ "id": 40, "limit": 5 })).await;
    let incident = &structured(&found)["notifies"][0];
    let message = incident["history"].as_array().unwrap().last().unwrap();
    let (channel, thread) = (&message["channel"], &message["ts"]);
    assert_eq!(channel, &incident["id"]);

    let text = "Reverted, watching the error rate.";
    let sent = client
        .call(
            "slack_send_message",
            json!({ "channel": channel, "text": text, "thread_ts": thread }),
        )
        .await;
    let sent = structured(&sent).clone();
    assert_eq!(&sent["channel"], channel);

    let history = client
        .call("slack_get_history", json!({ "channel": sent["channel"], "limit": 30 }))
        .await;
    let messages = structured(&history)["messages"].as_array().unwrap();
    let root = messages
        .iter()
        .find(|message| &message["ts"] == thread)
        .expect("the message that was replied to");
    assert!(root["reply_count"].as_u64().unwrap() >= 1, "{root:#}");
    assert!(
        messages.iter().all(|message| message["ts"] != sent["ts"]),
        "a reply stands in its thread, not in the channel"
    );
}

#[tokio::test]
async fn a_new_message_is_the_newest_of_the_channel() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Legacy).await;
    let text = "Café & <tags> stay as they were written";
    let sent = client
        .call("slack_send_message", json!({ "channel": "#deploys", "text": text }))
        .await;
    let ts = structured(&sent)["ts"].clone();
    let history = client
        .call("slack_get_history", json!({ "channel": "#deploys", "limit": 1 }))
        .await;
    let newest = &structured(&history)["messages"][0];
    assert_eq!(newest["ts"], ts);
    assert_eq!(newest["text"], text);
}

#[tokio::test]
async fn a_created_alert_can_be_looked_up() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let created = client
        .call(
            "datadog_create_alert",
            json!({
                "name": "Checkout load", "type": "metric alert",
                "query": "avg(last_5m):avg:system.load.1{service:checkout} > 4", "message": "Look. @slack-incident-checkout"
            }),
        )
        .await;
    let id = &structured(&created)["id"];
    let found = client.call("monitor_context", json!({ "id": id, "limit": 1 })).await;
    assert_eq!(structured(&found)["name"], "Checkout load");
    assert_eq!(structured(&found)["notifies"][0]["name"], "incident-checkout");
}

#[tokio::test]
async fn a_repository_found_can_be_looked_up() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let found = client
        .call(
            "github_search_repos",
            json!({ "query": "checkout org:acme", "first": 1 }),
        )
        .await;
    let repository: &Value = &structured(&found)["repositories"][0];
    let looked_up = client
        .call(
            "github_get_repo",
            json!({ "owner": repository["owner"], "name": repository["name"] }),
        )
        .await;
    for field in ["owner", "name", "description", "url", "stars", "primary_language"] {
        assert_eq!(structured(&looked_up)[field], repository[field], "{field}");
    }
}
