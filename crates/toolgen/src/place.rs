//! From bytes of a text to the line and column that a person looks for, and the comment above a place.

use std::ops::Range;

/// A stretch of one line. The default is no place at all.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
    /// In characters; at least 1.
    pub(crate) width: usize,
    /// The line's text, without its end.
    pub(crate) source_line: String,
}

impl Place {
    /// The first line's part of a range of bytes. A range outside the text, or within a character, is moved into it.
    pub(crate) fn of(text: &str, range: Range<usize>) -> Self {
        let start = floor(text, range.start);
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let source_line = text
            .get(line_start..)
            .unwrap_or_default()
            .lines()
            .next()
            .unwrap_or_default();
        let end = floor(text, range.end.max(start)).min(line_start + source_line.len());
        Self {
            line: before.matches('\n').count() + 1,
            column: text.get(line_start..start).unwrap_or_default().chars().count() + 1,
            width: text
                .get(start..end)
                .unwrap_or_default()
                .trim_end()
                .chars()
                .count()
                .max(1),
            source_line: source_line.to_owned(),
        }
    }
}

/// The `#` lines that stand right above what starts at `offset`, without their marks; `None` where there are none, or
/// where something else stands before it on its line.
pub(crate) fn comment_above(text: &str, offset: usize) -> Option<String> {
    let before = text.get(..floor(text, offset))?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    if !before.get(line_start..)?.trim().is_empty() {
        return None;
    }
    let mut lines: Vec<&str> = before
        .get(..line_start)?
        .lines()
        .rev()
        .map(str::trim)
        .map_while(|line| line.strip_prefix('#'))
        .map(|line| line.trim_start_matches('#').trim())
        .collect();
    lines.reverse();
    let comment = lines.join("\n").trim().to_owned();
    (!comment.is_empty()).then_some(comment)
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_and_stays_on_its_line() {
        let place = Place::of("ab\n\u{e4}\u{f6} field {\n  x\n}", 8..18);
        assert_eq!(
            place,
            Place {
                line: 2,
                column: 4,
                width: 7,
                source_line: "\u{e4}\u{f6} field {".to_owned()
            }
        );
    }

    #[test]
    fn a_range_outside_the_text_ends_at_its_end() {
        assert_eq!(
            Place::of("\u{e4}", 1..900),
            Place {
                line: 1,
                column: 1,
                width: 1,
                source_line: "\u{e4}".to_owned()
            }
        );
        assert_eq!(Place::of("", 5..9).line, 1);
    }

    #[test]
    fn only_the_comment_that_touches_is_taken() {
        let text = "# a licence\n\n# Reads\r\n## it all.\nquery";
        assert_eq!(comment_above(text, text.len() - 5).as_deref(), Some("Reads\nit all."));
        assert_eq!(comment_above("# far\n\nquery", 7), None);
        assert_eq!(comment_above("# x\nquery X($a: Int", 12), None);
    }
}
