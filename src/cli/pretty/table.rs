//! A list as a table. Columns keep the order of the document, but for a long text, which comes last and is wrapped; a column
//! that says the same in every row is printed once above. Where the columns do not fit next to each other, each row is a line
//! of the short ones with the others below it, so that nothing is cut.

use super::{ASIDE, LITTLE_ROOM, Label, Page, plain, styled, wrap};
use serde_json::Value;
use toolgen::spec::Rendering;
use unicode_width::UnicodeWidthStr;

/// A column that is wider than this holds texts, not values.
const LONG: usize = 40;

/// Between two columns.
const GAP: &str = "  ";

struct Column<'v> {
    key: &'v str,
    cells: Vec<String>,
    width: usize,
}

/// Writes the rows below what is there.
pub(super) fn write(page: &mut Page, columns: &[(String, Rendering)], rows: &[Value], indent: usize) {
    let mut columns: Vec<Column<'_>> = columns
        .iter()
        .filter(|(key, _)| rows.iter().any(|row| row.get(key).is_some()))
        .map(|(key, _)| Column::of(key, rows))
        .collect();
    if rows.len() > 1 && columns.iter().any(|column| !column.is_constant()) {
        let (constant, varying): (Vec<_>, Vec<_>) = columns.into_iter().partition(Column::is_constant);
        columns = varying;
        for Column { key, cells, .. } in constant {
            let label = Label {
                key,
                style: ASIDE,
                indent,
                width: key.width(),
            };
            page.labelled(label, cells.first().map_or("", String::as_str));
        }
    }
    // The widest holds the text, if any does; of two that are as wide, the later one.
    let widest = (0..columns.len()).max_by_key(|&index| columns.get(index).map(|column| column.width));
    if let Some(widest) = widest.filter(|&index| columns.get(index).is_some_and(|column| column.width > LONG)) {
        let text = columns.remove(widest);
        columns.push(text);
    }
    let room = page.width.saturating_sub(indent);
    let Some((last, others)) = columns.split_last() else {
        return;
    };
    let taken: usize = others.iter().map(|column| column.width + GAP.len()).sum();
    if taken + last.width.min(LITTLE_ROOM.max(last.longest_word())) <= room {
        side_by_side(page, others, last, indent);
    } else {
        stacked(page, columns, indent);
    }
}

impl<'v> Column<'v> {
    fn of(key: &'v str, rows: &[Value]) -> Self {
        let cells: Vec<_> = rows
            .iter()
            .map(|row| row.get(key).map(plain).unwrap_or_default())
            .collect();
        let widest = cells.iter().map(|cell| cell.width()).max().unwrap_or_default();
        let width = widest.max(key.width());
        Self { key, cells, width }
    }

    fn is_constant(&self) -> bool {
        self.cells
            .windows(2)
            .all(|pair| matches!(pair, [one, next] if one == next))
    }

    fn longest_word(&self) -> usize {
        let words = self.cells.iter().flat_map(|cell| cell.split(' '));
        words
            .map(UnicodeWidthStr::width)
            .max()
            .unwrap_or_default()
            .max(self.key.width())
    }

    fn cell(&self, row: usize) -> &str {
        self.cells.get(row).map_or("", String::as_str)
    }

    fn padded(&self, text: &str) -> String {
        format!("{text}{}{GAP}", " ".repeat(self.width.saturating_sub(text.width())))
    }
}

/// All columns in one line, the last one wrapped within what they leave.
fn side_by_side(page: &mut Page, others: &[Column<'_>], last: &Column<'_>, indent: usize) {
    let taken: usize = others.iter().map(|column| column.width + GAP.len()).sum();
    let room = page.width.saturating_sub(indent + taken);
    let head: String = others.iter().map(|column| column.padded(column.key)).collect();
    page.line(&styled(ASIDE, format!("{head}{}", last.key)), indent);
    for row in 0..last.cells.len() {
        let begin: String = others.iter().map(|column| column.padded(column.cell(row))).collect();
        let mut lines = wrap(last.cell(row), room).into_iter();
        page.line(&format!("{begin}{}", lines.next().unwrap_or_default()), indent);
        for line in lines {
            page.line(&line, indent + taken);
        }
    }
}

/// The short columns that fit in one line, and each other cell on lines of its own, with its name.
fn stacked(page: &mut Page, columns: Vec<Column<'_>>, indent: usize) {
    // Each column has a cell for each row.
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let mut room = page.width.saturating_sub(indent);
    let (line, below): (Vec<_>, Vec<_>) = columns.into_iter().partition(|column| {
        let fits = column.width <= LONG && column.width <= room;
        if fits {
            room = room.saturating_sub(column.width + GAP.len());
        }
        fits
    });
    let head: String = line.iter().map(|column| column.padded(column.key)).collect();
    if !line.is_empty() {
        page.line(&styled(ASIDE, head.trim_end()), indent);
    }
    let width = below.iter().map(|column| column.key.width()).max().unwrap_or_default();
    for row in 0..rows {
        let cells: String = line.iter().map(|column| column.padded(column.cell(row))).collect();
        if line.is_empty() {
            if row > 0 {
                page.text.push('\n');
            }
        } else {
            page.line(&cells, indent);
        }
        for column in below.iter().filter(|column| !column.cell(row).is_empty()) {
            let label = Label {
                key: column.key,
                style: ASIDE,
                indent: indent + 2,
                width,
            };
            page.labelled(label, column.cell(row));
        }
    }
}
