//! The layer that stops asking a backend that is down: closed while all is well, open for a while after too many
//! failures in a row, then half open, when one request may try whether it is well again.
//!
//! There is a circuit for each operation, as one slow search must not take the look-ups with it, and one for the
//! backend as a whole, which only connections that cannot be made count against. Throttling opens neither: who counts
//! requests well is well.

mod circuit;

use super::layer::{Layer, Next};
use super::metrics::Metrics;
use super::{Call, Cause, Failure, Request, Response};
use async_trait::async_trait;
use circuit::{Circuit, Verdict};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The circuit of the backend as a whole.
const WHOLE: &str = "*";

/// When a circuit opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// So many failures in a row open it. Each attempt counts: two calls with three attempts each make six.
    pub failures: u32,
    /// How long it stays open at first; twice as long after each probe that fails.
    pub pause: Duration,
    /// At most.
    pub longest_pause: Duration,
    /// A request that was given less time than this tells nothing when it runs out of it.
    pub patience: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            failures: 6,
            pause: Duration::from_secs(5),
            longest_pause: Duration::from_secs(60),
            patience: Duration::from_secs(2),
        }
    }
}

/// Stops asking a backend that is down.
pub struct Breaker {
    backend: &'static str,
    policy: Policy,
    circuits: Mutex<HashMap<&'static str, Circuit>>,
    metrics: Metrics,
}

impl Breaker {
    /// A layer with all circuits closed.
    pub fn new(backend: &'static str, policy: Policy, metrics: Metrics) -> Self {
        Self {
            backend,
            policy,
            circuits: Mutex::default(),
            metrics,
        }
    }

    fn enter(&self, class: &'static str) -> Result<Attempt<'_>, Instant> {
        let mut circuits = self.lock();
        let circuit = circuits.entry(class).or_default();
        let probe = circuit.enter(Instant::now())?;
        self.tell(class, circuit);
        Ok(Attempt {
            breaker: self,
            class,
            probe,
            verdict: Verdict::Nothing,
        })
    }

    fn verdict(&self, result: &Result<Response, Failure>, call: &Call) -> Verdict {
        match result {
            Ok(_) => Verdict::Well,
            Err(failure) => match &failure.cause {
                Cause::TimedOut { after } if *after < self.policy.patience => Verdict::Nothing,
                // The latter two are not the vendor's word: an impostor's, or that of a gateway with a page of its own.
                Cause::Throttled { .. }
                | Cause::NotSent { .. }
                | Cause::Untrusted { .. }
                | Cause::Redirected { .. } => Verdict::Nothing,
                // Nothing was put on: the token endpoint refused, and the vendor was not asked.
                Cause::Unauthorized { .. } if call.trail().signed.is_empty() => Verdict::Nothing,
                cause if cause.is_sickness() => Verdict::Sick,
                _ => Verdict::Well,
            },
        }
    }

    fn tell(&self, class: &'static str, circuit: &Circuit) {
        self.metrics.breaker(self.backend, class, circuit.level());
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, Circuit>> {
        self.circuits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Layer for Breaker {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let open = |until: Instant| {
            let retry_after = until.saturating_duration_since(Instant::now());
            Failure::new(self.backend, request.operation, Cause::CircuitOpen { retry_after })
        };
        let mut whole = self.enter(WHOLE).map_err(open)?;
        let mut own = self.enter(request.operation).map_err(open)?;
        let result = next.run(request, call).await;
        own.verdict = self.verdict(&result, call);
        whole.verdict = match &result {
            Err(Failure {
                cause: Cause::Unreachable { .. },
                ..
            }) => Verdict::Sick,
            Err(_) if own.verdict == Verdict::Nothing => Verdict::Nothing,
            // Any answer at all, even a bad one, shows that it can be reached.
            _ => Verdict::Well,
        };
        result
    }
}

/// A request on its way through a circuit. Its verdict is given when it ends, also when it is dropped: a probe that was
/// cancelled must let the next one try.
struct Attempt<'a> {
    breaker: &'a Breaker,
    class: &'static str,
    probe: bool,
    verdict: Verdict,
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut circuits = self.breaker.lock();
        if let Some(circuit) = circuits.get_mut(self.class) {
            circuit.leave(self.verdict, self.probe, (Instant::now(), self.breaker.policy));
            self.breaker.tell(self.class, circuit);
        }
    }
}

#[cfg(test)]
mod tests;
