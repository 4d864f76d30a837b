//! The weights that a file beside the schema gives to fields: what they cost, how many they are, what they need.
//!
//! The compiler knows no vendor; all it knows about costs it reads there.

mod introspection;

use crate::diagnostic::{At, Findings};
use crate::names::offer;
use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Schema};
use std::collections::{BTreeSet, HashMap};

/// The definitions of the directives that a file of weights is written in.
pub(crate) const WEIGHTS_SDL: &str = include_str!("weights.graphql");

/// What one field weighs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weight {
    pub(crate) backend: Option<String>,
    pub(crate) requests: u64,
    pub(crate) least: u64,
    pub(crate) together: u64,
    pub(crate) free: Vec<String>,
    pub(crate) carries: Vec<String>,
    pub(crate) meters_request: Vec<String>,
    pub(crate) meters_parent: Vec<String>,
    pub(crate) meters_item: Vec<String>,
    pub(crate) page: Option<String>,
    pub(crate) most: Option<u64>,
    pub(crate) tokens: Option<u64>,
    pub(crate) keeps: Option<u32>,
    pub(crate) cursors: Option<String>,
    pub(crate) goes_on_after: Option<String>,
    pub(crate) parent: Vec<String>,
    pub(crate) narrowed_by: Vec<String>,
    pub(crate) scopes: Vec<String>,
}

/// A meter that is reckoned from others.
#[derive(Debug, Clone)]
pub(crate) struct Meter {
    pub(crate) name: String,
    pub(crate) of: String,
    pub(crate) per: u64,
    pub(crate) least: Option<String>,
}

/// All weights.
#[derive(Debug, Default)]
pub(crate) struct Weights {
    fields: HashMap<String, HashMap<String, Weight>>,
    pub(crate) meters: Vec<Meter>,
}

impl Weights {
    /// Reads the weights of a schema that the file of weights was added to.
    pub(crate) fn read(schema: &Schema, findings: &mut Findings<'_>) -> Self {
        let mut weights = Self::default();
        for (name, ty) in &schema.types {
            let ExtendedType::Object(object) = ty else { continue };
            for directive in object.directives.get_all("weight") {
                let field = text(directive, "field").unwrap_or_default();
                if !object.fields.contains_key(field.as_str()) {
                    let known: Vec<_> = object.fields.keys().map(Name::as_str).collect();
                    let message = format!("`{name}` has no field `{field}` to weigh");
                    let at = At::Span(&schema.sources, directive.location());
                    findings.error(at, message, offer(&field, "its fields", &known));
                }
                weights
                    .fields
                    .entry(name.to_string())
                    .or_default()
                    .insert(field, weight(directive));
            }
        }
        if !weights.is_empty() {
            let own = introspection::of(schema).map(|(ty, fields)| (ty.to_owned(), fields));
            weights.fields.extend(own);
        }
        weights.meters = schema
            .schema_definition
            .directives
            .get_all("meter")
            .map(|it| meter(it))
            .collect();
        weights
    }

    /// What a field of a type weighs.
    pub(crate) fn of(&self, ty: &str, field: &str) -> Option<&Weight> {
        self.fields.get(ty)?.get(field)
    }

    /// The names of what is metered and shown, sorted.
    pub(crate) fn units(&self) -> Vec<&str> {
        let weights = self.fields.values().flat_map(HashMap::values);
        let meters = weights.flat_map(|weight| {
            let each = [&weight.meters_request, &weight.meters_parent, &weight.meters_item];
            each.into_iter().flatten().map(String::as_str)
        });
        let counted: BTreeSet<_> = meters.collect();
        let reckoned_from = |name: &str| {
            let mut meters = self.meters.iter();
            meters.any(|meter| meter.of == name || meter.least.as_deref() == Some(name))
        };
        let mut units: Vec<&str> = self.meters.iter().map(|meter| meter.name.as_str()).collect();
        units.extend(counted.into_iter().filter(|name| !reckoned_from(name)));
        units.sort_unstable();
        units
    }

    /// Whether there are none: then nothing is reckoned, and no list is without an upper bound.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}

fn weight(directive: &Directive) -> Weight {
    let requests = number(directive, "requests").unwrap_or(0);
    Weight {
        backend: text(directive, "backend"),
        requests,
        least: number(directive, "least").unwrap_or(requests),
        together: number(directive, "together").unwrap_or(1).max(1),
        free: texts(directive, "free"),
        carries: texts(directive, "carries"),
        meters_request: texts(directive, "metersRequest"),
        meters_parent: texts(directive, "metersParent"),
        meters_item: texts(directive, "metersItem"),
        page: text(directive, "page"),
        most: number(directive, "most"),
        tokens: number(directive, "tokens"),
        keeps: number(directive, "keeps").and_then(|keeps| u32::try_from(keeps).ok()),
        cursors: text(directive, "cursors"),
        goes_on_after: text(directive, "goesOnAfter"),
        parent: texts(directive, "parent"),
        narrowed_by: texts(directive, "narrowedBy"),
        scopes: texts(directive, "scopes"),
    }
}

fn meter(directive: &Directive) -> Meter {
    Meter {
        name: text(directive, "name").unwrap_or_default(),
        of: text(directive, "of").unwrap_or_default(),
        per: number(directive, "per").unwrap_or(1).max(1),
        least: text(directive, "least"),
    }
}

fn text(directive: &Directive, argument: &str) -> Option<String> {
    directive
        .specified_argument_by_name(argument)?
        .as_str()
        .map(str::to_owned)
}

fn texts(directive: &Directive, argument: &str) -> Vec<String> {
    let items = directive
        .specified_argument_by_name(argument)
        .and_then(|value| value.as_list())
        .unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn number(directive: &Directive, argument: &str) -> Option<u64> {
    directive
        .specified_argument_by_name(argument)
        .and_then(|value| Value::to_i32(value))
        .and_then(|it| u64::try_from(it).ok())
}
