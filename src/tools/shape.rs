//! Where a part of a response stands in the shaped result: the way through what was unwrapped, collapsed and left out.
//! The shaping itself is `toolgen::shape::apply`; this follows it.

use super::path::{Path, Step};
use async_graphql::PathSegment;
use serde_json::Value;
use toolgen::shape::stays;
use toolgen::spec::{RootShape, Shape};

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
            if stays(element, here) {
                let gone = value.as_array().map_or(0, |all| {
                    all.iter().take(*index).filter(|value| !stays(element, value)).count()
                });
                steps.push(Step::Index(index - gone));
                follow(element, here, path, steps);
            }
        }
        (Shape::Object(fields), PathSegment::Field(taken)) => step_into(fields, taken, value, path, steps),
        (Shape::Abstract(types), PathSegment::Field(taken)) => {
            let name = value.get("__typename").and_then(Value::as_str);
            let fields = name.and_then(|name| types.get(name));
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
