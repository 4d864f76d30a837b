//! Writing to Slack is the inverse of reading: what a result names, a post can take.

use super::support::{Era, Setup, Stdio, failure, structured};
use sandbox::{Options, Vendor};
use serde_json::{Value, json};

const ROOT: &str = "1795169760.000001";
const REPLY: &str = "1795169940.000002";
const PERMALINK: &str =
    "https://acme.slack.com/archives/C0INCIDENT/p1795169940000002?thread_ts=1795169760.000001&cid=C0INCIDENT";

/// The bodies of the posts that arrived at Slack.
fn sent(setup: &Setup) -> Vec<Value> {
    let requests = setup.sandbox.requests(Vendor::Slack).into_iter();
    let posts = requests.filter(|request| request.operation == "chat.postMessage");
    posts.map(|request| request.arguments).collect()
}

fn reply_to(channel: &str, thread_ts: &str) -> Value {
    json!({ "channel": channel, "text": "on it", "thread_ts": thread_ts })
}

#[tokio::test]
async fn a_reply_to_any_message_that_a_tool_gives_is_in_its_thread() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let found = client
        .call("slack_search", json!({ "query": "in:#incident-checkout", "count": 60 }))
        .await;
    let monitor = client.call("monitor_context", json!({ "id": 40, "limit": 12 })).await;
    let of_monitor = structured(&monitor)["notifies"].as_array().unwrap().iter();
    let of_monitor = of_monitor.flat_map(|channel| channel["history"].as_array().unwrap());
    let found: Vec<_> = structured(&found)["messages"].as_array().unwrap().clone();
    let replies = |message: &&Value| message["permalink"].as_str().unwrap().contains("thread_ts=");
    for reply in found.iter().filter(replies) {
        let root = reply["thread_ts"].as_str().unwrap();
        assert!(reply["permalink"].as_str().unwrap().contains(root), "{reply}");
    }
    assert!(found.iter().filter(replies).count() > 3);
    assert!(
        of_monitor.clone().any(|message| message["thread_ts"].is_string()),
        "a message with replies says its thread"
    );
    // One reply, one first message with replies, one without, and one that the monitor's channels show.
    let without = |message: &&Value| message["thread_ts"].is_null() && !replies(message);
    let chosen = [found.iter().find(replies), found.iter().find(without)];
    let of_monitor = of_monitor.clone().find(|message| message["thread_ts"].is_string());
    for message in chosen.into_iter().chain([of_monitor]).map(Option::unwrap) {
        let (channel, ts) = (message["channel"].as_str().unwrap(), message["ts"].as_str().unwrap());
        let posted = client.call("slack_send_message", reply_to(channel, ts)).await;
        structured(&posted);
        let root = message["thread_ts"].as_str().unwrap_or(ts);
        assert_eq!(sent(&setup).last().unwrap()["thread_ts"], root, "{message}");
    }
}

#[tokio::test]
async fn a_reply_to_a_reply_or_to_a_permalink_goes_into_the_thread() {
    let setup = Setup::new().await;
    let of_root = "https://acme.slack.com/archives/C0INCIDENT/p1795169760000001";
    for (channel, thread_ts) in [
        ("C0INCIDENT", REPLY),
        ("#incident-checkout", REPLY),
        ("C0INCIDENT", ROOT),
        ("C0INCIDENT", PERMALINK),
        ("#incident-checkout", PERMALINK),
        (PERMALINK, PERMALINK),
        ("C0INCIDENT", of_root),
    ] {
        let mut client = Stdio::open(&setup, Era::Modern).await;
        let posted = client.call("slack_send_message", reply_to(channel, thread_ts)).await;
        structured(&posted);
        assert_eq!(sent(&setup).last().unwrap()["thread_ts"], ROOT, "{channel} {thread_ts}");
    }
}

#[tokio::test]
async fn a_thread_that_is_not_sure_is_not_written_to() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for (channel, thread_ts, said) in [
        (
            "C0INCIDENT",
            "1795171500.1",
            "`thread_ts` must be a message's `ts` such as `1355517523.000005` or its permalink, not `1795171500.1`, always with six decimals",
        ),
        ("C0INCIDENT", "1795171500", "not `1795171500`"),
        ("C0INCIDENT", "1795171500000001", "not `1795171500000001`"),
        ("C0INCIDENT", "the one above", "not `the one above`"),
        (
            "C0INCIDENT",
            "https://acme.slack.com/archives/C0INCIDENT",
            "or its permalink",
        ),
        (
            "C0DEPLOYS",
            PERMALINK,
            "is the permalink of a message in `C0INCIDENT`, and `channel` is `C0DEPLOYS`",
        ),
        ("#deploys", PERMALINK, "give `channel` as `C0INCIDENT`"),
        (
            "C0DEPLOYS",
            REPLY,
            "not_found: message 1795169940.000002 in channel C0DEPLOYS",
        ),
        (
            "C0INCIDENT",
            "1795169940.000009",
            "not_found: message 1795169940.000009",
        ),
        ("U0KENJIAB1", REPLY, "a thread is in a conversation"),
    ] {
        let refused = client.call("slack_send_message", reply_to(channel, thread_ts)).await;
        let text = failure(&refused);
        assert!(text.contains(said), "{channel} {thread_ts}: {text}");
    }
    assert_eq!(sent(&setup), [] as [Value; 0]);
}

#[tokio::test]
async fn who_may_not_read_replies_by_permalink() {
    let setup = Setup::with(Options {
        slack_bot_lacks: vec!["channels:history".to_owned()],
        ..Options::default()
    })
    .await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let refused = client.call("slack_send_message", reply_to("C0INCIDENT", REPLY)).await;
    let text = failure(&refused);
    assert!(
        text.contains("channels:history") && text.contains("give its permalink"),
        "{text}"
    );
    assert_eq!(sent(&setup), [] as [Value; 0]);
    let posted = client
        .call("slack_send_message", reply_to("C0INCIDENT", PERMALINK))
        .await;
    structured(&posted);
    assert_eq!(sent(&setup)[0]["thread_ts"], ROOT);
}
