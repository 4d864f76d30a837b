//! What became of the calls, and how long they took.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// All that was asked for.
    Whole,
    /// A part, with problems.
    InPart,
    /// A limit of the vendor's.
    Limited,
    /// The breaker.
    Paused,
    /// A write whose outcome is not known.
    Unknown,
    /// A vendor's fault.
    Failed,
    /// The client left.
    GivenUp,
    /// No answer long after the deadline.
    Stuck,
    /// No tool's result.
    Broken,
}

impl Class {
    pub(crate) fn of_text(text: &str) -> Self {
        let classes = [
            ("may have been carried out", Self::Unknown),
            ("rate limited until", Self::Limited),
            ("paused until", Self::Paused),
        ];
        let known = classes.iter().find(|(words, _)| text.contains(words));
        known.map_or(Self::Failed, |(_, class)| *class)
    }
}

/// The calls of each minute.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Minutes>);

#[derive(Default)]
struct Minutes {
    classes: BTreeMap<Class, usize>,
    /// In microseconds; only whole answers, since the others take what the fault takes.
    first: Option<Vec<u64>>,
    now: Vec<u64>,
    last: Vec<u64>,
}

impl Tally {
    pub(crate) fn note(&self, class: Class, took: Duration) {
        let mut minutes = self.lock();
        *minutes.classes.entry(class).or_default() += 1;
        if class == Class::Whole {
            minutes.now.push(u64::try_from(took.as_micros()).unwrap());
        }
    }

    /// A minute is over.
    pub(crate) fn next_minute(&self) {
        let mut minutes = self.lock();
        let ended = std::mem::take(&mut minutes.now);
        if minutes.first.is_none() {
            minutes.first = Some(ended.clone());
        }
        minutes.last = ended;
    }

    pub(crate) fn calls(&self) -> usize {
        self.lock().classes.values().sum()
    }

    pub(crate) fn of(&self, class: Class) -> usize {
        self.lock().classes.get(&class).copied().unwrap_or_default()
    }

    pub(crate) fn table(&self) -> String {
        let minutes = self.lock();
        let mut table = String::from("outcomes\n");
        for (class, count) in &minutes.classes {
            writeln!(table, "  {:<9} {count:>7}", format!("{class:?}")).unwrap();
        }
        table.push_str("whole answers\n");
        let first = minutes.first.as_deref().unwrap_or_default();
        for (name, took) in [("first minute", first), ("last minute", &minutes.last)] {
            let [middle, late] = [0.5, 0.99].map(|share| quantile(took, share));
            writeln!(table, "  {name:<12}  p50 {middle:>7.1} ms  p99 {late:>7.1} ms").unwrap();
        }
        table
    }

    fn lock(&self) -> MutexGuard<'_, Minutes> {
        self.0.lock().unwrap()
    }
}

/// In milliseconds.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and times of a soak are far below 2^52"
)]
fn quantile(took: &[u64], share: f64) -> f64 {
    let mut sorted = took.to_vec();
    sorted.sort_unstable();
    let at = (share * sorted.len() as f64) as usize;
    let found = sorted.get(at.min(sorted.len().saturating_sub(1)));
    found.copied().unwrap_or_default() as f64 / 1000.0
}
