//! Pieces of a message as one text.

use super::Names;
use super::urls::shortcode;
use crate::backends::slack::mrkdwn::Piece;

/// The text. Who has no name here is shown by id.
pub(super) fn render(pieces: &[Piece], names: &Names) -> String {
    let mut text = String::new();
    // The last thing written is an address, which would take up what follows it.
    let mut is_open = false;
    for piece in pieces {
        let start = text.len();
        let mut is_address = false;
        match piece {
            Piece::Text(part) => text.push_str(part),
            Piece::User { id, label } => {
                text.push('@');
                text.push_str(label.as_ref().or_else(|| names.people.get(id)).unwrap_or(id));
            }
            Piece::Group { id, label } => {
                text.push('@');
                text.push_str(label.as_ref().or_else(|| names.groups.get(id)).unwrap_or(id));
            }
            Piece::Channel { id, name } => {
                text.push('#');
                text.push_str(name.as_ref().or_else(|| names.channels.get(id)).unwrap_or(id));
            }
            Piece::Link { url, label } => {
                let label = label.as_deref().filter(|label| !repeats_url(label, url));
                is_address = label.is_none();
                if let Some(label) = label {
                    text.extend([label, " (", url, ")"]);
                } else {
                    text.push_str(url.strip_prefix("mailto:").unwrap_or(url));
                }
            }
            Piece::Address(_) => continue,
        }
        if is_open && text.get(start..).is_some_and(goes_on) {
            text.insert(start, ' ');
        }
        is_open = is_address;
    }
    text
}

/// Whether a label only says the address again, as Slack makes them from `example.com`.
fn repeats_url(label: &str, url: &str) -> bool {
    let bare = |text: &str| {
        let text = text.trim().trim_end_matches('/');
        let schemes = ["https://", "http://", "mailto:", "tel:"];
        schemes
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .unwrap_or(text)
            .to_lowercase()
    };
    bare(label) == bare(url)
}

/// Whether an address right before it would be read as going on in it: a letter, an emoji, a mention.
fn goes_on(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '@' | '#') || !c.is_ascii() && !c.is_whitespace())
        || shortcode(text).is_some()
}
