//! Why a request gave no usable answer: typed data, made into text for people in one place only (`tools/problems`).

use super::Access;
use std::num::NonZeroU32;
use std::time::Duration;

/// A request that failed, and why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{backend} {operation}: {cause}")]
pub struct Failure {
    /// The backend's name, e.g. `slack`.
    pub backend: &'static str,
    /// The vendor's name for the operation.
    pub operation: &'static str,
    /// Why.
    pub cause: Cause,
    /// What to change, where the backend knows more than the cause says.
    pub hint: Option<String>,
    /// The vendor's id of the request, for its support.
    pub request_id: Option<String>,
    /// What became of a write.
    pub outcome: Outcome,
    /// For how many seconds the vendor asked to be left alone, where the cause does not say it: a 503 in maintenance.
    pub stay_away: Option<NonZeroU32>,
}

/// What became of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was changed.
    NotDone,
    /// It was a write, it left, and no answer told whether it was carried out.
    Unknown,
}

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// The backend has no credentials.
    #[error("is off: {} not set", variables.join(", "))]
    Off {
        /// The environment variables that are missing.
        variables: Vec<&'static str>,
    },
    /// The vendor refused the credentials.
    #[error("credentials refused ({code})")]
    Unauthorized {
        /// The vendor's word.
        code: String,
        /// The environment variables that hold the credentials.
        variables: Vec<&'static str>,
    },
    /// The credentials lack a scope or permission.
    #[error("missing scope {needed}")]
    MissingScope {
        /// What is needed.
        needed: String,
        /// What the credentials have, where the vendor says so.
        provided: Option<String>,
    },
    /// Not allowed, for another reason than a missing scope.
    #[error("forbidden: {message}")]
    Forbidden {
        /// The vendor's words.
        message: String,
    },
    /// What was asked for is not there, or not visible to these credentials.
    #[error("{what} not found")]
    NotFound {
        /// What was looked for, e.g. `channel #nope`.
        what: String,
    },
    /// The request itself is wrong; the same request will fail again.
    #[error("{message}")]
    Invalid {
        /// What is wrong with it.
        message: String,
    },
    /// Too many requests.
    #[error("rate limited for {} s", retry_after.as_secs())]
    Throttled {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The vendor had a fault of its own.
    #[error("answered {status}: {message}")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// The vendor's words, or what the answer looked like.
        message: String,
    },
    /// No connection.
    #[error("unreachable: {reason}")]
    Unreachable {
        /// What went wrong.
        reason: String,
    },
    /// There is somebody, but TLS does not show that it is the vendor: nothing was sent.
    #[error("not trusted: {reason}")]
    Untrusted {
        /// What is wrong with it.
        reason: String,
    },
    /// The connection broke before the answer was complete.
    #[error("connection lost: {reason}")]
    Interrupted {
        /// What went wrong.
        reason: String,
    },
    /// No answer in time.
    #[error("{}", late(*after))]
    TimedOut {
        /// How long it was waited for.
        after: Duration,
    },
    /// Its time went by before it could be sent: it waited behind others of ours, which says nothing about the vendor.
    #[error("not sent: {}", unsent(*waited))]
    NotSent {
        /// How long it waited for its turn.
        waited: Duration,
    },
    /// Too many failures lately; not tried.
    #[error("failing too often, paused for {} s", retry_after.as_secs())]
    CircuitOpen {
        /// When it is tried again.
        retry_after: Duration,
    },
    /// An answer that cannot be read.
    #[error("unreadable answer: expected {expected}, got {got}")]
    Malformed {
        /// What should have come.
        expected: &'static str,
        /// What came, in a few words.
        got: String,
    },
    /// An answer larger than the bound.
    #[error("answer larger than {limit} bytes")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// A redirect to another host, not followed.
    #[error("redirected to {host}, not followed")]
    Redirected {
        /// Where to.
        host: String,
    },
    /// Any other refusal, in the vendor's words.
    #[error("{code}: {message}")]
    Rejected {
        /// The vendor's code or the HTTP status.
        code: String,
        /// The vendor's words.
        message: String,
    },
}

/// Whether and when it helps to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same request will fail again.
    Never,
    /// It may work at any time.
    Soon,
    /// Not before so long.
    After(Duration),
}

impl Cause {
    /// Whether and when it helps to ask again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Throttled { retry_after } | Self::CircuitOpen { retry_after } => Retry::After(*retry_after),
            Self::Unavailable { .. }
            | Self::Unreachable { .. }
            | Self::Interrupted { .. }
            | Self::TimedOut { .. }
            | Self::NotSent { .. }
            | Self::Malformed { .. } => Retry::Soon,
            _ => Retry::Never,
        }
    }

    /// What became of a request that was answered in this way. A vendor's own fault, or an answer that cannot be
    /// read, leaves open whether a write was carried out; a stated refusal does not. Slack documents for
    /// `fatal_error` and `internal_error` that parts may have succeeded ("Using the Slack Web API").
    pub fn outcome(&self, access: Access) -> Outcome {
        let told = !matches!(
            self,
            Self::Unavailable { .. }
                | Self::Interrupted { .. }
                | Self::TimedOut { .. }
                | Self::Malformed { .. }
                | Self::TooLarge { .. }
        );
        if told || access == Access::Read {
            Outcome::NotDone
        } else {
            Outcome::Unknown
        }
    }

    /// Whether this tells about the backend's health. What the request or the credentials did wrong does not, nor
    /// does throttling: a vendor that counts well is well.
    pub fn is_sickness(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. }
                | Self::Unreachable { .. }
                | Self::Interrupted { .. }
                | Self::TimedOut { .. }
                | Self::Malformed { .. }
        )
    }

    /// One word for metrics, from a closed set.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Off { .. } => "off",
            Self::Unauthorized { .. } => "unauthorized",
            Self::MissingScope { .. } => "missing_scope",
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound { .. } => "not_found",
            Self::Invalid { .. } => "invalid",
            Self::Throttled { .. } => "throttled",
            Self::Unavailable { .. } => "unavailable",
            Self::Unreachable { .. } => "unreachable",
            Self::Untrusted { .. } => "untrusted",
            Self::Interrupted { .. } => "interrupted",
            Self::TimedOut { .. } => "timed_out",
            Self::NotSent { .. } => "not_sent",
            Self::CircuitOpen { .. } => "circuit_open",
            Self::Malformed { .. } => "malformed",
            Self::TooLarge { .. } => "too_large",
            Self::Redirected { .. } => "redirected",
            Self::Rejected { .. } => "rejected",
        }
    }
}

/// What is left of a call's time differs by a little from one request to the next, and says nothing; less than a second
/// of it says nothing about the vendor either.
fn late(after: Duration) -> String {
    if after < Duration::from_secs(1) {
        "no answer in what was left of the time".to_owned()
    } else {
        format!("no answer within {:.0} s", after.as_secs_f32())
    }
}

/// The same holds for a wait: less than a second of it was not what used up the time.
fn unsent(waited: Duration) -> String {
    if waited < Duration::from_secs(1) {
        "too little was left of the time".to_owned()
    } else {
        format!("waited {:.0} s for its turn", waited.as_secs_f32())
    }
}

impl Failure {
    /// A failure in which nothing was changed.
    pub fn new(backend: &'static str, operation: &'static str, cause: Cause) -> Self {
        Self {
            backend,
            operation,
            cause,
            hint: None,
            request_id: None,
            outcome: Outcome::NotDone,
            stay_away: None,
        }
    }

    /// Whether and when it helps to ask again.
    pub fn retry(&self) -> Retry {
        match (self.cause.retry(), self.stay_away) {
            (Retry::Soon, Some(wait)) => Retry::After(Duration::from_secs(wait.get().into())),
            (retry, _) => retry,
        }
    }

    /// Says how long the vendor asked to be left alone.
    #[must_use]
    pub fn staying_away(mut self, wait: Option<Duration>) -> Self {
        let seconds = wait.map(|wait| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX));
        self.stay_away = seconds.and_then(NonZeroU32::new);
        self
    }

    /// Adds what to change.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says what became of a write.
    #[must_use]
    pub fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }
}
