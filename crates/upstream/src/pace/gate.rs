//! One limit and the queue before it: first come, first served, but that a write does not wait behind reads that must leave
//! it what is left.

use super::meter::{Meter, Rate};
use crate::account::QuotaLeft;
use crate::call::Hold;
use crate::quota::Quota;
use crate::{Access, Call};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Two told times of renewal that differ by less are the same window: vendors count in whole seconds.
const SAME_WINDOW: Duration = Duration::from_secs(2);

/// One limit.
#[derive(Debug)]
pub(super) struct Gate {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    meter: Option<Meter>,
    told: Option<Told>,
    closed_until: Option<Instant>,
    /// How many went through and are not answered yet.
    under_way: u64,
    /// Those who wait, in order. Only who has nobody before them watches the clock; the others are woken.
    queue: VecDeque<Waiter>,
    next_ticket: u64,
}

/// One who waits.
#[derive(Debug)]
struct Waiter {
    ticket: u64,
    kind: Kind,
    wake: Arc<Notify>,
}

/// For what is told of a limit there are two kinds: those who leave a part of it, and those to whom it is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Read,
    Write,
}

impl From<Access> for Kind {
    fn from(access: Access) -> Self {
        match access {
            Access::Read => Self::Read,
            Access::Write | Access::IdempotentWrite => Self::Write,
        }
    }
}

/// What the vendor said is left.
#[derive(Debug, Clone, Copy)]
struct Told {
    remaining: u64,
    /// Of how many.
    limit: Option<u64>,
    /// Reads leave so many to writes.
    kept_for_writes: u64,
    renewed_at: Instant,
}

/// Who has gone through, until it is answered.
#[derive(Debug)]
pub(super) struct Pass(Arc<Gate>);

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.under_way = state.under_way.saturating_sub(1);
    }
}

/// A place in the queue, given up when its owner leaves.
struct Place<'a> {
    gate: &'a Gate,
    ticket: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.queue.retain(|waiter| waiter.ticket != self.ticket);
        state.wake_first();
    }
}

/// What to do next.
enum Step {
    Go,
    Wait { until: Instant, first: bool },
    Refuse { free_at: Instant },
}

impl Gate {
    /// A gate of a declared limit, or of one of which only the vendor tells.
    pub(super) fn new(rate: Option<Rate>) -> Self {
        Self {
            state: Mutex::new(State {
                meter: rate.map(Meter::new),
                told: None,
                closed_until: None,
                under_way: 0,
                queue: VecDeque::new(),
                next_ticket: 0,
            }),
        }
    }

    /// Goes through when it is its turn. `Err` with the time to come back where that is after the call's deadline.
    pub(super) async fn pass(self: Arc<Self>, access: Access, call: &Call) -> Result<Pass, Instant> {
        let (wake, kind) = (Arc::new(Notify::new()), Kind::from(access));
        let ticket = {
            let mut state = self.lock();
            let ticket = state.next_ticket;
            state.next_ticket += 1;
            let wake = Arc::clone(&wake);
            state.queue.push_back(Waiter { ticket, kind, wake });
            ticket
        };
        let place = Place { gate: &self, ticket };
        loop {
            let step = self.lock().step((ticket, kind), call.send_by());
            match step {
                Step::Go => break,
                Step::Refuse { free_at } => return Err(free_at),
                Step::Wait { until, first } => {
                    call.hold(Hold::Until(until));
                    if first {
                        tokio::time::timeout_at(until, wake.notified()).await.ok();
                    } else {
                        wake.notified().await;
                    }
                    call.hold(Hold::Free);
                }
            }
        }
        drop(place);
        Ok(Pass(Arc::clone(&self)))
    }

    /// When one more of this kind could go if it came now.
    pub(super) fn free_at(&self, access: Access) -> Instant {
        let state = self.lock();
        let (kind, now) = (access.into(), Instant::now());
        state.free_at(state.ahead_of(state.next_ticket, kind, now), kind, now)
    }

    /// Takes in what the vendor told.
    pub(super) fn learn(&self, quota: &Quota, kept_for_writes: u64) {
        let now = Instant::now();
        let mut state = self.lock();
        let renewed_at = now + quota.reset;
        let same = |told: &Told| {
            told.renewed_at.saturating_duration_since(renewed_at) < SAME_WINDOW
                && renewed_at.saturating_duration_since(told.renewed_at) < SAME_WINDOW
        };
        // Answers overtake one another: within a window the smallest number is the newest.
        let remaining = match state.told.filter(same) {
            Some(told) => told.remaining.min(quota.remaining),
            None => quota.remaining,
        };
        state.told = Some(Told {
            remaining,
            limit: quota.limit,
            kept_for_writes,
            renewed_at,
        });
        state.wake_all();
    }

    /// What the vendor last said is left, as of now.
    pub(super) fn left(&self) -> Option<QuotaLeft> {
        let told = self.lock().told?;
        let reset = told.renewed_at.saturating_duration_since(Instant::now());
        Some(QuotaLeft {
            remaining: told.remaining,
            limit: told.limit,
            // Whoever comes back after so many whole seconds must not come too early.
            reset_s: Some(reset.as_secs() + u64::from(reset.subsec_nanos() > 0)),
        })
    }

    /// Lets nobody through for so long: the vendor said so.
    pub(super) fn close(&self, wait: Duration) {
        let mut state = self.lock();
        let until = Instant::now() + wait;
        state.closed_until = Some(state.closed_until.map_or(until, |known| known.max(until)));
        state.wake_all();
    }

    /// Whether nothing would be lost with it.
    pub(super) fn is_idle(&self) -> bool {
        let state = self.lock();
        state.queue.is_empty() && state.under_way == 0 && state.free_at(0, Kind::Read, Instant::now()) <= Instant::now()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn step(&mut self, (ticket, kind): (u64, Kind), latest: Instant) -> Step {
        let now = Instant::now();
        let ahead = self.ahead_of(ticket, kind, now);
        let free_at = self.free_at(ahead, kind, now);
        if free_at > latest {
            return Step::Refuse { free_at };
        }
        if ahead > 0 || free_at > now {
            return Step::Wait {
                until: free_at,
                first: ahead == 0,
            };
        }
        if let Some(meter) = &mut self.meter {
            meter.count(now);
        }
        self.under_way += 1;
        Step::Go
    }

    /// How many go before this one: all who came before, but a write passes by reads that wait for what is told to be
    /// renewed while it need not.
    fn ahead_of(&self, ticket: u64, kind: Kind, now: Instant) -> usize {
        // Tickets only ever grow along the queue.
        let before = self.queue.partition_point(|waiter| waiter.ticket < ticket);
        if kind == Kind::Read {
            return before;
        }
        let ahead_of_it = self.queue.iter().take(before);
        let reads = ahead_of_it.filter(|waiter| waiter.kind == Kind::Read).count();
        let going = (0..reads)
            .take_while(|ahead| self.renewal(*ahead, Kind::Read, now).is_none())
            .count();
        let ahead = before - reads + going;
        if self.renewal(ahead, Kind::Write, now).is_some() {
            before
        } else {
            ahead
        }
    }

    /// The renewal that the one behind so many others must wait for, by what the vendor told.
    fn renewal(&self, ahead: usize, kind: Kind, now: Instant) -> Option<Instant> {
        let told = self.told.filter(|told| told.renewed_at > now)?;
        let kept = match kind {
            Kind::Read => told.kept_for_writes,
            Kind::Write => 0,
        };
        (told.remaining.saturating_sub(kept) <= self.under_way + ahead as u64).then_some(told.renewed_at)
    }

    /// When the one behind so many others may go. Those that are ahead are taken to be of the same kind.
    fn free_at(&self, ahead: usize, kind: Kind, now: Instant) -> Instant {
        let mut free_at = now;
        if let Some(until) = self.closed_until {
            free_at = free_at.max(until);
        }
        if let Some(renewed_at) = self.renewal(ahead, kind, now) {
            free_at = free_at.max(renewed_at);
        }
        match &self.meter {
            Some(meter) => meter.free_at(ahead, free_at),
            None => free_at,
        }
    }

    /// Wakes the first of each kind: each may be the next.
    fn wake_first(&self) {
        for kind in [Kind::Read, Kind::Write] {
            if let Some(first) = self.queue.iter().find(|waiter| waiter.kind == kind) {
                first.wake.notify_one();
            }
        }
    }

    fn wake_all(&self) {
        for waiter in &self.queue {
            waiter.wake.notify_one();
        }
    }
}
