//! Runs an operation that was prepared: with loaders of its own, within a deadline.

use super::BraidSchema;
use super::clock::Now;
use super::prepare::Prepared;
use crate::loaders::{Clients, Loaders};
use async_graphql::{Executor, Request, Response, ServerError};
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
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

    /// Runs one operation as part of a trace. Dropping the future drops every upstream request of the operation.
    pub async fn execute(&self, prepared: Prepared, context: trace::Context) -> Execution {
        let call = Arc::new(Call::within(self.deadline).traced(context));
        let request = prepared
            .into_request()
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
