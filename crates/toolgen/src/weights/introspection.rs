//! What the fields of introspection weigh: their lists are as long as the schema is.
//!
//! Lists are counted by their mean length, not their greatest: a query for the whole schema is what clients send, and its
//! answer is the sum of all of them. How deep they are nested is bounded elsewhere, so that means stay near the truth.

use super::Weight;
use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use std::collections::HashMap;

/// A description or a reason, in tokens.
const TEXT: u64 = 25;

/// The weights, by type and field.
pub(super) fn of(schema: &Schema) -> impl Iterator<Item = (&'static str, HashMap<String, Weight>)> {
    let counts = Counts::of(schema);
    let described = |lists: &[(&str, u64)]| {
        let lists = lists.iter().map(|(field, most)| {
            let weight = Weight {
                most: Some((*most).max(1)),
                together: 1,
                ..Weight::default()
            };
            ((*field).to_owned(), weight)
        });
        let texts = ["description", "deprecationReason", "defaultValue"].map(|field| {
            let weight = Weight {
                tokens: Some(TEXT),
                together: 1,
                ..Weight::default()
            };
            (field.to_owned(), weight)
        });
        lists.chain(texts).collect()
    };
    let all: [(_, &[_]); 6] = [
        (
            "__Schema",
            &[("types", counts.types), ("directives", counts.directives)],
        ),
        (
            "__Type",
            &[
                ("fields", mean(counts.fields, counts.composites)),
                ("interfaces", mean(counts.interfaces, counts.composites)),
                ("possibleTypes", mean(counts.members, counts.abstracts)),
                ("enumValues", mean(counts.values, counts.enums)),
                ("inputFields", mean(counts.input_fields, counts.inputs)),
            ],
        ),
        ("__Field", &[("args", mean(counts.arguments, counts.fields))]),
        (
            "__Directive",
            &[
                ("args", mean(counts.directive_arguments, counts.directives)),
                ("locations", mean(counts.locations, counts.directives)),
            ],
        ),
        ("__InputValue", &[]),
        ("__EnumValue", &[]),
    ];
    all.map(|(ty, lists)| (ty, described(lists))).into_iter()
}

#[derive(Default)]
struct Counts {
    types: u64,
    directives: u64,
    directive_arguments: u64,
    locations: u64,
    composites: u64,
    fields: u64,
    arguments: u64,
    interfaces: u64,
    abstracts: u64,
    members: u64,
    enums: u64,
    values: u64,
    inputs: u64,
    input_fields: u64,
}

impl Counts {
    fn of(schema: &Schema) -> Self {
        let mut counts = Self {
            types: count(schema.types.len()),
            directives: count(schema.directive_definitions.len()),
            ..Self::default()
        };
        for directive in schema.directive_definitions.values() {
            counts.directive_arguments += count(directive.arguments.len());
            counts.locations += count(directive.locations.len());
        }
        for ty in schema.types.values() {
            let (fields, interfaces) = match ty {
                ExtendedType::Object(object) => (&object.fields, &object.implements_interfaces),
                ExtendedType::Interface(interface) => {
                    counts.abstracts += 1;
                    (&interface.fields, &interface.implements_interfaces)
                }
                ExtendedType::Union(union) => {
                    counts.abstracts += 1;
                    counts.members += count(union.members.len());
                    continue;
                }
                ExtendedType::Enum(names) => {
                    counts.enums += 1;
                    counts.values += count(names.values.len());
                    continue;
                }
                ExtendedType::InputObject(input) => {
                    counts.inputs += 1;
                    counts.input_fields += count(input.fields.len());
                    continue;
                }
                ExtendedType::Scalar(_) => continue,
            };
            counts.composites += 1;
            counts.fields += count(fields.len());
            counts.arguments += fields.values().map(|field| count(field.arguments.len())).sum::<u64>();
            counts.interfaces += count(interfaces.len());
            // Each is a member of what it implements.
            counts.members += count(interfaces.len());
        }
        counts
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn mean(sum: u64, of: u64) -> u64 {
    sum.div_ceil(of.max(1))
}
