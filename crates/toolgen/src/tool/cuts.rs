//! Paged lists that cannot go on where a result is cut, because no item says where it is.

use crate::diagnostic::Findings;
use crate::selection::{Below, Picked};
use crate::shape;
use crate::validation::span_of;
use crate::weights::Weights;
use apollo_compiler::parser::SourceMap;

/// What is needed to say it.
pub(super) struct Cuts<'c> {
    pub(super) weights: &'c Weights,
    pub(super) sources: &'c SourceMap,
}

impl Cuts<'_> {
    /// Warns of each such list.
    pub(super) fn check(&self, selection: &[Picked<'_>], findings: &mut Findings<'_>) {
        for picked in selection {
            let weight = self.weights.of(picked.parent, &picked.field.name);
            if let Some(field) = weight.and_then(|weight| weight.goes_on_after.as_deref())
                && let Some(list) = list(picked)
                && lacks(list, field)
            {
                let message = format!(
                    "a cut of `{}` cannot go on: its items do not say their `{field}`",
                    list.key
                );
                let at = span_of(self.sources, list.field.alias.as_ref().unwrap_or(&list.field.name));
                findings.warning(at, message, Some(format!("select `{field}`")));
            }
            match &picked.below {
                Below::Leaf => {}
                Below::Object(below) => self.check(below, findings),
                Below::Abstract(variants) => variants.iter().for_each(|(_, keys)| self.check(keys, findings)),
            }
        }
    }
}

/// The list of a page: the field's own, or the connection's.
fn list<'s, 'a>(picked: &'s Picked<'a>) -> Option<&'s Picked<'a>> {
    if picked.ty().is_list() {
        return Some(picked);
    }
    match &picked.below {
        Below::Object(connection) => connection.iter().find(|picked| picked.ty().is_list()),
        _ => None,
    }
}

fn lacks(list: &Picked<'_>, field: &str) -> bool {
    match &list.below {
        // Values alone are one a line; who selects them so wants no more.
        Below::Object(items) => {
            shape::single(items).is_none() && !items.iter().any(|picked| picked.field.name == field)
        }
        _ => false,
    }
}
