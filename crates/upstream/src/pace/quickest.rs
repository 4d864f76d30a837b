//! How long an operation takes at the least, as things go now: who has less time left would be sent for nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So many answers tell how things go now.
const ANSWERS: usize = 8;

/// The last good answers of each operation.
#[derive(Debug, Default)]
pub(super) struct Quickest(Mutex<HashMap<&'static str, VecDeque<Duration>>>);

impl Quickest {
    /// An answer took so long.
    pub(super) fn note(&self, operation: &'static str, took: Duration) {
        let mut operations = self.lock();
        let answers = operations.entry(operation).or_default();
        if answers.len() == ANSWERS {
            answers.pop_front();
        }
        answers.push_back(took);
    }

    /// How long the quickest of the last answers took; nothing while there are too few to tell.
    pub(super) fn of(&self, operation: &'static str) -> Duration {
        let operations = self.lock();
        let answers = operations.get(operation).filter(|answers| answers.len() == ANSWERS);
        answers
            .and_then(|answers| answers.iter().min().copied())
            .unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, VecDeque<Duration>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
