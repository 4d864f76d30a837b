//! A result for a person at a terminal: fields and tables that fit the terminal's width, then what is missing, in sentences.

mod notes;
mod table;

use super::output::{ASIDE, NAME, styled};
use anstyle::Style;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use toolgen::spec::Rendering;
use unicode_width::UnicodeWidthStr as _;

/// A narrower terminal gets lines of this width, and breaks them itself.
const NARROWEST: usize = 40;

/// With less room than this next to its label, a text begins on the next line.
const LITTLE_ROOM: usize = 24;

/// A result as text with styles, in lines of at most `width` columns unless one word is longer.
pub(super) fn text(rendering: &Rendering, result: &Value, width: usize) -> String {
    let (Rendering::Fields(fields), Value::Object(values)) = (rendering, result) else {
        return format!("{result:#}");
    };
    let mut page = Page {
        text: String::new(),
        width: width.max(NARROWEST),
    };
    page.fields(fields, values, 0);
    notes::write(&mut page, values);
    page.text
}

/// The text so far, and how many columns its lines have.
struct Page {
    text: String,
    width: usize,
}

/// What a text is called, in a column of labels that is `width` wide.
#[derive(Clone, Copy)]
struct Label<'k> {
    key: &'k str,
    style: Style,
    indent: usize,
    width: usize,
}

impl Page {
    fn fields(&mut self, fields: &[(String, Rendering)], values: &Map<String, Value>, indent: usize) {
        let keys = fields
            .iter()
            .filter(|(key, below)| is_line(below) && values.contains_key(key))
            .map(|(key, _)| key.width());
        let width = keys.max().unwrap_or_default();
        for (key, below) in fields {
            let style = NAME;
            let label = Label {
                key,
                style,
                indent,
                width,
            };
            if let Some(value) = values.get(key) {
                self.field(label, below, value);
            }
        }
    }

    fn field(&mut self, label: Label<'_>, below: &Rendering, value: &Value) {
        let Label { key, indent, .. } = label;
        match (below, value) {
            (Rendering::Table(columns), Value::Array(rows)) if !rows.is_empty() => {
                self.line(&styled(NAME, key), indent);
                table::write(self, columns, rows, indent + 2);
            }
            (Rendering::Fields(fields), Value::Object(values)) => {
                self.line(&styled(NAME, key), indent);
                self.fields(fields, values, indent + 2);
            }
            (Rendering::Items(fields), Value::Array(items)) if !items.is_empty() => {
                self.line(&styled(NAME, key), indent);
                for (index, item) in items.iter().filter_map(Value::as_object).enumerate() {
                    if index > 0 {
                        self.text.push('\n');
                    }
                    self.fields(fields, item, indent + 2);
                }
            }
            (_, Value::Array(items)) if items.is_empty() => self.labelled(label, "none"),
            (Rendering::Text, Value::String(text)) if text.contains('\n') => {
                self.line(&styled(NAME, key), indent);
                for line in text.lines() {
                    self.paragraph(line, indent + 2);
                }
            }
            _ => self.labelled(label, &plain(value)),
        }
    }

    /// A label with the text next to it, or below it where there is little room.
    fn labelled(&mut self, label: Label<'_>, text: &str) {
        let Label {
            key,
            style,
            indent,
            width,
        } = label;
        let column = indent + width + 2;
        let room = self.width.saturating_sub(column);
        if room < LITTLE_ROOM.min(text.width()) {
            self.line(&styled(style, key), indent);
            self.paragraph(text, indent + 2);
            return;
        }
        let pad = " ".repeat(width.saturating_sub(key.width()) + 2);
        let mut lines = wrap(text, room).into_iter();
        let first = lines.next().unwrap_or_default();
        self.line(&format!("{}{pad}{first}", styled(style, key)), indent);
        for line in lines {
            self.line(&line, column);
        }
    }

    fn paragraph(&mut self, text: &str, indent: usize) {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.line(&line, indent);
        }
    }

    fn line(&mut self, text: &str, indent: usize) {
        let _infallible = writeln!(self.text, "{}{}", " ".repeat(indent), text.trim_end());
    }
}

/// Lines of whole words; a word that is longer than a line, such as a URL, stays whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(1))
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines = textwrap::wrap(text, options);
    lines.into_iter().map(std::borrow::Cow::into_owned).collect()
}

fn is_line(below: &Rendering) -> bool {
    matches!(below, Rendering::Text | Rendering::Json)
}

/// A value on one line; strings without quotes, since nothing parses this.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let shown = fields.iter().map(|(_, value)| plain(value));
            shown.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}
