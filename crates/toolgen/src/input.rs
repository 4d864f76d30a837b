//! From a variable's type to what an argument takes, and to the JSON Schema that says so.
//!
//! The schema keeps to what all clients take: one `type` each, nothing referenced, nothing at the root but properties.

use crate::literal;
use crate::options::{Options, Scalar};
use crate::spec::{Argument, Bounds, Input};
use apollo_compiler::Schema;
use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::schema::{ExtendedType, Type};
use serde_json::{Map, Value, json};

/// How often an input type may stand within itself before its further mentions are left out.
const DEEPEST_RECURSION: usize = 2;

/// What an input could not say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// An input type contains itself; below some depth the field is left out.
    Recursion { ty: String, field: String },
    /// The same, where the field is required: no value could be given.
    EndlessRecursion { ty: String, field: String },
}

/// Reads input types.
pub(crate) struct Inputs<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) options: &'a Options,
    /// What was left out, each once.
    pub(crate) gaps: Vec<Gap>,
}

impl Inputs<'_> {
    /// What a value of the type may be.
    pub(crate) fn of(&mut self, ty: &Type) -> Input {
        self.within(ty, &mut Vec::new())
    }

    fn within(&mut self, ty: &Type, trail: &mut Vec<String>) -> Input {
        if ty.is_list() {
            let item = ty.item_type();
            return Input::List {
                item: Box::new(self.within(item, trail)),
                nullable: !item.is_non_null(),
            };
        }
        let name = ty.inner_named_type().as_str();
        match self.schema.types.get(name) {
            Some(ExtendedType::Enum(names)) => Input::Enum(names.values.keys().map(ToString::to_string).collect()),
            Some(ExtendedType::InputObject(object)) => {
                trail.push(name.to_owned());
                let fields: Vec<_> = object.fields.values().cloned().collect();
                let fields = fields
                    .iter()
                    .filter_map(|field| self.field(name, field, trail))
                    .collect();
                trail.pop();
                Input::Object(fields)
            }
            _ => match self.options.scalar(name) {
                Scalar::Id => Input::Id,
                Scalar::String => Input::String,
                Scalar::Int => Input::Int,
                Scalar::Float => Input::Float,
                Scalar::Boolean => Input::Boolean,
                Scalar::Any => Input::Any,
            },
        }
    }

    fn field(&mut self, ty: &str, field: &InputValueDefinition, trail: &mut Vec<String>) -> Option<Argument> {
        let below = field.ty.inner_named_type().as_str();
        if trail.iter().filter(|above| *above == below).count() > DEEPEST_RECURSION {
            let (ty, name) = (ty.to_owned(), field.name.to_string());
            let gap = if field.is_required() {
                Gap::EndlessRecursion { ty, field: name }
            } else {
                Gap::Recursion { ty, field: name }
            };
            if !self.gaps.contains(&gap) {
                self.gaps.push(gap);
            }
            return None;
        }
        let input = self.within(&field.ty, trail);
        let default = field.default_value.as_ref().and_then(|value| literal::to_json(value));
        Some(Argument {
            name: field.name.to_string(),
            description: field.description.as_ref().map(ToString::to_string),
            required: field.is_required(),
            nullable: !field.ty.is_non_null(),
            default: default
                .map(|value| literal::coerced(value, &input))
                .filter(|value| !value.is_null()),
            bounds: Bounds::default(),
            examples: Vec::new(),
            input,
        })
    }
}

/// The JSON Schema of a tool's arguments.
/// The JSON Schema of an object with these arguments and no others.
pub fn schema(arguments: &[Argument]) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert(
        "properties".to_owned(),
        arguments
            .iter()
            .map(|argument| (argument.name.clone(), Value::Object(property(argument))))
            .collect(),
    );
    let required: Vec<_> = arguments
        .iter()
        .filter(|argument| argument.required)
        .map(|it| it.name.as_str())
        .collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    schema
}

fn property(argument: &Argument) -> Map<String, Value> {
    let mut property = value(&argument.input);
    let Bounds {
        min,
        max,
        min_length,
        max_length,
    } = argument.bounds;
    let (shortest, longest) = match argument.input {
        Input::List { .. } => ("minItems", "maxItems"),
        _ => ("minLength", "maxLength"),
    };
    for (key, bound) in [("minimum", min.map(number)), ("maximum", max.map(number))]
        .into_iter()
        .chain([
            (shortest, min_length.map(Value::from)),
            (longest, max_length.map(Value::from)),
        ])
    {
        if let Some(bound) = bound {
            property.insert(key.to_owned(), bound);
        }
    }
    if let Some(default) = &argument.default {
        property.insert("default".to_owned(), default.clone());
    }
    if !argument.examples.is_empty() {
        property.insert("examples".to_owned(), Value::Array(argument.examples.clone()));
    }
    if let Some(description) = &argument.description {
        property.insert("description".to_owned(), json!(description));
    }
    property
}

fn value(input: &Input) -> Map<String, Value> {
    let schema = match input {
        Input::Id | Input::String => json!({"type": "string"}),
        Input::Int => json!({"type": "integer"}),
        Input::Float => json!({"type": "number"}),
        Input::Boolean => json!({"type": "boolean"}),
        Input::Enum(names) => json!({"type": "string", "enum": names}),
        Input::List { item, nullable: false } => json!({"type": "array", "items": value(item)}),
        Input::List { item, nullable: true } => {
            json!({"type": "array", "items": {"anyOf": [value(item), {"type": "null"}]}})
        }
        Input::Object(fields) => return schema(fields),
        // Not `{}`: clients take that for a mistake. Some refuse an array without `items` too.
        Input::Any => {
            let flat = [
                json!({"type": "string"}),
                json!({"type": "number"}),
                json!({"type": "boolean"}),
            ];
            let object = json!({"type": "object"});
            let items: Vec<_> = flat.iter().chain([&object]).cloned().collect();
            let any: Vec<_> = items
                .iter()
                .cloned()
                .chain([json!({"type": "array", "items": {"anyOf": items}})])
                .collect();
            json!({"anyOf": any})
        }
    };
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// Whole numbers are written without a fraction.
pub(crate) fn number(bound: f64) -> Value {
    let rounded = bound.round();
    #[expect(clippy::cast_possible_truncation, reason = "within 2^53, where f64 is exact")]
    if (rounded - bound).abs() < f64::EPSILON && bound.abs() < 9e15 {
        json!(rounded as i64)
    } else {
        json!(bound)
    }
}
