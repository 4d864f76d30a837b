//! What prompts become, and what is said about those that are wrong.

use super::{Directory, PromptSpec, read};
use crate::Source;
use std::collections::BTreeMap;

const GOOD: &str = "+++
title = \"Look into it\"
description = \"Looks into a service.\"

[[arguments]]
name = \"service\"
description = \"Which.\"
complete = \"services\"

[[arguments]]
name = \"since\"
description = \"From when.\"
default = \"now-1h\"
+++

Look at {{service}} since {{ since }}; {{service}} alone. A brace { is no place.
";

fn source(path: &str, text: &str) -> Source {
    Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

fn good() -> PromptSpec {
    read(&[source("prompts/look_into.md", GOOD)]).unwrap().remove(0)
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Everything that is said about a file.
fn findings(path: &str, text: &str) -> String {
    let found = read(&[source(path, text)]).unwrap_err();
    found.iter().map(|it| it.render()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_file_becomes_a_prompt() {
    let prompt = good();
    assert_eq!(
        (prompt.name.as_str(), prompt.title.as_str()),
        ("look_into", "Look into it")
    );
    assert_eq!(prompt.arguments[0].complete, Some(Directory::Services));
    assert_eq!(prompt.arguments[1].default.as_deref(), Some("now-1h"));
    let written = serde_json::to_string(&prompt).unwrap();
    assert_eq!(serde_json::from_str::<PromptSpec>(&written).unwrap(), prompt);
}

#[test]
fn values_take_their_places_and_what_they_say_is_not_read_again() {
    let filled = good().fill(&values(&[("service", "{{since}}")])).unwrap();
    assert_eq!(
        filled,
        "Look at {{since}} since now-1h; {{since}} alone. A brace { is no place."
    );
    let filled = good()
        .fill(&values(&[("service", "checkout"), ("since", " ")]))
        .unwrap();
    assert!(filled.starts_with("Look at checkout since now-1h"), "{filled}");
}

#[test]
fn what_must_be_given_and_is_not_is_named() {
    assert_eq!(good().fill(&values(&[])).unwrap_err(), ["service"]);
    assert_eq!(good().fill(&values(&[("service", "")])).unwrap_err(), ["service"]);
}

#[test]
fn each_mistake_is_placed_and_explained() {
    let changed = |from: &str, to: &str| findings("prompts/look_into.md", &GOOD.replacen(from, to, 1));
    for (found, place, words) in [
        (
            changed("{{ since }}", "{{ sinc }}"),
            "look_into.md:16:27",
            "did you mean `since`?",
        ),
        (
            changed("{{service}} alone", "{{service alone"),
            "look_into.md:16:40",
            "never closed",
        ),
        (
            changed("complete = \"services\"", "complete = \"people\""),
            "look_into.md:8:12",
            "`channels`",
        ),
        (changed("title =", "titel ="), "look_into.md:2:1", "titel"),
        (
            changed("title = \"Look into it\"", "title = 7"),
            "look_into.md:2:9",
            "string",
        ),
        (
            changed("name = \"since\"", "name = \"service\""),
            "look_into.md:11:8",
            "two arguments `service`",
        ),
        (
            changed("since {{ since }}", "since then"),
            "look_into.md:11:8",
            "stands nowhere",
        ),
        (changed("+++\n", ""), "look_into.md:1:1", "begin the file with `+++`"),
        (findings("prompts/Look-into.md", GOOD), "Look-into.md", "`look_into.md`"),
        (
            findings("prompts/look_into.md", "+++\ntitle=\"a\"\ndescription=\"b\"\n+++\n \n"),
            "look_into.md",
            "no text",
        ),
    ] {
        assert!(
            found.contains(place) && found.contains(words),
            "{place}, {words}:\n{found}"
        );
    }
}
