//! What passes, what is refused, and that measuring takes no time.

use super::*;

const LIMITS: Limits = Limits {
    body: 1000,
    depth: 3,
    fields: 6,
    aliases: 2,
    cost: 1000,
};

fn check(document: &str) -> Result<(), String> {
    let document = async_graphql::parser::parse_query(document).unwrap();
    LIMITS
        .check(&document, &Variables::default())
        .map_err(|refusal| refusal.message)
}

#[test]
fn what_is_within_the_limits_passes() {
    for document in [
        "{ a { b { c } } }",
        "{ a b c d e f }",
        "{ x: a y: b }",
        "{ a { ...F } } fragment F on T { b { c } }",
    ] {
        assert_eq!(check(document), Ok(()), "{document}");
    }
}

#[test]
fn what_is_beyond_them_is_refused_with_the_limit() {
    for (document, expected) in [
        ("{ a { b { c { d } } } }", "more than 3 levels"),
        (
            "{ a { ...F } } fragment F on T { b { ... on T { c { d } } } }",
            "more than 3 levels",
        ),
        ("{ a b c d e f g }", "7 fields, at most 6"),
        ("query A { a b c d } query B { a b c }", "7 fields, at most 6"),
        ("{ ...F } fragment F on T { a ...F }", "`F` contains itself"),
        ("{ x: a y: a z: a }", "3 aliases, at most 2"),
    ] {
        let message = check(document).unwrap_err();
        assert!(message.contains(expected), "{document}: {message}");
    }
}

#[test]
fn a_few_fragments_that_stand_for_millions_of_fields_are_counted_quickly() {
    let limits = Limits { depth: 20, ..LIMITS };
    for last in ["a", "...Missing"] {
        let fragments = (0..40).map(|index| {
            let next = index + 1;
            format!("fragment F{index} on T {{ ...F{next} ...F{next} }}")
        });
        let fragments = fragments.collect::<Vec<_>>().join(" ");
        let document = format!("{{ ...F0 }} {fragments} fragment F40 on T {{ {last} }}");
        let document = async_graphql::parser::parse_query(document).unwrap();
        let refusal = limits.check(&document, &Variables::default()).unwrap_err();
        assert!(refusal.message.contains("1099511627776 fields"), "{}", refusal.message);
    }
}

fn cost(document: &str, variables: serde_json::Value) -> Result<(), String> {
    let limits = Limits {
        cost: 100,
        ..Limits::default()
    };
    let document = async_graphql::parser::parse_query(document).unwrap();
    limits
        .check(&document, &Variables::from_json(variables))
        .map_err(|refusal| refusal.message)
}

#[test]
fn pages_are_counted_by_their_length_and_multiplied_in_one_another() {
    let none = serde_json::json!({});
    let given = serde_json::json!({"n": 20});
    for (document, variables, counted) in [
        ("{ a(limit: 33) { b c d } }", &none, None),
        ("{ a(limit: 34) { b c d } }", &none, Some("103 fields")),
        ("{ a(limit: 5) { nodes { b(first: 5) { c } } } }", &none, None),
        (
            "{ a(limit: 5) { nodes { b(first: 18) { c } } } }",
            &none,
            Some("101 fields"),
        ),
        ("query ($n: Int = 7) { a(max: $n) { b c d e f } }", &none, None),
        (
            "query ($n: Int = 7) { a(max: $n) { b c d e f } }",
            &given,
            Some("101 fields"),
        ),
        (
            "query ($n: Int) { a(count: $n) { b c d e f } }",
            &none,
            Some("101 fields"),
        ),
        ("{ a { nodes { b c d } } }", &none, None),
        (
            "{ a { ...P } } fragment P on T { nodes { b c d e } }",
            &none,
            Some("101 fields"),
        ),
        (
            "{ a { nodes { a { nodes { a { nodes { b } } } } } } }",
            &none,
            Some("16841 fields"),
        ),
    ] {
        let result = cost(document, variables.clone());
        match counted {
            None => assert_eq!(result, Ok(()), "{document}"),
            Some(counted) => {
                let message = result.unwrap_err();
                let whole = message.contains(counted) && message.contains("at most 100 are allowed: lower `limit`");
                assert!(whole, "{document}: {message}");
            }
        }
    }
}

#[test]
fn what_is_shipped_passes_and_pages_in_pages_in_pages_do_not() {
    let pasted = |path: &str, variables: serde_json::Value| {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(root.join("queries").join(path)).unwrap();
        let document = async_graphql::parser::parse_query(toolgen::strip(&text)).unwrap();
        Limits::default()
            .check(&document, &Variables::from_json(variables))
            .map_err(|refusal| refusal.message)
    };
    let defaults = serde_json::json!({});
    for path in [
        "datadog/datadog_create_alert.graphql",
        "datadog/datadog_query_metrics.graphql",
        "github/github_get_repo.graphql",
        "github/github_search_repos.graphql",
        "joined/monitor_context.graphql",
        "slack/slack_get_history.graphql",
        "slack/slack_search.graphql",
        "slack/slack_send_message.graphql",
    ] {
        assert_eq!(pasted(path, defaults.clone()), Ok(()), "{path}");
    }
    let longest = serde_json::json!({"id": "40", "limit": 200});
    assert_eq!(pasted("joined/monitor_context.graphql", longest), Ok(()));

    let page = "history(limit: 200) { nodes { channel {";
    let document = format!("{{ slack {{ {} id {} }} }}", page.repeat(3), "} } }".repeat(3));
    let document = async_graphql::parser::parse_query(document).unwrap();
    assert!(Limits::default().check(&document, &Variables::default()).is_err());
}

#[test]
fn text_that_would_exhaust_the_parser_is_refused_before() {
    assert!(check_nesting(&"{a".repeat(100_000)).is_err());
    assert!(check_nesting(&"[".repeat(100_000)).is_err());
    assert!(check_nesting(&"{a}".repeat(1000)).is_ok());
    let nested = |levels| format!("{}{}", "{a".repeat(levels), "}".repeat(levels));
    assert!(check_nesting(&nested(61)).is_err());
    // Whatever passes is within the parser's own limit.
    assert!(check_nesting(&nested(60)).is_ok());
    assert!(async_graphql::parser::parse_query(nested(60)).is_ok());
}
