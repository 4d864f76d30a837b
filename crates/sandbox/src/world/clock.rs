//! Moments of the story, as epoch seconds.

use jiff::Timestamp;

/// 2026-11-20T00:00:00Z, the day of the story.
pub(in super::super) const DAY: i64 = 1_795_132_800;

/// A time of the day of the story.
pub(in super::super) const fn at(hour: i64, minute: i64) -> i64 {
    DAY + hour * 3_600 + minute * 60
}

/// The same time, so many days earlier.
pub(in super::super) const fn days_before(days: i64, moment: i64) -> i64 {
    moment - days * 86_400
}

/// When #612 was live: from here on the checkout fails.
pub(in super::super) const BROKEN_FROM: i64 = at(10, 2);
/// When monitor 40 fired.
pub(in super::super) const ALERTED: i64 = at(10, 7);

/// RFC 3339 with `Z`, to the second.
pub(in super::super) fn rfc3339(seconds: i64) -> String {
    Timestamp::from_second(seconds)
        .map(|moment| moment.to_string())
        .unwrap_or_default()
}

/// Now, by the machine's clock: only what a vendor ties to the present uses it, never the story.
pub(in super::super) fn now() -> i64 {
    Timestamp::now().as_second()
}
