//! The layer that tries again: exponentially later, at random within that, and never so much that it multiplies an
//! outage.
//!
//! Only what may be repeated is: reads, writes that a repeat does not change, and other writes that are known not to
//! have reached the vendor. An open breaker is not tried again, nor is an error that will not change.

use super::failure::Retry as Advice;
use super::layer::{Layer, Next};
use super::metrics::Metrics;
use super::{Access, Call, Cause, Failure, Outcome, Request, Response};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tower::retry::budget::{Budget, TpsBudget};

/// A number from 0 up to 1, drawn anew at each call. Injected, so that tests know what is drawn.
pub type Random = Arc<dyn Fn() -> f64 + Send + Sync>;

/// How it is tried again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// How often a request is sent at most, the first time included.
    pub attempts: u32,
    /// The longest wait before the second attempt; it doubles with each further one.
    pub first: Duration,
    /// The longest wait of all.
    pub longest: Duration,
    /// Retries that are always allowed, per second.
    pub spare_per_second: u32,
    /// Retries allowed beside those, as a share of the requests of the last ten seconds.
    pub share: f32,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            attempts: 3,
            first: Duration::from_millis(250),
            longest: Duration::from_secs(4),
            spare_per_second: 2,
            share: 0.2,
        }
    }
}

impl Policy {
    /// Everything is sent once: for tests that look at one answer, and where the caller repeats by itself.
    pub fn once() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// How long to wait after so many attempts: "full jitter", anything from nothing to the exponential bound. Callers
    /// that failed together must not come back together.
    pub fn wait(&self, attempts: u32, random: f64) -> Duration {
        let doublings = attempts.saturating_sub(1).min(20);
        let bound = self.first.saturating_mul(1 << doublings).min(self.longest);
        bound.mul_f64(random.clamp(0.0, 1.0))
    }
}

/// Tries again.
pub struct Retry {
    backend: &'static str,
    policy: Policy,
    random: Random,
    budget: TpsBudget,
    metrics: Metrics,
}

impl Retry {
    /// A layer of this policy.
    pub fn new(backend: &'static str, policy: Policy, random: Random, metrics: Metrics) -> Self {
        Self {
            backend,
            policy,
            random,
            budget: TpsBudget::new(
                Duration::from_secs(10),
                policy.spare_per_second,
                policy.share.clamp(0.0, 1000.0),
            ),
            metrics,
        }
    }

    /// How long to wait before the next attempt; `None` where there is none.
    fn next_wait(&self, request: &Request, failure: &Failure, attempts: u32) -> Option<Duration> {
        if attempts >= self.policy.attempts || !may_repeat(request.access, failure) {
            return None;
        }
        match (&failure.cause, failure.retry()) {
            // What had too little time before has less now.
            (Cause::CircuitOpen { .. } | Cause::NotSent { .. }, _) | (_, Advice::Never) => None,
            // The limiter below has learned of it, and waits in order with all who wait for the same.
            (_, Advice::After(wait)) if !wait.is_zero() => Some(Duration::ZERO),
            _ => Some(self.policy.wait(attempts, (self.random)())),
        }
    }
}

#[async_trait]
impl Layer for Retry {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        self.budget.deposit();
        for attempts in 1.. {
            call.note(|trail| trail.attempts = attempts);
            let failure = match next.clone().run(request, call).await {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            let Some(wait) = self.next_wait(request, &failure, attempts) else {
                return Err(failure);
            };
            let not_before = match failure.retry() {
                Advice::After(told) => wait.max(told),
                _ => wait,
            };
            // What is known of now says more than a timeout later.
            if Instant::now() + not_before > call.send_by() || !self.budget.withdraw() {
                return Err(failure);
            }
            tracing::debug!(
                backend = self.backend,
                operation = request.operation,
                attempts,
                cause = failure.cause.class(),
                ?wait,
                "trying again"
            );
            self.metrics.retried(self.backend);
            call.account().enter(self.backend, |spent| spent.retries += 1);
            if !wait.is_zero() {
                tokio::time::sleep(wait).await;
            }
        }
        Err(Failure::new(
            self.backend,
            request.operation,
            Cause::TimedOut { after: Duration::ZERO },
        ))
    }
}

fn may_repeat(access: Access, failure: &Failure) -> bool {
    match access {
        Access::Read | Access::IdempotentWrite => true,
        Access::Write => failure.outcome == Outcome::NotDone,
    }
}

#[cfg(test)]
mod tests;
