//! The one rule that shapes results: an object that is selected for one field only is replaced by that field.
//!
//! Decided from the document (`root`), carried out on responses (`apply`), so that the output schema knows it.

use crate::selection::{Below, Picked, Selection};
use crate::spec::{RootShape, Shape};
use apollo_compiler::schema::Type;
use serde_json::{Map, Value};

/// The response key that tells which type a value of a union or interface is.
pub(crate) const TYPENAME: &str = "__typename";

/// What remains of a selection once the root's wrappers came off.
pub(crate) enum Root<'s, 'a> {
    /// The keys of an object.
    Object(&'s [Picked<'a>]),
    /// The keys of each type that a union or interface may be.
    Abstract(&'s [(&'a str, Selection<'a>)]),
}

/// Takes the wrappers off a root selection: while the single field is an object, it stands for its parent. What would
/// leave a list or a scalar keeps its last key.
pub(crate) fn unwrap<'s, 'a>(root: &'s Selection<'a>) -> (Vec<String>, Root<'s, 'a>) {
    let mut keys = Vec::new();
    let mut selection: &'s [Picked<'a>] = root;
    while let Some(only) = single(selection).filter(|only| !only.ty().is_list()) {
        match &only.below {
            Below::Leaf => break,
            Below::Object(below) => {
                keys.push(only.key.to_owned());
                selection = below;
            }
            Below::Abstract(variants) => {
                keys.push(only.key.to_owned());
                return (keys, Root::Abstract(variants));
            }
        }
    }
    (keys, Root::Object(selection))
}

/// The shape of an operation's whole response.
pub(crate) fn root(selection: &Selection<'_>) -> RootShape {
    let (unwrap, root) = unwrap(selection);
    let inner = match root {
        Root::Object(keys) => Shape::Object(fields(keys)),
        Root::Abstract(variants) => of_variants(variants),
    };
    RootShape { unwrap, inner }
}

/// The one key of an object that collapses.
pub(crate) fn single<'s, 'a>(selection: &'s [Picked<'a>]) -> Option<&'s Picked<'a>> {
    let mut keys = selection.iter().filter(|picked| picked.key != TYPENAME);
    keys.next().filter(|_| keys.next().is_none())
}

fn fields(selection: &[Picked<'_>]) -> Vec<(String, Shape)> {
    selection
        .iter()
        .map(|picked| (picked.key.to_owned(), of(picked.ty(), &picked.below)))
        .collect()
}

fn of(ty: &Type, below: &Below<'_>) -> Shape {
    match ty {
        Type::List(item) | Type::NonNullList(item) => Shape::List(Box::new(of(item, below))),
        Type::Named(_) | Type::NonNullNamed(_) => match below {
            Below::Leaf => Shape::Leaf,
            Below::Abstract(variants) => of_variants(variants),
            Below::Object(selection) => match single(selection) {
                Some(only) => Shape::Collapse {
                    key: only.key.to_owned(),
                    inner: Box::new(of(only.ty(), &only.below)),
                },
                None => Shape::Object(fields(selection)),
            },
        },
    }
}

fn of_variants(variants: &[(&str, Selection<'_>)]) -> Shape {
    Shape::Abstract(
        variants
            .iter()
            .map(|(name, selection)| ((*name).to_owned(), fields(selection)))
            .collect(),
    )
}

/// The result for a response's `data`. Null keys are left out, and within the items of a list empty lists too, since they
/// would be said over and over; null objects leave their list, null scalars keep their place in it. Always an object; an
/// empty one where nothing came back.
pub fn apply(shape: &RootShape, data: Value) -> Map<String, Value> {
    let mut value = data;
    for key in &shape.unwrap {
        value = take(&mut value, key).unwrap_or_default();
    }
    match apply_to(&shape.inner, value, Keeps::EmptyLists) {
        Some(Value::Object(result)) => result,
        _ => Map::new(),
    }
}

/// What the objects of a place keep, beside what is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// Lists without items: that there is nothing is an answer.
    EmptyLists,
    /// No more.
    Nothing,
}

/// `None`: nothing there; a key is left out, an element leaves its list.
fn apply_to(shape: &Shape, mut value: Value, keeps: Keeps) -> Option<Value> {
    match shape {
        Shape::Leaf => Some(value),
        Shape::List(item) => {
            let Value::Array(items) = value else { return None };
            let items = items.into_iter();
            Some(
                items
                    .filter_map(|value| apply_to(item, value, Keeps::Nothing))
                    .collect(),
            )
        }
        Shape::Collapse { key, inner } => apply_to(inner, take(&mut value, key)?, keeps),
        Shape::Object(fields) => value.is_object().then(|| apply_to_fields(fields, value, keeps)),
        Shape::Abstract(variants) => {
            let fields = variants.get(value.get(TYPENAME)?.as_str()?)?;
            Some(apply_to_fields(fields, value, keeps))
        }
    }
}

/// Whether `apply` keeps an element of this shape in its list: whoever counts the elements of a result needs to know.
pub fn stays(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::Leaf => true,
        Shape::List(_) => value.is_array(),
        Shape::Collapse { key, inner } => value.get(key).is_some_and(|value| stays(inner, value)),
        Shape::Object(_) => value.is_object(),
        Shape::Abstract(variants) => value
            .get(TYPENAME)
            .and_then(Value::as_str)
            .is_some_and(|name| variants.contains_key(name)),
    }
}

fn apply_to_fields(fields: &[(String, Shape)], mut value: Value, keeps: Keeps) -> Value {
    let mut result = Map::with_capacity(fields.len());
    for (key, shape) in fields {
        let value = take(&mut value, key).and_then(|value| apply_to(shape, value, keeps));
        if let Some(value) = value.filter(|value| is_said(value, keeps)) {
            result.insert(key.clone(), value);
        }
    }
    Value::Object(result)
}

fn is_said(value: &Value, keeps: Keeps) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => keeps == Keeps::EmptyLists || !items.is_empty(),
        _ => true,
    }
}

fn take(value: &mut Value, key: &str) -> Option<Value> {
    value.get_mut(key).map(Value::take)
}

#[cfg(test)]
mod tests;
