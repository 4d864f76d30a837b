//! The arithmetic of limits: when may the next one go, and the one after so many more? No clock and no waiting.

use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// How many in how long, and how that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// A token bucket: so many at once, then one at a time, evenly.
    Bucket {
        /// How many fit into the bucket.
        burst: u32,
        /// How many come back...
        count: u32,
        /// ...in how long.
        per: Duration,
    },
    /// A sliding window: never more than so many within any stretch of so long.
    Window {
        /// How many.
        count: u32,
        /// In how long.
        per: Duration,
    },
}

/// Counts for one limit.
#[derive(Debug)]
pub(super) enum Meter {
    /// Kept as one time, when the bucket would be full again (GCRA): exact, and nothing has to tick.
    Bucket {
        interval: Duration,
        tolerance: Duration,
        full_at: Option<Instant>,
    },
    /// The times of the last `count`, oldest first.
    Window {
        count: usize,
        per: Duration,
        gone: VecDeque<Instant>,
    },
}

impl Meter {
    /// A meter at rest. A count of nought is taken as one: nothing could ever go, and no vendor means that.
    pub(super) fn new(rate: Rate) -> Self {
        match rate {
            Rate::Bucket { burst, count, per } => {
                let interval = per / count.max(1);
                Self::Bucket {
                    interval,
                    tolerance: interval * (burst.max(1) - 1),
                    full_at: None,
                }
            }
            Rate::Window { count, per } => Self::Window {
                count: count.max(1) as usize,
                per,
                gone: VecDeque::new(),
            },
        }
    }

    /// When the next one may go after `ahead` others, if each goes as soon as it may. Never before `now`.
    pub(super) fn free_at(&self, ahead: usize, now: Instant) -> Instant {
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        match self {
            Self::Bucket {
                interval,
                tolerance,
                full_at,
            } => {
                let full_at = full_at.map_or(now, |full_at| full_at.max(now));
                let full_then = full_at + interval.saturating_mul(ahead);
                full_then
                    .checked_sub(*tolerance)
                    .map_or(now, |free_at| free_at.max(now))
            }
            Self::Window { count, per, gone } => {
                // What goes now stands in the way again one window later, so the pattern repeats every `count`.
                let (rounds, rest) = (ahead as usize / count, ahead as usize % count);
                let first = match (gone.len() + rest).checked_sub(*count) {
                    Some(leaving) => gone.get(leaving).map_or(now, |left| (*left + *per).max(now)),
                    None => now,
                };
                first + per.saturating_mul(u32::try_from(rounds).unwrap_or(u32::MAX))
            }
        }
    }

    /// Counts one that goes now.
    pub(super) fn count(&mut self, now: Instant) {
        match self {
            Self::Bucket { interval, full_at, .. } => {
                *full_at = Some(full_at.map_or(now, |full_at| full_at.max(now)) + *interval);
            }
            Self::Window { count, gone, .. } => {
                if gone.len() >= *count {
                    gone.pop_front();
                }
                gone.push_back(now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Lets one after another go as soon as it may, each after a pause, and gives the times since the start.
    fn times(rate: Rate, pauses: &[u64]) -> Vec<Duration> {
        let start = Instant::now();
        let (mut meter, mut now) = (Meter::new(rate), start);
        let mut times = Vec::new();
        for pause in pauses {
            now = meter.free_at(0, now + Duration::from_millis(*pause));
            meter.count(now);
            times.push(now - start);
        }
        times
    }

    proptest! {
        #[test]
        fn a_window_never_holds_more_than_its_count(
            count in 1_u32..20,
            per in 1_u64..5_000,
            pauses in prop::collection::vec(0_u64..500, 1..200),
        ) {
            let per = Duration::from_millis(per);
            let times = times(Rate::Window { count, per }, &pauses);
            for pair in times.windows(count as usize + 1) {
                prop_assert!(pair[count as usize] >= pair[0] + per);
            }
        }

        #[test]
        fn a_bucket_never_gives_more_than_burst_and_refill(
            burst in 1_u32..20,
            interval in 1_u64..1_000,
            pauses in prop::collection::vec(0_u64..500, 1..200),
        ) {
            let interval = Duration::from_millis(interval);
            let times = times(Rate::Bucket { burst, count: 1, per: interval }, &pauses);
            for from in 0..times.len() {
                for to in from..times.len() {
                    let refilled = times[to].saturating_sub(times[from]).as_millis() / interval.as_millis();
                    prop_assert!((to - from + 1) as u128 <= u128::from(burst) + refilled);
                }
            }
        }

        #[test]
        fn what_is_foretold_for_those_behind_comes_true(
            window in any::<bool>(),
            count in 1_u32..8,
            before in prop::collection::vec(0_u64..300, 0..20),
            behind in 0_usize..30,
        ) {
            let per = Duration::from_millis(800);
            let rate = if window { Rate::Window { count, per } } else { Rate::Bucket { burst: count, count, per } };
            let (mut meter, mut now) = (Meter::new(rate), Instant::now());
            for pause in before {
                now = meter.free_at(0, now + Duration::from_millis(pause));
                meter.count(now);
            }
            let foretold = meter.free_at(behind, now);
            for _ in 0..behind {
                now = meter.free_at(0, now);
                meter.count(now);
            }
            prop_assert_eq!(meter.free_at(0, now), foretold);
        }
    }
}
