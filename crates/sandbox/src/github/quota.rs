//! Points an hour, and the headers that tell how many are left ("GitHub: Rate limits and query limits for the GraphQL API").

use std::sync::{Arc, Mutex, PoisonError};

use super::super::{reply::Reply, world::clock::now};

const HOUR: i64 = 3_600;

/// The hour that is running. Clones share it.
#[derive(Clone)]
pub(super) struct Quota {
    pub(super) limit: u32,
    hour: Arc<Mutex<Hour>>,
}

#[derive(Clone, Copy)]
pub(super) struct Hour {
    pub(super) used: u32,
    /// Epoch seconds.
    pub(super) reset: i64,
}

impl Quota {
    pub(super) fn new(limit: u32) -> Self {
        Self {
            limit,
            hour: Arc::new(Mutex::new(Hour {
                used: 0,
                reset: now() + HOUR,
            })),
        }
    }

    /// Spends points, or says that there are not as many.
    pub(super) fn take(&self, points: u32) -> bool {
        let mut hour = self.hour.lock().unwrap_or_else(PoisonError::into_inner);
        if now() >= hour.reset {
            *hour = Hour {
                used: 0,
                reset: now() + HOUR,
            };
        }
        let enough = hour.used.saturating_add(points) <= self.limit;
        if enough {
            hour.used += points;
        }
        enough
    }

    pub(super) fn hour(&self) -> Hour {
        *self.hour.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.hour().used)
    }

    pub(super) fn headers(&self, reply: Reply) -> Reply {
        let Hour { used, reset } = self.hour();
        self.with(reply, used, reset)
    }

    /// As if all of it were spent, until so many seconds from now.
    pub(super) fn spent_headers(&self, reply: Reply, seconds: Option<u64>) -> Reply {
        let reset = seconds
            .and_then(|seconds| i64::try_from(seconds).ok())
            .map_or(self.hour().reset, |seconds| now() + seconds);
        self.with(reply, self.limit, reset)
    }

    fn with(&self, reply: Reply, used: u32, reset: i64) -> Reply {
        reply
            .with("x-ratelimit-limit", self.limit)
            .with("x-ratelimit-remaining", self.limit.saturating_sub(used))
            .with("x-ratelimit-used", used)
            .with("x-ratelimit-reset", reset)
            .with("x-ratelimit-resource", "graphql")
    }
}
