//! Documents that come with requests, against the shipped schema: each of its lists has a length, so that none is refused
//! because nobody said how long it is; and introspection counts.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test says so when something is wrong"
)]

#[path = "support/shipped.rs"]
mod support;

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use serde_json::Map;
use std::collections::BTreeSet;
use toolgen::{Budget, Reason, Request};

/// A query that selects this field by the shortest way from the root, with a value for each argument that needs one.
fn query_of(schema: &Schema, wanted: (&str, &str)) -> Option<String> {
    let mut ways: Vec<(&str, Vec<String>)> = vec![("Query", Vec::new())];
    let mut seen = BTreeSet::new();
    let mut next = 0;
    while let Some((ty, way)) = ways.get(next).cloned() {
        next += 1;
        let fields: Vec<_> = match &schema.types[ty] {
            ExtendedType::Object(object) => object.fields.values().collect(),
            ExtendedType::Union(union) => {
                for member in &union.members {
                    let mut way: Vec<String> = way.clone();
                    way.push(format!("... on {member}"));
                    ways.push((member.as_str(), way));
                }
                Vec::new()
            }
            _ => Vec::new(),
        };
        for field in fields {
            let needed = field.arguments.iter().filter(|argument| argument.is_required());
            let needed: Vec<_> = needed
                .map(|argument| {
                    let value = match argument.ty.inner_named_type().as_str() {
                        "Int" => "1",
                        _ => "\"x\"",
                    };
                    format!("{}: {value}", argument.name)
                })
                .collect();
            let arguments = if needed.is_empty() {
                String::new()
            } else {
                format!("({})", needed.join(", "))
            };
            let mut way: Vec<String> = way.clone();
            way.push(format!("{}{arguments}", field.name));
            let below = field.ty.inner_named_type().as_str();
            if (ty, field.name.as_str()) == wanted {
                let is_leaf = schema.types.get(below).is_none_or(ExtendedType::is_leaf);
                let leaf = if is_leaf { "" } else { " { __typename }" };
                return Some(format!("{{ {}{leaf}{} }}", way.join(" { "), " }".repeat(way.len() - 1)));
            }
            if seen.insert(below.to_owned()) && schema.types.get(below).is_some_and(|ty| !ty.is_leaf()) {
                ways.push((below, way));
            }
        }
    }
    None
}

#[test]
fn each_list_of_the_schema_has_a_length() {
    let schema = Schema::parse_and_validate(support::SCHEMA.as_str(), "braid.graphql").unwrap();
    let mut lists = 0;
    for (name, ty) in &schema.types {
        let ExtendedType::Object(object) = ty else { continue };
        for field in object.fields.values().filter(|field| field.ty.is_list()) {
            let Some(query) = query_of(&schema, (name, &field.name)) else {
                // Introspection, and what only a mutation gives.
                assert!(name.starts_with("__"), "{name}.{} cannot be asked for", field.name);
                continue;
            };
            if let Err(refused) = support::check_request(&query) {
                panic!("{query}: {:#?}", refused.diagnostics);
            }
            lists += 1;
        }
    }
    assert!(lists > 10, "{lists}");
}

#[test]
fn introspection_costs_what_it_gives() {
    let tokens = |text: &str| match support::check_request(text) {
        Ok(checked) => checked.cost.result_tokens,
        Err(refused) => panic!("{text}: {:#?}", refused.diagnostics),
    };
    let types = tokens("{ __schema { types { name } } }");
    assert!((200..2_000).contains(&types), "{types}");
    let fields = tokens("{ __schema { types { fields { name args { name type { name } } } } } }");
    assert!((2_000..50_000).contains(&fields), "{fields}");
    let twice = "{ __schema { types { fields { type { fields { name } } } } } }";
    assert!(tokens(twice) > fields);
    let refused = support::COMPILER.check_request(&Request {
        text: twice,
        operation: None,
        variables: &Map::new(),
        budget: &Budget {
            result_tokens: Some(1_000),
            ..Budget::default()
        },
    });
    assert_eq!(refused.unwrap_err().reason, Reason::Size);
}
