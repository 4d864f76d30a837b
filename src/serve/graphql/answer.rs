//! A response as GraphQL's specification has it: async-graphql leaves out the fields that failed, and puts the others in
//! the order in which they came. Errors are told with what is known about the failure behind them.

mod order;

use crate::graph::failure::failure_of;
use async_graphql::{PathSegment, Response, ServerError};
use serde_json::{Map, Value, json};
use toolgen::{Diagnostic, Reason, Refused};
use upstream::failure::Retry;
use upstream::{Failure, Outcome, Stale};

pub(super) use order::Order;

/// How many errors one answer has, and about how many bytes of them: each has a path, and an alias in it may be long.
const MOST_ERRORS: usize = 100;
const MOST_ERROR_BYTES: usize = 64 * 1024;

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

/// The body that says what is wrong with a request. It has no `data`, as nothing was executed. [GraphQL: Response Format]
pub(super) fn rejection_body(refused: &Refused) -> Value {
    let code = match refused.reason {
        Reason::Document => "INVALID_DOCUMENT",
        Reason::Operation => "NO_OPERATION",
        Reason::Variables => "INVALID_VARIABLES",
        Reason::Size => "TOO_LARGE",
    };
    let error = |found: &Diagnostic| {
        let mut error = Map::new();
        let message = match &found.help {
            Some(help) => format!("{}; {help}", found.message),
            None => found.message.clone(),
        };
        error.insert("message".to_owned(), message.into());
        if found.line > 0 {
            let location = json!([{ "line": found.line, "column": found.column }]);
            error.insert("locations".to_owned(), location);
        }
        error.insert("extensions".to_owned(), json!({ "code": code }));
        Value::Object(error)
    };
    json!({ "errors": bounded(refused.diagnostics.iter().map(error)) })
}

/// The body of an answer, and what became of the request. `order` is the order of the keys.
pub(super) fn body(response: Response, order: &Order) -> (Value, Verdict) {
    let Response { data, mut errors, .. } = response;
    errors.sort_by(|left, right| (&left.locations, path(left)).cmp(&(&right.locations, path(right))));
    let mut data = data.into_json().unwrap_or_default();
    let verdict = verdict(&data, &errors);
    let mut body = Map::new();
    if verdict == Verdict::Executed {
        for error in &errors {
            put_null(&mut data, &error.path);
        }
        order.apply(&mut data);
        body.insert("data".to_owned(), data);
    }
    if !errors.is_empty() {
        body.insert("errors".to_owned(), bounded(errors.iter().map(error_body)).into());
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

/// As many of the errors as an answer has; a last one says how many there are besides.
fn bounded(mut errors: impl ExactSizeIterator<Item = Value>) -> Vec<Value> {
    let mut kept = Vec::new();
    let mut room = MOST_ERROR_BYTES;
    while kept.len() < MOST_ERRORS && room > 0 {
        let Some(error) = errors.next() else { break };
        room = room.saturating_sub(error.to_string().len());
        kept.push(error);
    }
    if errors.len() > 0 {
        let message = format!("{} more errors are not listed", errors.len());
        kept.push(json!({ "message": message, "extensions": { "code": "MORE_ERRORS" } }));
    }
    kept
}

/// An error in execution has a path. What was prepared can only fail without one in Braid itself.
fn verdict(data: &Value, errors: &[ServerError]) -> Verdict {
    if !data.is_null() || errors.is_empty() || errors.iter().any(|error| !error.path.is_empty()) {
        Verdict::Executed
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

#[cfg(test)]
mod tests {
    use super::*;
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
    fn errors_tell_what_is_known_of_the_failure() {
        let response = Response::from_errors(vec![failed(&[field("slack"), field("history")])]);
        let (body, verdict) = body(response, &Order::default());
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
        let failed = ServerError::new("internal error", Some(Pos { line: 1, column: 1 }));
        let (body, verdict) = body(Response::from_errors(vec![failed]), &Order::default());
        assert_eq!((body.get("data"), verdict), (None, Verdict::Failed));
    }

    #[test]
    fn errors_are_bounded_in_number_and_size() {
        let many = vec![failed(&[field("a")]); 15_000];
        let (body, _) = super::body(Response::from_errors(many), &Order::default());
        let errors = body["errors"].as_array().unwrap();
        assert_eq!(errors.len(), MOST_ERRORS + 1);
        assert_eq!(errors[MOST_ERRORS]["message"], "14900 more errors are not listed");

        let long = vec![failed(&[field(&"a".repeat(50_000))]); 50];
        let (body, _) = super::body(Response::from_errors(long), &Order::default());
        let errors = body["errors"].as_array().unwrap();
        assert_eq!(
            (errors.len(), &errors[2]["extensions"]["code"]),
            (3, &json!("MORE_ERRORS"))
        );
        assert_eq!(
            body["data"].as_object().unwrap().len(),
            1,
            "all of them are in the data"
        );
    }
}
