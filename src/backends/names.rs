//! Names from a vendor or a person, in the one form in which they are compared.

use super::clean::shortened;
use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointMapDataBorrowed;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();

/// The form of a name that is the same for all spellings of it: lower-case and composed (NFC). macOS composes no letters
/// in what is copied from a file name, so that two names which look alike are often different code points.
pub fn key(name: &str) -> String {
    // Lower-casing can leave something to compose.
    NFC.normalize(&NFC.normalize(name.trim()).to_lowercase()).into_owned()
}

/// The longest name that is shown whole. Slack's own are at most 80 characters long.
const LONGEST: usize = 100;

/// A name to show in the midst of a text, on one line and not longer than a name: one that is mentioned a thousand times
/// must not make a text a thousand times as long.
pub fn short(name: &str) -> String {
    let line = name
        .split(['\n', '\r', '\u{2028}', '\u{2029}'])
        .next()
        .unwrap_or_default();
    shortened(line, LONGEST)
}

/// Whether words of some script are written with this: letters, digits, and the marks that go with letters. In decomposed
/// text the accents are marks, and in Indic scripts the vowel signs.
pub fn is_word(character: char) -> bool {
    const CATEGORIES: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapDataBorrowed::new();
    character.is_alphanumeric() || GeneralCategoryGroup::Mark.contains(CATEGORIES.get(character))
}

#[cfg(test)]
mod tests {
    use super::{is_word, key, short};

    #[test]
    fn spellings_that_look_alike_are_one_name() {
        for (composed, decomposed) in [
            ("störung", "sto\u{308}rung"),
            ("チームデプロイ", "チームテ\u{3099}フ\u{309a}ロイ"),
            ("각", "\u{1100}\u{1161}\u{11a8}"),
            ("i\u{307}stanbul", "İstanbul"),
        ] {
            assert_eq!(key(composed), key(decomposed), "{composed}");
        }
        assert_eq!(key(" Störung "), "störung");
        assert_ne!(key("storung"), key("störung"));
    }

    #[test]
    fn what_is_longer_than_a_name_is_shown_in_part() {
        assert_eq!(short("Ada Abara"), "Ada Abara");
        assert_eq!(short("Ada\n@here"), "Ada");
        let long = short(&"ä".repeat(40_000));
        assert!(long.chars().count() == 101 && long.ends_with("ä…"), "{long}");
    }

    #[test]
    fn words_have_marks_in_them() {
        assert!("sto\u{308}rung".chars().all(is_word));
        assert!("हिन्दी".chars().all(is_word));
        assert!(!"a b-c_d.".chars().all(is_word));
        assert!(!is_word('-') && !is_word('.') && !is_word(' '));
    }
}
