//! What a finding shows of a source line: a whole line where it is one that a person wrote, else the part around the place.
//! Nothing of it steers a terminal.

use std::borrow::Cow;

/// How many characters of a line are shown.
const LONGEST: usize = 100;

/// How many of them stand before the place, in a longer line.
const BEFORE: usize = 40;

/// A part of a line, and where the carets stand below it.
pub(super) struct Excerpt {
    pub(super) line: String,
    /// White space up to the first caret; tabs stay tabs, so that it stands right at any tab width.
    pub(super) lead: String,
    pub(super) carets: usize,
}

impl Excerpt {
    /// `column` counts from 1.
    pub(super) fn of(source_line: &str, column: usize, width: usize) -> Self {
        let all: Vec<char> = printable(source_line).chars().collect();
        let at = column.saturating_sub(1).min(all.len());
        let first = match all.len().checked_sub(LONGEST) {
            None => 0,
            Some(last) => at.saturating_sub(BEFORE).min(last),
        };
        let shown: String = all.iter().skip(first).take(LONGEST).collect();
        let cut = |is_cut| if is_cut { "…" } else { "" };
        let (before, after) = (cut(first > 0), cut(first + LONGEST < all.len()));
        let lead = before.chars().chain(all.iter().skip(first).take(at - first).copied());
        Self {
            line: format!("{before}{shown}{after}"),
            lead: lead.map(|c| if c == '\t' { '\t' } else { ' ' }).collect(),
            carets: width.min(first + LONGEST - at.min(first + LONGEST)).max(1),
        }
    }
}

/// The text without what a terminal, or a reader of bidirectional text, would take for a command: each such character
/// becomes one that says that something was there, so that columns stay.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let steers = |c: char| {
        c.is_control() && !matches!(c, '\t' | '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(steers) {
        Cow::Owned(text.chars().map(|c| if steers(c) { '\u{fffd}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(line: &str, column: usize, width: usize) -> (String, String) {
        let Excerpt { line, lead, carets } = Excerpt::of(line, column, width);
        let above: String = line.chars().skip(lead.chars().count()).take(carets).collect();
        (line, above)
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(marked("\tabc def", 6, 3), ("\tabc def".to_owned(), "def".to_owned()));
        assert_eq!(Excerpt::of("\tabc", 3, 1).lead, "\t ");
        assert_eq!(Excerpt::of("", 1, 1).carets, 1);
        assert_eq!(Excerpt::of("ab", 900, 5).lead, "  ");
    }

    #[test]
    fn a_long_line_is_shown_around_the_place() {
        let line = format!("{}HERE{}", "a".repeat(5_000), "b".repeat(5_000));
        let (shown, above) = marked(&line, 5_001, 4);
        assert_eq!(above, "HERE");
        assert_eq!(shown.chars().count(), LONGEST + 2);
        assert!(shown.starts_with("…aaa") && shown.ends_with("bbb…"));
        let (shown, above) = marked(&line, 5_001, 5_004);
        assert!(above.starts_with("HERE") && shown.contains(&above));
        let (shown, above) = marked(&line, 10_004, 1);
        assert!(shown.ends_with('b') && above == "b", "the end of it");
        let (shown, above) = marked(&line, 1, 1);
        assert!(shown.starts_with('a') && above == "a", "the start of it");
    }

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(
            Excerpt::of("a\u{1b}[31mb\u{202e}\r", 1, 1).line,
            "a\u{fffd}[31mb\u{fffd}\u{fffd}"
        );
        assert!(matches!(printable("a\tb\nö"), Cow::Borrowed(_)));
    }
}
