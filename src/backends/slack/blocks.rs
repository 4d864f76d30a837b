//! Layout blocks, flattened to pieces ("Block Kit reference: Blocks, Block elements, Composition objects").
//!
//! Blocks are read as they come: Slack adds kinds, and each may be missing parts. Of a kind that is not known here, any
//! text that it holds is taken.

use super::mrkdwn::{Piece, moment, parse, unescape};
use serde_json::Value;

/// The pieces of one block; none where it shows nothing.
pub(super) fn flatten(block: &Value) -> Vec<Piece> {
    match string(block, "type").unwrap_or_default() {
        "rich_text" => rich_text(block),
        "section" => lines([
            part(block, "text"),
            lines(each(block, "fields").map(text_object)),
            part(block, "accessory"),
        ]),
        "header" => part(block, "text"),
        "context" | "actions" | "context_actions" => joined(each(block, "elements").map(element), " "),
        "markdown" => string(block, "text").map(Piece::text).into_iter().collect(),
        "image" => image(block),
        "video" => lines([video(block), part(block, "description")]),
        "table" | "data_table" => lines([part(block, "caption"), table(block)]),
        "call" => call(block),
        // A divider shows nothing; a file is named with the message's files; what a form asks is no message.
        "divider" | "file" => Vec::new(),
        _ => any_text(block),
    }
}

/// A button, a picture, a text object or the like.
pub(super) fn element(element: &Value) -> Vec<Piece> {
    match string(element, "type").unwrap_or_default() {
        "mrkdwn" | "plain_text" => text_object(element),
        "button" | "workflow_button" | "icon_button" => button(element),
        "image" => image(element),
        "overflow" => joined(each(element, "options").map(button), " "),
        // Choices and inputs show nothing before somebody uses them.
        kind if kind.ends_with("select") || kind.ends_with("picker") || kind.ends_with("input") => Vec::new(),
        _ => any_text(element),
    }
}

/// Several runs of pieces, each on lines of its own.
pub(super) fn lines(runs: impl IntoIterator<Item = Vec<Piece>>) -> Vec<Piece> {
    joined(runs, "\n")
}

/// The string of this name, where it says something.
pub(super) fn string<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}

/// The elements of the list of this name.
pub(super) fn each<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

fn joined(runs: impl IntoIterator<Item = Vec<Piece>>, separator: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for run in runs.into_iter().filter(|run| !run.is_empty()) {
        let broken = separator == "\n" && ends_line(&pieces);
        if !pieces.is_empty() && !broken {
            pieces.push(Piece::text(separator));
        }
        pieces.extend(run);
    }
    pieces
}

fn ends_line(pieces: &[Piece]) -> bool {
    matches!(pieces.last(), Some(Piece::Text(text)) if text.ends_with('\n'))
}

/// A part that is a text object, an element, or plain text, whatever it is.
fn part(block: &Value, name: &str) -> Vec<Piece> {
    match block.get(name) {
        Some(Value::String(text)) => vec![Piece::Text(unescape(text))],
        Some(value @ Value::Object(_)) => element(value),
        _ => Vec::new(),
    }
}

/// Only `mrkdwn` holds tags; the text of both kinds is escaped.
fn text_object(object: &Value) -> Vec<Piece> {
    match (string(object, "type"), string(object, "text")) {
        (Some("mrkdwn"), Some(text)) => parse(text),
        (_, Some(text)) => vec![Piece::Text(unescape(text))],
        _ => Vec::new(),
    }
}

fn button(button: &Value) -> Vec<Piece> {
    let label = button
        .get("text")
        .and_then(|text| string(text, "text").or(text.as_str()))
        .map(unescape);
    match (string(button, "url"), label) {
        (Some(url), label) => vec![Piece::link(url, label.as_deref())],
        (None, Some(label)) => vec![Piece::Text(format!("[{label}]"))],
        (None, None) => Vec::new(),
    }
}

fn image(image: &Value) -> Vec<Piece> {
    let title = image.get("title").and_then(|title| string(title, "text"));
    let shown = title.or_else(|| string(image, "alt_text")).map(unescape);
    vec![Piece::Text(shown.map_or_else(
        || "[image]".to_owned(),
        |shown| format!("[image: {shown}]"),
    ))]
}

fn video(block: &Value) -> Vec<Piece> {
    let title = block.get("title").and_then(|title| string(title, "text"));
    let label = title.or_else(|| string(block, "alt_text")).map(unescape);
    match (string(block, "title_url").or_else(|| string(block, "video_url")), label) {
        (Some(url), label) => vec![Piece::link(url, label.as_deref())],
        (None, label) => label.map(Piece::text).into_iter().collect(),
    }
}

fn call(block: &Value) -> Vec<Piece> {
    let Some(call) = block.get("call").and_then(|call| call.get("v1")) else {
        return vec![Piece::text("[call]")];
    };
    let name = string(call, "name").unwrap_or("call");
    vec![match string(call, "join_url") {
        Some(url) => Piece::link(url, Some(name)),
        None => Piece::Text(format!("[{name}]")),
    }]
}

fn table(block: &Value) -> Vec<Piece> {
    let rows = each(block, "rows").filter_map(Value::as_array);
    lines(rows.map(|cells| joined(cells.iter().map(cell), " | ")))
}

fn cell(cell: &Value) -> Vec<Piece> {
    let content = match string(cell, "type").unwrap_or_default() {
        "rich_text" => rich_text(cell),
        "raw_text" => string(cell, "text").map(Piece::text).into_iter().collect(),
        _ => any_text(cell),
    };
    // An empty cell keeps its place between the bars.
    if content.is_empty() {
        vec![Piece::text(" ")]
    } else {
        content
    }
}

fn rich_text(block: &Value) -> Vec<Piece> {
    lines(
        each(block, "elements").map(|part| match string(part, "type").unwrap_or_default() {
            "rich_text_list" => rich_list(part),
            "rich_text_quote" => quoted(inline(part)),
            "rich_text_preformatted" => {
                let fence = || Piece::text("```");
                lines([vec![fence()], inline(part), vec![fence()]])
            }
            "rich_text_section" => inline(part),
            _ => any_text(part),
        }),
    )
}

fn rich_list(list: &Value) -> Vec<Piece> {
    let number = |name: &str| list.get(name).and_then(Value::as_u64).unwrap_or(0).min(10_000);
    let indent = "  ".repeat(usize::try_from(number("indent").min(8)).unwrap_or(0));
    let ordered = string(list, "style") == Some("ordered");
    lines(
        each(list, "elements")
            .zip(number("offset") + 1..)
            .map(|(item, position)| {
                let mark = if ordered {
                    format!("{indent}{position}. ")
                } else {
                    format!("{indent}• ")
                };
                let mut pieces = vec![Piece::Text(mark)];
                pieces.extend(inline(item));
                pieces
            }),
    )
}

fn quoted(pieces: Vec<Piece>) -> Vec<Piece> {
    let mark = |piece| match piece {
        Piece::Text(text) => Piece::Text(text.replace('\n', "\n> ")),
        other => other,
    };
    std::iter::once(Piece::text("> "))
        .chain(pieces.into_iter().map(mark))
        .collect()
}

/// The elements of a run of rich text. Unlike everything else, their text is not escaped.
fn inline(run: &Value) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for element in each(run, "elements") {
        let text = |name| string(element, name);
        let is_code = element.get("style").and_then(|style| style.get("code")) == Some(&Value::Bool(true));
        let shown = |text: &str| if is_code { format!("`{text}`") } else { text.to_owned() };
        match text("type").unwrap_or_default() {
            // Blanks count here: they stand between words and mentions.
            "text" => {
                let raw = element.get("text").and_then(Value::as_str);
                pieces.extend(raw.filter(|raw| !raw.is_empty()).map(|raw| Piece::Text(shown(raw))));
            }
            "link" => pieces.extend(text("url").map(|url| Piece::link(url, text("text")))),
            "user" => pieces.extend(text("user_id").map(|id| Piece::user(id, None))),
            "channel" => pieces.extend(text("channel_id").map(|id| Piece::channel(id, None))),
            "usergroup" => pieces.extend(text("usergroup_id").map(|id| Piece::group(id, None))),
            "team" => pieces.extend(text("team_id").map(|id| Piece::Text(format!("@{id}")))),
            "broadcast" => pieces.extend(text("range").map(|range| Piece::Text(format!("@{range}")))),
            "emoji" => pieces.extend(text("name").map(|name| Piece::Text(emoji(name, element)))),
            "color" => pieces.extend(text("value").map(Piece::text)),
            "date" => pieces.push(date(element)),
            _ => pieces.extend(any_text(element)),
        }
    }
    pieces
}

/// As it stands in a text: `:wave:`, with a skin tone `:wave::skin-tone-3:`.
fn emoji(name: &str, element: &Value) -> String {
    match element.get("skin_tone").and_then(Value::as_u64) {
        Some(tone) if !name.contains("::") => format!(":{name}::skin-tone-{tone}:"),
        _ => format!(":{name}:"),
    }
}

fn date(element: &Value) -> Piece {
    let seconds = element.get("timestamp").and_then(Value::as_i64);
    let shown = string(element, "fallback")
        .map(str::to_owned)
        .or_else(|| moment(&seconds?.to_string()))
        .unwrap_or_else(|| "a date".to_owned());
    match string(element, "url") {
        Some(url) => Piece::link(url, Some(&shown)),
        None => Piece::Text(shown),
    }
}

/// What can be read in something of an unknown kind: the strings under names that hold text for people, in order, and
/// the parts below.
fn any_text(value: &Value) -> Vec<Piece> {
    const TEXTS: [&str; 9] = [
        "title",
        "subtitle",
        "text",
        "body",
        "description",
        "caption",
        "label",
        "alt_text",
        "fallback",
    ];
    match value {
        Value::Object(fields) => lines(fields.iter().map(|(name, value)| match value {
            Value::String(text) if name == "url" || name == "title_url" => vec![Piece::Address(text.clone())],
            Value::String(text) if TEXTS.contains(&name.as_str()) && !text.trim().is_empty() => {
                vec![Piece::Text(unescape(text))]
            }
            Value::Object(_) if value.get("type").is_some() => known_kind(value),
            Value::Object(_) | Value::Array(_) => any_text(value),
            _ => Vec::new(),
        })),
        Value::Array(values) => lines(values.iter().map(|value| {
            if value.get("type").is_some() {
                known_kind(value)
            } else {
                any_text(value)
            }
        })),
        _ => Vec::new(),
    }
}

/// Blocks and elements share a name space but for `image`, which both are alike.
fn known_kind(value: &Value) -> Vec<Piece> {
    match string(value, "type").unwrap_or_default() {
        "mrkdwn" | "plain_text" | "button" | "workflow_button" | "icon_button" | "overflow" => element(value),
        "raw_text" | "raw_number" => cell(value),
        _ => flatten(value),
    }
}

#[cfg(test)]
mod tests;
