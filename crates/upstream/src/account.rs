//! The account of a call: what it cost at each backend, told in the result's `_meta`.

use super::Failure;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What one call spent, by backend. Shared by all its requests.
#[derive(Debug, Default)]
pub struct Account {
    backends: Mutex<BTreeMap<&'static str, Spent>>,
    stale: Mutex<Vec<Stale>>,
}

/// An answer that was out of date and was given all the same, as no newer one could be had.
#[derive(Debug, Clone, PartialEq)]
pub struct Stale {
    /// How old it was.
    pub age: Duration,
    /// Why there is no newer one.
    pub failure: Failure,
}

/// What one call spent at one backend.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Spent {
    /// HTTP requests that were sent, repeats and redirects included.
    pub requests: u32,
    /// How many of those repeated one that failed.
    pub retries: u32,
    /// Answers that came from the cache.
    pub cache_hits: u32,
    /// The age of the oldest of those.
    #[serde(
        rename = "cache_age_s",
        serialize_with = "whole_seconds",
        skip_serializing_if = "Option::is_none"
    )]
    pub cache_age: Option<Duration>,
    /// Answers from the cache that were out of date because the backend failed.
    pub stale: u32,
    /// Answers shared with another call that asked the same at the same time.
    pub joined: u32,
    /// What the vendor said is left, by its name for the limit.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub quota: BTreeMap<String, QuotaLeft>,
}

/// What is left of one of a vendor's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct QuotaLeft {
    /// Requests, or points where the vendor counts those.
    pub remaining: u64,
    /// Of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// In how many seconds it is full again, seen from when the request ended; nought where that is past and nothing was
    /// heard since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_s: Option<u64>,
}

impl Account {
    /// What was spent at one backend.
    pub fn of(&self, backend: &str) -> Spent {
        self.lock().get(backend).cloned().unwrap_or_default()
    }

    /// What was spent, by backend.
    pub fn all(&self) -> BTreeMap<&'static str, Spent> {
        self.lock().clone()
    }

    /// The answers that were out of date, in the order in which they were given.
    pub fn stale(&self) -> Vec<Stale> {
        self.lock_stale().clone()
    }

    /// Enters an answer that was out of date.
    pub(super) fn enter_stale(&self, stale: Stale) {
        self.enter(stale.failure.backend, |spent| spent.stale += 1);
        self.lock_stale().push(stale);
    }

    /// Enters something into the account of one backend.
    pub(super) fn enter(&self, backend: &'static str, entry: impl FnOnce(&mut Spent)) {
        entry(self.lock().entry(backend).or_default());
    }

    fn lock_stale(&self) -> MutexGuard<'_, Vec<Stale>> {
        self.stale.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, Spent>> {
        // A poisoned account still counts: nothing in it can be half done.
        self.backends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Spent {
    pub(super) fn cache_hit(&mut self, age: Duration) {
        self.cache_hits += 1;
        self.cache_age = Some(self.cache_age.map_or(age, |oldest| oldest.max(age)));
    }
}

#[expect(clippy::ref_option, reason = "serde hands over a reference to the field")]
fn whole_seconds<S: serde::Serializer>(age: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(age.unwrap_or_default().as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_backends_apart_and_the_oldest_age() {
        let account = Account::default();
        account.enter("slack", |spent| spent.cache_hit(Duration::from_secs(9)));
        account.enter("slack", |spent| spent.cache_hit(Duration::from_secs(4)));
        account.enter("github", |spent| spent.requests += 1);
        assert_eq!(account.of("slack").cache_age, Some(Duration::from_secs(9)));
        assert_eq!(
            serde_json::to_value(account.all()).unwrap(),
            serde_json::json!({
                "github": {"requests": 1, "retries": 0, "cache_hits": 0, "stale": 0, "joined": 0},
                "slack": {"requests": 0, "retries": 0, "cache_hits": 2, "cache_age_s": 9, "stale": 0, "joined": 0},
            })
        );
    }
}
