//! Whole messages, as people and alert bots write them.

use super::{Names, Prose};
use crate::backends::slack::Message;
use serde_json::{Value, json};

fn prose(mut message: Value) -> Prose {
    message["ts"] = json!("1355517523.000005");
    Prose::of(&serde_json::from_value::<Message>(message).unwrap())
}

fn text(message: Value) -> String {
    prose(message).text(&Names::default())
}

fn rich(elements: &Value) -> Value {
    json!([{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}])
}

#[test]
fn mentions_get_their_names() {
    let text = "<@U1> and <@U2> in <#C1|> and <#C2|ops>: <@U1>, <!subteam^S1>, <!subteam^S2>, <!subteam^S3|@web>";
    let prose = prose(json!({"user": "U9", "text": text}));
    assert_eq!(prose.people(), ["U1", "U2"]);
    assert_eq!(prose.channels(), ["C1"]);
    assert_eq!(prose.groups(), ["S1", "S2"]);
    let names = Names {
        people: [("U1".to_owned(), "Ada".to_owned())].into(),
        channels: [("C1".to_owned(), "general".to_owned())].into(),
        groups: [("S1".to_owned(), "on-call".to_owned())].into(),
    };
    assert_eq!(
        prose.text(&names),
        "@Ada and @U2 in #general and #ops: @Ada, @on-call, @S2, @web"
    );
}

#[test]
fn a_persons_rich_text_is_not_shown_twice() {
    let elements = json!([{"type": "text", "text": "first\nsee "}, {"type": "link", "url": "https://a.test"}]);
    let message = json!({"user": "U1", "text": "a. first\nsee <https://a.test>", "blocks": rich(&elements)});
    assert_eq!(text(message), "a. first\nsee https://a.test");
}

#[test]
fn what_was_typed_is_shown_once_however_it_is_marked_up() {
    let item = |text: &str| json!({"type": "rich_text_section", "elements": [{"type": "text", "text": text}]});
    let list = json!([{"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "Plan:"}]},
        {"type": "rich_text_list", "style": "ordered", "elements": [item("revert"), item("deploy")]},
        {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [item("watch")]},
        {"type": "rich_text_list", "style": "bullet", "elements": [item("done")]}
    ]}]);
    let emoji = json!([{"type": "text", "text": "hi "}, {"type": "emoji", "name": "wave", "skin_tone": 3}]);
    let mentions = json!([
        {"type": "user", "user_id": "U1"}, {"type": "text", "text": " in "}, {"type": "channel", "channel_id": "C1"},
        {"type": "text", "text": ", "}, {"type": "usergroup", "usergroup_id": "S1"}, {"type": "text", "text": " "},
        {"type": "broadcast", "range": "here"}, {"type": "text", "text": ": "},
        {"type": "link", "url": "https://a.test/?x=1&y=2", "text": "this"},
        {"type": "text", "text": " & <that>", "style": {"bold": true}}
    ]);
    for (typed, blocks, shown) in [
        (
            "Plan:\n1. revert\n2. deploy\n    i. watch\n• done",
            list,
            "Plan:\n1. revert\n2. deploy\n    i. watch\n• done",
        ),
        ("hi :wave::skin-tone-3:", rich(&emoji), "hi :wave::skin-tone-3:"),
        // Searches name those who are mentioned in the text, and never in the blocks.
        (
            "<@U1|ada> in <#C1|ops>, <!subteam^S1|@web> <!here|here>: <https://a.test/?x=1&amp;y=2|this> *&amp; &lt;that&gt;*",
            rich(&mentions),
            "@ada in #ops, @web @here: this (https://a.test/?x=1&y=2) *& <that>*",
        ),
    ] {
        assert_eq!(text(json!({"user": "U1", "text": typed, "blocks": blocks})), shown);
    }
}

#[test]
fn a_rich_text_that_says_more_is_shown_whoever_wrote_it() {
    let elements = json!([{"type": "text", "text": "Rollback of v2.41.0 started, see runbook 7"}]);
    let expected = "New deploy notification\nRollback of v2.41.0 started, see runbook 7";
    for author in [
        json!({"user": "U1"}),
        json!({"user": "U1", "username": "release-bot"}),
        json!({"user": "U1", "client_msg_id": "4b1b"}),
        json!({"bot_id": "B1"}),
        json!({"username": "release-bot", "subtype": "bot_message"}),
        json!({}),
    ] {
        let mut message = author.clone();
        message["text"] = json!("New deploy notification");
        message["blocks"] = rich(&elements);
        assert_eq!(text(message.clone()), expected, "{author}");
        // And is the text alone where that is a part of it.
        message["text"] = json!("Rollback of v2.41.0 started");
        assert_eq!(text(message), "Rollback of v2.41.0 started, see runbook 7", "{author}");
    }
}

#[test]
fn a_bots_blocks_that_say_more_stand_for_its_text() {
    let message = json!({"bot_id": "B1", "text": "Deploy finished", "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "Deploy finished"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "checkout 1.4.2 in 3 min"}}
    ]});
    assert_eq!(text(message), "Deploy finished\ncheckout 1.4.2 in 3 min");
    let message = json!({"bot_id": "B1", "text": "Deploy finished", "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*Deploy finished* of checkout"}}
    ]});
    assert_eq!(text(message), "*Deploy finished* of checkout");
}

#[test]
fn an_alert_with_everything_in_its_attachment_is_not_empty() {
    let prose = prose(json!({"bot_id": "B1", "text": "", "attachments": [{
        "fallback": "[Triggered] Checkout errors",
        "pretext": "@here", "title": "Checkout &gt; 5%", "title_link": "https://app.test/monitors/40?a=1&amp;b=2",
        "text": "Error rate is *7.1%*, see <https://github.com/acme/checkout/pull/612|#612>",
        "fields": [{"title": "Service", "value": "checkout"}, {"title": "Count", "value": 42}],
        "actions": [{"type": "button", "text": "Mute", "url": "https://app.test/mute"}]
    }]}));
    assert_eq!(
        prose.text(&Names::default()),
        "@here\nCheckout > 5% (https://app.test/monitors/40?a=1&b=2)\n\
         Error rate is *7.1%*, see #612 (https://github.com/acme/checkout/pull/612)\nService: checkout\nCount: 42\n\
         Mute (https://app.test/mute)"
    );
}

#[test]
fn attachments_fall_back_to_whatever_they_have() {
    assert_eq!(
        text(json!({"attachments": [{"fallback": "plain &amp; simple"}]})),
        "plain & simple"
    );
    assert_eq!(
        text(json!({"attachments": [{"image_url": "https://x.test/i.png"}]})),
        "[image]"
    );
    assert_eq!(text(json!({"attachments": [{"id": 1}]})), "[attachment]");
    let blocks = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "in blocks"}}]);
    assert_eq!(
        text(json!({"attachments": [{"fallback": "[no preview]", "blocks": blocks}]})),
        "in blocks"
    );
    let quoted = json!([{"message": {"blocks": rich(&json!([{"type": "text", "text": "quoted"}]))}}]);
    assert_eq!(
        text(json!({"attachments": [{"author_name": "Ada", "message_blocks": quoted}]})),
        "Ada\nquoted"
    );
}

#[test]
fn an_attachments_blocks_count_beside_its_text() {
    let section = |text: &str| json!([{"type": "section", "text": {"type": "mrkdwn", "text": text}}]);
    let both = |blocks: Value| text(json!({"attachments": [{"text": "Deploy finished", "blocks": blocks}]}));
    assert_eq!(
        both(section("<https://g.test/1|#1> is out")),
        "Deploy finished\n#1 (https://g.test/1) is out"
    );
    assert_eq!(both(section("*Deploy* finished")), "Deploy finished");
    assert_eq!(both(section("Deploy finished in 3 min")), "Deploy finished in 3 min");
    let footer = "<https://g.test/acme|acme>";
    let links = json!({"text": "x", "author_name": "Ada", "author_link": "https://g.test/ada", "footer": footer});
    let prose = prose(json!({"attachments": [links]}));
    assert_eq!(prose.text(&Names::default()), "Ada\nx");
    assert_eq!(prose.urls(), ["https://g.test/acme", "https://g.test/ada"]);
}

#[test]
fn files_are_named() {
    let canvas = json!({"name": "Untitled", "title": "Runbook", "mode": "quip"});
    let files = json!([{"name": "trace.txt"}, {"title": "Plan"}, {"mode": "tombstone"}, canvas]);
    assert_eq!(
        text(json!({"text": "see", "files": files})),
        "see\n[file: trace.txt]\n[file: Plan]\n[file: deleted]\n[file: Runbook]"
    );
}

#[test]
fn labels_that_repeat_the_address_are_left_out() {
    assert_eq!(
        text(json!({"text": "<http://example.com|example.com>"})),
        "http://example.com"
    );
    assert_eq!(
        text(json!({"text": "<mailto:ada@acme.test|ada@acme.test>"})),
        "ada@acme.test"
    );
    assert_eq!(text(json!({"text": "<https://a.test|here>"})), "here (https://a.test)");
}

#[test]
fn what_readers_cannot_see_is_gone() {
    assert_eq!(text(json!({"text": "pay\u{200b}load \u{202e}x"})), "payload x");
}

#[test]
fn urls_come_once_and_in_order_from_everywhere() {
    let elements = json!([{"type": "link", "url": "https://g.test/2"}]);
    let prose = prose(json!({
        "user": "U1",
        "text": "<https://g.test/1|one> and https://g.test/bare, (https://g.test/paren)",
        "blocks": rich(&elements),
        "attachments": [{"title": "t", "title_link": "https://g.test/3", "from_url": "https://g.test/1",
            "text": "<https://g.test/4>", "actions": [{"type": "button", "text": "b", "url": "https://g.test/5"}]}]
    }));
    let paths: Vec<_> = prose
        .urls()
        .iter()
        .map(|url| url.trim_start_matches("https://g.test/").to_owned())
        .collect();
    assert_eq!(paths, ["1", "bare", "paren", "2", "3", "4", "5"]);
}

#[test]
fn a_message_that_was_empty_stays_empty() {
    assert_eq!(text(json!({"user": "U1", "text": ""})), "");
    assert_eq!(text(json!({"subtype": "huddle_thread", "text": ""})), "[huddle thread]");
}

#[test]
fn emoji_alone_are_text_too() {
    let elements = json!([{"type": "emoji", "name": "tada"}]);
    assert_eq!(
        text(json!({"user": "U1", "text": ":tada:", "blocks": rich(&elements)})),
        ":tada:"
    );
    let section = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "🚀"}}]);
    assert_eq!(
        text(json!({"bot_id": "B1", "text": "Released", "blocks": section})),
        "Released\n🚀"
    );
}

#[test]
fn an_address_ends_before_an_emoji() {
    for written in [
        "https://g.test/1🚀",
        "https://g.test/1:rocket:",
        "https://g.test/1:+1:!",
        "https://g.test/1\u{2014}done",
        "https://g.test/1",
    ] {
        // A bot's text is not marked up.
        let message = prose(json!({"bot_id": "B1", "attachments": [{"text": written}]}));
        assert_eq!(message.urls(), ["https://g.test/1"], "{written}");
    }
    let port = prose(json!({"bot_id": "B1", "text": "at http://g.test:8080/a:b and https://g.test/Größe"}));
    assert_eq!(port.urls(), ["http://g.test:8080/a:b", "https://g.test/Größe"]);
}

#[test]
fn what_follows_an_address_is_not_glued_to_it() {
    let link = json!({"type": "link", "url": "https://g.test/1"});
    let elements = json!([link, {"type": "emoji", "name": "rocket"}]);
    assert_eq!(
        text(json!({"bot_id": "B1", "blocks": rich(&elements)})),
        "https://g.test/1 :rocket:"
    );
    for (marked_up, read) in [
        ("<https://g.test/1>:rocket:", "https://g.test/1 :rocket:"),
        ("<https://g.test/1>🚀", "https://g.test/1 🚀"),
        ("<https://g.test/1><@U1>", "https://g.test/1 @U1"),
        (
            "<https://g.test/1>, (<https://g.test/2>).",
            "https://g.test/1, (https://g.test/2).",
        ),
        ("<https://g.test/1|PR>:rocket:", "PR (https://g.test/1):rocket:"),
        ("<https://g.test/1>: first", "https://g.test/1: first"),
    ] {
        assert_eq!(text(json!({"user": "U1", "text": marked_up})), read);
    }
}
