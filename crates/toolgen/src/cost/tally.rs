//! The walk over a selection that counts it all.

use super::{Basis, page, text};
use crate::diagnostic::{At, Findings};
use crate::selection::{Below, Picked};
use crate::shape;
use crate::validation::span_of;
use crate::weights::Weight;
use apollo_compiler::Node;
use apollo_compiler::ast::Value;
use apollo_compiler::executable::Field;
use std::collections::{BTreeMap, BTreeSet};

/// How often an object occurs, and how many items its list has where the field above it was asked for a page.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) least: u64,
    pub(super) most: u64,
    pub(super) page: Option<u64>,
}

/// What was counted so far.
pub(super) struct Tally<'t, 'a, 'f> {
    basis: &'t Basis<'a>,
    pub(super) findings: &'t mut Findings<'f>,
    pub(super) requests: Vec<(&'t Node<Field>, u64)>,
    pub(super) metered: Vec<(String, &'t Node<Field>, u64)>,
    pub(super) scopes: BTreeMap<&'t str, BTreeSet<&'t str>>,
    /// The lists from the innermost outwards, with the tokens of all their items.
    pub(super) lists: Vec<(&'t Node<Field>, u64)>,
    pub(super) least: u64,
    /// What the fields above bring along.
    carried: Vec<&'t [String]>,
}

impl<'t, 'a, 'f> Tally<'t, 'a, 'f> {
    pub(super) fn new(basis: &'t Basis<'a>, findings: &'t mut Findings<'f>) -> Self {
        Self {
            basis,
            findings,
            requests: Vec::new(),
            metered: Vec::new(),
            scopes: BTreeMap::new(),
            lists: Vec::new(),
            least: 0,
            carried: Vec::new(),
        }
    }

    /// Adds the fields of an object that occurs so often; gives the tokens of one.
    pub(super) fn object(&mut self, selection: &'t [Picked<'_>], times: Times) -> u64 {
        let mut requested: Vec<&Node<Field>> = Vec::new();
        let mut tokens = text::AROUND_OBJECT;
        for picked in selection {
            let weight = self.basis.weights.of(picked.parent, &picked.field.name);
            if let Some(weight) = weight {
                // A write that is repeated is carried out again.
                let again = !self.writes(picked) && requested.iter().any(|other| is_same(other, picked.field));
                if !again && !self.is_carried(picked) && !is_free(weight, &picked.below) {
                    self.request(picked, weight, times);
                    requested.push(picked.field);
                }
            }
            self.carried
                .push(weight.map(|weight| weight.carries.as_slice()).unwrap_or_default());
            tokens = tokens
                .saturating_add(text::of_key(picked.key))
                .saturating_add(self.field(picked, weight, times));
            self.carried.pop();
        }
        tokens
    }

    /// Adds what stands below a field; gives the tokens of its value.
    fn field(&mut self, picked: &'t Picked<'_>, weight: Option<&Weight>, times: Times) -> u64 {
        let times = if picked.conditional {
            Times { least: 0, ..times }
        } else {
            times
        };
        let asked = weight.and_then(|weight| self.page(picked, weight));
        if !picked.ty().is_list() {
            // A connection: the page is asked for here, its list stands one level below.
            if let (Some(weight), Some(asked)) = (weight, asked) {
                self.meter(picked, &weight.meters_item, times.most.saturating_mul(asked));
            }
            return self.value(picked, weight, Times { page: asked, ..times });
        }
        let most = asked
            .or(weight.and_then(|weight| weight.most))
            .or(times.page)
            .unwrap_or_else(|| {
                let message = format!(
                    "`{}.{}` is a list, and nothing says how long it may be",
                    picked.parent, picked.field.name
                );
                let help = format!(
                    "give it a weight: `extend type {} @weight(field: \"{}\", most: …)`",
                    picked.parent, picked.field.name
                );
                self.findings.error(self.at(picked), message, Some(help));
                1
            });
        if let Some(weight) = weight {
            self.meter(picked, &weight.meters_item, times.most.saturating_mul(most));
        }
        let items = Times {
            least: 0,
            most: times.most.saturating_mul(most),
            page: None,
        };
        let tokens = self
            .value(picked, weight, items)
            .saturating_mul(most)
            .saturating_add(text::AROUND_LIST);
        self.lists.push((picked.field, tokens.saturating_mul(times.most)));
        tokens
    }

    fn value(&mut self, picked: &'t Picked<'_>, weight: Option<&Weight>, times: Times) -> u64 {
        match &picked.below {
            Below::Leaf => weight
                .and_then(|weight| weight.tokens)
                .unwrap_or_else(|| text::of_leaf(self.basis.schema, picked.ty())),
            Below::Object(selection) => {
                let tokens = self.object(selection, times);
                // A collapsed object leaves its one value.
                match shape::single(selection) {
                    Some(only) => tokens
                        .saturating_sub(text::AROUND_OBJECT)
                        .saturating_sub(text::of_key(only.key)),
                    None => tokens,
                }
            }
            // Any value may be of any type, so each type is counted for all of them.
            Below::Abstract(variants) => {
                let times = Times { least: 0, ..times };
                variants
                    .iter()
                    .map(|(_, keys)| self.object(keys, times))
                    .max()
                    .unwrap_or_default()
            }
        }
    }

    fn request(&mut self, picked: &'t Picked<'_>, weight: &'t Weight, times: Times) {
        let most = times.most.div_ceil(weight.together).saturating_mul(weight.requests);
        self.requests.push((picked.field, most));
        if !picked.conditional {
            self.least = self
                .least
                .saturating_add(times.least.min(1).saturating_mul(weight.least));
        }
        self.meter(picked, &weight.meters_request, most);
        self.meter(picked, &weight.meters_parent, times.most);
        if let Some(backend) = weight.backend.as_ref().filter(|_| !weight.scopes.is_empty()) {
            self.scopes
                .entry(backend)
                .or_default()
                .extend(weight.scopes.iter().map(String::as_str));
        }
    }

    fn meter(&mut self, picked: &'t Picked<'_>, meters: &[String], count: u64) {
        self.metered
            .extend(meters.iter().map(|meter| (meter.clone(), picked.field, count)));
    }

    /// How many items a paged field asks for at most. A page size that the schema gives by default is one.
    fn page(&mut self, picked: &'t Picked<'_>, weight: &Weight) -> Option<u64> {
        let argument = weight.page.as_deref()?;
        let definition = picked.field.definition.argument_by_name(argument)?;
        let written = picked.field.specified_argument_by_name(argument);
        let Some(value) = written.or(definition.default_value.as_ref()) else {
            let message = format!(
                "`{}` gives pages, and needs the argument `{argument}`",
                picked.field.name
            );
            let help = match weight.most {
                Some(most) => format!("add `{argument}: …`, at most {most}"),
                None => format!("add `{argument}: …`"),
            };
            self.findings.error(self.at(picked), message, Some(help));
            return Some(1);
        };
        let size = match value.as_ref() {
            Value::Variable(name) => self.sizes_of(name, definition.default_value.as_deref()),
            value => page::Sizes::of_literal(value),
        };
        if let Some((message, help)) = size.out_of(argument, weight.most) {
            let at = At::Span(self.basis.sources, value.location());
            self.findings.error(at, message, Some(help));
        }
        match (size.greatest(), weight.most) {
            (Some(asked), Some(most)) => Some(asked.min(most)),
            (Some(bound), None) | (None, Some(bound)) => Some(bound),
            (None, None) => {
                let message = format!("nothing bounds how many `{}` are asked for", picked.field.name);
                let help = "bound the variable: `@bounds(max: …)`".to_owned();
                self.findings.error(self.at(picked), message, Some(help));
                Some(1)
            }
        }
    }

    /// What a variable may be. Left out of one call, it leaves the argument its default.
    fn sizes_of(&self, variable: &str, default: Option<&Value>) -> page::Sizes {
        let Basis { arguments, hidden, .. } = self.basis;
        if let Some(values) = self.basis.values {
            let given = values.get(variable).map(|value| page::Sizes::of_value(variable, value));
            return given.or(default.map(page::Sizes::of_literal)).unwrap_or_default();
        }
        let argument = arguments.iter().find(|argument| argument.name == variable);
        let hidden = hidden.iter().find(|hidden| hidden.name == variable);
        let of_argument = argument.map(page::Sizes::of_argument);
        of_argument.or(hidden.map(page::Sizes::of_hidden)).unwrap_or_default()
    }

    fn writes(&self, picked: &Picked<'_>) -> bool {
        let mutations = self.basis.schema.schema_definition.mutation.as_ref();
        mutations.is_some_and(|name| name.as_str() == picked.parent)
    }

    fn is_carried(&self, picked: &Picked<'_>) -> bool {
        self.carried.iter().copied().flatten().any(|carried| {
            carried
                .split_once('.')
                .is_some_and(|(ty, field)| ty == picked.parent && field == picked.field.name.as_str())
        })
    }

    fn at(&self, picked: &Picked<'_>) -> At<'t> {
        span_of(self.basis.sources, &picked.field.name)
    }
}

/// Whether the fields below come with the parent.
fn is_free(weight: &Weight, below: &Below<'_>) -> bool {
    match below {
        Below::Object(selection) if !weight.free.is_empty() => selection
            .iter()
            .all(|picked| weight.free.iter().any(|free| free == picked.field.name.as_str())),
        _ => false,
    }
}

fn is_same(one: &Node<Field>, other: &Node<Field>) -> bool {
    one.name == other.name && one.arguments == other.arguments
}
