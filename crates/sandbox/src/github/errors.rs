//! GraphQL answers as GitHub writes them: `type` beside `message`, and words of its own for queries that do not fit.

use async_graphql::{PathSegment, Response, ServerError, Value as GraphValue};
use serde_json::{Map, Value, json};

use super::super::reply::Reply;

/// The extension in which a resolver leaves GitHub's kind of error.
pub(super) const KIND: &str = "type";

pub(super) fn reply(response: Response) -> Reply {
    let mut body = Map::new();
    // A query that was refused has no data at all; one that failed has null.
    let refused = response.data == GraphValue::Null && response.errors.iter().all(|error| error.path.is_empty());
    if !refused {
        body.insert("data".to_owned(), response.data.into_json().unwrap_or_default());
    }
    if !response.errors.is_empty() {
        body.insert(
            "errors".to_owned(),
            response.errors.iter().map(error).collect::<Vec<_>>().into(),
        );
    }
    Reply::json(200, &body.into())
}

/// One error that belongs to no part of the answer.
pub(super) fn lone(kind: Option<&str>, message: &str) -> Reply {
    let mut error = Map::new();
    if let Some(kind) = kind {
        error.insert("type".to_owned(), kind.into());
    }
    error.insert("message".to_owned(), message.into());
    Reply::json(200, &json!({ "errors": [error] }))
}

fn error(error: &ServerError) -> Value {
    let mut body = Map::new();
    let kind = error
        .extensions
        .as_ref()
        .and_then(|extensions| extensions.get(KIND))
        .and_then(|kind| match kind {
            GraphValue::String(kind) => Some(kind.as_str()),
            _ => None,
        });
    if let Some(kind) = kind {
        body.insert("type".to_owned(), kind.into());
    }
    let (message, extensions) = if error.path.is_empty() {
        refusal(&error.message)
    } else {
        (error.message.clone(), None)
    };
    let path: Vec<Value> = error
        .path
        .iter()
        .map(|segment| match segment {
            PathSegment::Field(name) => json!(name),
            PathSegment::Index(index) => json!(index),
        })
        .collect();
    body.insert(
        "path".to_owned(),
        if path.is_empty() { json!(["query"]) } else { path.into() },
    );
    if let Some(extensions) = extensions {
        body.insert("extensions".to_owned(), extensions);
    }
    let locations = error
        .locations
        .iter()
        .map(|place| json!({ "line": place.line, "column": place.column }));
    body.insert("locations".to_owned(), locations.collect::<Vec<_>>().into());
    body.insert("message".to_owned(), message.into());
    body.into()
}

/// The engine's words for a query that does not fit the schema, turned into GitHub's; others stay as they are.
fn refusal(message: &str) -> (String, Option<Value>) {
    let quoted: Vec<&str> = message.split('"').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [field, on, ..] if message.starts_with("Unknown field") => (
            format!("Field '{field}' doesn't exist on type '{on}'"),
            Some(json!({ "code": "undefinedField", "typeName": on, "fieldName": field })),
        ),
        [argument, field, ..] if message.starts_with("Unknown argument") => (
            format!("Field '{field}' doesn't accept argument '{argument}'"),
            Some(
                json!({ "code": "argumentNotAccepted", "name": field, "typeName": "Field", "argumentName": argument }),
            ),
        ),
        _ => (message.to_owned(), None),
    }
}
