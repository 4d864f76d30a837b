//! Slack's limits, which it tells only by refusing ("Rate limits"): per method and minute, and per channel for posting.
//!
//! They are token buckets here, a minute's worth at once and then evenly: Slack tolerates bursts within the minute and
//! names its tiers as a floor ("20+ per minute"). An app outside the Marketplace that is distributed commercially has one
//! history a minute; what it is refused is waited for as the refusal says.

use std::time::Duration;
use upstream::pace::{Limit, Rate, Scope};

const MINUTE: Duration = Duration::from_secs(60);

/// The tiers of the methods that are called.
pub fn limits() -> Vec<Limit> {
    let tier = |methods, count| Limit {
        scope: Scope::Operation(methods),
        rate: Rate::Bucket {
            burst: count,
            count,
            per: MINUTE,
        },
    };
    vec![
        tier(
            &["conversations.list", "users.list", "usergroups.list", "search.messages"],
            20,
        ),
        tier(
            &[
                "conversations.history",
                "conversations.replies",
                "conversations.info",
                "bots.info",
            ],
            50,
        ),
        tier(&["users.info", "chat.getPermalink"], 100),
        // About one message a second and channel; short bursts are let through.
        Limit {
            scope: Scope::Bucket(&["chat.postMessage"]),
            rate: Rate::Bucket {
                burst: 3,
                count: 1,
                per: Duration::from_secs(1),
            },
        },
    ]
}
