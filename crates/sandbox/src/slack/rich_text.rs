//! The rich-text block that Slack makes of a text which a person typed ("Slack: Formatting text").

use serde_json::{Value, json};

/// One section that says the same as the text.
pub(super) fn blocks(text: &str) -> Value {
    json!([{
        "type": "rich_text",
        "block_id": format!("{:x}", super::super::world::spread(text) & 0xf_ffff),
        "elements": [{ "type": "rich_text_section", "elements": elements(text) }],
    }])
}

fn elements(text: &str) -> Vec<Value> {
    let mut elements = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((token, after)) = after.split_once('>') else {
            break;
        };
        push_text(&mut elements, before);
        elements.push(element(token));
        rest = after;
    }
    push_text(&mut elements, rest);
    elements
}

fn push_text(elements: &mut Vec<Value>, text: &str) {
    if !text.is_empty() {
        let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        elements.push(json!({ "type": "text", "text": plain }));
    }
}

/// What stands between `<` and `>`.
fn element(token: &str) -> Value {
    let (target, label) = token
        .split_once('|')
        .map_or((token, None), |(target, label)| (target, Some(label)));
    if let Some(user) = target.strip_prefix('@') {
        return json!({ "type": "user", "user_id": user });
    }
    if let Some(channel) = target.strip_prefix('#') {
        return json!({ "type": "channel", "channel_id": channel });
    }
    if let Some(group) = target.strip_prefix("!subteam^") {
        return json!({ "type": "usergroup", "usergroup_id": group });
    }
    if let Some(range) = target.strip_prefix('!') {
        return json!({ "type": "broadcast", "range": range });
    }
    let url = target.replace("&amp;", "&");
    match label {
        Some(label) => json!({ "type": "link", "url": url, "text": label }),
        None => json!({ "type": "link", "url": url }),
    }
}
