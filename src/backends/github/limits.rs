//! GitHub's limits ("Rate limits and query limits for the GraphQL API"): points an hour, told by headers, and points a
//! minute, not told.

use std::time::Duration;
use upstream::pace::{Limit, Rate, Scope};
use upstream::quota::{QuotaHeaders, Reset};

/// What GitHub's headers mean; `reset` is in epoch seconds.
pub const QUOTA: QuotaHeaders = QuotaHeaders {
    limit: "x-ratelimit-limit",
    remaining: "x-ratelimit-remaining",
    reset: "x-ratelimit-reset",
    reset_counts: Reset::Epoch,
    bucket: Some("x-ratelimit-resource"),
};

/// The secondary limit: 2,000 points a minute, of which a read costs at least one.
pub fn limits() -> Vec<Limit> {
    vec![Limit {
        scope: Scope::All,
        rate: Rate::Window {
            count: 2_000,
            per: Duration::from_secs(60),
        },
    }]
}
