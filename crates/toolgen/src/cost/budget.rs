//! What a tool may cost at most.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::spec::{Cost, Origin};
use crate::validation::span_of;
use crate::weights::Weights;
use apollo_compiler::Node;
use apollo_compiler::executable::Field;
use apollo_compiler::parser::SourceMap;
use std::collections::BTreeMap;

/// The names of what has no backend's meter.
const REQUESTS: &str = "upstream requests";
const TOKENS: &str = "tokens of result";

/// What a tool may cost at most; what is `None` or missing is not bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budget {
    /// Upstream requests.
    pub requests: Option<u64>,
    /// Tokens of the result.
    pub result_tokens: Option<u64>,
    /// What backends meter, by the names that the weights give it.
    pub units: BTreeMap<String, u64>,
}

impl Budget {
    /// Whether nothing is bounded.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What of a cost is over the budget, each where most of it comes from, or in `file` as a whole.
    pub fn check(&self, cost: &Cost, file: &str) -> Vec<Diagnostic> {
        let units = self.units.iter().map(|(unit, allowed)| {
            let costs = cost.units.get(unit).copied().unwrap_or_default();
            (unit.as_str(), costs, Some(*allowed))
        });
        let all = [
            (REQUESTS, cost.requests_most, self.requests),
            (TOKENS, cost.result_tokens, self.result_tokens),
        ];
        let over = all.into_iter().chain(units).filter_map(|(what, costs, allowed)| {
            let allowed = allowed.filter(|allowed| costs > *allowed)?;
            let message = format!("a call may cost {costs} {what}; the budget is {allowed}");
            Some(finding(message, cost.origins.get(what), file))
        });
        over.collect()
    }
}

fn finding(message: String, origin: Option<&Origin>, file: &str) -> Diagnostic {
    let origin = origin.cloned().unwrap_or_else(|| Origin {
        path: file.to_owned(),
        ..Origin::default()
    });
    Diagnostic {
        help: (!origin.field.is_empty()).then(|| format!("most of it is `{}`: ask for less of it", origin.field)),
        path: origin.path,
        line: origin.line,
        column: origin.column,
        width: origin.width,
        severity: Severity::Error,
        message,
        source_line: origin.source_line,
    }
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

impl Culprits<'_> {
    /// Where most of each cost comes from.
    pub(super) fn origins(&self, cost: &Cost, findings: &Findings<'_>) -> BTreeMap<String, Origin> {
        let requesting = self.requests.iter().max_by_key(|(_, requests)| *requests);
        // The innermost list that is half of it: the outer ones only hold it. Where it comes from many, the greatest.
        let mut lists = self.lists.iter();
        let half = lists.find(|(_, tokens)| *tokens >= cost.result_tokens / 2);
        let listing = half.or_else(|| self.lists.iter().max_by_key(|(_, tokens)| *tokens));
        let units = cost.units.keys().map(|unit| (unit.as_str(), self.metering(unit)));
        [
            (REQUESTS, requesting.map(|(field, _)| *field)),
            (TOKENS, listing.map(|(field, _)| *field)),
        ]
        .into_iter()
        .chain(units)
        .filter_map(|(what, field)| Some((what.to_owned(), self.origin(field?, findings))))
        .collect()
    }

    fn metering(&self, unit: &str) -> Option<&Node<Field>> {
        let reckoned = self.weights.meters.iter().find(|meter| meter.name == unit);
        let of = reckoned.map_or(unit, |meter| meter.of.as_str());
        let counts = self.metered.iter().filter(|(meter, _, _)| meter == of);
        counts.max_by_key(|(_, _, count)| *count).map(|(_, field, _)| *field)
    }

    fn origin(&self, field: &Node<Field>, findings: &Findings<'_>) -> Origin {
        let (path, place) = findings.locate(span_of(self.sources, &field.name));
        Origin {
            field: field.name.to_string(),
            path,
            line: place.line,
            column: place.column,
            width: place.width,
            source_line: place.source_line,
        }
    }
}
