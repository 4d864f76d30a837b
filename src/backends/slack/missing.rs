//! A cache of what messages name and Slack does not have, so that reading the same messages again does not look it up
//! again: people who left another workspace, channels that nobody may see, bots that were removed.

use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use upstream::{Cause, Failure};

/// How many ids are cached.
const MOST: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// How long they are cached.
const TIME_TO_LIVE: Duration = Duration::from_secs(600);

/// The ids that were not found, with the failures that said so.
pub(super) struct Missing(Mutex<LruCache<String, (Failure, Instant)>>);

impl Default for Missing {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MOST)))
    }
}

impl Missing {
    /// The failure of an earlier look-up of this id, where it found nothing.
    pub(super) fn find(&self, id: &str) -> Option<Failure> {
        let mut missing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (failure, since) = missing.get(id)?;
        (since.elapsed() < TIME_TO_LIVE).then(|| failure.clone())
    }

    /// Caches an id whose look-up found nothing. Any other failure may pass.
    pub(super) fn note<T>(&self, id: &str, answer: &Result<T, Failure>) {
        let Err(failure) = answer else { return };
        if matches!(failure.cause, Cause::NotFound { .. }) {
            let mut missing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            missing.put(id.to_owned(), (failure.clone(), Instant::now()));
        }
    }

    /// Forgets everything.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
