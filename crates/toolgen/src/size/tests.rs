//! What passes, what is refused, and that measuring takes no time.

use super::Limits;
use apollo_compiler::{ExecutableDocument, Schema};

const LIMITS: Limits = Limits {
    tokens: 1_000,
    fields: 6,
    aliases: 2,
};

fn check(limits: Limits, text: &str) -> Result<(), String> {
    let schema = Schema::parse_and_validate("type Query { a: Query b: Query c: Int d: Int }", "s.graphql").unwrap();
    let document = ExecutableDocument::parse(&schema, text, "d.graphql");
    let document = document.unwrap_or_else(|invalid| invalid.partial);
    limits.check(&document).map_err(|large| large.message)
}

#[test]
fn what_is_within_the_limits_passes() {
    for document in [
        "{ a { b { c } } }",
        "{ c d c d c d }",
        "{ x: c y: c }",
        "{ a { ...F } } fragment F on Query { b { c } }",
        "{ ...F } fragment F on Query { c ...F }",
    ] {
        assert_eq!(check(LIMITS, document), Ok(()), "{document}");
    }
}

#[test]
fn what_is_beyond_them_is_refused_with_the_limit() {
    for (document, expected) in [
        ("{ c d c d c d c }", "7 fields, at most 6"),
        ("query A { c d c d } query B { c d c }", "7 fields, at most 6"),
        ("{ ...F ...F } fragment F on Query { c d c d }", "8 fields, at most 6"),
        ("{ x: c y: c z: c }", "3 aliases, at most 2"),
    ] {
        let message = check(LIMITS, document).unwrap_err();
        assert!(message.contains(expected), "{document}: {message}");
    }
}

#[test]
fn a_few_fragments_that_stand_for_millions_of_fields_are_counted_quickly() {
    for last in ["c", "...Missing"] {
        // Two levels each: more of them would be nested too deep.
        let fragments = (0..15).map(|index| {
            let spread = format!("...F{}", index + 1);
            format!("fragment F{index} on Query {{ {} }} ", format!("{spread} ").repeat(16))
        });
        let document = format!(
            "{{ ...F0 }} {} fragment F15 on Query {{ {last} }}",
            fragments.collect::<String>()
        );
        let message = check(LIMITS, &document).unwrap_err();
        assert!(message.contains("1152921504606846976 fields"), "{message}");
    }
}

#[test]
fn depth_is_counted_through_fragments_and_never_recursed_beyond() {
    let nested = |levels: usize| format!("{{ {}c{} }}", "a { ".repeat(levels), " }".repeat(levels));
    assert_eq!(check(Limits::FILE, &nested(32)), Ok(()));
    let message = check(Limits::FILE, &nested(33)).unwrap_err();
    assert!(message.contains("deeper than 32 levels"), "{message}");

    let chain = |length: usize| {
        let fragments = (0..length).map(|index| format!("fragment F{index} on Query {{ ...F{} }} ", index + 1));
        format!(
            "{{ ...F0 }} {} fragment F{length} on Query {{ c }}",
            fragments.collect::<String>()
        )
    };
    assert_eq!(check(Limits::FILE, &chain(31)), Ok(()));
    for length in [32, 5_000] {
        assert!(check(Limits::FILE, &chain(length)).is_err(), "{length}");
    }

    // Where one was measured before, at less depth.
    let reused = format!(
        "{{ ...F a {{ ...F }} }} fragment F on Query {{ {} }}",
        &nested(31)[2..nested(31).len() - 2]
    );
    assert_eq!(check(Limits::FILE, &reused.replace("a { ...F }", "c")), Ok(()));
    assert!(check(Limits::FILE, &reused).is_err());
}
