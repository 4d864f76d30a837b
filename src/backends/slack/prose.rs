//! A message as people read it: its text, what blocks and attachments add to it, its files, as one text.
//!
//! Alert bots leave `text` empty and put everything into attachments and blocks; people's clients send the same text
//! twice, as `text` and as a `rich_text` block. So each part is shown that says something the others do not.

use super::mrkdwn::{Piece, parse};
use super::types::said;
use super::{Message, attachments, blocks};
use crate::backends::clean::clean;
use std::collections::{HashMap, HashSet};

/// Names of those that a message mentions by id.
#[derive(Debug, Default)]
pub struct Names {
    /// People's names by user id.
    pub people: HashMap<String, String>,
    /// Channels' names by id, without `#`.
    pub channels: HashMap<String, String>,
    /// User groups' handles by id, without `@`.
    pub groups: HashMap<String, String>,
}

/// A message's parts, read once for its text, its mentions and its links.
#[derive(Debug)]
pub struct Prose {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    pieces: Vec<Piece>,
    shown: bool,
}

impl Prose {
    /// Reads a message.
    pub fn of(message: &Message) -> Self {
        let text = Part::new(said(message.text.as_deref()).map(parse).unwrap_or_default());
        let mut blocks: Vec<Part> = message
            .blocks
            .iter()
            .map(|block| Part::new(blocks::flatten(block)))
            .collect();
        let mut attachments: Vec<Part> = message
            .attachments
            .iter()
            .map(|one| Part::new(attachments::flatten(one)))
            .collect();
        let files = message.files.iter().map(|file| Part::new(attachments::file(file)));

        // A person's `rich_text` is what their client made `text` from, also where lists are numbered differently.
        let by_a_person = message.bot_id.is_none() && !text.is_empty();
        for (part, block) in blocks.iter_mut().zip(&message.blocks) {
            let is_source = by_a_person && blocks::string(block, "type") == Some("rich_text");
            part.shown &= !is_source && !part.repeats(&text.plain());
        }
        let laid_out: Vec<_> = blocks.iter().filter(|part| part.shown).map(Part::plain).collect();
        let mut text = text;
        text.shown &= laid_out.is_empty() || !text.repeats(&laid_out.join("\n"));

        let mut parts = vec![text];
        parts.append(&mut blocks);
        let said_before: Vec<_> = parts.iter().filter(|part| part.shown).map(Part::plain).collect();
        let said_before = said_before.join("\n");
        for part in &mut attachments {
            part.shown &= !part.repeats(&said_before);
        }
        parts.append(&mut attachments);
        parts.extend(files);
        let mut prose = Self { parts };
        if prose.text(&Names::default()).is_empty() {
            prose.parts.extend(stand_in(message));
        }
        prose
    }

    /// The ids of the people whose names the text needs, each once.
    pub fn people(&self) -> Vec<String> {
        self.mentioned(|piece| match piece {
            Piece::User(id) => Some(id),
            _ => None,
        })
    }

    /// The ids of the channels whose names the text needs, each once.
    pub fn channels(&self) -> Vec<String> {
        self.mentioned(|piece| match piece {
            Piece::Channel { id, name: None } => Some(id),
            _ => None,
        })
    }

    /// The ids of the user groups whose handles the text needs, each once.
    pub fn groups(&self) -> Vec<String> {
        self.mentioned(|piece| match piece {
            Piece::Group(id) => Some(id),
            _ => None,
        })
    }

    /// The addresses in all parts, each once, in order: those of links and buttons, and those written out.
    pub fn urls(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let pieces = self.parts.iter().flat_map(|part| &part.pieces);
        let urls = pieces.flat_map(|piece| match piece {
            Piece::Link { url, .. } | Piece::Address(url) => vec![url.as_str()],
            Piece::Text(text) => written_out(text),
            _ => Vec::new(),
        });
        urls.filter(|url| seen.insert((*url).to_owned()))
            .map(str::to_owned)
            .collect()
    }

    /// The text. Whoever has no name here is shown by id.
    pub fn text(&self, names: &Names) -> String {
        let shown = self.parts.iter().filter(|part| part.shown);
        let parts: Vec<_> = shown.map(|part| clean(&part.render(names)).trim().to_owned()).collect();
        let parts: Vec<_> = parts
            .iter()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .collect();
        parts.join("\n")
    }

    fn mentioned<'a>(&'a self, id: impl Fn(&'a Piece) -> Option<&'a String>) -> Vec<String> {
        let mut seen = HashSet::new();
        let shown = self.parts.iter().filter(|part| part.shown);
        let ids = shown.flat_map(|part| &part.pieces).filter_map(id);
        ids.filter(|id| seen.insert(*id)).cloned().collect()
    }
}

impl Part {
    fn new(pieces: Vec<Piece>) -> Self {
        Self { pieces, shown: true }
    }

    fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    fn plain(&self) -> String {
        self.render(&Names::default())
    }

    fn render(&self, names: &Names) -> String {
        let mut text = String::new();
        // The last thing written is an address, which would take up what follows it.
        let mut is_open = false;
        for piece in &self.pieces {
            let start = text.len();
            let mut is_address = false;
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::User(id) => {
                    text.push('@');
                    text.push_str(names.people.get(id).unwrap_or(id));
                }
                Piece::Group(id) => {
                    text.push('@');
                    text.push_str(names.groups.get(id).unwrap_or(id));
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

    /// Whether everything that this part says stands in `whole` already: its words, one after the other. What has no words
    /// (an emoji, say) is compared as it is.
    fn repeats(&self, whole: &str) -> bool {
        let own = self.plain();
        let own_words = words(&own);
        if own_words.trim().is_empty() {
            whole.contains(own.trim())
        } else {
            words(whole).contains(&own_words)
        }
    }
}

/// Whether everything that these pieces say stands in `whole` already.
pub(super) fn repeated(pieces: &[Piece], whole: &[Piece]) -> bool {
    let [own, whole] = [pieces, whole].map(|pieces| Part::new(pieces.to_vec()));
    own.repeats(&whole.plain())
}

/// The words with one blank around each, so that a word is found only as a whole.
fn words(text: &str) -> String {
    let mut words = String::from(" ");
    for word in text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        words.push_str(&word.to_lowercase());
        words.push(' ');
    }
    words
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

/// The emoji that a text begins with, as Slack writes it: `:rocket:`.
fn shortcode(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix(':')?.split_once(':')?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '+');
    (name.starts_with(|c: char| c.is_ascii_lowercase() || c == '+') && name.chars().all(fits)).then_some(name)
}

/// The addresses written out in a text that is not marked up, without the punctuation and the emoji behind them.
pub(super) fn written_out(text: &str) -> Vec<&str> {
    let starts = text.match_indices("http").map(|(at, _)| at);
    let candidates = starts.filter_map(|at| text.get(at..));
    let urls = candidates.filter(|rest| rest.starts_with("https://") || rest.starts_with("http://"));
    // Letters of all scripts stand in addresses as people write them; other signs beyond ASCII do not.
    let ends = |character: char| {
        character.is_whitespace()
            || "<>\"'`|)]}".contains(character)
            || !character.is_ascii() && !character.is_alphanumeric()
    };
    urls.map(|rest| rest.split(ends).next().unwrap_or(rest))
        .map(before_emoji)
        .map(|url| url.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']))
        .filter(|url| url.len() > "https://".len())
        .collect()
}

fn before_emoji(url: &str) -> &str {
    // Past the scheme's own colon.
    let colons = url.match_indices(':').map(|(at, _)| at).skip(1);
    let emoji = colons
        .into_iter()
        .find(|at| url.get(*at..).and_then(shortcode).is_some());
    emoji.and_then(|at| url.get(..at)).unwrap_or(url)
}

/// What to show for a message that had content of which nothing could be shown.
fn stand_in(message: &Message) -> Option<Part> {
    let block = message.blocks.iter().find_map(|block| blocks::string(block, "type"));
    let kind = block.or(message.subtype.as_deref())?;
    Some(Part::new(vec![Piece::Text(format!("[{}]", kind.replace('_', " ")))]))
}

#[cfg(test)]
mod tests;
