//! How often each method may be called: so many times in a minute that starts with the first call ("Slack: Rate limits").

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::failure::Failure;

const MINUTE: Duration = Duration::from_secs(60);

/// One minute each for every method, and for every channel that is posted to.
#[derive(Default)]
pub(super) struct Rates(Mutex<HashMap<String, (Instant, u32)>>);

impl Rates {
    /// Counts a call, or says after how many seconds to come back.
    pub(super) fn take(&self, what: &str, a_minute: u32) -> Result<(), Failure> {
        let now = Instant::now();
        let mut minutes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (started, calls) = minutes.entry(what.to_owned()).or_insert((now, 0));
        if now.duration_since(*started) >= MINUTE {
            (*started, *calls) = (now, 0);
        }
        if *calls >= a_minute {
            let left = MINUTE.saturating_sub(now.duration_since(*started));
            return Err(Failure::rate_limited(left.as_secs() + 1));
        }
        *calls += 1;
        Ok(())
    }
}
