//! The JSON Schema of a shaped result: exact, and small.
//!
//! Nothing but `__typename` is `required`: a part may be missing because its backend is. Null keys are left out, so a
//! property has one type; null scalars keep their place in a list, so there `null` is one of two.

use crate::options::{Options, Scalar};
use crate::selection::{Below, Picked, Selection};
use crate::shape::{self, Root, TYPENAME};
use apollo_compiler::schema::{ExtendedType, Type};
use apollo_compiler::{Name, Schema};
use serde_json::{Map, Value, json};

/// Keys of the result that are not the operation's.
pub(crate) const RESERVED: [&str; 2] = ["problems", "truncated"];

/// Writes output schemas.
pub(crate) struct Outputs<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) options: &'a Options,
}

impl Outputs<'_> {
    /// The schema of the whole result.
    pub(crate) fn root(&self, selection: &Selection<'_>) -> Map<String, Value> {
        let own = || {
            RESERVED
                .into_iter()
                .zip(["Parts that are missing, and why.", "What was cut, and how to get it."])
                .map(|(key, description)| {
                    let schema = json!({"type": "array", "items": {"type": "object"}, "description": description});
                    (key.to_owned(), schema)
                })
        };
        match shape::unwrap(selection).1 {
            Root::Object(keys) => object(self.properties(keys).into_iter().chain(own()).collect(), None),
            Root::Abstract(variants) => {
                let branches: Vec<_> = variants
                    .iter()
                    .map(|(name, keys)| object(self.properties(keys).into_iter().chain(own()).collect(), Some(name)))
                    .collect();
                Map::from_iter([
                    ("type".to_owned(), json!("object")),
                    ("anyOf".to_owned(), json!(branches)),
                ])
            }
        }
    }

    fn properties(&self, selection: &[Picked<'_>]) -> Map<String, Value> {
        selection
            .iter()
            .map(|picked| (picked.key.to_owned(), self.value(picked.ty(), &picked.below)))
            .collect()
    }

    fn value(&self, ty: &Type, below: &Below<'_>) -> Value {
        match ty {
            Type::List(item) | Type::NonNullList(item) => {
                let schema = self.value(item, below);
                let items = if keeps_null(item, below) {
                    json!({"anyOf": [schema, {"type": "null"}]})
                } else {
                    schema
                };
                json!({"type": "array", "items": items})
            }
            Type::Named(name) | Type::NonNullNamed(name) => match below {
                Below::Leaf => self.leaf(name),
                Below::Object(selection) => match shape::single(selection) {
                    Some(only) => self.value(only.ty(), &only.below),
                    None => Value::Object(object(self.properties(selection), None)),
                },
                Below::Abstract(variants) => {
                    let branches: Vec<_> = variants
                        .iter()
                        .map(|(name, keys)| object(self.properties(keys), Some(name)))
                        .collect();
                    json!({"anyOf": branches})
                }
            },
        }
    }

    fn leaf(&self, name: &str) -> Value {
        if let Some(ExtendedType::Enum(names)) = self.schema.types.get(name) {
            return json!({"type": "string", "enum": names.values.keys().map(Name::as_str).collect::<Vec<_>>()});
        }
        match self.options.scalar(name) {
            Scalar::Id | Scalar::String => json!({"type": "string"}),
            Scalar::Int => json!({"type": "integer"}),
            Scalar::Float => json!({"type": "number"}),
            Scalar::Boolean => json!({"type": "boolean"}),
            // Not `{}`: clients take that for a mistake.
            Scalar::Any => json!({"anyOf": [
                {"type": "string"}, {"type": "number"}, {"type": "boolean"}, {"type": "array"}, {"type": "object"}
            ]}),
        }
    }
}

/// Whether an element of a list may be `null` in the result: where it is, or collapses to, a scalar that may be.
fn keeps_null(ty: &Type, below: &Below<'_>) -> bool {
    match below {
        Below::Leaf => !ty.is_list() && !ty.is_non_null(),
        Below::Object(selection) if !ty.is_list() => {
            shape::single(selection).is_some_and(|only| keeps_null(only.ty(), &only.below))
        }
        Below::Object(_) | Below::Abstract(_) => false,
    }
}

fn object(properties: Map<String, Value>, variant: Option<&str>) -> Map<String, Value> {
    let mut properties = properties;
    let mut schema = Map::from_iter([("type".to_owned(), json!("object"))]);
    if let Some(name) = variant {
        properties.insert(TYPENAME.to_owned(), json!({"type": "string", "const": name}));
        schema.insert("required".to_owned(), json!([TYPENAME]));
    }
    schema.insert("properties".to_owned(), Value::Object(properties));
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema
}
