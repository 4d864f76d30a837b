//! What people and bots wrote in Slack comes as they wrote it, whole and once.

use super::support::{Era, Peer, Reply, Setup, Stdio, structured};
use serde_json::{Value, json};

/// What Slack's mock server says to everything but a search and a history.
fn around(path: &str, asked: &str) -> Value {
    match path {
        "/users.info" => json!({ "ok": true, "user": { "id": "U0ADA00001", "name": "ada" } }),
        "/usergroups.list" => json!({ "ok": true, "usergroups": [{ "id": "S0ONCALL01", "handle": "oncall" }] }),
        "/conversations.list" => {
            json!({ "ok": true, "channels": [{ "id": "C0NFC00001", "name": "チームデプロイ" }] })
        }
        path => panic!("{path}: {asked}"),
    }
}

/// The texts that a history and a search give of these messages.
async fn texts(messages: Value) -> [Vec<String>; 2] {
    let slack = Peer::start(move |seen| {
        let mut found = messages.clone();
        for message in found.as_array_mut().unwrap() {
            message["channel"] = json!({ "id": "C0GENERAL1", "name": "general" });
        }
        Reply::Json(
            200,
            match seen.path() {
                "/conversations.history" => json!({ "ok": true, "messages": messages }),
                "/search.messages" => json!({ "ok": true, "messages": { "matches": found, "paging": { "pages": 1 } } }),
                path => around(path, &seen.target),
            },
        )
    })
    .await;
    let setup = Setup::new().await.set("SLACK_API_URL", &slack.url);
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let history = client
        .call("slack_get_history", json!({ "channel": "C0GENERAL1" }))
        .await;
    let search = client.call("slack_search", json!({ "query": "deploy" })).await;
    [history, search].map(|result| {
        let messages = structured(&result)["messages"].as_array().unwrap().clone();
        let texts = messages
            .iter()
            .map(|message| message["text"].as_str().unwrap().to_owned());
        texts.collect()
    })
}

#[tokio::test]
async fn a_rich_text_is_shown_unless_the_text_says_the_same() {
    let rich = |text: &str| {
        let section = json!({ "type": "rich_text_section", "elements": [{ "type": "text", "text": text }] });
        json!([{ "type": "rich_text", "elements": [section] }])
    };
    let bot = json!({
        "ts": "1795171501.000002", "user": "U0ADA00001", "username": "release-bot", "text": "New deploy notification",
        "blocks": rich("Rollback of v2.41.0 started, see runbook 7"),
    });
    let person = json!({
        "ts": "1795171501.000001", "user": "U0ADA00001", "text": "*Deploying* now", "blocks": rich("Deploying now"),
    });
    for texts in texts(json!([bot, person])).await {
        assert_eq!(
            texts,
            [
                "New deploy notification\nRollback of v2.41.0 started, see runbook 7",
                "*Deploying* now"
            ]
        );
    }
}

#[tokio::test]
async fn words_and_emoji_keep_the_joiners_that_they_need() {
    let written = [
        "می\u{200c}خواهم، کتاب\u{200c}ها",
        "ශ්\u{200d}රී ලංකා, क्\u{200d}ष",
        "👩🏽\u{200d}💻 ships 🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F} ❤\u{fe0f}\u{200d}🔥",
        "<!subteam^S0ONCALL01> please look",
    ];
    let messages = written
        .iter()
        .enumerate()
        .map(|(n, text)| json!({ "ts": format!("179517150{n}.000001"), "user": "U0ADA00001", "text": text }));
    let hidden = json!({ "ts": "1795171500.000009", "user": "U0ADA00001",
        "text": "pay\u{200d}load\u{202e} \u{E0069}\u{E0067}\u{E006E}ok" });
    let messages: Vec<_> = messages.chain([hidden]).collect();
    for texts in texts(json!(messages)).await {
        assert_eq!(texts[..3], written[..3]);
        assert_eq!(texts[3..], ["@oncall please look", "payload ok"]);
    }
}

#[tokio::test]
async fn a_channel_is_found_in_any_normal_form_of_its_name() {
    let slack = Peer::start(|seen| {
        Reply::Json(
            200,
            match seen.path() {
                "/conversations.history" => json!({ "ok": true, "messages": [] }),
                path => around(path, &seen.target),
            },
        )
    })
    .await;
    let setup = Setup::new().await.set("SLACK_API_URL", &slack.url);
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let decomposed = "#チームテ\u{3099}フ\u{309a}ロイ";
    let history = client.call("slack_get_history", json!({ "channel": decomposed })).await;
    structured(&history);
    assert!(slack.at("/conversations.history")[0].target.contains("C0NFC00001"));
}
