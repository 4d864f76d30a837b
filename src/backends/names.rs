//! Names from a vendor or a person, in the one form in which they are compared.

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

/// Whether words of some script are written with this: letters, digits, and the marks that go with letters. In decomposed
/// text the accents are marks, and in Indic scripts the vowel signs.
pub fn is_word(character: char) -> bool {
    const CATEGORIES: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapDataBorrowed::new();
    character.is_alphanumeric() || GeneralCategoryGroup::Mark.contains(CATEGORIES.get(character))
}

#[cfg(test)]
mod tests {
    use super::{is_word, key};

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
    fn words_have_marks_in_them() {
        assert!("sto\u{308}rung".chars().all(is_word));
        assert!("हिन्दी".chars().all(is_word));
        assert!(!"a b-c_d.".chars().all(is_word));
        assert!(!is_word('-') && !is_word('.') && !is_word(' '));
    }
}
