//! What a field's selection needs of GitHub, read from the query itself. async-graphql's `look_ahead` would not do: it
//! ignores type conditions, so that a field of one member of a union would be asked of all.

use crate::backends::github::fields::{Field as Row, List, Presence};
use crate::backends::github::{BACKEND, Kind, Wanted};
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use async_graphql::{Context, Name, Value};
use upstream::{Cause, Failure};

/// How long a list is where its `first` is left out; the schema says the same.
pub(crate) const DEFAULT_FIRST: i32 = 10;

/// What is selected below the field that is being resolved, which gives an object of this kind.
///
/// async-graphql has taken out what `@skip` and `@include` leave out before it executes, so that what stands here is what
/// will be resolved.
pub(crate) fn wanted(ctx: &Context<'_>, kind: Kind) -> Result<Wanted, Failure> {
    Reader { ctx }.read(&ctx.item.node.selection_set.node, kind)
}

/// Whether anything but its type's name is selected of an object of this type, below the field that is being resolved,
/// which gives a [`GitHubObject`](super::GitHubObject).
pub(crate) fn selects(ctx: &Context<'_>, type_name: &str) -> bool {
    let mut fields = Vec::new();
    Reader { ctx }.collect(&ctx.item.node.selection_set.node, type_name, &mut fields);
    fields.iter().any(|field| field.name.node != "__typename")
}

/// The pull requests by number that are selected below the field that is being resolved, which gives a repository.
pub(super) fn pull_requests(ctx: &Context<'_>) -> Result<Vec<(i32, Wanted)>, Failure> {
    let reader = Reader { ctx };
    let mut found = Vec::new();
    for field in reader.fields(&ctx.item.node.selection_set.node, Kind::Repository) {
        if field.name.node == "pullRequest"
            && let Some(number) = reader.integer(field, "number")
        {
            let wanted = reader.read(&field.selection_set.node, Kind::PullRequest)?;
            found.push((number, wanted));
        }
    }
    Ok(found)
}

/// The longest list that GitHub gives at once.
pub(crate) const LONGEST: u8 = 100;

/// A list length that GitHub takes, or the failure that says which it takes.
pub(crate) fn list_length(first: i32) -> Result<u8, Failure> {
    let length = u8::try_from(first).ok().filter(|length| (1..=LONGEST).contains(length));
    length.ok_or_else(|| {
        let message = format!("`first` must be from 1 to {LONGEST}, not {first}");
        Failure::new(BACKEND, "lookup", Cause::Invalid { message })
    })
}

struct Reader<'a> {
    ctx: &'a Context<'a>,
}

impl<'a> Reader<'a> {
    fn read(&self, set: &'a SelectionSet, kind: Kind) -> Result<Wanted, Failure> {
        let mut wanted = Wanted::default();
        if kind.is_union() {
            for member in kind.fields() {
                let of = self.below(set, member)?;
                if !of.is_empty() || member.presence == Presence::Always {
                    wanted.add(member, 0, of);
                }
            }
            return Ok(wanted);
        }
        for field in self.fields(set, kind) {
            if let Some(row) = kind.field(&field.name.node) {
                let first = match row.list {
                    List::First => list_length(self.integer(field, "first").unwrap_or(DEFAULT_FIRST))?,
                    List::No | List::Fixed(_) => 0,
                };
                let of = self.below(&field.selection_set.node, row)?;
                wanted.add(row, first, of);
            }
        }
        Ok(wanted)
    }

    fn below(&self, set: &'a SelectionSet, row: &Row) -> Result<Wanted, Failure> {
        row.of
            .map_or_else(|| Ok(Wanted::default()), |kind| self.read(set, kind))
    }

    /// The fields that are selected on an object of this kind, fragments opened.
    fn fields(&self, set: &'a SelectionSet, kind: Kind) -> Vec<&'a Field> {
        let mut fields = Vec::new();
        self.collect(set, kind.type_name(), &mut fields);
        fields
    }

    fn collect(&self, set: &'a SelectionSet, type_name: &str, fields: &mut Vec<&'a Field>) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => fields.push(&field.node),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref().map(|on| &on.node.on.node);
                    if applies(condition, type_name) {
                        self.collect(&fragment.node.selection_set.node, type_name, fields);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.ctx.query_env.fragments.get(&spread.node.fragment_name.node);
                    if let Some(fragment) = fragment
                        && applies(Some(&fragment.node.type_condition.node.on.node), type_name)
                    {
                        self.collect(&fragment.node.selection_set.node, type_name, fields);
                    }
                }
            }
        }
    }

    /// An argument that is an integer, as it stands there or in a variable or the variable's default.
    fn integer(&self, field: &Field, name: &str) -> Option<i32> {
        let argument = field.get_argument(name)?.node.clone();
        match argument.into_const_with(|variable| self.variable(&variable).ok_or(())) {
            Ok(Value::Number(number)) => number.as_i64().and_then(|number| i32::try_from(number).ok()),
            _ => None,
        }
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        let environment = self.ctx.query_env;
        let definitions = &environment.operation.node.variable_definitions;
        let default = || {
            let definition = definitions
                .iter()
                .find(|definition| definition.node.name.node == *name)?;
            definition.node.default_value().cloned()
        };
        environment.variables.get(name).cloned().or_else(default)
    }
}

/// Whether a fragment on this type says something about an object of this type. The one union that an object of ours can
/// be seen through is what a URL names.
fn applies(condition: Option<&Name>, type_name: &str) -> bool {
    condition.is_none_or(|on| on.as_str() == type_name || *on == Kind::Object.type_name())
}

#[cfg(test)]
pub(super) mod tests;
