//! The layer that bounds a request, with its repeats and waits, by what is left of its call and by a limit of its own.

use super::layer::{Layer, Next};
use super::{Access, Call, Cause, Failure, Outcome, Request, Response};
use async_trait::async_trait;
use std::time::Duration;
use tokio::time::Instant;

/// Everything below sees the narrower call, so that a wait that cannot succeed is refused before it begins.
pub struct Deadline {
    /// The backend's name.
    pub backend: &'static str,
    /// How long a request may take at most.
    pub limit: Duration,
}

#[async_trait]
impl Layer for Deadline {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let started = Instant::now();
        let timed_out = |outcome| {
            let after = started.elapsed();
            Failure::new(self.backend, request.operation, Cause::TimedOut { after }).with_outcome(outcome)
        };
        if call.send_by() < started {
            let waited = Duration::ZERO;
            return Err(Failure::new(self.backend, request.operation, Cause::NotSent { waited }));
        }
        let until = call.request_deadline().min(started + self.limit);
        // The wire ends at the same time and knows whether a write has left; this is for layers in between that hang.
        match tokio::time::timeout_at(until, next.run(request, &call.until(until))).await {
            Ok(result) => result,
            Err(_elapsed) if request.access == Access::Read => Err(timed_out(Outcome::NotDone)),
            Err(_elapsed) => Err(timed_out(Outcome::Unknown)),
        }
    }
}
