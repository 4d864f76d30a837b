//! Runs an operation: with loaders of its own, within a deadline, and with the two things done that async-graphql leaves out.
//!
//! async-graphql reads no variable defaults when it decides on `@include` and `@skip`, so they are filled in beforehand.
//! It does not merge fields before it executes, so a mutation that stands twice at the root would be carried out twice:
//! such a document is refused.

use super::BraidSchema;
use super::clock::Now;
use crate::loaders::{Clients, Loaders};
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
};
use async_graphql::{Executor, Pos, Request, Response, ServerError, Variables};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use upstream::{Call, trace};

/// How much longer than the deadline an operation may take before it is given up as a whole. The layers below keep the
/// deadline themselves and give the parts that came in time; this is for the case that one of them does not.
const GRACE: Duration = Duration::from_secs(1);

/// What an engine is made of.
pub struct Params<S = BraidSchema> {
    /// The schema, with its limits. Any schema will do; tests bring their own.
    pub schema: S,
    /// The clients that all operations share.
    pub clients: Clients,
    /// How long one operation may take.
    pub deadline: Duration,
}

/// Runs operations on the unified schema, for tools and for `/graphql` alike.
pub struct Engine {
    run: Box<dyn Fn(Request) -> BoxFuture<'static, Response> + Send + Sync>,
    clients: Clients,
    deadline: Duration,
}

/// What came of an operation.
pub struct Execution {
    /// The answer; its errors may carry a failure (`graph::failure::failure_of`).
    pub response: Response,
    /// What its upstream requests shared.
    pub call: Arc<Call>,
}

impl Engine {
    /// An engine.
    pub fn new<S: Executor>(params: Params<S>) -> Self {
        let Params {
            schema,
            clients,
            deadline,
        } = params;
        let run = move |request| {
            let schema = schema.clone();
            async move { schema.execute(request).await }.boxed()
        };
        Self {
            run: Box::new(run),
            clients,
            deadline,
        }
    }

    /// How long one operation may take.
    pub fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Runs one operation. A document that was parsed before (`Request::set_parsed_query`) is not parsed again.
    /// Dropping the future drops every upstream request of the operation.
    pub async fn execute(&self, request: Request) -> Execution {
        self.execute_in(request, trace::Context::default()).await
    }

    /// Runs one operation as part of a trace.
    pub async fn execute_in(&self, mut request: Request, context: trace::Context) -> Execution {
        let call = Arc::new(Call::within(self.deadline).traced(context));
        if let Err(error) = prepare(&mut request) {
            return Execution {
                response: Response::from_errors(vec![error]),
                call,
            };
        }
        let request = request
            .data(Arc::new(Loaders::new(&self.clients, Arc::clone(&call))))
            .data(Now(Timestamp::now()));
        let run = AssertUnwindSafe((self.run)(request)).catch_unwind();
        let response = match tokio::time::timeout(self.deadline + GRACE, run).await {
            Ok(Ok(response)) => response,
            // The panic itself went to stderr through the panic hook; the loaders it may have broken end with it.
            Ok(Err(_panic)) => failed("internal error"),
            Err(_elapsed) => failed(format!("no answer within {} s", self.deadline.as_secs())),
        };
        Execution { response, call }
    }
}

fn failed(message: impl Into<String>) -> Response {
    Response::from_errors(vec![ServerError::new(message, None)])
}

/// Fills in defaults and refuses repeated mutations. Documents that do not parse, or name no operation, are left to
/// async-graphql, which says so in its own way.
fn prepare(request: &mut Request) -> Result<(), ServerError> {
    let mut variables = std::mem::take(&mut request.variables);
    let wanted = request.operation_name.clone();
    if let Ok(document) = request.parsed_query()
        && let Some(operation) = operation(document, wanted.as_deref())
    {
        if operation.ty == OperationType::Mutation {
            refuse_repeated(document, operation)?;
        }
        fill_in_defaults(operation, &mut variables);
    }
    request.variables = variables;
    Ok(())
}

/// The operation that would be executed.
pub fn operation<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name).map(|found| &found.node),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next().map(|found| &found.node)
        }
        _ => None,
    }
}

fn fill_in_defaults(operation: &OperationDefinition, variables: &mut Variables) {
    for definition in &operation.variable_definitions {
        if let Some(default) = &definition.node.default_value {
            variables
                .entry(definition.node.name.node.clone())
                .or_insert_with(|| default.node.clone());
        }
    }
}

/// `@include` and `@skip` are not looked at: whether a write happens twice must not hang on a variable.
fn refuse_repeated(document: &ExecutableDocument, operation: &OperationDefinition) -> Result<(), ServerError> {
    let mut keys = HashSet::new();
    let mut fragments = HashSet::new();
    let mut open: Vec<_> = operation.selection_set.node.items.iter().collect();
    while let Some(selection) = open.pop() {
        match &selection.node {
            Selection::Field(field) => {
                let key = field.node.response_key();
                if !keys.insert(&key.node) && key.node != "__typename" {
                    return Err(repeated(&key.node, selection.pos));
                }
            }
            Selection::InlineFragment(fragment) => open.extend(&fragment.node.selection_set.node.items),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if !fragments.insert(name) {
                    return Err(repeated(name, selection.pos));
                }
                if let Some(fragment) = document.fragments.get(name) {
                    open.extend(&fragment.node.selection_set.node.items);
                }
            }
        }
    }
    Ok(())
}

fn repeated(name: &str, position: Pos) -> ServerError {
    let message =
        format!("`{name}` stands twice at the root of a mutation and would be carried out twice; name it once");
    ServerError::new(message, Some(position))
}

#[cfg(test)]
mod tests {
    use super::prepare;
    use async_graphql::{Request, Variables};
    use serde_json::json;

    #[test]
    fn defaults_are_filled_in_and_what_was_given_stays() {
        let mut request = Request::new("query Q($a: Int! = 3, $b: Boolean! = true, $c: String, $d: Int = 5) { x }")
            .variables(Variables::from_json(json!({ "a": 4, "d": null })));
        prepare(&mut request).unwrap();
        let variables = serde_json::to_value(&request.variables).unwrap();
        assert_eq!(variables, json!({ "a": 4, "b": true, "d": null }));
    }

    #[test]
    fn defaults_are_those_of_the_operation_that_is_named() {
        let mut request =
            Request::new("query A($n: Int = 1) { x } query B($n: Int = 2) { x }").operation_name("B".to_owned());
        prepare(&mut request).unwrap();
        assert_eq!(serde_json::to_value(&request.variables).unwrap(), json!({ "n": 2 }));
    }

    #[test]
    fn a_write_that_stands_twice_is_refused_wherever_it_stands() {
        for document in [
            "mutation { send { ts } send { id } }",
            "mutation { send { ts } ... on Mutation { send { id } } }",
            "mutation { send { ts } ...F } fragment F on Mutation { send { id } }",
            "mutation { ...F ...F } fragment F on Mutation { send { id } }",
            "mutation($x: Boolean!) { send { ts } send @skip(if: $x) { id } }",
        ] {
            let refused = prepare(&mut Request::new(document)).unwrap_err();
            assert!(
                refused.message.contains("stands twice"),
                "{document}: {}",
                refused.message
            );
        }
    }

    #[test]
    fn two_writes_under_two_keys_are_two_writes() {
        for document in [
            "mutation { a: send { ts } b: send { ts } __typename ... { __typename } }",
            "query { x { a } x { b } }",
        ] {
            prepare(&mut Request::new(document)).unwrap();
        }
    }
}
