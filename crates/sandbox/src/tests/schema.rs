//! The GitHub stand-in's schema against GitHub's own.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::{
    parse_schema,
    types::{FieldDefinition, InputValueDefinition, TypeKind, TypeSystemDefinition},
};

use super::super::github;

/// What a schema says, each thing as one line: a field with its arguments and type, an enum's value, a union's member.
fn facts(sdl: &str) -> BTreeSet<String> {
    let document = parse_schema(sdl).unwrap();
    let mut facts = BTreeSet::new();
    for definition in document.definitions {
        let TypeSystemDefinition::Type(definition) = definition else {
            continue;
        };
        let name = definition.node.name.node.to_string();
        match definition.node.kind {
            TypeKind::Scalar => drop(facts.insert(format!("scalar {name}"))),
            TypeKind::Object(object) => {
                facts.extend(
                    object
                        .implements
                        .iter()
                        .map(|other| format!("{name} implements {}", other.node)),
                );
                facts.extend(object.fields.iter().flat_map(|field| field_facts(&name, &field.node)));
            }
            TypeKind::Interface(interface) => {
                facts.extend(
                    interface
                        .fields
                        .iter()
                        .flat_map(|field| field_facts(&name, &field.node)),
                );
            }
            TypeKind::Union(union) => {
                facts.extend(union.members.iter().map(|member| format!("{name} = {}", member.node)));
            }
            TypeKind::Enum(values) => facts.extend(
                values
                    .values
                    .iter()
                    .map(|value| format!("{name} = {}", value.node.value.node)),
            ),
            TypeKind::InputObject(input) => facts.extend(input.fields.iter().map(|field| argument(&name, &field.node))),
        }
    }
    facts
}

fn field_facts(of: &str, field: &FieldDefinition) -> Vec<String> {
    let place = format!("{of}.{}", field.name.node);
    let mut facts = vec![format!("{place}: {}", field.ty.node)];
    facts.extend(field.arguments.iter().map(|input| argument(&place, &input.node)));
    facts
}

fn argument(of: &str, input: &InputValueDefinition) -> String {
    let default = input
        .default_value
        .as_ref()
        .map(|value| format!(" = {}", value.node))
        .unwrap_or_default();
    format!("{of}({}: {}{default})", input.name.node, input.ty.node)
}

/// Runs where `GITHUB_SCHEMA` names GitHub's whole public schema, e.g. `schema.graphql` of the npm package
/// `@octokit/graphql-schema`; it is not kept here.
#[test]
fn it_says_nothing_that_githubs_does_not() {
    let Ok(path) = std::env::var("GITHUB_SCHEMA") else {
        return;
    };
    let whole = facts(&std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")));
    let ours = facts(&github::sdl());
    let strange: Vec<&String> = ours.difference(&whole).collect();
    assert!(strange.is_empty(), "GitHub's schema has none of these:\n{strange:#?}");
}

/// `schema/github.graphql` is what Braid asks GitHub in; a sandbox without all of it would refuse good queries.
#[test]
fn it_answers_all_that_is_asked_of_github() {
    let without_defaults = |facts: BTreeSet<String>| -> BTreeSet<String> {
        facts
            .into_iter()
            .map(|fact| {
                fact.split(" = {")
                    .next()
                    .unwrap_or_default()
                    .trim_end_matches(')')
                    .to_owned()
            })
            .collect()
    };
    let ours = without_defaults(facts(&github::sdl()));
    let asked = without_defaults(facts(include_str!("../../../../schema/github.graphql")));
    let unanswered: Vec<&String> = asked.difference(&ours).collect();
    assert!(unanswered.is_empty(), "{unanswered:#?}");
}

/// A fragment on a type that an interface of ours lacks would be refused here and taken by GitHub.
#[test]
fn its_interfaces_have_the_members_that_clients_ask_about() {
    let ours = facts(&github::sdl());
    let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for fact in &ours {
        if let Some((member, interface)) = fact.split_once(" implements ") {
            members.entry(interface).or_default().insert(member);
        }
    }
    assert_eq!(
        members["Actor"],
        ["Bot", "EnterpriseUserAccount", "Mannequin", "Organization", "User"].into()
    );
    assert_eq!(members["RepositoryOwner"], ["Organization", "User"].into());
    assert!(
        members["UniformResourceLocatable"]
            .is_superset(&["Commit", "Issue", "PullRequest", "Release", "Repository", "User"].into())
    );
}
