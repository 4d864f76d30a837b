//! Text from a vendor, made safe to show: no control, bidirectional or invisible characters.

/// The text without what a reader cannot see and a model can: control characters (line breaks and tabs stay),
/// bidirectional marks, zero-width and other default-ignorable characters. Every kind of line break becomes `\n`.
///
/// The zero-width joiner goes too, also between emoji: an exception for it would let every pair of pictographs carry a
/// hidden bit, and a family that falls apart into its members still reads as what it is. The one invisible character
/// that stays is a single emoji or text variation selector behind a visible character: without it `⚠️` looks different
/// to people, while runs of selectors, which can spell out hidden bytes, are cut to that one.
pub fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut last = None;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => cleaned.push('\n'),
            '\n' | '\t' => cleaned.push(character),
            '\u{FE0E}' | '\u{FE0F}' if last.is_some_and(carries_a_selector) => cleaned.push(character),
            _ if character.is_control() || is_invisible(character) => {}
            _ => cleaned.push(character),
        }
        last = Some(character);
    }
    cleaned
}

fn carries_a_selector(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && !is_invisible(character)
}

/// The characters of Unicode's property `Default_Ignorable_Code_Point`, and the interlinear annotation marks. Among them
/// are the bidirectional marks (U+202A and on, U+2066 and on) and the tag characters (U+E0000 and on), which mirror ASCII
/// invisibly and are used to smuggle instructions.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{061C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn plain_text_stays_as_it_is() {
        let text = "Grüße, 世界!\n\tnaïve — “quoted” 🚀";
        assert_eq!(clean(text), text);
    }

    #[test]
    fn control_characters_go_and_line_breaks_become_one_kind() {
        assert_eq!(clean("a\u{0}b\u{1b}[31mc\u{7f}\u{9b}d"), "ab[31mcd");
        assert_eq!(clean("a\r\nb\rc\u{2028}d\u{85}e"), "a\nb\nc\nd\ne");
    }

    #[test]
    fn bidirectional_and_zero_width_characters_go() {
        assert_eq!(
            clean("\u{202e}evil\u{202c} \u{2066}x\u{2069}\u{200f}\u{061c}"),
            "evil x"
        );
        assert_eq!(clean("p\u{200b}a\u{200c}y\u{2060}\u{feff}l\u{ad}oad"), "payload");
    }

    #[test]
    fn invisible_tag_characters_go() {
        assert_eq!(clean("hi\u{E0049}\u{E0067}\u{E006E}"), "hi");
    }

    #[test]
    fn joined_emoji_fall_apart_and_one_selector_stays() {
        assert_eq!(clean("👩\u{200d}💻"), "👩💻");
        assert_eq!(clean("⚠\u{fe0f}"), "⚠\u{fe0f}");
        assert_eq!(clean("⚠\u{fe0f}\u{fe0f}\u{fe01}\u{E0100}"), "⚠\u{fe0f}");
        assert_eq!(clean("\u{fe0f}x"), "x");
    }
}
