//! How deep selections are nested: the executor's parser goes so far and no further, and what it cannot read is no tool.

use super::Checks;
use crate::diagnostic::{At, Findings};
use apollo_compiler::executable::{Selection, SelectionSet};

/// async-graphql's parser stops at 64 ("recursion limit exceeded"). A test holds this to it.
const DEEPEST: usize = 60;

/// Refuses an operation, or a fragment of it, that is nested deeper than that.
pub(super) fn check(checks: &Checks<'_>, findings: &mut Findings<'_>) {
    let fragments = checks
        .document
        .fragments
        .values()
        .map(|fragment| &fragment.selection_set);
    for set in [&checks.operation.selection_set].into_iter().chain(fragments) {
        if let Some(deepest) = below(set, DEEPEST) {
            let place = match deepest {
                Selection::Field(field) => field.name.location(),
                Selection::InlineFragment(inline) => inline.location(),
                Selection::FragmentSpread(spread) => spread.location(),
            };
            let message = format!("this is nested deeper than {DEEPEST} levels, and the executor reads no deeper");
            let help = "write it less deep; what stands in a fragment of its own is counted by itself".to_owned();
            findings.error(At::Span(&checks.document.sources, place), message, Some(help));
        }
    }
}

/// The first selection with something below it where nothing more may be.
fn below(set: &SelectionSet, left: usize) -> Option<&Selection> {
    set.selections.iter().find_map(|selection| {
        let set = match selection {
            Selection::Field(field) => field.selection_set.as_ref()?,
            Selection::InlineFragment(inline) => &inline.selection_set,
            // Counted by itself.
            Selection::FragmentSpread(_) => return None,
        };
        match left.checked_sub(1) {
            Some(left) => below(set, left),
            None => Some(selection),
        }
    })
}
