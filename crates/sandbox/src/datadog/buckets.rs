//! Datadog's rate limits: each call counts in the bucket of its endpoint, and every answer says how full that is
//! ("Datadog: Rate limits").

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::super::reply::Reply;

/// A limit that some endpoints share.
pub(super) struct Bucket {
    pub(super) name: &'static str,
    /// Calls in a period.
    pub(super) limit: u32,
    /// Seconds.
    pub(super) period: u64,
}

impl Bucket {
    pub(super) const QUERY: Self = Self {
        name: "timeseries_query",
        limit: 1_600,
        period: 3_600,
    };
    pub(super) const MONITOR_SEARCH: Self = Self {
        name: "monitor_search",
        limit: 300,
        period: 60,
    };
    pub(super) const OTHERS: Self = Self {
        name: "monitors",
        limit: 3_000,
        period: 60,
    };
}

/// How full each bucket is.
#[derive(Default)]
pub(super) struct Buckets(Mutex<HashMap<&'static str, (Instant, u32)>>);

/// A call, counted.
pub(super) struct Taken {
    pub(super) allowed: bool,
    remaining: u32,
    /// Seconds from now.
    pub(super) reset: u64,
}

impl Buckets {
    pub(super) fn take(&self, bucket: &Bucket) -> Taken {
        let now = Instant::now();
        let period = Duration::from_secs(bucket.period);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (started, calls) = buckets.entry(bucket.name).or_insert((now, 0));
        if now.duration_since(*started) >= period {
            (*started, *calls) = (now, 0);
        }
        let allowed = *calls < bucket.limit;
        *calls += u32::from(allowed);
        let left = period.saturating_sub(now.duration_since(*started));
        Taken {
            allowed,
            remaining: bucket.limit - *calls,
            reset: left.as_secs().max(1),
        }
    }
}

impl Taken {
    pub(super) fn headers(&self, bucket: &Bucket, reply: Reply) -> Reply {
        reply
            .with("x-ratelimit-limit", bucket.limit)
            .with("x-ratelimit-period", bucket.period)
            .with("x-ratelimit-remaining", self.remaining)
            .with("x-ratelimit-reset", self.reset)
            .with("x-ratelimit-name", bucket.name)
    }
}
