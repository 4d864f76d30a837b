//! GraphQL literals as JSON, and whether a value is one that an argument takes.

use crate::spec::{Argument, Input};
use apollo_compiler::ast;
use serde_json::Value;

/// A literal as JSON. `None` where it holds a variable, or a number that no JSON number says.
pub(crate) fn to_json(literal: &ast::Value) -> Option<Value> {
    Some(match literal {
        ast::Value::Null => Value::Null,
        ast::Value::Enum(name) => Value::String(name.to_string()),
        ast::Value::Variable(_) => return None,
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Float(number) => serde_json::Number::from_f64(number.try_to_f64().ok()?)?.into(),
        ast::Value::Int(number) => match number.as_str().parse::<i64>() {
            Ok(whole) => whole.into(),
            Err(_) => serde_json::Number::from_f64(number.try_to_f64().ok()?)?.into(),
        },
        ast::Value::Boolean(truth) => Value::Bool(*truth),
        ast::Value::List(items) => items.iter().map(|item| to_json(item)).collect::<Option<_>>()?,
        ast::Value::Object(fields) => Value::Object(
            fields
                .iter()
                .map(|(key, value)| Some((key.to_string(), to_json(value)?)))
                .collect::<Option<_>>()?,
        ),
    })
}

/// The value in the form the input schema names: GraphQL takes a lone item for a list, and an integer for an id.
pub(crate) fn coerced(value: Value, input: &Input) -> Value {
    match (input, value) {
        (_, Value::Null) => Value::Null,
        (Input::Id, Value::Number(number)) => Value::String(number.to_string()),
        (Input::List { item, .. }, Value::Array(items)) => {
            items.into_iter().map(|value| coerced(value, item)).collect()
        }
        (Input::List { item, .. }, lone) => Value::Array(vec![coerced(lone, item)]),
        (Input::Object(fields), Value::Object(given)) => given
            .into_iter()
            .map(|(key, value)| match fields.iter().find(|field| field.name == key) {
                Some(field) => (key, coerced(value, &field.input)),
                None => (key, value),
            })
            .collect(),
        (_, value) => value,
    }
}

/// Whether the input takes the value (in its coerced form), bounds aside.
pub(crate) fn takes(input: &Input, value: &Value) -> bool {
    match input {
        Input::Any => true,
        Input::Id | Input::String => value.is_string(),
        Input::Int => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        Input::Float => value.is_number(),
        Input::Boolean => value.is_boolean(),
        Input::Enum(names) => value
            .as_str()
            .is_some_and(|name| names.iter().any(|known| known == name)),
        Input::List { item, nullable } => value.as_array().is_some_and(|items| {
            items
                .iter()
                .all(|value| takes(item, value) || (*nullable && value.is_null()))
        }),
        Input::Object(fields) => value.as_object().is_some_and(|given| {
            let known = |key: &String| fields.iter().any(|field| field.name == *key);
            given.keys().all(known) && fields.iter().all(|field| takes_field(field, given.get(&field.name)))
        }),
    }
}

fn takes_field(field: &Argument, value: Option<&Value>) -> bool {
    match value {
        None => !field.required,
        Some(Value::Null) => field.nullable,
        Some(value) => takes(&field.input, value),
    }
}
