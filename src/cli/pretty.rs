//! A result for people at a terminal: tables with columns below each other, long texts on lines of their own.

use super::output::{ASIDE, DOUBTFUL, NAME, styled};
use serde_json::{Map, Value};
use std::fmt::Write as _;
use toolgen::spec::Rendering;

/// A column that is wider than this is a wide one, and not padded to all of its width.
const WIDEST: usize = 40;

/// What is Braid's own, behind what was asked for.
const OWN: [&str; 2] = ["problems", "truncated"];

/// A result as text, with styles.
pub(super) fn text(rendering: &Rendering, result: &Value) -> String {
    let (Rendering::Fields(fields), Value::Object(values)) = (rendering, result) else {
        return format!("{result:#}");
    };
    let mut out = String::new();
    write_fields(&mut out, fields, values, 0);
    for key in OWN {
        let Some(Value::Array(entries)) = values.get(key) else {
            continue;
        };
        let _infallible = writeln!(out, "{}", styled(DOUBTFUL, key));
        for entry in entries.iter().filter_map(Value::as_object) {
            let parts: Vec<_> = entry
                .iter()
                .map(|(key, value)| format!("{} {}", styled(ASIDE, key), plain(value)))
                .collect();
            let _infallible = writeln!(out, "  {}", parts.join("  "));
        }
    }
    out
}

fn write_fields(out: &mut String, fields: &[(String, Rendering)], values: &Map<String, Value>, depth: usize) {
    let width = fields
        .iter()
        .filter(|(key, below)| is_line(below) && values.contains_key(key))
        .map(|(key, _)| key.len())
        .max();
    for (key, below) in fields {
        if let Some(value) = values.get(key) {
            write_field(out, Field { key, below, value }, width.unwrap_or_default(), depth);
        }
    }
}

#[derive(Clone, Copy)]
struct Field<'v> {
    key: &'v str,
    below: &'v Rendering,
    value: &'v Value,
}

fn write_field(out: &mut String, field: Field<'_>, width: usize, depth: usize) {
    let Field { key, below, value } = field;
    let indent = "  ".repeat(depth);
    let pad = " ".repeat(width.saturating_sub(key.len()));
    let key = styled(NAME, key);
    match (below, value) {
        (Rendering::Text, Value::String(text)) if text.contains('\n') => {
            let _infallible = writeln!(out, "{indent}{key}");
            for line in text.lines() {
                let _infallible = writeln!(out, "{indent}  {line}");
            }
        }
        (Rendering::Table(columns), Value::Array(rows)) if !rows.is_empty() => {
            let _infallible = writeln!(out, "{indent}{key}");
            write_table(out, columns, rows, depth + 1);
        }
        (Rendering::Fields(fields), Value::Object(values)) => {
            let _infallible = writeln!(out, "{indent}{key}");
            write_fields(out, fields, values, depth + 1);
        }
        (Rendering::Items(fields), Value::Array(items)) if !items.is_empty() => {
            let _infallible = writeln!(out, "{indent}{key}");
            for (index, item) in items.iter().filter_map(Value::as_object).enumerate() {
                if index > 0 {
                    out.push('\n');
                }
                write_fields(out, fields, item, depth + 1);
            }
        }
        (_, Value::Array(items)) if items.is_empty() => {
            let _infallible = writeln!(out, "{indent}{key}{pad}  {}", styled(ASIDE, "none"));
        }
        _ => {
            let _infallible = writeln!(out, "{indent}{key}{pad}  {}", plain(value));
        }
    }
}

/// Wide columns come last, the widest at the very end, where it need not be padded and may run on.
fn write_table(out: &mut String, columns: &[(String, Rendering)], rows: &[Value], depth: usize) {
    let cell = |row: &Value, key: &str| row.get(key).map(plain).unwrap_or_default();
    let mut columns: Vec<(&str, usize)> = columns
        .iter()
        .filter(|(key, _)| rows.iter().any(|row| row.get(key).is_some()))
        .map(|(key, _)| {
            let cells = rows.iter().map(|row| cell(row, key).chars().count());
            (key.as_str(), cells.max().unwrap_or_default().max(key.len()))
        })
        .collect();
    columns.sort_by_key(|(_, width)| if *width > WIDEST { *width } else { 0 });
    let line = |of: &dyn Fn(&str) -> String| {
        let cells = columns.iter().map(|(key, width)| {
            let width = (*width).min(WIDEST);
            format!("{:width$}", of(key))
        });
        let cells: Vec<_> = cells.collect();
        format!("{}{}", "  ".repeat(depth), cells.join("  ").trim_end())
    };
    let _infallible = writeln!(out, "{}", styled(ASIDE, line(&str::to_owned)));
    for row in rows {
        let _infallible = writeln!(out, "{}", line(&|key| cell(row, key)));
    }
}

fn is_line(below: &Rendering) -> bool {
    matches!(below, Rendering::Text | Rendering::Json)
}

/// A value on one line; strings without quotes, as nobody parses this.
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
