//! The list of user groups against a small Slack on loopback.

use super::UserGroups;
use crate::backends::slack::standin::{Seen, StandIn};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time;
use upstream::{Call, Cause};

fn call() -> Call {
    Call::within(Duration::from_secs(10))
}

fn list(_: &Seen) -> Value {
    json!({"ok": true, "usergroups": [
        {"id": "S1", "handle": "on-call", "name": "On call", "date_delete": 0},
        {"id": "S2", "handle": "Sto\u{308}rung", "date_delete": 0},
        {"id": "S3", "handle": "old-team", "date_delete": 1_700_000_000},
        {"id": "S4", "handle": "on-call", "date_delete": 0},
        {"handle": "has no id"},
    ]})
}

fn ids(groups: &UserGroups, handle: &str) -> Vec<String> {
    groups.named(handle).map(|group| group.id.clone()).collect()
}

/// The clock is paused for the jump only: sockets need the real one.
async fn pass(seconds: u64) {
    time::pause();
    time::advance(Duration::from_secs(seconds)).await;
    time::resume();
}

#[tokio::test]
async fn a_group_is_found_by_id_and_by_handle() {
    let slack = StandIn::start(list).await;
    let groups = slack.client.user_groups(&call()).await.unwrap();
    assert_eq!(groups.by_id("S1").unwrap().shown_name(), Some("on-call"));
    assert_eq!(ids(&groups, "@störung"), ["S2"], "the same name in another normal form");
    assert_eq!(
        ids(&groups, "on-call"),
        ["S1", "S4"],
        "both, so that a caller can ask which"
    );
    // A disabled group is still named in old messages, but mentioned in no new one.
    assert!(groups.by_id("S3").unwrap().is_disabled());
    assert!(ids(&groups, "old-team").is_empty());
    assert_eq!(slack.seen("usergroups.list")[0].arg("include_disabled"), "true");
}

#[tokio::test]
async fn the_list_is_read_once_and_an_unknown_group_reads_it_once_more() {
    let slack = StandIn::start(list).await;
    let wanted = ["S1".to_owned(), "S99".to_owned()];
    let read = || slack.seen("usergroups.list").len();
    for _ in 0..3 {
        slack.client.user_groups_with(&wanted, &call()).await.unwrap();
    }
    assert_eq!(read(), 1);
    pass(61).await;
    for _ in 0..3 {
        slack.client.user_groups_with(&wanted, &call()).await.unwrap();
    }
    assert_eq!(read(), 2);
    pass(500).await;
    slack.client.user_groups_with(&wanted[..1], &call()).await.unwrap();
    assert_eq!(read(), 2, "what is in the list is good for ten minutes");
    pass(101).await;
    slack.client.user_groups(&call()).await.unwrap();
    assert_eq!(read(), 3);
}

#[tokio::test]
async fn a_missing_scope_is_not_asked_about_with_every_text() {
    let slack = StandIn::start(|_| json!({"ok": false, "error": "missing_scope", "needed": "usergroups:read"})).await;
    for _ in 0..3 {
        let failure = slack.client.user_groups(&call()).await.unwrap_err();
        assert!(matches!(failure.cause, Cause::MissingScope { .. }), "{failure}");
    }
    assert_eq!(slack.seen("usergroups.list").len(), 1);
    pass(61).await;
    slack.client.user_groups(&call()).await.unwrap_err();
    assert_eq!(slack.seen("usergroups.list").len(), 2);
}

#[tokio::test]
async fn a_slack_that_fails_for_a_moment_takes_no_names_away() {
    let count = Arc::new(AtomicUsize::new(0));
    let slack = StandIn::start(move |seen| match count.fetch_add(1, Ordering::SeqCst) {
        0 => list(seen),
        _ => json!({"ok": false, "error": "internal_error"}),
    })
    .await;
    slack.client.user_groups(&call()).await.unwrap();
    pass(601).await;
    let groups = slack.client.user_groups(&call()).await.unwrap();
    assert!(groups.by_id("S1").is_some());
    assert_eq!(slack.seen("usergroups.list").len(), 2);
}
