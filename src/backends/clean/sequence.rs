//! Which invisible characters are part of a word or of an emoji, by what is shown before them and what follows.

use icu_properties::props::{
    CanonicalCombiningClass, Emoji, ExtendedPictographic, GeneralCategory, GeneralCategoryGroup, Script,
};
use icu_properties::{CodePointMapDataBorrowed, CodePointSetDataBorrowed};

const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';

/// The scripts whose letters take another shape with a joiner ("The Unicode Standard: Layout Controls"; "Unicode
/// Identifiers and Syntax: Layout and Format Control Characters").
const JOINING: [Script; 25] = [
    Script::Adlam,
    Script::Arabic,
    Script::Balinese,
    Script::Bengali,
    Script::Devanagari,
    Script::Gujarati,
    Script::Gurmukhi,
    Script::HanifiRohingya,
    Script::Javanese,
    Script::Kannada,
    Script::Khmer,
    Script::Malayalam,
    Script::Mandaic,
    Script::Manichaean,
    Script::Mongolian,
    Script::Myanmar,
    Script::Nko,
    Script::Oriya,
    Script::PhagsPa,
    Script::Sinhala,
    Script::Syriac,
    Script::Tamil,
    Script::Telugu,
    Script::Tibetan,
    Script::Newa,
];

/// England, Scotland and Wales: the flags made of tags that are recommended for use ("Unicode Emoji: Emoji Sets"). Fonts
/// show all others as the black flag alone, so that their tags are hidden text.
const FLAGS: [&str; 3] = [
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}",
];

/// A flag of tags at the start of a text, and what follows it.
pub(super) fn flag(text: &str) -> Option<(&str, &str)> {
    let flag = FLAGS.iter().find(|flag| text.starts_with(**flag))?;
    text.split_at_checked(flag.len())
}

/// The end of what is shown so far.
#[derive(Default)]
pub(super) struct Shown {
    last: Option<char>,
    /// The script of the word that it ends with.
    script: Option<Script>,
    /// Whether it ends with a pictograph, with or without its skin tone and selector.
    pictograph: bool,
}

impl Shown {
    /// After a run of printable ASCII.
    pub(super) fn ascii(run: &str) -> Self {
        Self {
            last: run.chars().next_back(),
            ..Self::default()
        }
    }

    /// Takes in a character that is shown.
    pub(super) fn push(&mut self, character: char) {
        let continues = is_selector(character) || matches!(character, '\u{1F3FB}'..='\u{1F3FF}');
        self.pictograph = is_pictograph(character) || (self.pictograph && continues);
        self.script = match script(character) {
            // Marks that several scripts share, such as Arabic vowel signs; joiners themselves.
            Some(Script::Inherited) => self.script,
            other => other,
        };
        self.last = Some(character);
    }

    /// Whether what is shown looks different without this invisible character between it and what follows.
    pub(super) fn needs(&self, invisible: char, next: Option<char>) -> bool {
        match invisible {
            ZWJ if self.pictograph => next.is_some_and(is_pictograph),
            ZWJ | ZWNJ => self.ends_in_a_joining_letter() && self.is_joined_to(invisible, next),
            _ if is_selector(invisible) => self.last.is_some_and(|last| takes_a_selector(last, next)),
            // The selectors and the separator of Mongolian vowels.
            '\u{180B}'..='\u{180F}' => self.script == Some(Script::Mongolian) && self.last.is_some_and(is_letter),
            _ => false,
        }
    }

    fn ends_in_a_joining_letter(&self) -> bool {
        self.last.is_some_and(is_letter) && self.script.is_some_and(|script| JOINING.contains(&script))
    }

    /// A joiner stands between letters of one word. After a virama, ZWJ also ends one: that makes Malayalam's chillu
    /// letters and half forms that stand alone.
    fn is_joined_to(&self, joiner: char, next: Option<char>) -> bool {
        let next = next.and_then(script);
        let within = next.is_some() && (next == self.script || next == Some(Script::Inherited));
        within || joiner == ZWJ && self.last.is_some_and(is_virama)
    }
}

fn is_pictograph(character: char) -> bool {
    const PICTOGRAPHS: CodePointSetDataBorrowed<'static> = CodePointSetDataBorrowed::new::<ExtendedPictographic>();
    PICTOGRAPHS.contains(character)
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE0E}' | '\u{FE0F}')
}

/// Only emoji have a text and an emoji form; a digit has the latter only in a keycap.
fn takes_a_selector(last: char, next: Option<char>) -> bool {
    const EMOJI: CodePointSetDataBorrowed<'static> = CodePointSetDataBorrowed::new::<Emoji>();
    EMOJI.contains(last) && (!last.is_ascii() || next == Some('\u{20E3}'))
}

/// A letter, or a mark that goes with one.
fn is_letter(character: char) -> bool {
    const CATEGORIES: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapDataBorrowed::new();
    let category = CATEGORIES.get(character);
    GeneralCategoryGroup::Letter.contains(category)
        || (GeneralCategoryGroup::Mark.contains(category) && !is_selector(character))
}

fn is_virama(character: char) -> bool {
    const CLASSES: CodePointMapDataBorrowed<'static, CanonicalCombiningClass> = CodePointMapDataBorrowed::new();
    CLASSES.get(character) == CanonicalCombiningClass::Virama
}

/// The script of a letter or mark.
fn script(character: char) -> Option<Script> {
    const SCRIPTS: CodePointMapDataBorrowed<'static, Script> = CodePointMapDataBorrowed::new();
    is_letter(character).then(|| SCRIPTS.get(character))
}
