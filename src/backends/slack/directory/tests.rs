//! The directory against a Slack with 450 channels, three pages of them.

use crate::backends::slack::Wanted;
use crate::backends::slack::standin::{Seen, StandIn};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time;
use upstream::auth::Secret;
use upstream::{Call, Cause, Failure};

const CHANNELS: usize = 450;

fn call() -> Call {
    Call::within(Duration::from_secs(10))
}

fn directory(seen: &Seen) -> Value {
    assert_eq!(
        (seen.operation.as_str(), seen.arg("limit")),
        ("conversations.list", "200")
    );
    assert_eq!(
        (seen.arg("types"), seen.arg("exclude_archived")),
        ("public_channel,private_channel", "true")
    );
    page(seen)
}

fn page(seen: &Seen) -> Value {
    let first: usize = seen.arg("cursor").parse().unwrap_or(0);
    let last = (first + 200).min(CHANNELS);
    let channels: Vec<_> = (first..last)
        .map(|n| json!({"id": format!("C{n}"), "name": format!("room-{n}")}))
        .collect();
    let next = if last < CHANNELS {
        last.to_string()
    } else {
        String::new()
    };
    json!({"ok": true, "channels": channels, "response_metadata": {"next_cursor": next}})
}

async fn id_of(slack: &StandIn, name: &str) -> Result<String, Failure> {
    slack
        .client
        .channel_named(name, &call())
        .await
        .map(|channel| channel.id.clone())
}

/// Lets this much time pass. The clock stands still only for that: sockets live on the real one.
async fn pass(seconds: u64) {
    time::pause();
    time::advance(Duration::from_secs(seconds)).await;
    time::resume();
}

/// The token's file is swapped for another workspace's: it has other channels, and other people of the same ids.
#[tokio::test]
async fn another_workspace_has_other_channels_and_people() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "xoxb-one").unwrap();
    let slack = StandIn::with_bot(Secret::file(&path).unwrap(), |seen| {
        let whose = seen.token.trim_start_matches("Bearer xoxb-").to_owned();
        match seen.operation.as_str() {
            "users.info" => json!({"ok": true, "user": {"id": seen.arg("user"), "name": whose}}),
            _ => json!({"ok": true, "channels": [{"id": format!("C-{whose}"), "name": "general"}]}),
        }
    })
    .await;
    let name_of = async |id: &str| {
        let wanted = Wanted {
            needed: vec![id.to_owned()],
            ..Wanted::default()
        };
        let users = slack.client.users(&wanted, &call()).await;
        users[id].as_ref().unwrap().name.clone().unwrap()
    };
    for whose in ["one", "two"] {
        std::fs::write(&path, format!("xoxb-{whose}")).unwrap();
        for _ in 0..2 {
            assert_eq!(id_of(&slack, "general").await.unwrap(), format!("C-{whose}"));
            assert_eq!(name_of("U0123456789").await, whose);
        }
    }
    assert_eq!(
        slack.counts(),
        [("conversations.list".to_owned(), 2), ("users.info".to_owned(), 2)].into()
    );
}

#[tokio::test]
async fn it_is_read_as_far_as_needed_and_never_twice() {
    let slack = StandIn::start(directory).await;
    assert!(slack.counts().is_empty());
    assert_eq!(id_of(&slack, "room-7").await.unwrap(), "C7");
    assert_eq!(slack.seen("conversations.list").len(), 1);
    assert_eq!(id_of(&slack, "room-449").await.unwrap(), "C449");
    assert_eq!(id_of(&slack, "room-8").await.unwrap(), "C8");
    assert_eq!(slack.seen("conversations.list").len(), 3);
    assert_eq!(
        slack.client.channel_in_directory("C300").unwrap().name.as_deref(),
        Some("room-300")
    );
}

#[tokio::test]
async fn many_at_once_share_one_walk() {
    let slack = StandIn::start(directory).await;
    let names: Vec<_> = (0..50).map(|n| format!("room-{}", 400 + n)).collect();
    let found = futures::future::join_all(names.iter().map(|name| id_of(&slack, name))).await;
    assert!(found.iter().all(Result::is_ok));
    assert_eq!(slack.seen("conversations.list").len(), 3);
}

#[tokio::test]
async fn a_miss_names_the_nearest_and_is_looked_for_again_only_after_a_while() {
    let slack = StandIn::start(directory).await;
    let failure = id_of(&slack, "rom-44").await.unwrap_err();
    assert_eq!(
        failure.cause,
        Cause::NotFound {
            what: "channel #rom-44".to_owned()
        }
    );
    assert!(failure.hint.unwrap().contains("did you mean #room-44"));
    id_of(&slack, "rom-45").await.unwrap_err();
    assert_eq!(slack.seen("conversations.list").len(), 3);
    pass(31).await;
    id_of(&slack, "rom-45").await.unwrap_err();
    assert_eq!(slack.seen("conversations.list").len(), 6);
}

#[tokio::test]
async fn an_old_directory_answers_and_is_read_again_behind_the_scenes() {
    let slack = StandIn::start(directory).await;
    id_of(&slack, "room-449").await.unwrap();
    pass(601).await;
    assert_eq!(id_of(&slack, "room-449").await.unwrap(), "C449");
    while slack.seen("conversations.list").len() < 6 {
        time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(id_of(&slack, "room-449").await.unwrap(), "C449");
    assert_eq!(slack.seen("conversations.list").len(), 6);
}

#[tokio::test]
async fn without_the_scope_for_private_channels_the_public_ones_are_read() {
    let slack = StandIn::start(|seen| {
        if seen.arg("types").contains("private_channel") {
            return json!({"ok": false, "error": "missing_scope", "needed": "groups:read", "provided": "channels:read"});
        }
        page(seen)
    })
    .await;
    assert_eq!(id_of(&slack, "room-300").await.unwrap(), "C300");
    assert_eq!(slack.seen("conversations.list").len(), 3);
}

#[tokio::test]
async fn a_failure_is_shared_by_those_who_waited_and_what_was_read_is_kept() {
    let broken = std::sync::atomic::AtomicBool::new(true);
    let slack = StandIn::start(move |seen| {
        let fails = seen.arg("cursor") == "200" && broken.swap(false, std::sync::atomic::Ordering::SeqCst);
        if fails {
            json!({"ok": false, "error": "no_permission"})
        } else {
            page(seen)
        }
    })
    .await;
    let found = futures::future::join_all((0..10).map(|_| id_of(&slack, "room-300"))).await;
    assert!(found.iter().all(Result::is_err), "{found:?}");
    assert_eq!(slack.seen("conversations.list").len(), 2);
    assert_eq!(id_of(&slack, "room-300").await.unwrap(), "C300");
    assert_eq!(slack.seen("conversations.list").len(), 3);
}

#[tokio::test]
async fn a_walk_whose_cursor_went_bad_begins_anew_once() {
    let good = Arc::new(AtomicBool::new(true));
    let is_good = Arc::clone(&good);
    let slack = StandIn::start(move |seen| {
        if seen.arg("cursor").is_empty() || is_good.load(Ordering::SeqCst) {
            page(seen)
        } else {
            is_good.store(true, Ordering::SeqCst);
            json!({"ok": false, "error": "invalid_cursor"})
        }
    })
    .await;
    id_of(&slack, "room-7").await.unwrap();
    good.store(false, Ordering::SeqCst);
    assert_eq!(id_of(&slack, "room-300").await.unwrap(), "C300");
    assert_eq!(slack.seen("conversations.list").len(), 4);
    let slack = StandIn::start(|seen| {
        if seen.arg("cursor").is_empty() {
            page(seen)
        } else {
            json!({"ok": false, "error": "invalid_cursor"})
        }
    })
    .await;
    assert!(id_of(&slack, "room-300").await.is_err());
    assert_eq!(slack.seen("conversations.list").len(), 4);
}

#[tokio::test]
async fn a_cursor_that_comes_back_is_a_failure_and_what_was_read_is_known() {
    let slack = StandIn::start(|_| {
        json!({"ok": true, "channels": [{"id": "C1", "name": "one"}], "response_metadata": {"next_cursor": "same"}})
    })
    .await;
    let failure = id_of(&slack, "two").await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Malformed { .. }), "{failure}");
    assert_eq!(slack.seen("conversations.list").len(), 2);
    assert_eq!(id_of(&slack, "one").await.unwrap(), "C1");
    assert_eq!(slack.client.channel_names(&call()).await, ["one"]);
    assert_eq!(slack.seen("conversations.list").len(), 3);
    // A longer way round: from the third page to the second.
    let slack = StandIn::start(|seen| {
        let next = if seen.arg("cursor") == "a" { "b" } else { "a" };
        json!({"ok": true, "channels": [], "response_metadata": {"next_cursor": next}})
    })
    .await;
    let failure = id_of(&slack, "two").await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Malformed { .. }), "{failure}");
    assert_eq!(slack.seen("conversations.list").len(), 3);
}
