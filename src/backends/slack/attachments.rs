//! Secondary attachments, flattened to pieces: what alert bots write, quoted messages, previews of links [Reference:
//! secondary message attachments].

use super::blocks::{self, each, element, lines, string};
use super::mrkdwn::{Piece, parse, unescape};
use super::prose::{Words, written_out};
use serde_json::Value;

/// The pieces of one attachment. Its plain-text `fallback` stands in where nothing else says anything.
pub(super) fn flatten(attachment: &Value) -> Vec<Piece> {
    let marked_up = |name| string(attachment, name).map(parse).unwrap_or_default();
    let said = Said::of(marked_up("text"), attachment);
    let shown = lines([
        marked_up("pretext"),
        string(attachment, "author_name")
            .map(|name| Piece::Text(unescape(name)))
            .into_iter()
            .collect(),
        title(attachment),
        said.text,
        said.laid_out,
        lines(each(attachment, "fields").map(field)),
        lines(each(attachment, "files").map(file)),
        lines(each(attachment, "actions").map(element)),
    ]);
    let mut pieces = if shown.is_empty() { stand_in(attachment) } else { shown };
    pieces.extend(said.hidden);
    pieces.extend(addresses(&marked_up("footer")));
    for name in ["author_link", "from_url", "original_url"] {
        pieces.extend(string(attachment, name).map(|url| Piece::Address(url.to_owned())));
    }
    pieces
}

/// A file, by its name. A canvas has a title of its own, and the name `Untitled`.
pub(super) fn file(file: &Value) -> Vec<Piece> {
    let is_canvas = string(file, "mode") == Some("quip");
    let places = if is_canvas {
        ["title", "name"]
    } else {
        ["name", "title"]
    };
    let name = places.into_iter().find_map(|place| string(file, place));
    vec![Piece::Text(match (name, string(file, "mode")) {
        (Some(name), _) => format!("[file: {}]", unescape(name)),
        (None, Some("tombstone")) => "[file: deleted]".to_owned(),
        (None, _) => "[file]".to_owned(),
    })]
}

fn title(attachment: &Value) -> Vec<Piece> {
    let link = string(attachment, "title_link").map(unescape);
    match (string(attachment, "title"), link) {
        (Some(title), Some(url)) => vec![Piece::link(url, Some(&unescape(title)))],
        (Some(title), None) => parse(title),
        (None, Some(url)) => vec![Piece::link(url, None)],
        (None, None) => Vec::new(),
    }
}

/// What an attachment says in its text and in its blocks, each only where the other does not say it too.
struct Said {
    text: Vec<Piece>,
    laid_out: Vec<Piece>,
    /// The addresses of the one that is not shown: a button's, say, of which the words stand in the text.
    hidden: Vec<Piece>,
}

impl Said {
    /// Where it has neither text nor blocks, the blocks of the message that it quotes.
    fn of(text: Vec<Piece>, attachment: &Value) -> Self {
        let mut laid_out = lines(each(attachment, "blocks").map(blocks::flatten));
        if text.is_empty() && laid_out.is_empty() {
            let quoted = each(attachment, "message_blocks").filter_map(|one| one.get("message"));
            laid_out = lines(quoted.flat_map(|message| each(message, "blocks")).map(blocks::flatten));
        }
        let (in_text, in_blocks) = (Words::of(&text), Words::of(&laid_out));
        if in_blocks.repeat(&in_text) {
            let hidden = addresses(&laid_out);
            return Self {
                text,
                laid_out: Vec::new(),
                hidden,
            };
        }
        let (text, hidden) = if in_text.repeat(&in_blocks) {
            (Vec::new(), addresses(&text))
        } else {
            (text, Vec::new())
        };
        Self { text, laid_out, hidden }
    }
}

/// The addresses in pieces that are not shown.
fn addresses(pieces: &[Piece]) -> Vec<Piece> {
    let urls = pieces.iter().flat_map(|piece| match piece {
        Piece::Link { url, .. } | Piece::Address(url) => vec![url.as_str()],
        Piece::Text(text) => written_out(text),
        _ => Vec::new(),
    });
    urls.map(|url| Piece::Address(url.to_owned())).collect()
}

fn field(field: &Value) -> Vec<Piece> {
    let title = string(field, "title").map(unescape);
    let value = match field.get("value") {
        Some(Value::String(text)) if !text.trim().is_empty() => parse(text),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => vec![Piece::text(value.to_string())],
        _ => Vec::new(),
    };
    match title {
        Some(title) if value.is_empty() => vec![Piece::Text(title)],
        Some(title) => std::iter::once(Piece::Text(format!("{title}: ")))
            .chain(value)
            .collect(),
        None => value,
    }
}

fn stand_in(attachment: &Value) -> Vec<Piece> {
    if let Some(text) = string(attachment, "fallback").or_else(|| string(attachment, "footer")) {
        return parse(text);
    }
    let pictures = ["image_url", "thumb_url"]
        .into_iter()
        .find_map(|name| string(attachment, name));
    match pictures {
        Some(_) => vec![Piece::text("[image]")],
        None => vec![Piece::text("[attachment]")],
    }
}
