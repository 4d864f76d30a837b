//! Results that fit: the longest lists and texts are cut first, lists between items and texts between characters, and what
//! was cut is said.
//!
//! Space is shared as water fills a basin: what is small stays whole, and what is large is cut to one common level, which is
//! higher for the fields that the schema's weights let keep more. In a list that level has a floor, below which its last
//! items go instead of a little of each.

use super::path::{Path, Step};
use serde_json::{Map, Value};
use toolgen::spec::Share;

/// The least that an item of a list is cut to: a caller can ask for fewer items, but seldom for the rest of a text.
const FLOOR: usize = 1000;

/// The least that a text is cut to.
const TEXT_FLOOR: usize = 60;

/// A text without a space, up to this length, is a name of something: an id, an address, a cursor. Cut, it is worth nothing.
const NAME_LIMIT: usize = 2000;

/// Stands at the end of a text that was cut.
const ELLIPSIS: &str = "…";

/// Something that was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Where, in the value before it was cut.
    pub path: Path,
    /// What was cut.
    pub what: Kind,
    /// How many items or characters are left.
    pub kept: usize,
    /// How many there were.
    pub of: usize,
}

/// What can be cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A list, between items.
    Items,
    /// A text, between characters.
    Characters,
}

/// The value in at most `limit` bytes of minified JSON, as far as cutting lists and texts can bring it there, and what was
/// cut to do it. `shares` are the fields that keep more than others.
pub fn fit(value: &Value, shares: &[Share], limit: usize) -> (Value, Vec<Cut>) {
    let knife = Knife { shares };
    let mut cuts = Vec::new();
    let value = knife.fitted(value, limit, &Path::default(), &mut cuts);
    (value, cuts)
}

/// How many bytes a value takes as minified JSON.
pub fn size(value: &Value) -> usize {
    match value {
        Value::Null => 4,
        Value::Bool(value) => 5 - usize::from(*value),
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text_size(text),
        Value::Array(items) => 2 + items.len().saturating_sub(1) + items.iter().map(size).sum::<usize>(),
        Value::Object(fields) => {
            let inner = fields
                .iter()
                .map(|(key, value)| text_size(key) + 1 + size(value))
                .sum::<usize>();
            2 + fields.len().saturating_sub(1) + inner
        }
    }
}

fn text_size(text: &str) -> usize {
    2 + text.chars().map(char_size).sum::<usize>()
}

/// As `serde_json` escapes it.
fn char_size(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => c.len_utf8(),
    }
}

/// What cuts.
struct Knife<'s> {
    shares: &'s [Share],
}

impl Knife<'_> {
    fn fitted(&self, value: &Value, limit: usize, path: &Path, cuts: &mut Vec<Cut>) -> Value {
        if size(value) <= limit {
            return value.clone();
        }
        match value {
            Value::String(text) => fitted_text(text, limit, path, cuts),
            Value::Array(items) => self.fitted_list(items, limit, path, cuts),
            Value::Object(fields) => self.fitted_object(fields, limit, path, cuts),
            scalar => scalar.clone(),
        }
    }

    fn fitted_object(&self, fields: &Map<String, Value>, limit: usize, path: &Path, cuts: &mut Vec<Cut>) -> Value {
        let overhead: usize = 2 + fields.len() + fields.keys().map(|key| text_size(key) + 1).sum::<usize>();
        let parts = fields.iter().map(|(key, value)| {
            let path = path.then(Step::Key(key.clone()));
            let weight = self.weight(&path);
            (key, value, path, weight)
        });
        let parts: Vec<_> = parts.collect();
        let sizes = parts.iter().map(|(_, value, _, weight)| (size(value), *weight));
        let level = water_level(sizes.collect(), limit.saturating_sub(overhead));
        let fitted = parts.into_iter().map(|(key, value, path, weight)| {
            let value = self.fitted(value, level.saturating_mul(weight), &path, cuts);
            (key.clone(), value)
        });
        fitted.collect::<Map<_, _>>().into()
    }

    /// How many times the common level a field keeps.
    fn weight(&self, path: &Path) -> usize {
        if self.shares.is_empty() {
            return 1;
        }
        let place = path.keys();
        let share = self.shares.iter().find(|share| share.path == place);
        share.map_or(1, |share| usize::try_from(share.weight).unwrap_or(1).max(1))
    }

    fn fitted_list(&self, items: &[Value], limit: usize, path: &Path, cuts: &mut Vec<Cut>) -> Value {
        let room = limit.saturating_sub(2);
        let level = water_level(items.iter().map(|item| (size(item) + 1, 1)).collect(), room);
        // No more than there is room for, or even the first item would not stay.
        let level = level.max(FLOOR.min(room.saturating_sub(1)));
        let (mut kept, mut used) = (Vec::new(), 0);
        for (index, item) in items.iter().enumerate() {
            let mut inner = Vec::new();
            let item = self.fitted(item, level, &path.then(Step::Index(index)), &mut inner);
            used += size(&item) + 1;
            if used > room {
                cuts.push(Cut {
                    path: path.clone(),
                    what: Kind::Items,
                    kept: index,
                    of: items.len(),
                });
                break;
            }
            cuts.append(&mut inner);
            kept.push(item);
        }
        Value::Array(kept)
    }
}

fn fitted_text(text: &str, limit: usize, path: &Path, cuts: &mut Vec<Cut>) -> Value {
    if text.len() <= NAME_LIMIT && !text.contains(char::is_whitespace) {
        return Value::String(text.to_owned());
    }
    let room = limit.max(TEXT_FLOOR).saturating_sub(2 + ELLIPSIS.len());
    let (mut used, mut cut) = (0, String::new());
    for (kept, c) in text.chars().enumerate() {
        used += char_size(c);
        if used > room {
            cuts.push(Cut {
                path: path.clone(),
                what: Kind::Characters,
                kept,
                of: text.chars().count(),
            });
            cut.push_str(ELLIPSIS);
            return Value::String(cut);
        }
        cut.push(c);
    }
    Value::String(cut)
}

/// The level at which all sizes, each cut to its weight times it, fill the room.
fn water_level(mut parts: Vec<(usize, usize)>, room: usize) -> usize {
    parts.sort_unstable_by(|(size, weight), (other, others)| (size * others).cmp(&(other * weight)));
    let (mut room, mut left) = (room, parts.iter().map(|(_, weight)| weight).sum::<usize>());
    for (size, weight) in parts {
        if size.saturating_mul(left) > room.saturating_mul(weight) {
            return room / left;
        }
        room -= size;
        left -= weight;
    }
    usize::MAX
}

#[cfg(test)]
mod tests;
