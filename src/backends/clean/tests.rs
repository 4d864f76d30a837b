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
    assert_eq!(
        clean("p\u{200b}a\u{200c}y\u{2060}\u{feff}l\u{ad}oa\u{200d}d"),
        "payload"
    );
    assert_eq!(clean("\u{fff9}a\u{fffa}b\u{fffb}"), "ab");
}

#[test]
fn joiners_stay_within_words_that_need_them() {
    for word in [
        // Persian, Urdu with a vowel sign, Arabic with a joiner before one.
        "می\u{200c}خواهم، کتاب\u{200c}ها",
        "خانه\u{200c}ای",
        "بِ\u{200c}خوان",
        // Hindi, Marathi, Bengali, Kannada, Sinhala, Malayalam as it was written before it had letters of its own.
        "क्\u{200d}ष क्\u{200c}ष",
        "र्\u{200d}या",
        "র\u{200d}্যাব",
        "ರ\u{200d}್ಕ",
        "ශ්\u{200d}රී ලංකා",
        "അവന്\u{200d} പറഞ്ഞു",
        // Mongolian: a separator before a vowel, and a selector.
        "ᠰᠠᠢᠨ\u{180e}ᠠ ᠭ\u{180b}",
    ] {
        assert_eq!(clean(word), word);
    }
}

#[test]
fn emoji_stay_whole() {
    for emoji in [
        "👩\u{200d}💻",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦",
        "👩🏽\u{200d}🚒",
        "🧑🏻\u{200d}🦰",
        "❤\u{fe0f}\u{200d}🔥",
        "👁\u{fe0f}\u{200d}🗨\u{fe0f}",
        "🏳\u{fe0f}\u{200d}🌈",
        "🏴\u{200d}☠\u{fe0f}",
        "🚶🏾\u{200d}♀\u{fe0f}\u{200d}➡\u{fe0f}",
        "⚠\u{fe0f} 1\u{fe0f}\u{20e3} ☺\u{fe0e}",
        "🇺🇦",
        "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
        "🏴\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}!",
    ] {
        assert_eq!(clean(emoji), emoji);
    }
}

#[test]
fn joiners_that_join_nothing_go() {
    for (text, shown) in [
        ("a\u{200c}b \u{200d}c d\u{200d} e\u{200d}\u{200c}f", "ab c d ef"),
        ("世\u{200d}界 Г\u{200c}д", "世界 Гд"),
        // Between two scripts, at the edge of a word, between digits.
        ("م\u{200c}a a\u{200c}م", "مa aم"),
        ("\u{200c}می \u{200d}", "می "),
        ("می\u{200c} خ", "می خ"),
        ("۱\u{200c}۲", "۱۲"),
        // A run is one joiner at most.
        ("می\u{200c}\u{200d}\u{200c}\u{200d}خ", "می\u{200d}خ"),
        ("👩\u{200d}\u{200d}\u{200d}💻", "👩\u{200d}💻"),
        ("👩\u{200d} x 👩\u{200c}💻 \u{200d}💻", "👩 x 👩💻 💻"),
        ("x\u{200d}💻", "x💻"),
        ("👩\u{200d}", "👩"),
        // Other invisible characters between letters that take joiners.
        ("می\u{200b}خ\u{2063}و\u{feff}ا", "میخوا"),
    ] {
        assert_eq!(clean(text), shown, "{text:?}");
    }
}

#[test]
fn tags_and_selectors_that_change_nothing_visible_go() {
    for (text, shown) in [
        ("hi\u{E0049}\u{E0067}\u{E006E}", "hi"),
        // A flag of no country, one that does not end, and one with more than its tags.
        ("🏴\u{E0069}\u{E0067}\u{E006E}\u{E007F}", "🏴"),
        ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}", "🏴"),
        (
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}\u{E0041}\u{E007F}",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        ),
        ("👩\u{E0067}\u{E0062}\u{E007F}", "👩"),
        ("⚠\u{fe0f}\u{fe0f}\u{fe01}\u{E0100}", "⚠\u{fe0f}"),
        ("\u{fe0f}x a\u{fe0f}b\u{fe0e}", "x ab"),
        ("1\u{fe0f}2\u{fe0f}", "12"),
        ("葛\u{E0100}\u{fe00}", "葛"),
        ("a\u{180b} م\u{180e}ن", "a من"),
    ] {
        assert_eq!(clean(text), shown, "{text:?}");
    }
}
