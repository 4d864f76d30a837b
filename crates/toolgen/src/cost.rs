//! What a call costs at least and at most, and which scopes it needs: reckoned from the document, the weights, and the
//! bounds of the variables.
//!
//! "At most" is a true upper bound: every list full, nothing cached, every author another one. What is selected twice
//! with the same arguments is requested once, since loaders are shared within an operation.

use crate::diagnostic::Findings;
use crate::selection::Selection;
use crate::spec::{Argument, Cost, Hidden};
use crate::weights::Weights;
use apollo_compiler::executable::Field;
use apollo_compiler::parser::SourceMap;
use apollo_compiler::{Node, Schema};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

mod budget;
mod page;
mod tally;
mod text;

pub use budget::Budget;
use tally::{Tally, Times};

/// What is known besides the selection.
pub(crate) struct Basis<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) sources: &'a SourceMap,
    pub(crate) weights: &'a Weights,
    pub(crate) arguments: &'a [Argument],
    pub(crate) hidden: &'a [Hidden],
    /// The variables' values, where it is one call: no page is longer than these say.
    pub(crate) values: Option<&'a Map<String, Value>>,
}

/// What a tool costs and needs.
#[derive(Default)]
pub(crate) struct Reckoning {
    pub(crate) cost: Cost,
    pub(crate) scopes: BTreeMap<String, Vec<String>>,
}

/// Reckons a valid selection; a list without an upper bound, and what is over budget, are findings.
pub(crate) fn reckon(
    basis: &Basis<'_>,
    selection: &Selection<'_>,
    budget: &Budget,
    findings: &mut Findings<'_>,
) -> Reckoning {
    if basis.weights.is_empty() {
        return Reckoning::default();
    }
    let mut tally = Tally::new(basis, findings);
    let result_tokens = tally.object(
        selection,
        Times {
            least: 1,
            most: 1,
            page: None,
        },
    );
    let Tally {
        requests,
        metered,
        scopes,
        lists,
        least,
        findings,
        ..
    } = tally;
    let mut cost = Cost {
        origins: BTreeMap::new(),
        requests_least: least,
        requests_most: requests
            .iter()
            .fold(0, |sum: u64, (_, requests)| sum.saturating_add(*requests)),
        units: units(basis.weights, &metered),
        result_tokens,
    };
    let culprits = budget::Culprits {
        requests,
        metered,
        lists,
        sources: basis.sources,
        weights: basis.weights,
    };
    cost.origins = culprits.origins(&cost, findings);
    findings.extend(budget.check(&cost, findings.path()));
    let scopes = scopes
        .into_iter()
        .map(|(backend, scopes)| (backend.to_owned(), scopes.into_iter().map(str::to_owned).collect()))
        .collect();
    Reckoning { cost, scopes }
}

/// The sums of what was metered, with what is reckoned from others in place of these.
fn units(weights: &Weights, metered: &[(String, &Node<Field>, u64)]) -> BTreeMap<String, u64> {
    let mut units: BTreeMap<String, u64> = BTreeMap::new();
    for (meter, _, count) in metered {
        let sum = units.entry(meter.clone()).or_default();
        *sum = sum.saturating_add(*count);
    }
    let mut consumed = BTreeSet::new();
    for meter in &weights.meters {
        let counted = |name: &String| units.get(name).copied().unwrap_or_default();
        let least = meter.least.as_ref().map(counted).unwrap_or_default();
        let reckoned = counted(&meter.of).div_ceil(meter.per).max(least);
        consumed.extend([Some(&meter.of), meter.least.as_ref()].into_iter().flatten());
        if reckoned > 0 {
            units.insert(meter.name.clone(), reckoned);
        }
    }
    units.retain(|name, _| !consumed.contains(name));
    units
}

#[cfg(test)]
mod tests;
