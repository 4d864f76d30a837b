//! What a query may return at most, and what GitHub charges for it: priced at what `first` and `last` ask for, not at what
//! is there ("GitHub: Rate limits and query limits for the GraphQL API").

use async_graphql::{
    Name, Value as GraphValue,
    parser::types::{DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};
use serde_json::Value;

pub(super) const MAX_NODES: u64 = 500_000;
/// A fragment that contains itself is the engine's to refuse; here it must only come to an end.
const MAX_DEPTH: u32 = 64;

/// A query's price.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    /// Objects at most.
    pub(super) nodes: u64,
    /// Requests that it would take to get them one connection at a time.
    requests: u64,
}

impl Cost {
    /// At least one, however small the query.
    pub(super) fn points(self) -> u32 {
        u32::try_from((self.requests + 50) / 100).unwrap_or(u32::MAX).max(1)
    }

    pub(super) fn refusal(self) -> String {
        let nodes = thousands(self.nodes);
        format!("This query requests up to {nodes} possible nodes which exceeds the maximum limit of 500,000.")
    }
}

pub(super) fn of(document: &ExecutableDocument, operation: Option<&str>, variables: &Value) -> Cost {
    let mut counter = Counter {
        document,
        variables,
        cost: Cost::default(),
    };
    if let Some(operation) = chosen(document, operation) {
        counter.selections(&operation.selection_set.node, 1, 0);
    }
    counter.cost
}

/// The operation's name and its root fields, for faults.
pub(super) fn names(document: &ExecutableDocument, operation: Option<&str>) -> Vec<String> {
    let operation_name = match &document.operations {
        DocumentOperations::Multiple(all) => operation
            .map(str::to_owned)
            .or_else(|| all.keys().next().map(Name::to_string)),
        DocumentOperations::Single(_) => None,
    };
    let mut names: Vec<String> = operation_name.into_iter().collect();
    let roots = chosen(document, operation)
        .into_iter()
        .flat_map(|operation| &operation.selection_set.node.items);
    for selection in roots {
        if let Selection::Field(field) = &selection.node {
            for name in [&field.node.response_key().node, &field.node.name.node] {
                if !names.iter().any(|known| known == name.as_str()) {
                    names.push(name.to_string());
                }
            }
        }
    }
    names
}

fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let operation = match &document.operations {
        DocumentOperations::Single(operation) => operation,
        DocumentOperations::Multiple(all) => match name {
            Some(name) => all.get(name)?,
            None => all.values().next()?,
        },
    };
    Some(&operation.node)
}

struct Counter<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Value,
    cost: Cost,
}

impl Counter<'_> {
    fn selections(&mut self, set: &SelectionSet, parents: u64, depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, parents, depth),
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.node.selection_set.node, parents, depth + 1);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        self.selections(&fragment.node.selection_set.node, parents, depth + 1);
                    }
                }
            }
        }
    }

    fn field(&mut self, field: &Field, parents: u64, depth: u32) {
        let asked = ["first", "last"].iter().find_map(|name| self.asked(field, name));
        let children = match asked {
            Some(asked) => {
                self.cost.requests = self.cost.requests.saturating_add(parents);
                let nodes = parents.saturating_mul(asked);
                self.cost.nodes = self.cost.nodes.saturating_add(nodes);
                nodes
            }
            None => parents,
        };
        self.selections(&field.selection_set.node, children, depth + 1);
    }

    /// A variable that is not given has a default, which is small in every query that one would write: it counts as 1.
    fn asked(&self, field: &Field, argument: &str) -> Option<u64> {
        let value = field.get_argument(argument)?.node.clone().into_const_with(|name| {
            let given = self.variables.get(name.as_str()).cloned().unwrap_or(Value::from(1));
            GraphValue::from_json(given)
        });
        match value {
            Ok(GraphValue::Number(number)) => number.as_u64(),
            _ => None,
        }
    }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
