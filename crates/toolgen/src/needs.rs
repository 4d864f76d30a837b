//! What a file takes from other files: the shared fragments that it reaches.

use crate::library::Parsed;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Two are equal when nothing that the file takes has changed.
///
/// The files of the fragments stand for the fragments: what is said about one has its line in it, and moving it is a change.
pub(crate) struct Needs {
    /// By the fragment's name; `None`: there is no such fragment.
    from: BTreeMap<String, Option<Arc<Parsed>>>,
    /// All that could have been meant, where one is missing.
    offered: Vec<String>,
}

impl Needs {
    pub(crate) fn of(from: BTreeMap<String, Option<Arc<Parsed>>>, all: impl FnOnce() -> Vec<String>) -> Self {
        let offered = if from.values().any(Option::is_none) {
            all()
        } else {
            Vec::new()
        };
        Self { from, offered }
    }

    /// The fragments that are there.
    pub(crate) fn fragments(&self) -> impl Iterator<Item = &str> {
        let found = self.from.iter().filter(|(_, from)| from.is_some());
        found.map(|(name, _)| name.as_str())
    }
}

impl PartialEq for Needs {
    fn eq(&self, other: &Self) -> bool {
        let same = |(own, other): (&Option<Arc<Parsed>>, &Option<Arc<Parsed>>)| match (own, other) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (None, None) => true,
            _ => false,
        };
        self.offered == other.offered
            && self.from.keys().eq(other.from.keys())
            && self.from.values().zip(other.from.values()).all(same)
    }
}
