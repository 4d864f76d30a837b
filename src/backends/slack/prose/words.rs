//! Whether one part of a message says the same as another: its words, one after the other, whatever they are marked up
//! with.

use super::Names;
use super::render::render;
use crate::backends::slack::mrkdwn::Piece;

/// The words of a part.
pub(in crate::backends::slack) struct Words {
    /// As they are shown, for what has no words: an emoji, say.
    shown: String,
    /// With one blank around each, so that a word is found only as a whole.
    all: String,
    /// The same without the marks of list items.
    unmarked: String,
}

impl Words {
    /// The words of these pieces. Everybody who is mentioned is their id here, which is the same in every markup: a
    /// `rich_text` has no more than that, and the text may have a name beside it.
    pub(in crate::backends::slack) fn of(pieces: &[Piece]) -> Self {
        let bare: Vec<Piece> = pieces.iter().map(by_id).collect();
        let shown = render(&bare, &Names::default());
        let all = spaced(&shown);
        let unmarked: Vec<_> = shown.lines().map(without_mark).collect();
        let unmarked = spaced(&unmarked.join("\n"));
        Self { shown, all, unmarked }
    }

    /// Whether everything that these say stands in `whole` already. An item that one client numbers `1.` is `a.` for
    /// another, so that the marks of lists need not agree.
    pub(in crate::backends::slack) fn repeat(&self, whole: &Self) -> bool {
        if self.all.trim().is_empty() {
            return whole.shown.contains(self.shown.trim());
        }
        whole.all.contains(&self.all) || whole.unmarked.contains(&self.unmarked)
    }
}

fn by_id(piece: &Piece) -> Piece {
    match piece {
        Piece::User { id, .. } => Piece::User {
            id: id.clone(),
            label: None,
        },
        Piece::Group { id, .. } => Piece::Group {
            id: id.clone(),
            label: None,
        },
        Piece::Channel { id, .. } => Piece::Channel {
            id: id.clone(),
            name: None,
        },
        other => other.clone(),
    }
}

fn spaced(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for word in text
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        words.push_str(&word.to_lowercase());
        words.push(' ');
    }
    words
}

/// A line without what numbers it: `2. `, `b. `, `iv. `.
fn without_mark(line: &str) -> &str {
    let begins = |c: char| c.is_ascii_alphanumeric();
    let item = line.trim_start_matches(|c| !begins(c));
    let Some((mark, rest)) = item.split_once(". ") else {
        return line;
    };
    let is_number = mark.len() <= 4 && mark.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = mark.len() <= 2 && mark.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_roman = mark.len() <= 8 && mark.bytes().all(|byte| b"ivxlc".contains(&byte));
    if is_number || is_letter || is_roman { rest } else { line }
}
