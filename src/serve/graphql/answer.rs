//! A response as GraphQL's specification has it: async-graphql leaves out the fields that failed, and puts the others in
//! the order in which they came. Errors are told with what is known about the failure behind them.

use crate::graph::failure::failure_of;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use async_graphql::{PathSegment, Response, ServerError};
use serde_json::{Map, Value, json};
use upstream::failure::Retry;
use upstream::{Failure, Outcome, Stale};

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was executed, whole or in part.
    Executed,
    /// It is wrong and was not executed.
    Wrong,
    /// Braid failed.
    Failed,
}

/// The body of an answer, and what became of the request. `order` tells the order of the keys, where something was
/// executed.
pub(super) fn body(response: Response, order: Option<Order>) -> (Value, Verdict) {
    let Response { data, mut errors, .. } = response;
    errors.sort_by(|left, right| (&left.locations, path(left)).cmp(&(&right.locations, path(right))));
    let mut data = data.into_json().unwrap_or_default();
    let verdict = verdict(&data, &errors);
    let mut body = Map::new();
    if verdict == Verdict::Executed {
        for error in &errors {
            put_null(&mut data, &error.path);
        }
        if let Some(order) = order {
            order.apply(&mut data);
        }
        body.insert("data".to_owned(), data);
    }
    if !errors.is_empty() {
        body.insert("errors".to_owned(), errors.iter().map(error_body).collect());
    }
    (Value::Object(body), verdict)
}

/// Says which answers of backends were out of date, since no newer ones could be had.
pub(super) fn add_stale(body: &mut Value, stale: &[Stale]) {
    let told = |Stale { age, failure }: &Stale| {
        json!({
            "backend": failure.backend,
            "operation": failure.operation,
            "age_s": age.as_secs(),
            "reason": failure.cause.class(),
        })
    };
    if let (Value::Object(body), false) = (body, stale.is_empty()) {
        let stale: Value = stale.iter().map(told).collect();
        body.insert("extensions".to_owned(), json!({ "stale": stale }));
    }
}

/// The body that tells of one thing that is wrong with a request.
pub(super) fn refusal_body(code: &str, message: &str) -> Value {
    json!({ "errors": [{ "message": message, "extensions": { "code": code } }] })
}

/// An error in execution has a path, one in the document has a place, and what has neither happened in Braid itself.
fn verdict(data: &Value, errors: &[ServerError]) -> Verdict {
    if !data.is_null() || errors.is_empty() || errors.iter().any(|error| !error.path.is_empty()) {
        Verdict::Executed
    } else if errors.iter().any(|error| !error.locations.is_empty()) {
        Verdict::Wrong
    } else {
        Verdict::Failed
    }
}

fn path(error: &ServerError) -> Vec<String> {
    let segment = |segment: &PathSegment| match segment {
        PathSegment::Field(name) => name.clone(),
        // Padded, so that the tenth comes after the second.
        PathSegment::Index(index) => format!("{index:08}"),
    };
    error.path.iter().map(segment).collect()
}

/// Where a field failed stands `null`. An element of a list that failed takes the list with it.
fn put_null(data: &mut Value, path: &[PathSegment]) {
    let mut place = data;
    let mut path = path.iter().peekable();
    while let Some(segment) = path.next() {
        let ends = path.peek().is_none_or(|next| matches!(next, PathSegment::Index(_)));
        place = match (segment, place) {
            (PathSegment::Index(index), Value::Array(elements)) => match elements.get_mut(*index) {
                Some(element) => element,
                None => return,
            },
            (PathSegment::Field(name), place @ (Value::Object(_) | Value::Null)) => {
                // An object of which all fields failed is missing as a whole.
                if place.is_null() {
                    *place = Value::Object(Map::new());
                }
                let Some(object) = place.as_object_mut() else { return };
                let value = object.entry(name.as_str()).or_insert(Value::Null);
                if value.is_null() && ends {
                    return;
                }
                value
            }
            _ => return,
        };
    }
}

fn error_body(error: &ServerError) -> Value {
    let mut body = Map::new();
    body.insert("message".to_owned(), error.message.clone().into());
    if !error.locations.is_empty() {
        body.insert("locations".to_owned(), json!(error.locations));
    }
    if !error.path.is_empty() {
        body.insert("path".to_owned(), json!(error.path));
    }
    if let Some(failure) = failure_of(error) {
        body.insert("extensions".to_owned(), facts(failure));
    }
    Value::Object(body)
}

fn facts(failure: &Failure) -> Value {
    let mut facts = Map::new();
    facts.insert("code".to_owned(), failure.cause.class().to_uppercase().into());
    facts.insert("backend".to_owned(), failure.backend.into());
    facts.insert("operation".to_owned(), failure.operation.into());
    let retry = match failure.retry() {
        Retry::Never => "NEVER",
        Retry::Soon => "SOON",
        Retry::After(wait) => {
            facts.insert("retryAfterSeconds".to_owned(), wait.as_secs().into());
            "LATER"
        }
    };
    facts.insert("retry".to_owned(), retry.into());
    if failure.outcome == Outcome::Unknown {
        facts.insert("mayHaveBeenCarriedOut".to_owned(), true.into());
    }
    if let Some(hint) = &failure.hint {
        facts.insert("hint".to_owned(), hint.as_str().into());
    }
    if let Some(id) = &failure.request_id {
        facts.insert("requestId".to_owned(), id.as_str().into());
    }
    Value::Object(facts)
}

/// The keys of an operation's objects in the order of the document.
#[derive(Debug, Default)]
pub(super) struct Order {
    keys: Vec<(String, Order)>,
}

impl Order {
    /// The order of this operation, of a document that is within the limits: its fragments do not contain themselves.
    pub(super) fn of(document: &ExecutableDocument, operation: &OperationDefinition) -> Self {
        let mut order = Self::default();
        order.add(document, &operation.selection_set.node);
        order
    }

    fn add(&mut self, document: &ExecutableDocument, set: &SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let key = self.key(field.node.response_key().node.as_str());
                    key.add(document, &field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.add(document, &fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.add(document, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn key(&mut self, name: &str) -> &mut Self {
        let index = self.keys.iter().position(|(key, _)| key == name).unwrap_or_else(|| {
            self.keys.push((name.to_owned(), Self::default()));
            self.keys.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "it was found there, or put there")]
        &mut self.keys[index].1
    }

    fn apply(&self, value: &mut Value) {
        match value {
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.apply(element)),
            Value::Object(object) => {
                let mut rest = std::mem::take(object);
                for (name, below) in &self.keys {
                    if let Some(mut value) = rest.remove(name) {
                        below.apply(&mut value);
                        object.insert(name.clone(), value);
                    }
                }
                object.extend(rest);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;
    use async_graphql::{Error, Pos};
    use std::time::Duration;
    use upstream::Cause;

    fn failed(path: &[PathSegment]) -> ServerError {
        let cause = Cause::Throttled {
            retry_after: Duration::from_secs(7),
        };
        let failure = Failure::new("slack", "conversations.history", cause).with_hint("wait");
        ServerError {
            path: path.to_vec(),
            ..Error::new_with_source(failure).into_server_error(Pos { line: 1, column: 3 })
        }
    }

    fn field(name: &str) -> PathSegment {
        PathSegment::Field(name.to_owned())
    }

    fn nulled(mut data: Value, path: &[PathSegment]) -> Value {
        put_null(&mut data, path);
        data
    }

    #[test]
    fn a_field_that_failed_is_null() {
        let here = [field("a"), PathSegment::Index(1), field("b")];
        assert_eq!(
            nulled(json!({"a": [{"b": 1}, {"c": 2}]}), &here),
            json!({"a": [{"b": 1}, {"c": 2, "b": null}]})
        );
        assert_eq!(
            nulled(Value::Null, &[field("a"), field("b")]),
            json!({"a": {"b": null}}),
            "an object of which all fields failed comes as null"
        );
        assert_eq!(
            nulled(json!({"x": 1}), &here),
            json!({"x": 1, "a": null}),
            "a list goes as a whole"
        );
        assert_eq!(nulled(json!({"a": []}), &here), json!({"a": []}));
        assert_eq!(
            nulled(json!({"a": {"b": 1}}), &[field("a"), field("b")]),
            json!({"a": {"b": 1}}),
            "a field that has a value beside its error keeps it"
        );
    }

    #[test]
    fn keys_stand_in_the_order_of_the_document() {
        let document = parse_query("{ b { y ...F } a b { x } } fragment F on T { z }").unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let mut data = json!({"a": 1, "b": [{"x": 1, "z": 2, "y": 3}, null]});
        Order::of(&document, &operation.node).apply(&mut data);
        assert_eq!(data.to_string(), r#"{"b":[{"y":3,"z":2,"x":1},null],"a":1}"#);
    }

    #[test]
    fn errors_tell_what_is_known_of_the_failure() {
        let response = Response::from_errors(vec![failed(&[field("slack"), field("history")])]);
        let (body, verdict) = body(response, None);
        assert_eq!(verdict, Verdict::Executed);
        assert_eq!(
            body,
            json!({
                "data": {"slack": {"history": null}},
                "errors": [{
                    "message": "slack conversations.history: rate limited for 7 s",
                    "locations": [{"line": 1, "column": 3}],
                    "path": ["slack", "history"],
                    "extensions": {
                        "code": "THROTTLED", "backend": "slack", "operation": "conversations.history",
                        "retryAfterSeconds": 7, "retry": "LATER", "hint": "wait",
                    },
                }],
            })
        );
    }

    #[test]
    fn what_was_not_executed_has_no_data() {
        let wrong = ServerError::new("unknown field", Some(Pos { line: 1, column: 1 }));
        let (body_of_wrong, verdict) = body(Response::from_errors(vec![wrong]), None);
        assert_eq!((body_of_wrong.get("data"), verdict), (None, Verdict::Wrong));
        let failed = ServerError::new("internal error", None);
        assert_eq!(body(Response::from_errors(vec![failed]), None).1, Verdict::Failed);
    }
}
