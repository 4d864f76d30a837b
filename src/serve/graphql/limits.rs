//! How large a document may be, measured before anything of it is executed.

use super::refusal::Refusal;
use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Value, Variables};
use axum::http::StatusCode;
use std::collections::HashMap;

/// The arguments that say how long a list may be.
const PAGE_SIZES: [&str; 4] = ["limit", "first", "count", "max"];
/// The elements of a page. Only pages have a field of this name, also where their length is left out.
const ELEMENTS: &str = "nodes";
/// How long a page is taken to be that does not say.
const UNSTATED: usize = 20;

/// What a request to `/graphql` may be. An introspection query, as GraphiQL sends it, has about 15 levels and 150 fields.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// Levels of fields.
    pub depth: usize,
    /// Fields, those of a fragment counted wherever it is used.
    pub fields: usize,
    /// Fields under another name, counted alike: the way to ask for one thing many times in one request.
    pub aliases: usize,
    /// Fields of an answer: those of a list are counted for each element that the list may have. Without this, a few pages
    /// in one another stand for millions of objects.
    pub cost: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 256 * 1024,
            depth: 20,
            fields: 1000,
            aliases: 60,
            cost: 50_000,
        }
    }
}

impl Limits {
    /// Refuses a document that is too large.
    pub(super) fn check(&self, document: &ExecutableDocument, variables: &Variables) -> Result<(), Refusal> {
        let mut measuring = Measuring {
            document,
            variables,
            fragments: HashMap::new(),
            depth: self.depth,
        };
        let mut size = Size::default();
        for (_, operation) in document.operations.iter() {
            size = size.beside(measuring.selections(&operation.node.selection_set.node, 0)?);
        }
        if size.depth > self.depth {
            return Err(too_deep(self.depth));
        }
        within("fields", size.fields, self.fields)?;
        within("aliases", size.aliases, self.aliases)?;
        let cost = size.cost();
        if cost <= self.cost {
            return Ok(());
        }
        Err(refusal(format!(
            "the answer may have {cost} fields, page sizes multiplied, at most {} are allowed: lower {}, put fewer lists into one another, or ask in several requests",
            self.cost,
            PAGE_SIZES.map(|name| format!("`{name}`")).join(", ")
        )))
    }
}

/// Refuses text that is nested beyond all reason. The parser goes down by recursion before it counts: this comes first, so
/// that no text can exhaust its stack, and none meets the parser's own limit of 64, which says neither a number nor a code.
/// Brackets in strings and comments count too, which no honest document notices.
pub(super) fn check_nesting(text: &str) -> Result<(), Refusal> {
    const DEEPEST: usize = 60;
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(refusal(format!("the document is nested more than {DEEPEST} deep")));
        }
    }
    Ok(())
}

fn too_deep(limit: usize) -> Refusal {
    refusal(format!("the document is more than {limit} levels deep"))
}

fn within(what: &str, size: usize, limit: usize) -> Result<(), Refusal> {
    if size <= limit {
        return Ok(());
    }
    Err(refusal(format!(
        "the document has {size} {what}, at most {limit} are taken: ask for less, or in several requests"
    )))
}

fn refusal(message: String) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        code: "TOO_LARGE",
        message,
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    depth: usize,
    fields: usize,
    aliases: usize,
    /// Fields of the answer, without those of `elements`.
    outside: usize,
    /// Fields of the answer in one element of the page that this is the selection of.
    elements: usize,
}

impl Size {
    /// Fields of the answer.
    fn cost(self) -> usize {
        self.outside.saturating_add(self.elements.saturating_mul(UNSTATED))
    }

    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            outside: self.outside.saturating_add(other.outside),
            elements: self.elements.saturating_add(other.elements),
        }
    }
}

struct Measuring<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    /// Each fragment is measured once: used in one another, a few lines of them stand for millions of fields. `None` while
    /// it is being measured.
    fragments: HashMap<&'a Name, Option<Size>>,
    depth: usize,
}

impl<'a> Measuring<'a> {
    /// `nesting` counts fragments too, and so bounds the recursion.
    fn selections(&mut self, set: &'a SelectionSet, nesting: usize) -> Result<Size, Refusal> {
        if nesting > self.depth.saturating_mul(4) {
            return Err(too_deep(self.depth));
        }
        let mut size = Size::default();
        for selection in &set.items {
            size = size.beside(match &selection.node {
                Selection::Field(field) => {
                    let below = self.selections(&field.node.selection_set.node, nesting + 1)?;
                    self.field(&field.node, below)
                }
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.node.selection_set.node, nesting + 1)?
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, nesting + 1)?,
            });
        }
        Ok(size)
    }

    fn field(&self, field: &Field, below: Size) -> Size {
        let size = Size {
            depth: below.depth + 1,
            fields: below.fields.saturating_add(1),
            aliases: below.aliases.saturating_add(usize::from(field.alias.is_some())),
            ..Size::default()
        };
        if field.name.node == ELEMENTS {
            return Size {
                elements: below.cost().saturating_add(1),
                ..size
            };
        }
        let answered = match self.page_size(field) {
            Some(length) => below.outside.saturating_add(below.elements).saturating_mul(length),
            None => below.cost(),
        };
        Size {
            outside: answered.saturating_add(1),
            ..size
        }
    }

    /// How long the list is that a field asks for, where it says so.
    fn page_size(&self, field: &Field) -> Option<usize> {
        let argument = PAGE_SIZES.iter().find_map(|name| field.get_argument(name))?;
        let value = argument
            .node
            .clone()
            .into_const_with(|name| self.variable(&name).ok_or(()));
        Some(value.ok().as_ref().and_then(length).unwrap_or(UNSTATED))
    }

    /// A variable's value; left out, its default, the longest where several operations have one.
    fn variable(&self, name: &Name) -> Option<Value> {
        let default = || {
            let operations = self.document.operations.iter();
            let defaults = operations
                .flat_map(|(_, operation)| &operation.node.variable_definitions)
                .filter(|definition| definition.node.name.node == *name)
                .filter_map(|definition| definition.node.default_value().cloned());
            defaults.max_by_key(length)
        };
        self.variables.get(name).cloned().or_else(default)
    }

    fn fragment(&mut self, name: &'a Name, nesting: usize) -> Result<Size, Refusal> {
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(refusal(format!("the fragment `{name}` contains itself"))),
            None => {}
        }
        self.fragments.insert(name, None);
        let size = match self.document.fragments.get(name) {
            Some(fragment) => self.selections(&fragment.node.selection_set.node, nesting)?,
            // Validation says that it is missing; until then it counts, so that nothing large is made of nothing.
            None => Size {
                fields: 1,
                outside: 1,
                ..Size::default()
            },
        };
        self.fragments.insert(name, Some(size));
        Ok(size)
    }
}

/// A page that cannot be that long, such as a negative one, is refused or cut further on.
fn length(value: &Value) -> Option<usize> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .map(|length| usize::try_from(length).unwrap_or(1).max(1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
