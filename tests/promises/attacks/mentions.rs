//! Texts that mention thousands of people, channels, groups and links: reading them costs a bounded number of requests,
//! and what was not found is not looked for again with the next read.

use crate::promises::support::{Era, Peer, Reply, Setup, Stdio, structured};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// A text with this many mentions of people, of channels and of groups, all of them unknown.
fn mentions(count: usize) -> String {
    let each = (0..count).map(|n| format!("<@U9{n:08}> <#C9{n:08}> <!subteam^S9{n:08}> "));
    each.collect()
}

fn slack(path: &str, texts: &[String]) -> Value {
    match path {
        "/conversations.history" => {
            let message = |(n, text): (usize, &String)| json!({ "ts": format!("1795171500.{n:06}"), "user": "USLACKBOT", "text": text });
            json!({ "ok": true, "messages": texts.iter().enumerate().map(message).collect::<Vec<_>>() })
        }
        "/users.list" => json!({ "ok": true, "members": [] }),
        "/usergroups.list" => json!({ "ok": true, "usergroups": [] }),
        "/users.info" => json!({ "ok": false, "error": "user_not_found" }),
        "/conversations.info" => json!({ "ok": false, "error": "channel_not_found" }),
        other => panic!("{other}"),
    }
}

/// Reads a channel twice and gives how many requests each took, the history's own left out, with the last result.
async fn read_twice(texts: Vec<String>) -> ([usize; 2], Value) {
    let peer = Peer::start(move |seen| Reply::Json(200, slack(seen.path(), &texts))).await;
    let setup = Setup::new().await.set("SLACK_API_URL", &peer.url);
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let mut made = [0; 2];
    let mut last = Value::Null;
    for (n, made) in made.iter_mut().enumerate() {
        let began = Instant::now();
        // Another limit is another request to Slack, so that the second read is not the first one's cached page.
        let arguments = json!({ "channel": "C0GENERAL1", "limit": 150 + n });
        let before = peer.seen().len();
        last = structured(&client.call("slack_get_history", arguments).await).clone();
        let asked = peer.seen().split_off(before);
        *made = asked
            .iter()
            .filter(|seen| seen.path() != "/conversations.history")
            .count();
        assert!(
            began.elapsed() < Duration::from_secs(15),
            "it does not wait for its deadline"
        );
    }
    (made, last)
}

#[tokio::test]
async fn one_text_with_thousands_of_mentions_costs_a_bounded_number_of_look_ups_once() {
    let (made, last) = read_twice(vec![mentions(2_800)]).await;
    // 40 people, 40 channels, one page of the list of people, and the list of groups.
    assert_eq!(made, [82, 0]);
    let text = last["messages"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("@U900000000 #C900000000 @S900000000 "), "{text:.80}");
    let reasons: Vec<_> = last["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["reason"].clone())
        .collect();
    let reasons = json!(reasons).to_string();
    assert!(
        reasons.contains("the text mentions 2800 people, and the first 40 are shown by name"),
        "{reasons}"
    );
}

#[tokio::test]
async fn many_such_texts_cost_no_more_at_once() {
    let texts = (0..100)
        .map(|n| mentions(40).replace('9', &format!("9{n:03}")))
        .collect();
    let (made, _) = read_twice(texts).await;
    assert!(made.iter().all(|made| *made <= 83), "{made:?}");
}
