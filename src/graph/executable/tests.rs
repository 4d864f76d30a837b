//! What is made of a document is what the executor's own parser makes of it.

use super::*;
use async_graphql::parser::parse_query;
use proptest::prelude::*;
use serde_json::Value as Json;
use std::path::Path;

/// Without places: the two count them from different tokens of the same thing.
fn without_places(document: &ExecutableDocument) -> Json {
    fn clear(value: Json) -> Json {
        match value {
            Json::Object(mut object) if object.contains_key("pos") => clear(object.remove("node").unwrap_or_default()),
            Json::Object(object) => object.into_iter().map(|(key, value)| (key, clear(value))).collect(),
            Json::Array(items) => items.into_iter().map(clear).collect(),
            value => value,
        }
    }
    clear(serde_json::to_value(document).unwrap())
}

/// What the executor's parser makes of it, with the one operation alone as here.
fn by_the_executor(text: &str) -> Result<ExecutableDocument, String> {
    let mut document = parse_query(text).map_err(|error| error.to_string())?;
    if let DocumentOperations::Multiple(operations) = document.operations {
        let operation = operations.into_values().next().ok_or("no operation")?;
        document.operations = DocumentOperations::Single(operation);
    }
    Ok(document)
}

fn assert_same(text: &str) {
    let (made, expected) = (parse(text), by_the_executor(text));
    if let (Ok(made), Ok(expected)) = (&made, &expected) {
        assert_eq!(without_places(made), without_places(expected), "{text}");
    }
}

#[test]
fn everything_that_a_document_may_hold() {
    let text = "query Q($a: [Int!]! = [1, -2], $b: In = {c: {d: RED, e: null}, f: 1.5e3}, $g: Boolean = true) @x(y: $a) {
        alias: field(a: $a, b: {c: $b, d: [$g, \"t\\u00e9xt \\\"q\\\"\", \"\"\"\n            block\n              text\n        \"\"\"]}) @include(if: $g) { leaf }
        ...F @skip(if: $g)
        ... on T @include(if: true) { x }
        ... { y }
    }
    fragment F on T { z { ...G } }
    fragment G on U { __typename }";
    assert!(by_the_executor(text).is_ok());
    assert_same(text);
    assert_same("{ a }");
    assert_same("mutation { a(n: 99999999999, f: 1e400) { b } }");
}

#[test]
fn descriptions_and_own_directives_are_left_out() {
    let mut files = 0;
    for group in Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("queries")
        .read_dir()
        .unwrap()
    {
        for file in group.unwrap().path().read_dir().unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let Ok(document) = toolgen::parse(&text) else {
                panic!("{text}")
            };
            for definition in &document.definitions {
                if let Some(operation) = definition.as_operation_definition() {
                    let made = of(&document, operation, &text);
                    assert!(made.operations.iter().all(|(_, it)| it.node.directives.is_empty()));
                    files += 1;
                }
            }
        }
    }
    assert!(files >= 8, "{files}");
}

#[test]
fn fields_are_where_they_are_written() {
    let long = "é".repeat(700);
    let text = format!("query Q {{\n  \t# é {{ [\n  a: first(x: \"{long}\") second {{\r\n third }}\n}}");
    let document = parse(&text).unwrap();
    let mut places = Vec::new();
    let mut open: Vec<_> = document
        .operations
        .iter()
        .map(|(_, it)| &it.node.selection_set.node)
        .collect();
    while let Some(set) = open.pop() {
        for item in &set.items {
            if let Selection::Field(field) = &item.node {
                places.push((field.node.name.node.to_string(), field.pos.line, field.pos.column));
                open.push(&field.node.selection_set.node);
            }
        }
    }
    let expected = [("first", 3, 3), ("second", 3, 3 + 13 + 700 + 3), ("third", 4, 2)];
    assert_eq!(
        places,
        expected.map(|(name, line, column)| (name.to_owned(), line, column))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_any_pieces(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "a", "b: c", "{ d }", "(e: 1)", "(e: $v)", "(e: [1 2.5 \"s\" X null true])", "(e: {f: {g: $v}})", "...F", "... on T { h }",
            "@include(if: $v)", "@skip(if: false)", "\"\"\"block\"\"\"", "# comment\n", ",", "(e: -0)", "(e: \"\\n\\u0041\")",
        ]), 0..12),
    ) {
        assert_same(&format!("query Q($v: Int = 1) {{ {} }} fragment F on T {{ x }}", pieces.join(" ")));
    }
}
