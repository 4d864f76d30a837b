//! One circuit: its three states and what moves it from one to another.

use super::Policy;
use std::time::Duration;
use tokio::time::Instant;

/// What a request that ended says about the health of what it asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is well.
    Well,
    /// It is not.
    Sick,
    /// It was not asked, or not long enough.
    Nothing,
}

/// One circuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Circuit {
    /// All may pass; so many in a row have failed.
    Closed { failures: u32 },
    /// None may pass before `until`.
    Open { until: Instant, pause: Duration },
    /// One is under way to try it, since then.
    HalfOpen { since: Instant, pause: Duration },
}

impl Default for Circuit {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Circuit {
    /// Lets a request through: `Ok` says whether it is the probe, `Err` until when none may pass.
    pub(super) fn enter(&mut self, now: Instant) -> Result<bool, Instant> {
        match *self {
            Self::Closed { .. } => Ok(false),
            Self::Open { until, .. } if now < until => Err(until),
            Self::Open { pause, .. } => {
                *self = Self::HalfOpen { since: now, pause };
                Ok(true)
            }
            // How long the probe takes is not known; what is known is that trying takes a moment.
            Self::HalfOpen { since, pause } => Err((since + pause).max(now + Duration::from_secs(1))),
        }
    }

    /// Takes in how a request that was let through ended.
    pub(super) fn leave(&mut self, verdict: Verdict, probe: bool, (now, policy): (Instant, Policy)) {
        *self = match (*self, verdict) {
            (Self::Closed { .. }, Verdict::Well) => Self::default(),
            (Self::Closed { failures }, Verdict::Sick) if failures + 1 >= policy.failures => Self::Open {
                until: now + policy.pause,
                pause: policy.pause,
            },
            (Self::Closed { failures }, Verdict::Sick) => Self::Closed { failures: failures + 1 },
            (Self::HalfOpen { .. }, Verdict::Well) if probe => Self::default(),
            (Self::HalfOpen { pause, .. }, Verdict::Sick) if probe => {
                let pause = (pause * 2).min(policy.longest_pause);
                Self::Open {
                    until: now + pause,
                    pause,
                }
            }
            // The probe went away without an answer: the next request is the probe.
            (Self::HalfOpen { pause, .. }, Verdict::Nothing) if probe => Self::Open { until: now, pause },
            // One that was let through before the circuit opened says nothing about how it is now.
            (state, _) => state,
        };
    }

    /// For metrics.
    pub(super) fn level(&self) -> i64 {
        match self {
            Self::Closed { .. } => 0,
            Self::HalfOpen { .. } => 1,
            Self::Open { .. } => 2,
        }
    }
}
