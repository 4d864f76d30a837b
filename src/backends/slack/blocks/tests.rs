//! Blocks of every kind, and of kinds that are not known.

use super::flatten;
use crate::backends::slack::{Message, Names, Prose};
use serde_json::{Value, json};

fn shown(block: Value) -> String {
    assert!(!flatten(&block).is_empty() || block["type"] == "divider", "{block}");
    prose(&[block]).text(&Names::default())
}

fn prose(blocks: &[Value]) -> Prose {
    let message: Message = serde_json::from_value(json!({"ts": "1.1", "bot_id": "B1", "blocks": blocks})).unwrap();
    Prose::of(&message)
}

#[test]
fn sections_with_text_fields_and_a_button() {
    let section = json!({
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*Deploy* of <https://ci.test/7|build 7> &amp; more"},
        "fields": [{"type": "mrkdwn", "text": "*Env*\nprod"}, {"type": "plain_text", "text": "By: <nobody>"}],
        "accessory": {"type": "button", "text": {"type": "plain_text", "text": "View"}, "url": "https://ci.test/7/log"}
    });
    assert_eq!(
        shown(section),
        "*Deploy* of build 7 (https://ci.test/7) & more\n*Env*\nprod\nBy: <nobody>\nView (https://ci.test/7/log)"
    );
}

#[test]
fn headers_contexts_images_and_buttons() {
    assert_eq!(
        shown(json!({"type": "header", "text": {"type": "plain_text", "text": "P1 &gt; P2"}})),
        "P1 > P2"
    );
    let context = json!({"type": "context", "elements": [
        {"type": "image", "image_url": "https://x.test/i.png", "alt_text": "logo"},
        {"type": "mrkdwn", "text": "by *ops*"}
    ]});
    assert_eq!(shown(context), "[image: logo] by *ops*");
    let actions = json!({"type": "actions", "elements": [
        {"type": "button", "text": {"type": "plain_text", "text": "Acknowledge"}, "value": "x"},
        {"type": "static_select", "placeholder": {"type": "plain_text", "text": "Choose"}}
    ]});
    assert_eq!(shown(actions), "[Acknowledge]");
}

#[test]
fn rich_text_with_lists_quotes_and_code() {
    let text = |text: &str| json!({"type": "text", "text": text});
    let section = |elements: Value| json!({"type": "rich_text_section", "elements": elements});
    let rich = json!({"type": "rich_text", "elements": [
        section(json!([
            text("Hi "), {"type": "user", "user_id": "U1"}, text(", see "), {"type": "link", "url": "https://a.test/1"},
            text(" "), {"type": "emoji", "name": "wave"}, text(" "), {"type": "broadcast", "range": "here"},
            {"type": "text", "text": "x < 1", "style": {"code": true}}
        ])),
        {"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": [
            section(json!([text("one")])), section(json!([text("two")]))
        ]},
        {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [section(json!([text("deeper")]))]},
        {"type": "rich_text_quote", "elements": [text("said\nso")]},
        {"type": "rich_text_preformatted", "elements": [text("let a = 1;\nlet b = 2;")]}
    ]});
    assert_eq!(
        shown(rich),
        "Hi @U1, see https://a.test/1 :wave: @here`x < 1`\n1. one\n2. two\n  • deeper\n> said\n> so\n\
         ```\nlet a = 1;\nlet b = 2;\n```"
    );
}

#[test]
fn tables_keep_their_rows() {
    let raw = |text: &str| json!({"type": "raw_text", "text": text});
    let rich = json!({"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "checkout"}]}
    ]});
    let table = json!({"type": "table", "rows": [[raw("service"), raw("errors")], [rich, raw("42")]]});
    assert_eq!(shown(table), "service | errors\ncheckout | 42");
}

#[test]
fn unknown_kinds_give_any_text_they_hold() {
    let card = json!({"type": "hologram", "title": {"type": "mrkdwn", "text": "*Latency*"}, "body": "is up &amp; away",
        "parts": [{"deep": [{"type": "plain_text", "text": "very deep"}]}], "color": "red"});
    assert_eq!(shown(card), "*Latency*\nis up & away\nvery deep");
}

#[test]
fn a_block_without_anything_to_show_still_leaves_a_trace() {
    assert_eq!(
        prose(&[json!({"type": "hologram_view"})]).text(&Names::default()),
        "[hologram view]"
    );
    assert_eq!(
        prose(&[json!({"type": "divider"})]).text(&Names::default()),
        "[divider]"
    );
}
