//! Datadog's limits are per bucket and organisation, and told by headers only ("Rate Limits").

use upstream::quota::{QuotaHeaders, Reset};

/// What Datadog's headers mean; `reset` is in seconds from now.
pub const QUOTA: QuotaHeaders = QuotaHeaders {
    limit: "x-ratelimit-limit",
    remaining: "x-ratelimit-remaining",
    reset: "x-ratelimit-reset",
    reset_counts: Reset::FromNow,
    bucket: Some("x-ratelimit-name"),
};
