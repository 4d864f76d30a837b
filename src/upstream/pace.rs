//! The layer that keeps within the vendor's limits: those declared by its backend and those learned from its answers.
//!
//! A wait happens in order, and within the call's deadline; one that would pass it is refused at once, with the exact
//! time to come back.

mod gate;
mod governor;
mod meter;

pub use governor::{Governor, Params};
pub use meter::Rate;

use super::layer::{Layer, Next};
use super::metrics::Metrics;
use super::{Call, Cause, Failure, Request, Response};
use async_trait::async_trait;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// One limit, as the backend declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Which requests it counts.
    pub scope: Scope,
    /// How many of them.
    pub rate: Rate,
}

/// Which requests one limit counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All requests of these credentials together.
    All,
    /// Each of these operations by itself.
    Operation(&'static [&'static str]),
    /// Each of these operations by itself, and each of its buckets (`Request::bucket`) by itself.
    Bucket(&'static [&'static str]),
}

/// Keeps within limits.
pub struct Pace {
    backend: &'static str,
    governor: Arc<Governor>,
    at_once: Semaphore,
    metrics: Metrics,
}

impl Pace {
    /// A layer that asks this governor, and has no more than so many requests under way.
    pub fn new(backend: &'static str, governor: Arc<Governor>, at_once: usize, metrics: Metrics) -> Self {
        Self {
            backend,
            governor,
            at_once: Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS)),
            metrics,
        }
    }
}

#[async_trait]
impl Layer for Pace {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let (started, until) = (Instant::now(), call.request_deadline());
        let failed = |cause| Failure::new(self.backend, request.operation, cause);
        // Kept until the answer is there: what is under way counts against what the vendor said is left.
        let _passes = self.governor.admit(request, call).await.map_err(|free_at| {
            self.metrics.refused(self.backend);
            failed(Cause::Throttled {
                retry_after: free_at.saturating_duration_since(Instant::now()),
            })
        })?;
        // After the limits, so that nobody holds a place among the few while it waits for a limit of its own.
        let permit = tokio::time::timeout_at(until, self.at_once.acquire()).await;
        let waited = started.elapsed();
        if !waited.is_zero() {
            self.metrics.waited(self.backend, waited);
        }
        match permit {
            Ok(_permit) => next.run(request, call).await,
            Err(_elapsed) => Err(failed(Cause::TimedOut { after: waited })),
        }
    }
}

#[cfg(test)]
mod tests;
