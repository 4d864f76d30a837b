//! The catalog that is served now, and word of it when another takes its place.

use super::Catalog;
use arc_swap::ArcSwap;
use std::sync::Arc;
use tokio::sync::watch;

/// A catalog that can be swapped while calls are under way: each goes on with the one it started with.
#[derive(Debug)]
pub struct Live {
    now: ArcSwap<Catalog>,
    changed: watch::Sender<()>,
}

impl Live {
    /// Serves this catalog.
    pub fn new(catalog: Catalog) -> Self {
        Self {
            now: ArcSwap::from_pointee(catalog),
            changed: watch::Sender::new(()),
        }
    }

    /// The catalog as it is now.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.now.load_full()
    }

    /// Serves another catalog from now on. Whoever follows the changes hears of it where agents see a difference.
    pub fn swap(&self, catalog: Catalog) {
        let next = Arc::new(catalog);
        let before = self.now.swap(Arc::clone(&next));
        if !before.lists_the_same(&next) {
            self.changed.send_replace(());
        }
    }

    /// Resolves `changed()` once for any number of changes since it was last asked; ends with the program.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::catalog::{Params, tests::spec};
    use toolgen::ToolSpec;

    #[test]
    fn only_what_agents_see_is_a_change_for_them() {
        let (search, history) = (Arc::new(spec("slack_search")), Arc::new(spec("slack_get_history")));
        let params = Params {
            specs: vec![Arc::clone(&search), Arc::clone(&history)],
            ..Params::default()
        };
        let live = Live::new(Catalog::new(params).unwrap());
        let mut changes = live.changes();
        let before = live.catalog();
        let mut swap = |specs: Vec<ToolSpec>| {
            let specs: Vec<_> = specs.into_iter().map(Arc::new).chain([Arc::clone(&history)]).collect();
            live.swap(live.catalog().renewed(&specs).unwrap());
            std::mem::replace(&mut changes, live.changes()).has_changed().unwrap()
        };
        let other_document = ToolSpec {
            document: "query Q { slack { __typename __typename } }".to_owned(),
            ..spec("slack_search")
        };
        assert!(!swap(vec![other_document]));
        let other_help = ToolSpec {
            description: "Finds.".to_owned(),
            ..spec("slack_search")
        };
        assert!(swap(vec![other_help]));
        assert!(swap(vec![]));
        let tools = |catalog: &Catalog| catalog.listed().count();
        assert_eq!(
            (tools(&before), tools(&live.catalog())),
            (2, 1),
            "whoever has the old one keeps it"
        );
        let untouched = |catalog: &Catalog| Arc::clone(catalog.find("slack_get_history").unwrap());
        assert!(Arc::ptr_eq(&untouched(&before), &untouched(&live.catalog())));
    }
}
