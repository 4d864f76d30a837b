//! What a tool may cost at most.

use crate::diagnostic::{At, Findings};
use crate::spec::Cost;
use crate::validation::span_of;
use crate::weights::Weights;
use apollo_compiler::Node;
use apollo_compiler::executable::Field;
use apollo_compiler::parser::SourceMap;
use std::collections::BTreeMap;

/// What a tool may cost at most; what is `None` or missing is not bounded.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    /// Upstream requests.
    pub requests: Option<u64>,
    /// Tokens of the result.
    pub result_tokens: Option<u64>,
    /// What backends meter, by the names that the weights give it.
    pub units: BTreeMap<String, u64>,
}

/// The fields that the costs come from, and where they are written.
pub(super) struct Culprits<'c> {
    pub(super) requests: Vec<(&'c Node<Field>, u64)>,
    pub(super) metered: Vec<(String, &'c Node<Field>, u64)>,
    /// From the innermost outwards.
    pub(super) lists: Vec<(&'c Node<Field>, u64)>,
    pub(super) weights: &'c Weights,
    pub(super) sources: &'c SourceMap,
}

impl Budget {
    pub(super) fn check(&self, cost: &Cost, culprits: &Culprits<'_>, findings: &mut Findings<'_>) {
        let requesting = culprits
            .requests
            .iter()
            .max_by_key(|(_, requests)| *requests)
            .map(|(field, _)| *field);
        // The innermost list that is half of it: the outer ones only hold it.
        let mut lists = culprits.lists.iter();
        let listing = lists
            .find(|(_, tokens)| *tokens >= cost.result_tokens / 2)
            .map(|(field, _)| *field);
        let units = self.units.iter().map(|(unit, allowed)| {
            (
                cost.units.get(unit).copied().unwrap_or_default(),
                Some(*allowed),
                unit.as_str(),
                culprits.metering(unit),
            )
        });
        let all = [
            (cost.requests_most, self.requests, "upstream requests", requesting),
            (cost.result_tokens, self.result_tokens, "tokens of result", listing),
        ];
        for (costs, allowed, what, culprit) in all.into_iter().chain(units) {
            let Some(allowed) = allowed.filter(|allowed| costs > *allowed) else {
                continue;
            };
            let message = format!("a call may cost {costs} {what}; the budget is {allowed}");
            match culprit {
                Some(field) => {
                    let help = format!("most of it is `{}`: ask for less of it", field.name);
                    findings.error(span_of(culprits.sources, &field.name), message, Some(help));
                }
                None => findings.error(At::File, message, None),
            }
        }
    }
}

impl<'c> Culprits<'c> {
    fn metering(&self, unit: &str) -> Option<&'c Node<Field>> {
        let reckoned = self.weights.meters.iter().find(|meter| meter.name == unit);
        let of = reckoned.map_or(unit, |meter| meter.of.as_str());
        let counts = self.metered.iter().filter(|(meter, _, _)| meter == of);
        counts.max_by_key(|(_, _, count)| *count).map(|(_, field, _)| *field)
    }
}
