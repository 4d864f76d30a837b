//! The outermost layer and the figures of the whole road: counted once for each request of a caller, whatever it took.

mod registry;
mod stats;

pub use registry::Metrics;

use super::layer::{Layer, Next};
use super::{Call, Failure, Request, Response};
use async_trait::async_trait;
use tokio::time::Instant;

/// Counts requests and how long they took, and logs them: one line at debug for each, one more where it failed.
pub struct Measure {
    /// The backend's name.
    pub backend: &'static str,
    /// Where it is counted.
    pub metrics: Metrics,
}

#[async_trait]
impl Layer for Measure {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let started = Instant::now();
        let unfinished = Unfinished {
            layer: self,
            operation: request.operation,
            started,
        };
        let result = next.run(request, call).await;
        // It was finished: what counts it otherwise must not.
        std::mem::forget(unfinished);
        let outcome = result.as_ref().map_or_else(|failure| failure.cause.class(), |_| "ok");
        self.count(request.operation, outcome, started);
        result
    }
}

impl Measure {
    fn count(&self, operation: &'static str, outcome: &'static str, started: Instant) {
        let took = started.elapsed();
        self.metrics.requested(self.backend, operation, outcome, took);
        // Neither URL nor body: both hold what people wrote.
        tracing::debug!(backend = self.backend, operation, outcome, ?took, "upstream request");
    }
}

/// A request whose caller went away before it ended.
struct Unfinished<'a> {
    layer: &'a Measure,
    operation: &'static str,
    started: Instant,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        self.layer.count(self.operation, "cancelled", self.started);
    }
}
