//! Faults that come and go: every few seconds another one, at another vendor, for a while.

use crate::VENDORS;
use fastrand::Rng;
use sandbox::{Effect, Fault, LimitForm, RetryAfter, Sandbox};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long one kind of weather lasts.
const SPELL: Duration = Duration::from_secs(4);

/// Changes the weather until it is over, then clears the sky.
pub(crate) async fn change(sandbox: Arc<Sandbox>, seed: u64, over: CancellationToken) {
    let mut random = Rng::with_seed(seed);
    while !over.is_cancelled() {
        sandbox.clear_faults();
        // What is recorded of requests is the bench's memory, not the server's.
        sandbox.clear_requests();
        for vendor in VENDORS {
            // Fair weather at each of them half of the time.
            if random.bool() {
                let times = random.u32(1..40);
                sandbox.inject(vendor, Fault::always(effect(&mut random)).times(times));
            }
        }
        let _ended = tokio::time::timeout(SPELL, over.cancelled()).await;
    }
    sandbox.clear_faults();
}

fn effect(random: &mut Rng) -> Effect {
    let status = |status| Effect::Status {
        status,
        body: None,
        headers: BTreeMap::new(),
    };
    let limit = |retry_after| Effect::RateLimit {
        retry_after,
        form: LimitForm::SecondaryTooMany,
    };
    match random.u8(0..16) {
        0 => status(500),
        1 => status(502),
        2 => status(503),
        3 => status(504),
        4 => limit(Some(RetryAfter::Seconds(1))),
        5 => limit(Some(RetryAfter::DateIn(2))),
        6 => Effect::Html { status: 200 },
        7 => Effect::TruncatedJson,
        8 => Effect::MalformedJson,
        9 => Effect::HugeBody { bytes: 64 << 20 },
        10 => Effect::Hang,
        11 => Effect::ResetBefore,
        12 => Effect::ResetInBody,
        13 => Effect::Delay {
            ms: random.u64(100..3000),
        },
        14 => Effect::Drip {
            bytes: 64,
            every_ms: 50,
        },
        _ => Effect::Redirect {
            status: 302,
            location: "http://localhost:9/elsewhere".to_owned(),
        },
    }
}
