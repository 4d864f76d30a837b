//! What an operation knows of GitHub's objects, so that each field of an object is asked once, however the object is
//! named: by owner, name and number, or by URL.

use crate::backends::github::answer::Verdict;
use crate::backends::github::{Ask, BACKEND, Found, Kind, Lookup, Wanted};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use upstream::{Cause, Failure};

/// The objects by identity.
#[derive(Default)]
pub(super) struct Memory {
    known: HashMap<String, Known>,
}

/// An object, and what of it was asked so far.
struct Known {
    asked: Wanted,
    found: Arc<Found>,
}

impl Memory {
    /// What must be asked to answer all of these: for each object the union of what is wanted, without what is known.
    pub(super) fn lacking(&self, asks: &[Ask]) -> Vec<Ask> {
        let mut open: BTreeMap<String, Ask> = BTreeMap::new();
        for ask in asks {
            let wanted = general(ask);
            let entry = open.entry(ask.lookup.identity()).or_insert_with(|| Ask {
                lookup: ask.lookup.clone(),
                wanted: Wanted::default(),
            });
            entry.wanted.unite(&wanted);
            // A URL finds what a number finds, and more: the number may be an issue's.
            if matches!(ask.lookup, Lookup::Resource { .. }) {
                entry.lookup = ask.lookup.clone();
            }
        }
        let lacking = |(identity, ask): (String, Ask)| {
            let wanted = match self.known.get(&identity) {
                Some(known) => ask.wanted.lacking(&known.asked),
                None => return Some(special(ask)),
            };
            (!wanted.is_empty()).then(|| special(Ask { wanted, ..ask }))
        };
        let mut lacking: Vec<Ask> = open.into_iter().filter_map(lacking).collect();
        lacking.sort();
        lacking
    }

    /// Takes in what was found; gives back what was not, by identity.
    pub(super) fn learn(&mut self, asked: Vec<Ask>, verdicts: Vec<Verdict>) -> HashMap<String, Failure> {
        let mut failed = HashMap::new();
        for (ask, verdict) in asked.into_iter().zip(verdicts) {
            let identity = ask.lookup.identity();
            match verdict {
                Ok(found) => self.add(identity, general(&ask), found),
                Err(failure) => {
                    failed.insert(identity, failure);
                }
            }
        }
        failed
    }

    /// Whether everything is known that is wanted here.
    pub(super) fn has(&self, ask: &Ask) -> bool {
        let known = self.known.get(&ask.lookup.identity());
        known.is_some_and(|known| general(ask).lacking(&known.asked).is_empty())
    }

    /// The object that a look-up names, where it is of the right kind.
    pub(super) fn recall(&self, ask: &Ask) -> Result<Arc<Found>, Failure> {
        let found = self.known.get(&ask.lookup.identity()).map(|known| &known.found);
        let fits = |found: &&Arc<Found>| ask.lookup.type_name().is_none_or(|name| found.type_name == name);
        found.filter(fits).cloned().ok_or_else(|| {
            let what = ask.lookup.what();
            Failure::new(BACKEND, "lookup", Cause::NotFound { what })
        })
    }

    fn add(&mut self, identity: String, asked: Wanted, found: Found) {
        if let Some(known) = self.known.get_mut(&identity) {
            known.asked.unite(&asked);
            Arc::make_mut(&mut known.found).absorb(found);
        } else {
            let found = Arc::new(found);
            self.known.insert(identity, Known { asked, found });
        }
    }
}

/// What a look-up wants, as a wish for whatever a URL may name, so that look-ups by number and by URL can be united.
fn general(ask: &Ask) -> Wanted {
    match (ask.lookup.kind(), ask.lookup.type_name()) {
        (Kind::Repository | Kind::PullRequest | Kind::Issue, Some(name)) => ask.wanted.clone().as_member(name),
        _ => ask.wanted.clone(),
    }
}

/// The other way round.
fn special(ask: Ask) -> Ask {
    match (ask.lookup.kind(), ask.lookup.type_name()) {
        (Kind::Repository | Kind::PullRequest | Kind::Issue, Some(name)) => Ask {
            wanted: ask.wanted.of_member(name),
            lookup: ask.lookup,
        },
        _ => ask,
    }
}

#[cfg(test)]
mod tests;
