//! The outermost layer and the figures of the whole road: counted once for each request of a caller, whatever it took,
//! and told in one line.

mod registry;
mod stats;

pub use registry::Metrics;

use super::layer::{Layer, Next};
use super::trail::Trail;
use super::{Call, Cause, Failure, Request, Response};
use async_trait::async_trait;
use std::time::Duration;
use tokio::time::Instant;

/// Counts requests and how long they took, and logs each in one line: a warning where it failed for a reason that
/// somebody who runs the server should look at, at debug otherwise.
pub struct Measure {
    /// The backend's name.
    pub backend: &'static str,
    /// Where it is counted.
    pub metrics: Metrics,
}

/// How a request ended.
#[derive(Clone, Copy)]
enum End<'a> {
    Answered,
    Failed(&'a Failure),
    /// Its caller went away.
    Cancelled,
}

#[async_trait]
impl Layer for Measure {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let call = call.for_one_request();
        let unfinished = Unfinished {
            layer: self,
            operation: request.operation,
            call: &call,
            started: Instant::now(),
        };
        let result = next.run(request, &call).await;
        unfinished.finish(match &result {
            Ok(_) => End::Answered,
            Err(failure) => End::Failed(failure),
        });
        result
    }
}

/// A request under way. Dropped without [`Unfinished::finish`], its caller went away.
struct Unfinished<'a> {
    layer: &'a Measure,
    operation: &'static str,
    call: &'a Call,
    started: Instant,
}

impl Unfinished<'_> {
    fn finish(self, end: End<'_>) {
        self.told(end);
        std::mem::forget(self);
    }

    fn told(&self, end: End<'_>) {
        let line = Line {
            backend: self.layer.backend,
            operation: self.operation,
            trail: self.call.trail(),
            took: self.started.elapsed(),
        };
        let metrics = &self.layer.metrics;
        metrics.requested(line.backend, line.operation, end.outcome(), line.took);
        if let Some(from) = line.trail.remembered {
            metrics.looked_up(line.backend, from.word());
        }
        line.log(end);
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        self.told(End::Cancelled);
    }
}

impl End<'_> {
    /// One word, from a closed set.
    fn outcome(self) -> &'static str {
        match self {
            Self::Answered => "ok",
            Self::Failed(failure) => failure.cause.class(),
            Self::Cancelled => "cancelled",
        }
    }
}

/// What is logged of a request: neither URL nor body, as both hold what people wrote.
struct Line {
    backend: &'static str,
    operation: &'static str,
    trail: Trail,
    took: Duration,
}

impl Line {
    fn log(&self, end: End<'_>) {
        macro_rules! line {
            ($level:ident, $($more:tt)*) => {
                tracing::$level!(
                    backend = self.backend,
                    operation = self.operation,
                    outcome = end.outcome(),
                    status = self.trail.status.map(|status| status.as_u16()),
                    ms = (self.took.as_secs_f64() * 1e6).round() / 1e3,
                    attempts = self.trail.attempts,
                    cache = self.trail.remembered.map_or("none", |from| from.word()),
                    $($more)*
                )
            };
        }
        match end {
            End::Failed(failure) => {
                let (cause, request_id) = (own_words(&failure.cause), failure.request_id.as_deref());
                // Who joined a flight only hears of what was told when it failed.
                let is_first = self.trail.attempts > 0;
                if is_first && is_for_the_operator(&failure.cause) {
                    line!(warn, cause, request_id, "upstream request failed");
                } else {
                    line!(debug, cause, request_id, "upstream request");
                }
            }
            End::Answered | End::Cancelled => line!(debug, "upstream request"),
        }
    }
}

/// What no agent can mend by asking otherwise. That a circuit is open follows from what was told before.
fn is_for_the_operator(cause: &Cause) -> bool {
    cause.is_sickness()
        || matches!(
            cause,
            Cause::Unauthorized { .. }
                | Cause::MissingScope { .. }
                | Cause::TooLarge { .. }
                | Cause::Redirected { .. }
                | Cause::Untrusted { .. }
        )
}

/// What went wrong in more than a word, where none of it is the vendor's or the caller's own text. What a malformed
/// answer holds instead may be told by a piece of it.
fn own_words(cause: &Cause) -> Option<String> {
    matches!(
        cause,
        Cause::Throttled { .. }
            | Cause::CircuitOpen { .. }
            | Cause::Unreachable { .. }
            | Cause::Untrusted { .. }
            | Cause::Interrupted { .. }
            | Cause::TimedOut { .. }
            | Cause::NotSent { .. }
            | Cause::TooLarge { .. }
            | Cause::MissingScope { .. }
    )
    .then(|| cause.to_string())
}
