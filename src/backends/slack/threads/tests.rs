//! Single messages and their threads, against a small Slack on loopback.

use super::MessageKey;
use crate::backends::slack::standin::{Seen, StandIn};
use crate::backends::slack::{HistoryQuery, Ts};
use serde_json::{Value, json};
use std::time::Duration;
use upstream::{Call, Cause};

const ROOT: &str = "1795169760.000001";
const REPLY: &str = "1795169940.000002";

fn call() -> Call {
    Call::within(Duration::from_secs(10))
}

fn key(ts: &str) -> MessageKey {
    MessageKey {
        channel: "C1".to_owned(),
        ts: Ts::exact(ts).unwrap(),
        root: None,
    }
}

fn root() -> Value {
    json!({"ts": ROOT, "text": "first", "thread_ts": ROOT, "reply_count": 1})
}

fn reply() -> Value {
    json!({"ts": REPLY, "text": "second", "thread_ts": ROOT})
}

/// Asked for a thread by a reply's `ts`, it gives that reply alone.
fn alone(seen: &Seen) -> Value {
    match seen.arg("ts") {
        ROOT if seen.arg("latest") == ROOT => json!({"ok": true, "messages": [root()]}),
        ROOT => json!({"ok": true, "messages": [root(), reply()]}),
        REPLY => json!({"ok": true, "messages": [reply()]}),
        "1795169000.000009" => json!({"ok": true, "messages": [{"ts": "1795169000.000009", "text": "no thread"}]}),
        _ => json!({"ok": false, "error": "thread_not_found"}),
    }
}

/// Asked for a thread by a reply's `ts`, it gives the thread, from its first message.
fn from_the_first(seen: &Seen) -> Value {
    if seen.arg("ts") == REPLY {
        return json!({"ok": true, "messages": [root()], "has_more": true});
    }
    alone(seen)
}

#[tokio::test]
async fn a_reply_leads_to_its_threads_first_message_however_slack_answers() {
    for (answer, requests) in [(alone as fn(&Seen) -> Value, 1), (from_the_first, 2)] {
        let slack = StandIn::start(answer).await;
        let found = slack.client.message(&key(REPLY), &call()).await.unwrap();
        assert_eq!(found.text.as_deref(), Some("second"));
        let first = slack.client.thread_root(&key(REPLY), &call()).await.unwrap();
        assert_eq!(first.as_str(), ROOT);
        assert_eq!(slack.seen("conversations.replies").len(), requests);
    }
}

#[tokio::test]
async fn a_message_in_no_thread_is_its_own_first_message() {
    let slack = StandIn::start(alone).await;
    for ts in [ROOT, "1795169000.000009"] {
        assert_eq!(slack.client.thread_root(&key(ts), &call()).await.unwrap().as_str(), ts);
    }
}

#[tokio::test]
async fn what_was_read_before_is_not_asked_for() {
    let slack = StandIn::start(|seen| match seen.operation.as_str() {
        "conversations.history" => json!({"ok": true, "messages": [root()]}),
        _ => json!({"ok": false, "error": "fatal_error"}),
    })
    .await;
    let page = HistoryQuery {
        channel: "C1".to_owned(),
        limit: 1,
        cursor: None,
    };
    slack.client.history(&page, &call()).await.unwrap();
    assert_eq!(
        slack.client.thread_root(&key(ROOT), &call()).await.unwrap().as_str(),
        ROOT
    );
    // A `ts` is of one channel.
    let elsewhere = MessageKey {
        channel: "C2".to_owned(),
        ..key(ROOT)
    };
    slack.client.thread_root(&elsewhere, &call()).await.unwrap_err();
}

#[tokio::test]
async fn a_message_that_is_not_there_is_not_found() {
    let slack = StandIn::start(|seen| match seen.arg("ts") {
        // As Slack answers for the right channel and a wrong message of its thread.
        ROOT => json!({"ok": true, "messages": [root()]}),
        _ => alone(seen),
    })
    .await;
    let of_thread = MessageKey {
        root: Some(Ts::exact(ROOT).unwrap()),
        ..key("1795169940.000009")
    };
    for key in [key("1795169940.000009"), of_thread] {
        let failure = slack.client.message(&key, &call()).await.unwrap_err();
        assert!(
            matches!(&failure.cause, Cause::NotFound { what } if what == "message 1795169940.000009 in channel C1"),
            "{failure:?}"
        );
    }
}
