//! Defaults, absent variables, and what is refused before anything is executed.

use super::*;
use crate::graph::executable;
use serde_json::{Value as Json, json};
use toolgen::{Options, Reason};

const SCHEMA: &str = "
type Query {
  list(limit: Int! = 20, filter: Filter): [String!]
  item(id: ID!, color: Color, ratio: Float, flag: Boolean, tags: [String!]): String
  at(time: Time): String
}
type Mutation { send(text: String!): String }
input Filter { limit: Int! = 7, words: [String!]!, within: Filter }
enum Color { RED GREEN }
scalar Time
";

fn preparer() -> Preparer {
    fn read() -> Result<Compiler, Vec<Diagnostic>> {
        let time: toolgen::Form = |text| {
            if text == "now" {
                Ok(())
            } else {
                Err(format!("`{text}` is no time"))
            }
        };
        let weights = "extend type Query @weight(field: \"list\", requests: 1, page: \"limit\", most: 100)";
        let options = Options {
            forms: [("Time".to_owned(), time)].into(),
            weights: weights.to_owned(),
            ..Options::default()
        };
        Compiler::new(SCHEMA, options)
    }
    let budget = Budget {
        requests: Some(3),
        result_tokens: Some(2_000),
        ..Budget::default()
    };
    Preparer::new(read, budget)
}

fn prepare(text: &str, variables: &Json) -> Result<Prepared, (Reason, String)> {
    let variables = variables.as_object().unwrap();
    match preparer().prepare(text, None, variables) {
        Ok(accepted) => Ok(accepted.prepared),
        Err(Rejected::Request(refused)) => {
            let messages: Vec<_> = refused.diagnostics.iter().map(|it| it.message.clone()).collect();
            Err((refused.reason, messages.join("\n")))
        }
        Err(other) => panic!("{other:?}"),
    }
}

fn variables(prepared: &Prepared) -> Json {
    serde_json::to_value(&prepared.variables).unwrap()
}

/// The arguments of the first field, as the executor gets them.
fn arguments(prepared: &Prepared) -> String {
    let (_, operation) = prepared.document.operations.iter().next().unwrap();
    match &operation.node.selection_set.node.items[0].node {
        Selection::Field(field) => {
            let arguments = field.node.arguments.iter();
            let written: Vec<_> = arguments
                .map(|(name, value)| format!("{}: {}", name.node, value.node))
                .collect();
            written.join(", ")
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn defaults_are_filled_in_and_what_was_given_stays() {
    let text = "query Q($a: Int! = 3, $b: Boolean! = true, $c: String, $d: Int = 5) { x }";
    let document = executable::parse(text).unwrap();
    let given = json!({ "a": 4, "d": null }).as_object().unwrap().clone();
    let proven = Prepared::proven(document, given);
    assert_eq!(variables(&proven), json!({ "a": 4, "b": true, "d": null }));

    let text = "query Q($n: Int = 5, $f: Filter = {words: \"a\"}) { list(limit: $n, filter: $f) }";
    let prepared = prepare(text, &json!({})).unwrap();
    assert_eq!(
        variables(&prepared),
        json!({ "n": 5, "f": { "words": ["a"], "limit": 7 } })
    );
}

#[test]
fn defaults_are_those_of_the_operation_that_is_named() {
    let text = "query A($n: Int = 1) { list(limit: $n) } query B($n: Int = 2) { list(limit: $n) }";
    let prepared = preparer().prepare(text, Some("B"), &Map::new()).unwrap().prepared;
    assert_eq!(variables(&prepared), json!({ "n": 2 }));
}

#[test]
fn an_absent_variable_leaves_the_default_of_its_argument() {
    let text = "query Q($n: Int, $m: Int) {
        list(limit: $n, filter: {limit: $m, words: [\"a\"], within: {words: [\"b\"], limit: $m}}) @include(if: true)
    }";
    let prepared = prepare(text, &json!({})).unwrap();
    assert_eq!(
        arguments(&prepared),
        "filter: {words: [\"a\"], within: {words: [\"b\"]}}"
    );
    let prepared = prepare(text, &json!({ "n": 3, "m": 4 })).unwrap();
    assert_eq!(
        arguments(&prepared),
        "limit: $n, filter: {limit: $m, words: [\"a\"], within: {words: [\"b\"], limit: $m}}"
    );
    // In fragments too, of tools as well.
    let text = "query Q($n: Int) { ...F } fragment F on Query { list(limit: $n) }";
    let proven = Prepared::proven(executable::parse(text).unwrap(), Map::new());
    assert!(!format!("{:?}", proven.document.fragments).contains("limit"));
}

#[test]
fn variables_are_coerced_to_their_types() {
    let text = "query Q($id: ID!, $c: Color, $r: Float, $f: Boolean, $t: [String!]) {
        item(id: $id, color: $c, ratio: $r, flag: $f, tags: $t)
    }";
    for given in [
        json!({ "id": "a", "c": "RED", "r": 1.5, "f": true, "t": ["x"] }),
        json!({ "id": 40, "r": 2 }),
        json!({ "id": "a", "c": null, "unknown": { "deep": [] } }),
    ] {
        assert!(prepare(text, &given).is_ok(), "{given}");
    }
    let prepared = prepare(text, &json!({ "id": "a", "t": "one" })).unwrap();
    assert_eq!(
        variables(&prepared)["t"],
        json!(["one"]),
        "a lone value is a list of one"
    );
    for (given, word) in [
        (json!({}), "id"),
        (json!({ "id": null }), "id"),
        (json!({ "id": 1.5 }), "id"),
        (json!({ "id": true }), "id"),
        (json!({ "id": "a", "c": "BLUE" }), "BLUE"),
        (json!({ "id": "a", "c": 1 }), "Color"),
        (json!({ "id": "a", "r": "1.5" }), "Float"),
        (json!({ "id": "a", "f": "true" }), "Boolean"),
        (json!({ "id": "a", "t": [1] }), "String"),
        (json!({ "id": "a", "t": [null] }), "String!"),
    ] {
        let (reason, message) = prepare(text, &given).unwrap_err();
        assert_eq!(reason, Reason::Variables, "{given}: {message}");
        assert!(message.contains(word), "{given}: {message}");
    }
    let text = "query Q($n: Int!, $f: Filter) { list(limit: $n, filter: $f) }";
    for (given, word) in [
        (json!({ "n": 2_147_483_648_i64 }), "Int"),
        (json!({ "n": "5" }), "Int"),
        (json!({ "n": 1.5 }), "Int"),
        (json!({ "n": 1, "f": { "words": ["a"], "wrods": 1 } }), "wrods"),
        (json!({ "n": 1, "f": {} }), "Filter.words"),
        (
            json!({ "n": 1, "f": { "words": [], "within": { "words": null } } }),
            "words",
        ),
    ] {
        let (reason, message) = prepare(text, &given).unwrap_err();
        assert!(
            reason == Reason::Variables && message.contains(word),
            "{given}: {message}"
        );
    }
    let text = "query Q($t: Time) { at(time: $t) }";
    assert!(prepare(text, &json!({ "t": "now" })).is_ok());
    let refused = prepare(text, &json!({ "t": "then" })).unwrap_err();
    assert_eq!(refused, (Reason::Variables, "`$t`: `then` is no time".to_owned()));
}

#[test]
fn documents_are_checked_as_the_specification_says() {
    for (text, word) in [
        ("{", "GraphQL"),
        ("{ nonsense }", "nonsense"),
        ("query Q($n: String) { list(limit: $n) }", "Int"),
        ("query Q($id: ID) { item(id: $id) }", "ID!"),
        ("query Q($id: ID = null) { item(id: $id) }", "ID!"),
        ("query Q($id: ID!) { list }", "not used"),
        ("{ item(id: $id) }", "not a variable"),
        ("{ item(id: \"a\", color: \"RED\") }", "Color"),
        ("{ list(limit: \"5\") }", "Int"),
        ("{ list(limit: 2147483648) }", "Int"),
        ("{ list(limit: null) }", "null"),
        ("{ __typename @nonsense }", "nonsense"),
        ("query Q @nonsense { __typename }", "nonsense"),
        ("{ at(time: \"then\") }", "no time"),
        ("subscription { x }", "subscription"),
        ("{ ...F } fragment F on Query { ...F }", "F"),
        ("mutation { send(text: \"a\") send(text: \"a\") }", "twice"),
        (
            "mutation { send(text: \"a\") ... on Mutation { send(text: \"a\") } }",
            "twice",
        ),
        (
            "mutation { ...F ...F send(text: \"a\") } fragment F on Mutation { send(text: \"a\") }",
            "twice",
        ),
        (
            "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
            "too deep",
        ),
    ] {
        let (reason, message) = prepare(text, &json!({})).unwrap_err();
        assert!(
            reason == Reason::Document && message.contains(word),
            "{text}: {message}"
        );
    }
    for text in ["", " # nothing\n", "fragment F on Query { __typename }"] {
        let (reason, message) = prepare(text, &json!({})).unwrap_err();
        assert_eq!(
            (reason, message.as_str()),
            (Reason::Operation, "the document has no operation")
        );
    }
    for text in [
        "query Q($n: Int = null) { list(limit: $n) }",
        "mutation { a: send(text: \"a\") b: send(text: \"a\") __typename ... { __typename } }",
        "query Q($x: Boolean! = true) { __typename @include(if: $x) }",
        "\"Described.\" query Q(\"And this.\" $n: Int @bounds(max: 3)) @tool(title: \"T\") { list(limit: $n) }",
    ] {
        assert!(prepare(text, &json!({})).is_ok(), "{text}");
    }
}

#[test]
fn what_costs_too_much_is_refused_by_the_costs_of_tools() {
    let lists = |count: usize, limit: &str| {
        let lists = (0..count).map(|index| format!("a{index}: list(limit: {limit}) "));
        let lists: String = lists.collect::<Vec<_>>().concat();
        format!("query Q($n: Int) {{ {lists} }}")
    };
    assert!(prepare(&lists(2, "$n"), &json!({ "n": 100 })).is_ok());
    let (reason, message) = prepare(&lists(3, "$n"), &json!({ "n": 100 })).unwrap_err();
    assert!(
        reason == Reason::Size && message.contains("tokens of result; the budget is 2000"),
        "{message}"
    );
    assert!(
        prepare(&lists(3, "$n"), &json!({ "n": 5 })).is_ok(),
        "a page is as long as its variable says"
    );
    assert!(
        prepare(&lists(3, "$n"), &json!({})).is_ok(),
        "or the default of its argument"
    );
    let (reason, message) = prepare(&lists(1, "$n"), &json!({ "n": 101 })).unwrap_err();
    assert!(
        reason == Reason::Size && message.contains("`limit` takes 1 to 100"),
        "{message}"
    );
}
