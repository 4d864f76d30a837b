//! Where a part of a response stands in the shaped result: the way through what was unwrapped, collapsed and left out.

use super::path::{Path, Step};
use async_graphql::PathSegment;
use serde_json::{Map, Value};
use toolgen::spec::{RootShape, Shape};

/// The result that a response becomes. Never null: an object, empty where nothing came.
pub fn apply(shape: &RootShape, data: &Value) -> Value {
    let inner = shape.unwrap.iter().try_fold(data, |value, key| value.get(key));
    match inner.map(|value| shaped(&shape.inner, value)) {
        Some(Value::Object(object)) => Value::Object(object),
        _ => Value::Object(Map::new()),
    }
}

fn shaped(shape: &Shape, value: &Value) -> Value {
    match (shape, value) {
        (Shape::List(element), Value::Array(elements)) => elements
            .iter()
            .filter(|value| keeps_its_place(element, value))
            .map(|value| shaped(element, value))
            .collect(),
        (Shape::Object(fields), Value::Object(object)) => fields_of(fields, object),
        (Shape::Abstract(types), Value::Object(object)) => match fields_by_type(types, object) {
            Some(fields) => fields_of(fields, object),
            None => object.get("__typename").map_or(Value::Null, |name| {
                Value::Object(Map::from_iter([("__typename".to_owned(), name.clone())]))
            }),
        },
        (Shape::Collapse { key, inner }, Value::Object(object)) => {
            object.get(key).map_or(Value::Null, |value| shaped(inner, value))
        }
        (Shape::Leaf, value) => value.clone(),
        _ => Value::Null,
    }
}

fn fields_of(fields: &[(String, Shape)], object: &Map<String, Value>) -> Value {
    fields
        .iter()
        .filter_map(|(key, shape)| Some((key.clone(), shaped(shape, object.get(key)?))))
        .filter(|(_, value)| !value.is_null())
        .collect::<Map<_, _>>()
        .into()
}

fn fields_by_type<'a>(
    types: &'a std::collections::BTreeMap<String, Vec<(String, Shape)>>,
    object: &Map<String, Value>,
) -> Option<&'a Vec<(String, Shape)>> {
    object
        .get("__typename")
        .and_then(Value::as_str)
        .and_then(|name| types.get(name))
}

/// Null objects leave a list, null scalars keep their place.
fn keeps_its_place(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::Leaf | Shape::List(_) => true,
        Shape::Object(_) | Shape::Abstract(_) => !value.is_null(),
        Shape::Collapse { key, inner } => match value {
            Value::Object(object) => keeps_its_place(inner, object.get(key).unwrap_or(&Value::Null)),
            _ => false,
        },
    }
}

/// Where the place `path` of the response `data` stands in the result. An element that left its list ends the way at the
/// list; what came off at the root is named by the last key that came off.
pub fn locate(shape: &RootShape, data: &Value, path: &[PathSegment]) -> Path {
    let mut path = path.iter();
    let mut value = data;
    for (depth, key) in shape.unwrap.iter().enumerate() {
        match path.next() {
            Some(PathSegment::Field(taken)) if taken == key => {}
            _ => return Path::default(),
        }
        match value.get(key) {
            Some(inner) if !inner.is_null() => value = inner,
            _ => {
                let name = shape.unwrap.get(depth).into_iter().cloned().map(Step::Key);
                return Path(name.collect());
            }
        }
    }
    let mut steps = Vec::new();
    follow(&shape.inner, value, &mut path, &mut steps);
    Path(steps)
}

fn follow(shape: &Shape, value: &Value, path: &mut std::slice::Iter<'_, PathSegment>, steps: &mut Vec<Step>) {
    let Some(segment) = path.next() else {
        return;
    };
    let null = Value::Null;
    match (shape, segment) {
        (Shape::Collapse { key, inner }, PathSegment::Field(taken)) if taken == key => {
            follow(inner, value.get(key).unwrap_or(&null), path, steps);
        }
        (Shape::List(element), PathSegment::Index(index)) => {
            let here = value.get(index).unwrap_or(&null);
            if keeps_its_place(element, here) {
                let gone = value.as_array().map_or(0, |all| {
                    all.iter()
                        .take(*index)
                        .filter(|value| !keeps_its_place(element, value))
                        .count()
                });
                steps.push(Step::Index(index - gone));
                follow(element, here, path, steps);
            }
        }
        (Shape::Object(fields), PathSegment::Field(taken)) => step_into(fields, taken, value, path, steps),
        (Shape::Abstract(types), PathSegment::Field(taken)) => {
            let fields = value.as_object().and_then(|object| fields_by_type(types, object));
            step_into(fields.map_or(&[][..], Vec::as_slice), taken, value, path, steps);
        }
        _ => {}
    }
}

fn step_into(
    fields: &[(String, Shape)],
    taken: &str,
    value: &Value,
    path: &mut std::slice::Iter<'_, PathSegment>,
    steps: &mut Vec<Step>,
) {
    steps.push(Step::Key(taken.to_owned()));
    if let Some((_, shape)) = fields.iter().find(|(key, _)| key == taken) {
        follow(shape, value.get(taken).unwrap_or(&Value::Null), path, steps);
    }
}

#[cfg(test)]
mod tests;
