//! A message as people read it: its text, what blocks and attachments add to it, its files, as one text.
//!
//! Alert bots leave `text` empty and put everything into attachments and blocks; people's clients send the same text
//! twice, as `text` and as a `rich_text` block. So each part is shown that says something the others do not.

mod render;
mod urls;
mod words;

pub(super) use urls::written_out;
pub(super) use words::Words;

use super::mrkdwn::{Piece, parse};
use super::types::said;
use super::{Message, attachments, blocks};
use crate::backends::clean::clean;
use render::render;
use std::collections::{HashMap, HashSet};

/// How many blocks and how many attachments are compared with the rest of their message; Slack takes 50 and 100 ("Block
/// Kit reference", "Secondary message attachments"). Those behind are shown.
const MOST_COMPARED: usize = 100;

/// Longer addresses name nothing that is looked up.
const LONGEST_URL: usize = 2_048;

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

        // People's clients send what was typed twice, as `text` and as a `rich_text`; bots, and apps that write in a
        // person's name, put something else there, or more. Only the words tell.
        let typed = text.words();
        for part in blocks.iter_mut().take(MOST_COMPARED) {
            part.shown = !part.words().repeat(&typed);
        }
        let mut text = text;
        let laid_out = words_of(&blocks);
        text.shown = blocks.iter().all(|part| !part.shown) || !typed.repeat(&laid_out);

        let mut parts = vec![text];
        parts.append(&mut blocks);
        let said_before = words_of(&parts);
        for part in attachments.iter_mut().take(MOST_COMPARED) {
            part.shown = !part.words().repeat(&said_before);
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
            Piece::User { id, label: None } => Some(id),
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
            Piece::Group { id, label: None } => Some(id),
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
        urls.filter(|url| url.len() <= LONGEST_URL && seen.insert((*url).to_owned()))
            .map(str::to_owned)
            .collect()
    }

    /// The text. Whoever has no name here is shown by id.
    pub fn text(&self, names: &Names) -> String {
        let shown = self.parts.iter().filter(|part| part.shown);
        let parts: Vec<_> = shown
            .map(|part| clean(&render(&part.pieces, names)).trim().to_owned())
            .collect();
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

    fn words(&self) -> Words {
        Words::of(&self.pieces)
    }
}

/// Joined with a line between each.
fn words_of<'p>(parts: impl IntoIterator<Item = &'p Part>) -> Words {
    let shown = parts.into_iter().filter(|part| part.shown);
    let pieces = shown.flat_map(|part| part.pieces.iter().cloned().chain([Piece::text("\n")]));
    Words::of(&pieces.collect::<Vec<_>>())
}

/// What to show for a message that had content of which nothing could be shown.
fn stand_in(message: &Message) -> Option<Part> {
    let block = message.blocks.iter().find_map(|block| blocks::string(block, "type"));
    let kind = block.or(message.subtype.as_deref())?;
    Some(Part::new(vec![Piece::Text(format!("[{}]", kind.replace('_', " ")))]))
}

#[cfg(test)]
mod tests;
