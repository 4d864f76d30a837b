//! The monitors that were created since the sandbox started, on top of the story's.

use std::sync::{Mutex, PoisonError};

use super::super::world::{monitors::Monitor, world};

/// New ids start here, far from the story's.
const FIRST_ID: i64 = 1_000_001;

#[derive(Default)]
pub(super) struct State(Mutex<Vec<Monitor>>);

impl State {
    pub(super) fn monitors(&self) -> Vec<Monitor> {
        let created = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        world().monitors.iter().chain(created.iter()).cloned().collect()
    }

    /// Keeps a monitor under the next free id.
    pub(super) fn create(&self, mut monitor: Monitor) -> Monitor {
        let mut created = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        monitor.id = FIRST_ID + i64::try_from(created.len()).unwrap_or_default();
        created.push(monitor.clone());
        monitor
    }
}
