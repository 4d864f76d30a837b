//! The layer that keeps within the vendor's limits: those declared by its backend and those learned from its answers.
//!
//! A wait happens in order, and within the call's deadline; one that would pass it is refused at once, with the exact
//! time to come back.

mod gate;
mod governor;
mod meter;
mod quickest;

pub use governor::{Governor, Params};
pub use meter::Rate;

use super::call::Hold;
use super::layer::{Layer, Next};
use super::metrics::Metrics;
use super::{Access, Call, Cause, Failure, Request, Response};
use async_trait::async_trait;
use quickest::Quickest;
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};
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
    quickest: Quickest,
    metrics: Metrics,
}

impl Pace {
    /// A layer that asks this governor, and has no more than so many requests under way.
    pub fn new(backend: &'static str, governor: Arc<Governor>, at_once: usize, metrics: Metrics) -> Self {
        Self {
            backend,
            governor,
            at_once: Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS)),
            quickest: Quickest::default(),
            metrics,
        }
    }
}

#[async_trait]
impl Layer for Pace {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let wait = Wait::new(self);
        let refused = |cause| {
            self.metrics.refused(self.backend);
            Failure::new(self.backend, request.operation, cause)
        };
        // Kept until the answer is there: what is under way counts against what the vendor said is left.
        let _passes = self.governor.admit(request, call).await.map_err(|free_at| {
            refused(Cause::Throttled {
                retry_after: free_at.saturating_duration_since(Instant::now()),
            })
        })?;
        // After the limits, so that nobody holds a place among the few while it waits for a limit of its own.
        let place = self.place(call).await;
        let waited = wait.started.elapsed();
        drop(wait);
        // A place may come free at the very moment in which the time is up, as those before it give up then too.
        let Some(_place) = place.filter(|_| Instant::now() <= self.latest(request, call)) else {
            return Err(refused(Cause::NotSent { waited }));
        };
        let sent = Instant::now();
        let result = next.run(request, call).await;
        if result.is_ok() && request.access != Access::Read {
            self.quickest.note(request.operation, sent.elapsed());
        }
        result
    }
}

impl Pace {
    /// A place among those that may be under way at once; `None` where there is none in time.
    async fn place(&self, call: &Call) -> Option<SemaphorePermit<'_>> {
        if let Ok(place) = self.at_once.try_acquire() {
            return Some(place);
        }
        call.hold(Hold::Turn);
        let place = tokio::time::timeout_at(call.send_by(), self.at_once.acquire()).await;
        call.hold(Hold::Free);
        place.ok()?.ok()
    }

    /// When it must be sent at the latest. A write that cannot be answered in time as things go now would be carried out,
    /// and told as one of which nobody knows; a read may be lucky.
    fn latest(&self, request: &Request, call: &Call) -> Instant {
        let latest = call.send_by();
        if request.access == Access::Read {
            return latest;
        }
        let takes = self.quickest.of(request.operation);
        let answered = call.request_deadline().checked_sub(takes);
        answered.map_or(latest, |answered| latest.min(answered))
    }
}

/// A wait, counted when it is over, also where its caller went away.
struct Wait<'a> {
    layer: &'a Pace,
    started: Instant,
}

impl<'a> Wait<'a> {
    fn new(layer: &'a Pace) -> Self {
        let started = Instant::now();
        Self { layer, started }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let waited = self.started.elapsed();
        if !waited.is_zero() {
            self.layer.metrics.waited(self.layer.backend, waited);
        }
    }
}

#[cfg(test)]
mod tests;
