//! A result as text that is shorter to read than JSON and holds the same: how each part is written was decided when the
//! operation was compiled (`Rendering`), so that a tool's results look alike whatever is in them.
//!
//! ```text
//! total: 42
//! messages, each with channel=C0INCIDENT:
//!   ts | author | text
//!   1795171500.000001 | Priya | integration has failed, @kenji can you look?
//!   1795171380.000001 | Datadog | "Re-Triggered: …\nStill above 5 % after 30 minutes."
//! next_cursor: c2xhY2suc2VhcmNoIDIvMTA
//! ```
//!
//! Nothing can be taken for something else. A string that stands on a line as it is has no line break and no quote at its
//! start; any other is a JSON string, or a block of lines after `|`. In a cell nothing holds a `|`: there JSON writes
//! `\u007c`. What is missing has no line, and an empty cell; columns that nobody has are left out, and what all rows have
//! in common is said once above them.

use serde_json::{Map, Value};
use std::borrow::Cow;
use toolgen::spec::Rendering;

/// How the keys of Braid's own are written, beside those of the operation.
fn own(key: &str) -> Option<Rendering> {
    let columns: &[(&str, Rendering)] = match key {
        "problems" => &[
            ("path", Rendering::Text),
            ("count", Rendering::Json),
            ("backend", Rendering::Text),
            ("reason", Rendering::Text),
            ("retry_after_s", Rendering::Json),
            ("retry", Rendering::Json),
            ("fix", Rendering::Text),
        ],
        "truncated" => &[
            ("path", Rendering::Text),
            ("kept", Rendering::Json),
            ("of", Rendering::Json),
            ("unit", Rendering::Text),
            ("rest", Rendering::Text),
        ],
        _ => return None,
    };
    let columns = columns
        .iter()
        .map(|(key, rendering)| ((*key).to_owned(), rendering.clone()));
    Some(Rendering::Table(columns.collect()))
}

/// A result as text.
pub fn text(rendering: &Rendering, result: &Value) -> String {
    let (Rendering::Fields(fields), Value::Object(values)) = (rendering, result) else {
        return result.to_string();
    };
    let mut page = Page::default();
    page.fields(fields, values, 0);
    for (key, value) in values {
        if let Some(rendering) = own(key).filter(|_| !fields.iter().any(|(known, _)| known == key)) {
            page.field(key, &rendering, value, 0);
        }
    }
    page.text.truncate(page.text.trim_end_matches('\n').len());
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn fields(&mut self, fields: &[(String, Rendering)], values: &Map<String, Value>, depth: usize) {
        for (key, rendering) in fields {
            if let Some(value) = values.get(key) {
                self.field(key, rendering, value, depth);
            }
        }
    }

    fn field(&mut self, key: &str, rendering: &Rendering, value: &Value, depth: usize) {
        match (rendering, value) {
            (Rendering::Text, Value::String(text)) if is_block(text) => {
                self.line(depth, &format!("{key}: |"));
                for line in text.split('\n') {
                    self.line(depth + 1, line);
                }
            }
            (Rendering::Text, Value::String(text)) => self.line(depth, &format!("{key}: {}", on_a_line(text))),
            (Rendering::Table(columns), Value::Array(rows)) if has_cells(columns, rows) => {
                self.table(key, &Table::of(columns, rows), depth);
            }
            (Rendering::Fields(fields), Value::Object(values)) if !values.is_empty() => {
                self.line(depth, &format!("{key}:"));
                self.fields(fields, values, depth + 1);
            }
            (Rendering::Items(fields), Value::Array(items)) if !items.is_empty() => {
                self.line(depth, &format!("{key}:"));
                for item in items {
                    self.item(fields, item, depth + 1);
                }
            }
            _ => self.line(depth, &format!("{key}: {value}")),
        }
    }

    /// The item's fields, the first behind a dash.
    fn item(&mut self, fields: &[(String, Rendering)], item: &Value, depth: usize) {
        let mut page = Self::default();
        if let Value::Object(values) = item {
            page.fields(fields, values, depth + 1);
        }
        let indent = "  ".repeat(depth);
        match page
            .text
            .strip_prefix(indent.as_str())
            .and_then(|text| text.strip_prefix("  "))
        {
            Some(rest) => {
                self.text.push_str(&indent);
                self.text.push_str("- ");
                self.text.push_str(rest);
            }
            None => self.line(depth, &format!("- {item}")),
        }
    }

    fn table(&mut self, key: &str, table: &Table<'_>, depth: usize) {
        let common: Vec<_> = table.common.iter().map(|(key, cell)| format!("{key}={cell}")).collect();
        let common = if common.is_empty() {
            String::new()
        } else {
            format!(", each with {}", common.join(" | "))
        };
        self.line(depth, &format!("{key}{common}:"));
        let header: Vec<_> = table.columns.iter().map(|(key, _)| *key).collect();
        self.line(depth + 1, &header.join(" | "));
        for row in &table.rows {
            let cells: Vec<_> = table
                .columns
                .iter()
                .map(|(key, rendering)| row.get(*key).map(|value| cell(rendering, value)).unwrap_or_default())
                .collect();
            let last = cells
                .iter()
                .rposition(|cell| !cell.is_empty())
                .map_or(0, |last| last + 1);
            // A row of which nothing is there has a line all the same.
            let row = cells.get(..last).filter(|cells| !cells.is_empty());
            self.line(
                depth + 1,
                &row.map_or_else(|| "|".to_owned(), |cells| cells.join(" | ")),
            );
        }
    }

    fn line(&mut self, depth: usize, text: &str) {
        // A line of a block may be empty, and nothing else is.
        if !text.is_empty() {
            self.text.push_str(&"  ".repeat(depth));
        }
        self.text.push_str(text);
        self.text.push('\n');
    }
}

/// The rows of a list, and which columns they have.
struct Table<'v> {
    /// What all rows have in common.
    common: Vec<(&'v str, String)>,
    columns: Vec<(&'v str, &'v Rendering)>,
    rows: Vec<Cow<'v, Map<String, Value>>>,
}

impl<'v> Table<'v> {
    fn of(columns: &'v [(String, Rendering)], rows: &'v [Value]) -> Self {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| row.as_object().map_or_else(|| Cow::Owned(Map::new()), Cow::Borrowed))
            .collect();
        let has = |key: &str| rows.iter().any(|row| row.contains_key(key));
        let mut columns: Vec<_> = columns
            .iter()
            .filter(|(key, _)| has(key))
            .map(|(key, rendering)| (key.as_str(), rendering))
            .collect();
        let mut common = Vec::new();
        if rows.len() > 1 {
            let (shared, own): (Vec<_>, Vec<_>) = columns.iter().partition(|(key, _)| is_common(key, &rows));
            // The rows are counted by what each has of its own.
            if !own.is_empty() {
                let first = |key: &str| rows.first().and_then(|row| row.get(key));
                common = shared
                    .into_iter()
                    .filter_map(|(key, rendering)| Some((key, cell(rendering, first(key)?))))
                    .collect();
                columns = own;
            }
        }
        Self { common, columns, rows }
    }
}

/// A table without a column would not even say how many rows it has.
fn has_cells(columns: &[(String, Rendering)], rows: &[Value]) -> bool {
    rows.iter()
        .any(|row| columns.iter().any(|(key, _)| row.get(key).is_some()))
}

fn is_common(key: &str, rows: &[Cow<'_, Map<String, Value>>]) -> bool {
    let mut values = rows.iter().map(|row| row.get(key));
    values
        .next()
        .flatten()
        .is_some_and(|first| values.all(|value| value == Some(first)))
}

/// A cell holds no `|` and is on one line. JSON has a `|` in strings only, and may write it as a number.
fn cell(rendering: &Rendering, value: &Value) -> String {
    match (rendering, value) {
        (Rendering::Text, Value::String(text)) if is_plain(text) && !text.contains('|') => text.clone(),
        _ => value.to_string().replace('|', r"\u007c"),
    }
}

fn on_a_line(text: &str) -> Cow<'_, str> {
    if is_plain(text) && text != "|" {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(Value::from(text).to_string())
    }
}

/// Whether a string can stand on a line as it is.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.starts_with('"') && !text.contains(char::is_control)
}

/// Whether a string is read best as lines of its own. One that ends in a line break is not: the end of a block has none.
fn is_block(text: &str) -> bool {
    text.contains('\n') && !text.ends_with('\n') && !text.contains(|c: char| c.is_control() && c != '\n')
}

#[cfg(test)]
mod tests;
