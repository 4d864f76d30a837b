//! Slack's part of the schema against a small Slack on loopback: what comes out, and how many requests it took.

use crate::backends::Backend;
use crate::backends::slack::Client;
use crate::backends::slack::standin::{Seen, StandIn};
use crate::graph::failure::failure_of;
use crate::loaders::{Clients, Loaders};
use async_graphql::{PathSegment, Response, ServerError};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use upstream::{Call, Cause, Failure, Outcome};

async fn run(client: &Client, document: &str) -> Response {
    let clients = Clients {
        slack: Backend::On(client.clone()),
        github: Backend::Off {
            backend: "github",
            variables: vec![],
        },
        datadog: Backend::Off {
            backend: "datadog",
            variables: vec![],
        },
    };
    let loaders = Loaders::new(&clients, Arc::new(Call::within(Duration::from_secs(10))));
    let schema = crate::graph::builder().data(Arc::new(loaders)).finish();
    schema.execute(document).await
}

async fn data(client: &Client, document: &str) -> Value {
    let response = run(client, document).await;
    assert!(response.errors.is_empty(), "{:?}", response.errors);
    response.data.into_json().unwrap()
}

/// The failures of an answer, with their paths.
async fn failures(client: &Client, document: &str) -> Vec<(String, Failure)> {
    let response = run(client, document).await;
    let errors = response.errors.iter();
    errors
        .map(|error| (path(error), failure_of(error).unwrap().clone()))
        .collect()
}

fn path(error: &ServerError) -> String {
    let segments = error.path.iter().map(|segment| match segment {
        PathSegment::Field(name) => name.clone(),
        PathSegment::Index(index) => index.to_string(),
    });
    segments.collect::<Vec<_>>().join(".")
}

fn counts<const N: usize>(expected: [(&str, usize); N]) -> BTreeMap<String, usize> {
    expected
        .into_iter()
        .map(|(operation, count)| (operation.to_owned(), count))
        .collect()
}

/// Messages of this channel, newest first: 60 of them, by three people in turn.
fn messages(channel: &str) -> Vec<Value> {
    let message = |n: usize| {
        json!({
            "type": "message", "ts": format!("17000000{:02}.000100", 60 - n), "user": format!("U{}", n % 3),
            "text": format!("{channel} message {n} for <@U{}>", n % 5)
        })
    };
    (0..60).map(message).collect()
}

/// A Slack with two channels, people who are all called after their ids, and short pages: at most 15 messages each.
fn slack(seen: &Seen) -> Value {
    match seen.operation.as_str() {
        "conversations.list" => json!({"ok": true, "channels": [
            {"id": "C1", "name": "general", "is_private": false, "num_members": 12, "topic": {"value": "a &amp; b"}},
            {"id": "C2", "name": "incidents"}
        ]}),
        "conversations.info" => json!({"ok": true, "channel": {"id": seen.arg("channel"), "name": "looked-up"}}),
        "conversations.history" => {
            let limit: usize = seen.arg("limit").parse().unwrap();
            let first: usize = seen.arg("cursor").parse().unwrap_or(0);
            let last = (first + limit.min(15)).min(60);
            let page = messages(seen.arg("channel"))[first..last].to_vec();
            let next = if last < 60 { last.to_string() } else { String::new() };
            json!({"ok": true, "messages": page, "response_metadata": {"next_cursor": next}})
        }
        "conversations.replies" => {
            let root = seen.arg("ts");
            let reply =
                |n: usize| json!({"ts": format!("1700000100.{n:06}"), "user": "U1", "text": "r", "thread_ts": root});
            let first: usize = seen.arg("cursor").parse().unwrap_or(0);
            let limit: usize = seen.arg("limit").parse().unwrap();
            let last = (first + limit - 1).min(7);
            let mut page = vec![json!({"ts": root, "user": "U0", "text": "root", "thread_ts": root, "reply_count": 7})];
            page.extend((first..last).map(reply));
            let next = if last < 7 { last.to_string() } else { String::new() };
            json!({"ok": true, "messages": page, "response_metadata": {"next_cursor": next}})
        }
        "users.info" => {
            let id = seen.arg("user");
            json!({"ok": true, "user": {"id": id, "name": id, "profile": {"display_name": format!("Person {id}")}}})
        }
        "users.list" => {
            let members: Vec<_> = (0..20)
                .map(|n| json!({"id": format!("U{n}"), "real_name": "Listed"}))
                .collect();
            json!({"ok": true, "members": members})
        }
        "chat.getPermalink" => {
            json!({"ok": true, "permalink": format!("https://acme.test/{}", seen.arg("message_ts"))})
        }
        "search.messages" => {
            let found = |n: usize| {
                json!({"ts": format!("1700000000.{n:06}"), "user": "U1", "username": "ada", "text": "found",
                    "channel": {"id": "C9", "name": "found-here"},
                    "permalink": format!("https://acme.test/p{n}?thread_ts=1700000000.000001")})
            };
            let page: usize = seen.arg("page").parse().unwrap();
            let matches: Vec<_> = (0..2).map(|n| found(page * 2 + n)).collect();
            json!({"ok": true, "messages": {"total": 5, "matches": matches, "paging": {"pages": 3, "page": page}}})
        }
        "chat.postMessage" => {
            let text = seen.body["text"].as_str().unwrap();
            let message =
                json!({"ts": "1700000200.000100", "bot_id": "B1", "text": text, "thread_ts": seen.body["thread_ts"]});
            json!({"ok": true, "channel": "C1", "ts": "1700000200.000100", "message": message})
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_page_of_messages_takes_one_request_for_each_person() {
    let slack = StandIn::start(slack).await;
    let document = r#"{ slack { history(channel: "C1", limit: 15) { nodes { channel { id } ts at author { id name isBot } text } } } }"#;
    let data = data(&slack.client, document).await;
    let nodes = data["slack"]["history"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 15);
    assert_eq!(
        nodes[1],
        json!({
            "channel": {"id": "C1"}, "ts": "1700000059.000100", "at": "2023-11-14T22:14:19Z",
            "author": {"id": "U1", "name": "Person U1", "isBot": false}, "text": "C1 message 1 for @Person U1"
        })
    );
    // Three authors and two more who are only mentioned, all in one batch.
    assert_eq!(
        slack.counts(),
        counts([("conversations.history", 1), ("users.info", 5)])
    );
    run(&slack.client, document).await;
    assert_eq!(
        slack.counts(),
        counts([("conversations.history", 1), ("users.info", 5)])
    );
}

#[tokio::test]
async fn nothing_is_asked_that_was_not_selected() {
    let slack = StandIn::start(slack).await;
    let document = r#"{ slack { history(channel: "C1", limit: 3) { nodes { ts author { id isBot } threadTs replies { nodes { ts } } } } } }"#;
    let data = data(&slack.client, document).await;
    assert_eq!(
        data["slack"]["history"]["nodes"][2]["author"],
        json!({"id": "U2", "isBot": false})
    );
    assert_eq!(data["slack"]["history"]["nodes"][2]["replies"]["nodes"], json!([]));
    assert_eq!(slack.counts(), counts([("conversations.history", 1)]));
}

#[tokio::test]
async fn a_level_of_two_channels_is_loaded_together() {
    let slack = StandIn::start(slack).await;
    let document = r#"{ slack {
        a: channel(channel: "C1") { history(limit: 5) { nodes { author { name } } } }
        b: channel(channel: "C2") { history(limit: 5) { nodes { author { name } } } }
        c: history(channel: "C2", limit: 5) { nodes { author { name } } }
    } }"#;
    let data = data(&slack.client, document).await;
    assert_eq!(data["slack"]["b"]["history"], data["slack"]["c"]);
    assert_eq!(
        slack.counts(),
        counts([("conversations.history", 2), ("users.info", 3)])
    );
}

#[tokio::test]
async fn a_name_is_found_in_the_directory_which_then_knows_the_rest() {
    let slack = StandIn::start(slack).await;
    let document = r##"{ slack { channel(channel: "#General") { id name topic isPrivate memberCount purpose } } }"##;
    let general = json!({"id": "C1", "name": "general", "topic": "a & b", "isPrivate": false, "memberCount": 12, "purpose": null});
    assert_eq!(data(&slack.client, document).await["slack"]["channel"], general);
    let document = r#"{ slack { history(channel: "C2", limit: 2) { nodes { channel { name } } } } }"#;
    let data = data(&slack.client, document).await;
    assert_eq!(data["slack"]["history"]["nodes"][1]["channel"]["name"], "incidents");
    assert_eq!(
        slack.counts(),
        counts([("conversations.list", 1), ("conversations.history", 1)])
    );
}

#[tokio::test]
async fn a_channel_by_id_is_looked_up_once_and_only_for_more_than_its_id() {
    let slack = StandIn::start(slack).await;
    let document = r#"{ slack { history(channel: "C2", limit: 9) { nodes { channel { id } } } } }"#;
    data(&slack.client, document).await;
    assert_eq!(slack.counts(), counts([("conversations.history", 1)]));
    let document = r#"{ slack { history(channel: "C2", limit: 9) { nodes { channel { name } } } } }"#;
    data(&slack.client, document).await;
    assert_eq!(
        slack.counts(),
        counts([("conversations.history", 1), ("conversations.info", 1)])
    );
}

#[tokio::test]
async fn short_pages_are_filled_up_and_the_cursor_goes_on() {
    let slack = StandIn::start(slack).await;
    let page = |cursor: &str| {
        format!(
            "{{ slack {{ history(channel: \"C1\", limit: 25{cursor}) {{ nodes {{ ts }} pageInfo {{ endCursor hasNextPage }} }} }} }}"
        )
    };
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for (count, more) in [(25, true), (25, true), (10, false)] {
        let data = data(&slack.client, &page(&cursor)).await;
        let history = &data["slack"]["history"];
        let nodes = history["nodes"].as_array().unwrap();
        assert_eq!(
            (nodes.len(), &history["pageInfo"]["hasNextPage"]),
            (count, &json!(more))
        );
        seen.extend(nodes.iter().map(|node| node["ts"].as_str().unwrap().to_owned()));
        cursor = format!(", cursor: {}", history["pageInfo"]["endCursor"]);
    }
    let all: Vec<_> = messages("C1")
        .iter()
        .map(|message| message["ts"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(seen, all);
    let limits: Vec<_> = slack
        .seen("conversations.history")
        .iter()
        .map(|seen| seen.arg("limit").to_owned())
        .collect();
    assert_eq!(limits, ["25", "10", "25", "10", "25"]);
}

#[tokio::test]
async fn more_messages_are_found_where_no_cursor_leads_to_them() {
    let slack = StandIn::start(|seen| {
        if seen.arg("latest").is_empty() {
            json!({"ok": true, "messages": [{"ts": "1.3"}, {"ts": "1.2"}], "has_more": true})
        } else {
            json!({"ok": true, "messages": [{"ts": "1.1"}], "has_more": false})
        }
    })
    .await;
    let document = r#"{ slack { history(channel: "C1", limit: 5) { nodes { ts } pageInfo { hasNextPage } } } }"#;
    let history = json!({"nodes": [{"ts": "1.3"}, {"ts": "1.2"}, {"ts": "1.1"}], "pageInfo": {"hasNextPage": false}});
    assert_eq!(data(&slack.client, document).await["slack"]["history"], history);
    assert_eq!(slack.seen("conversations.history")[1].arg("latest"), "1.2");
    let document = document.replace("limit: 5", "limit: 2");
    let history = json!({"nodes": [{"ts": "1.3"}, {"ts": "1.2"}], "pageInfo": {"hasNextPage": true}});
    assert_eq!(data(&slack.client, &document).await["slack"]["history"], history);
}

#[tokio::test]
async fn what_came_before_a_failure_is_kept_and_the_failure_reported() {
    let slack = StandIn::start(|seen| {
        if seen.arg("cursor").is_empty() {
            slack(seen)
        } else {
            json!({"ok": false, "error": "ratelimited"})
        }
    })
    .await;
    let document = r#"{ slack { history(channel: "C1", limit: 20) { nodes { ts } pageInfo { hasNextPage } } } }"#;
    let response = run(&slack.client, document).await;
    let data = response.data.into_json().unwrap();
    assert_eq!(data["slack"]["history"]["nodes"].as_array().unwrap().len(), 15);
    assert_eq!(data["slack"]["history"]["pageInfo"]["hasNextPage"], true);
    assert!(matches!(
        failure_of(&response.errors[0]).unwrap().cause,
        Cause::Throttled { .. }
    ));
}

#[tokio::test]
async fn messages_come_once_and_bad_ones_cost_only_themselves() {
    let slack = StandIn::start(|_| {
        json!({"ok": true, "messages": [
            {"ts": "1.2", "text": "twice"}, {"ts": "1.2", "text": "twice"}, {"text": "no id"}, "no object", {"ts": "1.1"}
        ]})
    })
    .await;
    let document = r#"{ slack { history(channel: "C1") { nodes { ts text author { name } } } } }"#;
    let nodes = json!([{"ts": "1.2", "text": "twice", "author": null}, {"ts": "1.1", "text": "", "author": null}]);
    assert_eq!(data(&slack.client, document).await["slack"]["history"]["nodes"], nodes);
}

#[tokio::test]
async fn replies_leave_out_the_first_message() {
    let slack = StandIn::start(|seen| match seen.operation.as_str() {
        "conversations.history" => {
            let root = json!({"ts": "1.0", "thread_ts": "1.0", "reply_count": 7, "text": "root"});
            json!({"ok": true, "messages": [root, {"ts": "0.9", "text": "alone"}]})
        }
        _ => slack(seen),
    })
    .await;
    let document = r#"{ slack { history(channel: "C1", limit: 2) { nodes {
        replyCount threadTs replies(limit: 5) { nodes { ts threadTs } pageInfo { endCursor } }
    } } } }"#;
    let first = data(&slack.client, document).await;
    let root = &first["slack"]["history"]["nodes"][0];
    assert_eq!((&root["replyCount"], &root["threadTs"]), (&json!(7), &json!("1.0")));
    let replies = root["replies"]["nodes"].as_array().unwrap();
    assert_eq!(replies.len(), 5);
    assert_eq!(replies[0], json!({"ts": "1700000100.000000", "threadTs": "1.0"}));
    let cursor = &root["replies"]["pageInfo"]["endCursor"];
    let document = document.replace("limit: 5", &format!("limit: 5, cursor: {cursor}"));
    let second = data(&slack.client, &document).await;
    let rest = second["slack"]["history"]["nodes"][0]["replies"]["nodes"]
        .as_array()
        .unwrap();
    assert_eq!(
        rest.iter().map(|reply| &reply["ts"]).collect::<Vec<_>>(),
        ["1700000100.000005", "1700000100.000006"]
    );
    assert_eq!(
        slack.counts(),
        counts([("conversations.history", 1), ("conversations.replies", 2)])
    );
}

#[tokio::test]
async fn one_unknown_author_is_shown_by_id_and_said() {
    let slack = StandIn::start(|seen| {
        if seen.arg("user") == "U1" {
            json!({"ok": false, "error": "user_not_found"})
        } else {
            slack(seen)
        }
    })
    .await;
    let document = r#"{ slack { history(channel: "C1", limit: 3) { nodes { author { id name } text } } } }"#;
    let response = run(&slack.client, document).await;
    let data = response.data.clone().into_json().unwrap();
    let nodes = data["slack"]["history"]["nodes"].as_array().unwrap();
    assert_eq!(
        (&nodes[1]["author"]["id"], &nodes[1]["author"]["name"]),
        (&json!("U1"), &json!("U1"))
    );
    assert_eq!(nodes[1]["text"], "C1 message 1 for @U1");
    assert_eq!(nodes[2]["author"]["name"], "Person U2");
    let failures = failures(&slack.client, document).await;
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].0, "slack.history.nodes.1.author.name");
    assert_eq!(
        failures[0].1.cause,
        Cause::NotFound {
            what: "user U1".to_owned()
        }
    );
}

#[tokio::test]
async fn text_without_names_is_still_text_and_says_what_it_lacks() {
    let slack = StandIn::start(|seen| match seen.operation.as_str() {
        "users.info" => json!({"ok": false, "error": "missing_scope", "needed": "users:read"}),
        _ => slack(seen),
    })
    .await;
    let document = r#"{ slack { history(channel: "C1", limit: 1) { nodes { text } } } }"#;
    let response = run(&slack.client, document).await;
    let data = response.data.into_json().unwrap();
    assert_eq!(data["slack"]["history"]["nodes"][0]["text"], "C1 message 0 for @U0");
    assert!(matches!(
        failure_of(&response.errors[0]).unwrap().cause,
        Cause::MissingScope { .. }
    ));
}

#[tokio::test]
async fn many_people_come_by_the_page() {
    let slack = StandIn::start(|seen| match seen.operation.as_str() {
        "conversations.history" => {
            let message = |n| json!({"ts": format!("1.{n:02}"), "user": format!("U{n}"), "text": ""});
            json!({"ok": true, "messages": (10..30).map(message).collect::<Vec<_>>()})
        }
        _ => slack(seen),
    })
    .await;
    let document = r#"{ slack { history(channel: "C1", limit: 20) { nodes { author { name } } } } }"#;
    let data = data(&slack.client, document).await;
    let nodes = data["slack"]["history"]["nodes"].as_array().unwrap();
    assert_eq!(nodes[0]["author"]["name"], "Listed");
    assert_eq!(nodes[19]["author"]["name"], "Person U29");
    // The page has U10 to U19; the other ten are asked for one by one.
    let expected = [("conversations.history", 1), ("users.list", 1), ("users.info", 10)];
    assert_eq!(slack.counts(), counts(expected));
}

#[tokio::test]
async fn where_the_list_lacks_its_scope_nobody_is_asked_for_one_by_one() {
    let slack = StandIn::start(|seen| match seen.operation.as_str() {
        "conversations.history" => {
            let message = |n| json!({"ts": format!("1.{n:02}"), "user": format!("U{n}"), "text": ""});
            json!({"ok": true, "messages": (10..30).map(message).collect::<Vec<_>>()})
        }
        _ => json!({"ok": false, "error": "missing_scope", "needed": "users:read"}),
    })
    .await;
    let document = r#"{ slack { history(channel: "C1", limit: 20) { nodes { author { name } } } } }"#;
    let response = run(&slack.client, document).await;
    let data = response.data.into_json().unwrap();
    assert_eq!(data["slack"]["history"]["nodes"][19]["author"]["name"], "U29");
    assert!(matches!(
        failure_of(&response.errors[0]).unwrap().cause,
        Cause::MissingScope { .. }
    ));
    assert_eq!(
        slack.counts(),
        counts([("conversations.history", 1), ("users.list", 1)])
    );
}

#[tokio::test]
async fn bots_are_asked_for_only_where_the_message_does_not_name_them() {
    let slack = StandIn::start(|seen| match seen.operation.as_str() {
        "bots.info" if seen.arg("bot") == "B4" => {
            json!({"ok": true, "bot": {"id": "B4", "name": "Deploys", "deleted": false}})
        }
        "bots.info" => json!({"ok": false, "error": "bot_not_found"}),
        _ => json!({"ok": true, "messages": [
            {"ts": "1.3", "bot_id": "B1", "user": "U1", "bot_profile": {"name": "Datadog"}, "text": "a"},
            {"ts": "1.2", "bot_id": "B2", "subtype": "bot_message", "username": "Deploys", "text": "b"},
            {"ts": "1.1", "user": "U3", "user_profile": {"display_name": "", "real_name": "From Afar"}, "text": "c"},
            {"ts": "1.0", "user": "USLACKBOT", "text": "d"},
            {"ts": "0.9", "bot_id": "B4", "text": "e <@USLACKBOT>"},
            {"ts": "0.8", "bot_id": "B5", "text": "f"},
            {"ts": "0.7", "bot_id": "B4", "text": "g"}
        ]}),
    })
    .await;
    let document = r#"{ slack { history(channel: "C1") { nodes { author { id name isBot } text } } } }"#;
    let author = |id: &str, name: &str, is_bot: bool, text: &str| json!({"author": {"id": id, "name": name, "isBot": is_bot}, "text": text});
    let nodes = json!([
        author("U1", "Datadog", true, "a"),
        author("B2", "Deploys", true, "b"),
        author("U3", "From Afar", false, "c"),
        author("USLACKBOT", "Slackbot", true, "d"),
        author("B4", "Deploys", true, "e @Slackbot"),
        author("B5", "B5", true, "f"),
        author("B4", "Deploys", true, "g"),
    ]);
    let ids = r#"{ slack { history(channel: "C1") { nodes { author { id isBot } } } } }"#;
    data(&slack.client, ids).await;
    assert_eq!(
        slack.counts(),
        counts([("conversations.history", 1)]),
        "a name is asked for where it is selected"
    );
    assert_eq!(data(&slack.client, document).await["slack"]["history"]["nodes"], nodes);
    assert_eq!(slack.counts(), counts([("conversations.history", 1), ("bots.info", 2)]));
}

#[tokio::test]
async fn permalinks_are_asked_for_where_the_message_has_none() {
    let slack = StandIn::start(slack).await;
    let document = r#"{ slack { history(channel: "C1", limit: 2) { nodes { permalink } } } }"#;
    let nodes = json!([
        {"permalink": "https://acme.test/1700000060.000100"}, {"permalink": "https://acme.test/1700000059.000100"}
    ]);
    assert_eq!(data(&slack.client, document).await["slack"]["history"]["nodes"], nodes);
    assert_eq!(
        slack.counts(),
        counts([("conversations.history", 1), ("chat.getPermalink", 2)])
    );
}

#[tokio::test]
async fn a_search_takes_the_user_token_and_brings_names_and_links_along() {
    let slack = StandIn::start(slack).await;
    let document = r#"{ slack { search(query: "x in:#found-here", count: 2, sort: TIMESTAMP) {
        totalCount nodes { channel { id name } ts threadTs permalink } pageInfo { endCursor }
    } } }"#;
    let first = data(&slack.client, document).await;
    let search = &first["slack"]["search"];
    assert_eq!(search["totalCount"], 5);
    assert_eq!(
        search["nodes"][0],
        json!({"channel": {"id": "C9", "name": "found-here"}, "ts": "1700000000.000002",
            "threadTs": "1700000000.000001", "permalink": "https://acme.test/p2?thread_ts=1700000000.000001"})
    );
    let cursor = &search["pageInfo"]["endCursor"];
    let document = document.replace("count: 2", &format!("count: 2, cursor: {cursor}"));
    let second = data(&slack.client, &document).await;
    assert_eq!(second["slack"]["search"]["nodes"][0]["ts"], "1700000000.000004");
    assert_eq!(slack.counts(), counts([("search.messages", 2)]));
    let seen = slack.seen("search.messages");
    assert_eq!(
        (seen[0].token.as_str(), seen[0].arg("sort"), seen[1].arg("page")),
        ("Bearer xoxp-test", "timestamp", "2")
    );
    let failures = failures(&slack.client, &document.replace("count: 2", "count: 3")).await;
    assert!(matches!(&failures[0].1.cause, Cause::Invalid { message } if message.contains("`count`")));
}

#[tokio::test]
async fn a_match_in_a_direct_conversation_has_no_channel_name_and_costs_no_look_up() {
    let slack = StandIn::start(|_| {
        let found = json!({"ts": "1.1", "text": "x", "channel": {"id": "D1", "is_im": true, "name": "U1"}});
        json!({"ok": true, "messages": {"total": 1, "matches": [found]}})
    })
    .await;
    let document = r#"{ slack { search(query: "x") { nodes { channel { id name } } } } }"#;
    let nodes = json!([{"channel": {"id": "D1", "name": null}}]);
    assert_eq!(data(&slack.client, document).await["slack"]["search"]["nodes"], nodes);
    assert_eq!(slack.counts(), counts([("search.messages", 1)]));
}

#[tokio::test]
async fn a_search_without_a_user_token_says_what_it_needs() {
    let slack = StandIn::start(slack).await;
    let document = r#"{ slack { search(query: "x") { nodes { ts } } } }"#;
    let failures = failures(&slack.bot_only, document).await;
    assert_eq!(
        failures[0].1.cause,
        Cause::Off {
            variables: vec!["SLACK_USER_TOKEN"]
        }
    );
    assert!(failures[0].1.hint.as_ref().unwrap().contains("search:read"));
    assert!(slack.counts().is_empty());
}

#[tokio::test]
async fn reads_send_query_arguments_with_the_bots_token() {
    let slack = StandIn::start(slack).await;
    data(
        &slack.client,
        r#"{ slack { user(id: "U7") { id name handle email isBot } } }"#,
    )
    .await;
    let seen = &slack.seen("users.info")[0];
    assert_eq!(
        (seen.token.as_str(), seen.content_type.as_str(), seen.arg("user")),
        ("Bearer xoxb-test", "", "U7")
    );
    let failures = failures(&slack.client, r#"{ slack { user(id: "ada") { id } } }"#).await;
    assert!(matches!(&failures[0].1.cause, Cause::Invalid { message } if message.contains("`U0123456789`")));
    assert_eq!(slack.seen("users.info").len(), 1);
}

#[tokio::test]
async fn limits_out_of_bounds_are_refused_before_anything_is_asked() {
    let slack = StandIn::start(slack).await;
    for (field, bounds) in [
        (r#"history(channel: "C1", limit: 0)"#, "1 to 200"),
        (r#"history(channel: "C1", limit: 201)"#, "1 to 200"),
        (r#"search(query: "x", count: 101)"#, "1 to 100"),
        (r#"search(query: " ")"#, "`query`"),
        (r#"history(channel: "C1", cursor: "bogus")"#, "`cursor`"),
        (r#"history(channel: "two words")"#, "`channel`"),
        (r#"history(channel: "U0ADAABARA")"#, "a person's id"),
    ] {
        let failures = failures(
            &slack.client,
            &format!("{{ slack {{ {field} {{ nodes {{ ts }} }} }} }}"),
        )
        .await;
        assert!(
            matches!(&failures[0].1.cause, Cause::Invalid { message } if message.contains(bounds)),
            "{field}"
        );
    }
    assert!(slack.counts().is_empty());
}

#[tokio::test]
async fn a_message_is_sent_as_json_to_the_id_behind_the_name() {
    let slack = StandIn::start(slack).await;
    let document = r##"mutation { slackSendMessage(channel: "#general", text: "hi <!here>", threadTs: "1700000000.000100") {
        channel { id } ts text threadTs
    } }"##;
    let sent = json!({"channel": {"id": "C1"}, "ts": "1700000200.000100", "text": "hi @here", "threadTs": "1700000000.000100"});
    assert_eq!(data(&slack.client, document).await["slackSendMessage"], sent);
    let seen = &slack.seen("chat.postMessage")[0];
    assert_eq!(
        seen.body,
        json!({"channel": "C1", "text": "hi <!here>", "thread_ts": "1700000000.000100"})
    );
    assert_eq!(seen.content_type, "application/json; charset=utf-8");
    assert_eq!(
        slack.counts(),
        counts([
            ("conversations.list", 1),
            ("conversations.replies", 1),
            ("chat.postMessage", 1)
        ])
    );
}

#[tokio::test]
async fn a_post_that_was_carried_out_is_no_error_for_what_its_answer_lacks() {
    let document = r#"mutation { slackSendMessage(channel: "C1", text: "hi") { channel { id } ts text } }"#;
    for (answer, text) in [
        (json!({"ok": true, "channel": "C1", "ts": "1.2"}), "hi"),
        (json!({"ok": true, "ts": "1.2", "message": {"text": "kept"}}), "kept"),
        (json!({"ok": true, "message": {"ts": "1.2", "text": "kept"}}), "kept"),
    ] {
        let slack = StandIn::start(move |_| answer.clone()).await;
        let sent = json!({"channel": {"id": "C1"}, "ts": "1.2", "text": text});
        assert_eq!(data(&slack.client, document).await["slackSendMessage"], sent);
    }
    let slack = StandIn::start(|_| json!({"ok": true})).await;
    let failures = failures(&slack.client, document).await;
    assert_eq!(failures[0].1.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn a_message_to_a_person_goes_to_their_id() {
    let slack = StandIn::start(slack).await;
    let document = r#"mutation { slackSendMessage(channel: "U0ADAABARA", text: "hi") { ts } }"#;
    data(&slack.client, document).await;
    assert_eq!(slack.seen("chat.postMessage")[0].body["channel"], "U0ADAABARA");
    assert_eq!(slack.counts(), counts([("chat.postMessage", 1)]));
}

#[tokio::test]
async fn a_public_name_goes_as_it_is_where_the_directory_cannot_be_read() {
    let slack = StandIn::start(|seen| match seen.operation.as_str() {
        "conversations.list" => json!({"ok": false, "error": "missing_scope", "needed": "channels:read"}),
        _ => slack(seen),
    })
    .await;
    data(
        &slack.client,
        r#"mutation { slackSendMessage(channel: "general", text: "hi") { ts } }"#,
    )
    .await;
    assert_eq!(
        slack.seen("chat.postMessage")[0].body,
        json!({"channel": "#general", "text": "hi"})
    );
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_sent() {
    let slack = StandIn::start(slack).await;
    let long = "x".repeat(40_001);
    for (arguments, says) in [
        (r#"channel: "C1", text: " \n""#.to_owned(), "empty"),
        (format!(r#"channel: "C1", text: "{long}""#), "40001 characters"),
        (
            r#"channel: "C1", text: "x", threadTs: "1700000000""#.to_owned(),
            "`thread_ts`",
        ),
    ] {
        let failures = failures(
            &slack.client,
            &format!("mutation {{ slackSendMessage({arguments}) {{ ts }} }}"),
        )
        .await;
        assert!(
            matches!(&failures[0].1.cause, Cause::Invalid { message } if message.contains(says)),
            "{says}"
        );
    }
    let document = r##"mutation { slackSendMessage(channel: "#genral", text: "x") { ts } }"##;
    let failures = failures(&slack.client, document).await;
    assert!(failures[0].1.hint.as_ref().unwrap().contains("#general"));
    assert!(slack.seen("chat.postMessage").is_empty());
}
