//! Nothing that is written into a file, or sent as a request, makes the compiler panic.
//!
//! By hand and for longer: `PROPTEST_CASES=100000 cargo test -p toolgen --release --test never_panics`.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says so when something is wrong"
)]

#[path = "support/shipped.rs"]
mod support;

use proptest::prelude::*;
use toolgen::{Options, Source};

/// Pieces that GraphQL is made of, and some that break it.
const PIECES: [&str; 48] = [
    "query",
    "mutation",
    "subscription",
    "fragment",
    "on",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "=",
    "!",
    "$",
    "@",
    "...",
    "\"",
    "\"\"\"",
    "\\",
    "#",
    "\n",
    "\r\n",
    " ",
    ",",
    "null",
    "true",
    "0",
    "-1.5e9",
    "99999999999999999999",
    "\"text\"",
    "\"\"\"block\"\"\"",
    "@tool",
    "@bounds(min: 2, max: 1)",
    "@example(value: {a: [1]})",
    "@fixed(value: 1)",
    "@header(name: \"x y\")",
    "@include(if: $a)",
    "slack",
    "history",
    "channel: \"x\"",
    "nodes",
    "__typename",
    "$a: Int",
    "... on PullRequest",
    "...F",
    "fragment F on PullRequest { ...F }",
    "\u{1f9f5}",
];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.as_slice()), 0..60).prop_map(|pieces| pieces.join(" "))
}

/// A shipped file with some of it cut out, doubled, or replaced.
fn mutated() -> impl Strategy<Value = String> {
    let edit = (
        any::<prop::sample::Index>(),
        0..12_usize,
        prop::sample::select(PIECES.as_slice()),
        0..3_u8,
    );
    let file = (0..support::SHIPPED.len()).prop_map(|file| support::SHIPPED[file].text.clone());
    (file, prop::collection::vec(edit, 1..6)).prop_map(|(mut text, edits)| {
        for (place, length, piece, kind) in edits {
            let mut bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            bounds.push(text.len());
            let start = place.index(bounds.len());
            let (from, to) = (bounds[start], bounds[(start + length).min(bounds.len() - 1)]);
            let new = match kind {
                0 => String::new(),
                1 => text[from..to].repeat(2),
                _ => piece.to_owned(),
            };
            text.replace_range(from..to, &new);
        }
        text
    })
}

fn check(path: &str, text: &str) {
    let compilation = support::compile(path, text);
    for diagnostic in &compilation.diagnostics {
        assert!(!diagnostic.render().is_empty());
        serde_json::to_string(diagnostic).unwrap();
    }
    assert!(
        !compilation.tools.is_empty() || compilation.errors().next().is_some() || path.contains("fragments"),
        "neither tool nor error"
    );
    for tool in compilation.tools {
        toolgen::parse(&tool.document).unwrap_or_else(|error| panic!("{error}\n{}", tool.document));
    }
    if let Err(refused) = support::check_request(text) {
        assert!(!refused.diagnostics.is_empty(), "refused without a reason");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_anything(text in any::<String>(), path in any::<String>()) {
        check(&path, &text);
    }

    #[test]
    fn on_pieces_of_graphql(text in pieces()) {
        check("queries/slack/slack_tool.graphql", &text);
        check("queries/fragments/shared.graphql", &text);
    }

    #[test]
    fn on_shipped_files_with_mistakes(text in mutated()) {
        check("queries/slack/slack_tool.graphql", &text);
    }

    #[test]
    fn on_schemas_and_weights_with_mistakes(text in pieces(), weights in pieces()) {
        let source = Source { path: "queries/a/b.graphql".to_owned(), text: "query A { a }".to_owned() };
        toolgen::compile(&text, std::slice::from_ref(&source), &Options::default());
        let schema = format!("type Query {{ a: Int }}\n{text}");
        toolgen::compile(&schema, &[source], &Options { weights, ..Options::default() });
    }
}

#[test]
fn deep_and_doubling_files_end() {
    let deep = format!("query A {}", "{ slack ".repeat(100_000));
    check("queries/slack/deep.graphql", &deep);
    let lists = format!(
        "query A($a: {}Int{}) {{ slack {{ channel(channel: \"x\") {{ id }} }} }}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    check("queries/slack/lists.graphql", &lists);
    let fragment = |n: u32| {
        let next = format!("pullRequest(number: 1) {{ repository {{ ...F{} }} }}", n + 1);
        format!("fragment F{n} on Repository {{ a: {next} b: {next} c: {next} d: {next} }}\n")
    };
    // As deep as a file may be nested, and far more fields than it may have.
    let doubling = (0..8).map(fragment).collect::<Vec<_>>().concat();
    let doubling = format!(
        "\"Doubles.\" query A {{ github {{ repository(owner: \"a\", name: \"b\") {{ ...F0 }} }} }}\n{doubling}fragment F8 on Repository {{ name }}"
    );
    let found = support::compile("queries/github/doubling.graphql", &doubling);
    assert!(
        found
            .errors()
            .any(|it| it.message.contains("fields, at most 20000 are taken")),
        "{:#?}",
        found.diagnostics
    );
}
