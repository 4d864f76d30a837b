//! What became of one request on its way down the road: noted by the layers it passes, told by the outermost in one line.

use super::Call;
use http::StatusCode;
use std::sync::{Arc, Mutex, PoisonError};

/// What is known of one request so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Trail {
    /// How often it was tried: nought where it was answered from the cache, or by another's flight.
    pub(super) attempts: u32,
    /// The last answer's status.
    pub(super) status: Option<StatusCode>,
    /// What the cache, or a flight that was under way, had to do with it.
    pub(super) remembered: Option<Remembered>,
    /// The versions of the credentials that were put on last, in the order in which they are; none where that failed, so
    /// that nothing was sent.
    pub(super) signed: Vec<u64>,
}

/// Where an answer came from that could have been asked for. Each look-up is one of these and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remembered {
    /// It was remembered.
    Hit,
    /// It was out of date, and better than the failure to get a new one.
    Stale,
    /// Nothing was remembered, or what was is out of date.
    Miss,
    /// Another request for the same was under way.
    Joined,
}

impl Remembered {
    /// The word for metrics and logs.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Stale => "stale",
            Self::Miss => "miss",
            Self::Joined => "joined",
        }
    }
}

/// A trail that layers write on while the outermost keeps it.
pub(super) type SharedTrail = Arc<Mutex<Trail>>;

impl Call {
    /// The trail of the request that is on its way.
    pub(super) fn trail(&self) -> Trail {
        let trail = self.shared_trail().lock().unwrap_or_else(PoisonError::into_inner);
        trail.clone()
    }

    /// Notes something on it.
    pub(super) fn note(&self, note: impl FnOnce(&mut Trail)) {
        note(&mut self.shared_trail().lock().unwrap_or_else(PoisonError::into_inner));
    }
}
