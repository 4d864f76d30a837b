//! Slack: who may call what, how, how often; the directories, histories, threads, search and posts.

use serde_json::{Value, json};

use super::super::{Options, SlackApp, SlackRates};
use super::{Bench, column, json_of};

#[tokio::test]
async fn a_call_needs_a_token_that_is_known() {
    let bench = Bench::new().await;
    let without = json_of(bench.slack_request("auth.test", &[])).await;
    assert_eq!(without, json!({ "ok": false, "error": "not_authed" }));
    let wrong = json_of(bench.slack_request("auth.test", &[]).bearer_auth("xoxb-other")).await;
    assert_eq!(wrong, json!({ "ok": false, "error": "invalid_auth" }));
    assert_eq!(bench.slack("auth.test", &[]).await["user_id"], "U0BRAID");
}

#[tokio::test]
async fn a_method_that_is_not_there_is_named() {
    let bench = Bench::new().await;
    let answer = bench.slack("conversations.nope", &[]).await;
    assert_eq!(
        answer,
        json!({ "ok": false, "error": "unknown_method", "req_method": "conversations.nope" })
    );
}

#[tokio::test]
async fn searching_takes_a_user_token() {
    let bench = Bench::new().await;
    let arguments = [("query", "revert")];
    assert_eq!(
        bench.slack("search.messages", &arguments).await["error"],
        "not_allowed_token_type"
    );
    assert_eq!(bench.slack_as_user("search.messages", &arguments).await["ok"], true);
}

#[tokio::test]
async fn a_missing_scope_is_named_beside_those_that_are_there() {
    let lacks = ["groups:read".to_owned(), "channels:history".to_owned()];
    let bench = Bench::with(Options {
        slack_bot_lacks: lacks.to_vec(),
        ..Options::default()
    })
    .await;
    let list = bench
        .slack("conversations.list", &[("types", "public_channel,private_channel")])
        .await;
    assert_eq!(
        (list["error"].as_str(), list["needed"].as_str()),
        (Some("missing_scope"), Some("groups:read"))
    );
    assert!(list["provided"].as_str().unwrap().contains("channels:read"));
    let history = bench.slack("conversations.history", &[("channel", "C0INCIDENT")]).await;
    assert_eq!(history["needed"], "channels:history");
}

#[tokio::test]
async fn reading_methods_do_not_see_a_json_body() {
    let bench = Bench::new().await;
    let url = format!("{}/conversations.history", bench.sandbox.slack_api);
    let request = bench
        .client
        .post(url)
        .bearer_auth(&bench.sandbox.credentials.slack_bot_token);
    let request = request.header("content-type", "application/json; charset=utf-8");
    let answer = json_of(request.body(r#"{"channel":"C0INCIDENT"}"#)).await;
    assert_eq!(answer["error"], "invalid_arguments");
    assert_eq!(
        answer["response_metadata"]["messages"],
        json!(["[ERROR] missing required field: channel"])
    );
}

#[tokio::test]
async fn the_directory_takes_three_pages_of_two_hundred_each_shorter_than_that() {
    let bench = Bench::new().await;
    let mut cursor = String::new();
    let mut pages = Vec::new();
    loop {
        let arguments = [
            ("limit", "200"),
            ("types", "public_channel,private_channel"),
            ("exclude_archived", "true"),
            ("cursor", &cursor),
        ];
        let page = bench.slack("conversations.list", &arguments).await;
        assert_eq!(page["ok"], true, "{page}");
        pages.push(column(&page, "/channels", "name"));
        cursor = page["response_metadata"]["next_cursor"].as_str().unwrap().to_owned();
        if cursor.is_empty() {
            break;
        }
    }
    assert_eq!(pages.len(), 3);
    assert!(
        pages.iter().all(|page| page.len() < 200),
        "{:?}",
        pages.iter().map(Vec::len).collect::<Vec<_>>()
    );
    let page_of = |name: &str| pages.iter().position(|page| page.iter().any(|other| other == name));
    assert_eq!(
        (page_of("general"), page_of("incident-checkout"), page_of("deploys")),
        (Some(0), Some(1), Some(2))
    );
    assert_eq!(
        page_of("board"),
        None,
        "a private channel without the bot in it does not exist"
    );
    assert_eq!(page_of("incident-checkout-leads"), Some(1));
}

#[tokio::test]
async fn a_cursor_of_another_method_is_invalid() {
    let bench = Bench::new().await;
    let users = bench.slack("users.list", &[("limit", "10")]).await;
    let cursor = users["response_metadata"]["next_cursor"].as_str().unwrap();
    for wrong in [cursor, "made-up"] {
        let answer = bench.slack("conversations.list", &[("cursor", wrong)]).await;
        assert_eq!(answer["error"], "invalid_cursor");
    }
    let limit = bench.slack("conversations.list", &[("limit", "1001")]).await;
    assert_eq!(limit["error"], "invalid_limit");
}

#[tokio::test]
async fn reading_takes_ids_and_membership() {
    let bench = Bench::new().await;
    for (channel, error) in [
        ("#general", "channel_not_found"),
        ("general", "channel_not_found"),
        ("C0BOARD", "channel_not_found"),
        ("C0LOUNGE", "not_in_channel"),
    ] {
        let answer = bench.slack("conversations.history", &[("channel", channel)]).await;
        assert_eq!(answer["error"], error, "{channel}");
    }
    assert_eq!(
        bench.slack("conversations.info", &[("channel", "C0LOUNGE")]).await["channel"]["is_member"],
        false
    );
}

#[tokio::test]
async fn history_is_newest_first_and_pages_to_its_end() {
    let bench = Bench::new().await;
    let mut cursor = String::new();
    let mut seen: Vec<String> = Vec::new();
    loop {
        let arguments = [("channel", "C0INCIDENT"), ("limit", "20"), ("cursor", cursor.as_str())];
        let page = bench.slack("conversations.history", &arguments).await;
        seen.extend(column(&page, "/messages", "ts"));
        let next = page["response_metadata"]["next_cursor"].as_str();
        assert_eq!(page["has_more"], next.is_some());
        match next {
            Some(next) => next.clone_into(&mut cursor),
            None => break,
        }
    }
    assert!(seen.len() >= 60, "{}", seen.len());
    assert!(seen.is_sorted_by(|a, b| a > b), "newest first, none twice");
    assert_eq!(seen.first().map(String::as_str), Some("1795171500.000001"));
}

#[tokio::test]
async fn history_between_two_moments_leaves_the_ends_out_unless_told() {
    let bench = Bench::new().await;
    let ts = "1795170600.000004";
    let between = |inclusive| {
        [
            ("channel", "C0INCIDENT"),
            ("oldest", ts),
            ("latest", ts),
            ("inclusive", inclusive),
        ]
    };
    let inside = bench.slack("conversations.history", &between("true")).await;
    assert_eq!(column(&inside, "/messages", "ts"), [ts]);
    assert_eq!(
        inside["messages"][0]["text"],
        "Revert is up: <https://github.com/acme/checkout/pull/617>"
    );
    assert_eq!(inside["messages"][0]["user"], "U0ADA");
    assert_eq!(inside["messages"][0]["reply_count"], 2);
    let outside = bench.slack("conversations.history", &between("false")).await;
    assert_eq!(outside["messages"], json!([]));
}

#[tokio::test]
async fn every_page_of_a_thread_starts_with_its_first_message() {
    let bench = Bench::new().await;
    let ts = "1795169760.000001";
    let first = bench
        .slack(
            "conversations.replies",
            &[("channel", "C0INCIDENT"), ("ts", ts), ("limit", "5")],
        )
        .await;
    let cursor = first["response_metadata"]["next_cursor"].as_str().unwrap();
    let arguments = [
        ("channel", "C0INCIDENT"),
        ("ts", ts),
        ("limit", "5"),
        ("cursor", cursor),
    ];
    let second = bench.slack("conversations.replies", &arguments).await;
    let (first, second) = (column(&first, "/messages", "ts"), column(&second, "/messages", "ts"));
    assert_eq!((first.len(), second.len()), (5, 5));
    assert_eq!((first[0].as_str(), second[0].as_str()), (ts, ts));
    assert!(first[4] < second[1]);
    let lost = bench
        .slack(
            "conversations.replies",
            &[("channel", "C0INCIDENT"), ("ts", "1.000001")],
        )
        .await;
    assert_eq!(lost["error"], "thread_not_found");
}

#[tokio::test]
async fn bots_leave_the_text_empty_and_say_it_in_attachments_or_blocks() {
    let bench = Bench::new().await;
    let page = bench
        .slack("conversations.history", &[("channel", "C0INCIDENT"), ("limit", "100")])
        .await;
    let messages = page["messages"].as_array().unwrap();
    let by_bot = |id: &str| {
        messages
            .iter()
            .find(|message| message["bot_id"] == id)
            .cloned()
            .unwrap_or_default()
    };
    let alert = by_bot("B0DATADOG");
    assert_eq!(
        (alert["text"].as_str(), alert["subtype"].as_str()),
        (Some(""), Some("bot_message"))
    );
    assert!(alert["attachments"][0]["title_link"].is_string());
    let typed = messages
        .iter()
        .find(|message| message["ts"] == "1795170600.000004")
        .unwrap();
    let link = json!({ "type": "link", "url": "https://github.com/acme/checkout/pull/617" });
    assert_eq!(typed["blocks"][0]["elements"][0]["elements"][1], link);
}

#[tokio::test]
async fn people_are_found_by_id_by_address_and_in_pages() {
    let bench = Bench::new().await;
    assert_eq!(
        bench.slack("users.info", &[("user", "U0ADA")]).await["user"]["real_name"],
        "Ada Abara"
    );
    assert_eq!(
        bench.slack("users.info", &[("user", "U0NOBODY")]).await["error"],
        "user_not_found"
    );
    let found = bench
        .slack("users.lookupByEmail", &[("email", "Ada@acme.example")])
        .await;
    assert_eq!(found["user"]["id"], "U0ADA");
    assert_eq!(
        bench.slack("users.lookupByEmail", &[("email", "x@y.z")]).await["error"],
        "users_not_found"
    );
    let all = bench.slack("users.list", &[("limit", "1000")]).await;
    assert_eq!(column(&all, "/members", "id").len(), 60);
}

#[tokio::test]
async fn user_groups_come_all_at_once_and_disabled_ones_on_demand() {
    let bench = Bench::new().await;
    let groups = bench.slack("usergroups.list", &[]).await;
    assert_eq!(column(&groups, "/usergroups", "handle"), ["on-call", "tech-leads"]);
    let all = [("include_disabled", "true"), ("include_users", "1")];
    let groups = bench.slack("usergroups.list", &all).await;
    let disabled = &groups["usergroups"][2];
    assert_eq!(disabled["handle"], "launch-2025");
    assert!(disabled["date_delete"].as_i64().unwrap() > 0);
    assert_eq!(disabled["users"], json!(["U0LUCAS", "U0INES"]));
    let lacks = vec!["usergroups:read".to_owned()];
    let bench = Bench::with(Options {
        slack_bot_lacks: lacks,
        ..Options::default()
    })
    .await;
    assert_eq!(bench.slack("usergroups.list", &[]).await["needed"], "usergroups:read");
}

#[tokio::test]
async fn an_address_is_hidden_from_who_may_not_see_it() {
    let lacks = vec!["users:read.email".to_owned()];
    let bench = Bench::with(Options {
        slack_bot_lacks: lacks,
        ..Options::default()
    })
    .await;
    let user = bench.slack("users.info", &[("user", "U0ADA")]).await;
    assert_eq!(user["user"]["profile"]["email"], Value::Null);
    assert_eq!(
        bench
            .slack("users.lookupByEmail", &[("email", "ada@acme.example")])
            .await["error"],
        "missing_scope"
    );
}

#[tokio::test]
async fn search_reads_operators_and_pages() {
    let bench = Bench::new().await;
    let found = bench
        .slack_as_user(
            "search.messages",
            &[("query", "revert in:#incident-checkout from:@ada")],
        )
        .await;
    let texts = column(&found, "/messages/matches", "text");
    assert!(
        !texts.is_empty() && texts.iter().all(|text| text.to_lowercase().contains("revert")),
        "{texts:?}"
    );
    let all = [
        ("query", "in:incident-checkout"),
        ("sort", "timestamp"),
        ("count", "30"),
    ];
    let first = bench.slack_as_user("search.messages", &all).await;
    assert_eq!(first["messages"]["matches"].as_array().unwrap().len(), 30);
    assert!(column(&first, "/messages/matches", "ts").is_sorted_by(|a, b| a > b));
    let pages = first["messages"]["paging"]["pages"].as_u64().unwrap();
    let last = bench
        .slack_as_user(
            "search.messages",
            &[all[0], all[1], all[2], ("page", &pages.to_string())],
        )
        .await;
    assert_eq!(last["messages"]["paging"]["page"], pages);
    let before = bench
        .slack_as_user("search.messages", &[("query", "timeout before:2026-11-20")])
        .await;
    assert!(
        column(&before, "/messages/matches", "ts")
            .iter()
            .all(|ts| ts.as_str() < "1795132800")
    );
    let phrase = bench
        .slack_as_user(
            "search.messages",
            &[("query", "\"revert first\""), ("highlight", "true")],
        )
        .await;
    assert!(
        phrase["messages"]["matches"][0]["text"]
            .as_str()
            .unwrap()
            .contains("\u{e000}revert first\u{e001}")
    );
}

#[tokio::test]
async fn a_post_is_in_the_history_afterwards_and_has_the_same_ts_at_every_run() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let bench = Bench::new().await;
        let posted = bench
            .slack(
                "chat.postMessage",
                &[("channel", "#incident-checkout"), ("text", "On it")],
            )
            .await;
        assert_eq!(
            (posted["ok"].as_bool(), posted["channel"].as_str()),
            (Some(true), Some("C0INCIDENT")),
            "{posted}"
        );
        let ts = posted["ts"].as_str().unwrap().to_owned();
        let reply = [
            ("channel", "C0INCIDENT"),
            ("text", "and done"),
            ("thread_ts", ts.as_str()),
        ];
        assert_eq!(
            bench.slack("chat.postMessage", &reply).await["message"]["thread_ts"],
            ts.as_str()
        );
        let history = bench
            .slack("conversations.history", &[("channel", "C0INCIDENT"), ("limit", "1")])
            .await;
        assert_eq!(history["messages"][0]["ts"], ts.as_str());
        assert_eq!(history["messages"][0]["reply_count"], 1);
        let link = bench
            .slack("chat.getPermalink", &[("channel", "C0INCIDENT"), ("message_ts", &ts)])
            .await;
        assert_eq!(
            link["permalink"],
            format!("https://acme.slack.com/archives/C0INCIDENT/p{}", ts.replace('.', ""))
        );
        seen.push(ts);
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_post_is_refused_in_slacks_words() {
    let bench = Bench::new().await;
    let long = "x".repeat(40_001);
    for (channel, text, error) in [
        ("C0NOWHERE", "hi", "channel_not_found"),
        ("#incident-checkout-leads", "hi", "channel_not_found"),
        ("C0LOUNGE", "hi", "not_in_channel"),
        ("C0INC2025", "hi", "is_archived"),
        ("C0GENERAL", " ", "no_text"),
        ("C0GENERAL", long.as_str(), "msg_too_long"),
    ] {
        let answer = bench
            .slack("chat.postMessage", &[("channel", channel), ("text", text)])
            .await;
        assert_eq!(answer["error"], error, "{channel}");
    }
    let lost = [("channel", "C0GENERAL"), ("text", "hi"), ("thread_ts", "1.000001")];
    assert_eq!(
        bench.slack("chat.postMessage", &lost).await["error"],
        "thread_not_found"
    );
}

#[tokio::test]
async fn a_json_post_without_a_charset_is_remarked_on() {
    let bench = Bench::new().await;
    let post = |content_type: &'static str, body: &'static str| {
        let request = bench
            .client
            .post(format!("{}/chat.postMessage", bench.sandbox.slack_api));
        let request = request.bearer_auth(&bench.sandbox.credentials.slack_bot_token);
        json_of(request.header("content-type", content_type).body(body))
    };
    let body = r#"{"channel":"C0GENERAL","text":"hi"}"#;
    assert_eq!(post("application/json", body).await["warning"], "missing_charset");
    assert_eq!(
        post("application/json; charset=utf-8", body).await["warning"],
        Value::Null
    );
    assert_eq!(
        post("application/json; charset=utf-8", "{").await["error"],
        "invalid_json"
    );
    assert_eq!(post("text/plain", body).await["error"], "invalid_post_type");
}

#[tokio::test]
async fn a_reaction_counts_once() {
    let bench = Bench::new().await;
    let arguments = [
        ("channel", "C0INCIDENT"),
        ("timestamp", "1795170600.000004"),
        ("name", "tada"),
    ];
    assert_eq!(bench.slack("reactions.add", &arguments).await, json!({ "ok": true }));
    assert_eq!(
        bench.slack("reactions.add", &arguments).await["error"],
        "already_reacted"
    );
}

#[tokio::test]
async fn too_many_calls_of_one_method_are_refused_with_the_seconds_to_wait() {
    let rates = SlackRates {
        tier2: 2,
        ..SlackRates::default()
    };
    let bench = Bench::with(Options {
        slack_rates: rates,
        ..Options::default()
    })
    .await;
    let token = &bench.sandbox.credentials.slack_bot_token;
    for _ in 0..2 {
        assert_eq!(bench.slack("users.list", &[]).await["ok"], true);
    }
    let refused = bench
        .slack_request("users.list", &[])
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 429);
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
    assert_eq!(
        bench.slack("conversations.list", &[]).await["ok"],
        true,
        "another method has a minute of its own"
    );
}

#[tokio::test]
async fn a_commercial_app_reads_fifteen_messages_a_minute() {
    let bench = Bench::with(Options {
        slack_app: SlackApp::Commercial,
        ..Options::default()
    })
    .await;
    let page = bench
        .slack("conversations.history", &[("channel", "C0INCIDENT"), ("limit", "200")])
        .await;
    assert_eq!(page["messages"].as_array().unwrap().len(), 15);
    let again = bench.slack("conversations.history", &[("channel", "C0INCIDENT")]).await;
    assert_eq!(again, json!({ "ok": false, "error": "ratelimited" }));
}
