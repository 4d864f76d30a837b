//! Text from a vendor, made safe to show: no control, bidirectional or invisible characters.

mod sequence;

use icu_properties::CodePointSetDataBorrowed;
use icu_properties::props::DefaultIgnorableCodePoint;
use sequence::{Shown, flag};

/// At most so many characters of a text; what is left out is an ellipsis.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The text without what a reader cannot see and a model can: control characters (line breaks and tabs stay),
/// bidirectional marks, zero-width and other default-ignorable characters. Every kind of line break becomes `\n`.
///
/// An invisible character stays where it decides what the visible ones look like, and only one at a time: a joiner within
/// a word of a script that uses them or within an emoji, a variation selector after an emoji or a Mongolian letter, the
/// tags of a flag that exists. Everywhere else, and in runs, such characters could carry hidden text.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut shown = Shown::default();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        // Most text is nothing but printable ASCII.
        let plain = rest.bytes().take_while(|byte| matches!(byte, b' '..=b'~')).count();
        if let Some((run, behind)) = rest.split_at_checked(plain).filter(|(run, _)| !run.is_empty()) {
            cleaned.push_str(run);
            shown = Shown::ascii(run);
            rest = behind;
            continue;
        }
        if let Some((flag, behind)) = flag(rest) {
            cleaned.push_str(flag);
            shown = Shown::default();
            rest = behind;
            continue;
        }
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        let next = rest.chars().next();
        let kept = match character {
            '\r' if next == Some('\n') => None,
            '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\n' | '\t' => Some(character),
            _ if character.is_control() => None,
            _ if is_invisible(character) => Some(character).filter(|_| shown.needs(character, next)),
            _ => Some(character),
        };
        if let Some(kept) = kept {
            cleaned.push(kept);
            shown.push(kept);
        }
    }
    cleaned
}

/// The characters that Unicode says are to be ignored where they are not supported, and the interlinear annotation marks.
/// Among them are the bidirectional marks (U+202A and on, U+2066 and on) and the tag characters (U+E0000 and on), which
/// mirror ASCII invisibly and are used to smuggle instructions.
fn is_invisible(character: char) -> bool {
    const IGNORABLE: CodePointSetDataBorrowed<'static> = CodePointSetDataBorrowed::new::<DefaultIgnorableCodePoint>();
    !character.is_ascii() && (IGNORABLE.contains(character) || matches!(character, '\u{FFF9}'..='\u{FFFB}'))
}

#[cfg(test)]
mod tests;
