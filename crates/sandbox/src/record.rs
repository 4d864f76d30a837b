//! What arrived at a stand-in, what became of it, and the faults that wait for what arrives next.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::Value;

use super::fault::{Effect, Fault};

/// A request as it arrived. Credentials are named, never kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recorded {
    /// `GET`, `POST`…
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// What it asks for, in the words that [`Fault::operation`] takes.
    pub operation: String,
    /// The query's pairs, decoded.
    pub query: Vec<(String, String)>,
    /// What the body asks for: form fields or a JSON body as an object; null without one.
    pub arguments: Value,
    /// The headers, names in lower case, the values of those that carry credentials left out.
    pub headers: Vec<(String, String)>,
    /// Which of the [`Credentials`](super::Credentials)' fields came along, by name; `unknown` where it was none of them.
    pub credentials: Vec<String>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is still being answered.
    Pending,
    /// It was answered, with this status. A body that a fault spoils counts as answered.
    Answered(u16),
    /// The peer went away before the answer was there.
    Abandoned,
}

/// So many requests are remembered; a sandbox that serves for days must not grow with them.
const REMEMBERED: usize = 10_000;

/// One stand-in's memory of its traffic.
#[derive(Debug, Default)]
pub(super) struct Journal(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    requests: VecDeque<Recorded>,
    /// How many were forgotten at the front.
    forgotten: usize,
    /// Counts clears, so that a request which outlives one does not mark another's entry.
    generation: u64,
    faults: Vec<Fault>,
    in_flight: usize,
    most_in_flight: usize,
}

impl Journal {
    pub(super) fn requests(&self) -> Vec<Recorded> {
        self.entries().requests.iter().cloned().collect()
    }

    pub(super) fn clear_requests(&self) {
        let mut entries = self.entries();
        entries.requests.clear();
        entries.forgotten = 0;
        entries.generation += 1;
    }

    pub(super) fn in_flight(&self) -> usize {
        self.entries().in_flight
    }

    pub(super) fn most_in_flight(&self) -> usize {
        self.entries().most_in_flight
    }

    pub(super) fn inject(&self, fault: Fault) {
        self.entries().faults.push(fault);
    }

    pub(super) fn faults(&self) -> Vec<Fault> {
        self.entries().faults.clone()
    }

    pub(super) fn clear_faults(&self) {
        self.entries().faults.clear();
    }

    /// Takes the first waiting fault for a request that goes by these names.
    pub(super) fn fault(&self, names: &[String]) -> Option<Effect> {
        let mut entries = self.entries();
        let fault = entries.faults.iter_mut().find(|fault| fault.meets(names))?;
        fault.times = fault.times.map(|left| left - 1);
        let effect = fault.effect.clone();
        entries.faults.retain(|fault| fault.times != Some(0));
        Some(effect)
    }

    /// Enters a request; what it returns notes what becomes of it.
    pub(super) fn enter(&self, request: Recorded) -> Visit<'_> {
        let mut entries = self.entries();
        if entries.requests.len() == REMEMBERED {
            entries.requests.pop_front();
            entries.forgotten += 1;
        }
        entries.requests.push_back(request);
        entries.in_flight += 1;
        entries.most_in_flight = entries.most_in_flight.max(entries.in_flight);
        Visit {
            journal: self,
            index: entries.forgotten + entries.requests.len() - 1,
            generation: entries.generation,
            outcome: Outcome::Abandoned,
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // Nothing that holds the lock can leave an entry half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered. Dropped without [`Visit::answered`], the peer went away.
pub(super) struct Visit<'a> {
    journal: &'a Journal,
    index: usize,
    generation: u64,
    outcome: Outcome,
}

impl Visit<'_> {
    pub(super) fn answered(mut self, status: u16) {
        self.outcome = Outcome::Answered(status);
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        let mut entries = self.journal.entries();
        entries.in_flight -= 1;
        let index = self.index.checked_sub(entries.forgotten);
        if entries.generation == self.generation
            && let Some(entry) = index.and_then(|index| entries.requests.get_mut(index))
        {
            entry.outcome = self.outcome;
        }
    }
}

/// Names the credential that came along, for [`Recorded::credentials`].
pub(super) fn name_of(sent: Option<&str>, known: &[(&str, &str)]) -> Vec<String> {
    let Some(sent) = sent else { return Vec::new() };
    let name = known
        .iter()
        .find(|(_, value)| *value == sent)
        .map_or("unknown", |(name, _)| *name);
    vec![name.to_owned()]
}
