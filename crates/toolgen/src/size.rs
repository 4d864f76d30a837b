//! How large a document may be: what every later stage is linear in. Fragments are counted wherever they are spread, since
//! a few lines of them can stand for millions of fields.

use crate::diagnostic::{At, Findings};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::{ExecutableDocument, Name};
use std::collections::HashMap;

/// How deep brackets may be nested, of values, types and selections: what the parser, which goes down by recursion, may use
/// of the stack.
pub(crate) const NESTING: usize = 64;

/// How deep selection sets may be nested, fragments included. async-graphql executes no deeper one
/// (`SchemaBuilder::limit_recursive_depth`); a test holds this to it.
const DEEPEST: usize = 32;

/// How large a document may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Tokens, with white space and comments.
    pub(crate) tokens: usize,
    /// Fields.
    fields: usize,
    /// Fields under another name: the way to ask for one thing many times.
    aliases: usize,
}

impl Limits {
    /// Of a file, which somebody wrote who may also configure the server.
    pub(crate) const FILE: Self = Self {
        tokens: 50_000,
        fields: 20_000,
        aliases: usize::MAX,
    };

    /// Of a document that comes with a request. GraphiQL's introspection query has about 150 fields.
    pub(crate) const REQUEST: Self = Self {
        tokens: 20_000,
        fields: 1_000,
        aliases: 60,
    };

    /// Refuses a document that is larger. It need not be valid: this bounds what validation takes.
    pub(crate) fn check(&self, document: &ExecutableDocument) -> Result<(), TooLarge> {
        let mut measuring = Measuring {
            document,
            fragments: HashMap::new(),
        };
        let mut size = Size::default();
        for operation in document.operations.iter() {
            size = size.and(measuring.set(&operation.selection_set, 0)?);
        }
        within("fields", size.fields, self.fields)?;
        within("aliases", size.aliases, self.aliases)
    }
}

/// Why a document is too large.
#[derive(Debug)]
pub(crate) struct TooLarge {
    message: String,
    help: &'static str,
    place: Option<SourceSpan>,
}

impl TooLarge {
    pub(crate) fn report(self, sources: &SourceMap, findings: &mut Findings<'_>) {
        findings.error(At::Span(sources, self.place), self.message, Some(self.help.to_owned()));
    }
}

fn within(what: &str, size: usize, limit: usize) -> Result<(), TooLarge> {
    if size <= limit {
        return Ok(());
    }
    Err(TooLarge {
        message: format!("the document has {size} {what}, at most {limit} are taken"),
        help: "select less, spread fragments less often, or ask in several requests",
        place: None,
    })
}

fn too_deep(at: &Selection) -> TooLarge {
    TooLarge {
        message: format!("this is nested deeper than {DEEPEST} levels, and the executor goes no deeper"),
        help: "select fewer levels; what stands in a fragment counts where the fragment is spread",
        place: match at {
            Selection::Field(field) => field.name.location(),
            Selection::InlineFragment(inline) => inline.location(),
            Selection::FragmentSpread(spread) => spread.location(),
        },
    }
}

#[derive(Clone, Copy, Default)]
struct Size {
    fields: usize,
    aliases: usize,
    /// Selection sets within one another.
    depth: usize,
}

impl Size {
    fn and(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
            depth: self.depth.max(other.depth),
        }
    }
}

struct Measuring<'d> {
    document: &'d ExecutableDocument,
    /// Each is measured once. `None` while that is done: one that spreads itself is for validation to refuse.
    fragments: HashMap<&'d Name, Option<Size>>,
}

impl<'d> Measuring<'d> {
    /// The size of a set that stands below so many others, which bounds the recursion.
    fn set(&mut self, set: &'d SelectionSet, level: usize) -> Result<Size, TooLarge> {
        let mut size = Size::default();
        for selection in &set.selections {
            let below = match selection {
                Selection::Field(field) => {
                    size.fields = size.fields.saturating_add(1);
                    size.aliases = size.aliases.saturating_add(usize::from(field.alias.is_some()));
                    match &field.selection_set {
                        Some(below) => self.below(selection, below, level)?,
                        None => continue,
                    }
                }
                Selection::InlineFragment(inline) => self.below(selection, &inline.selection_set, level)?,
                Selection::FragmentSpread(spread) => self.fragment(selection, &spread.fragment_name, level)?,
            };
            let below = Size {
                depth: below.depth.saturating_add(1),
                ..below
            };
            size = size.and(below);
        }
        Ok(size)
    }

    fn below(&mut self, at: &Selection, set: &'d SelectionSet, level: usize) -> Result<Size, TooLarge> {
        if level >= DEEPEST {
            return Err(too_deep(at));
        }
        self.set(set, level + 1)
    }

    fn fragment(&mut self, at: &Selection, name: &'d Name, level: usize) -> Result<Size, TooLarge> {
        match self.fragments.get(name) {
            Some(Some(size)) if level + 1 + size.depth > DEEPEST => return Err(too_deep(at)),
            Some(known) => return Ok(known.unwrap_or_default()),
            None => {}
        }
        self.fragments.insert(name, None);
        let size = match self.document.fragments.get(name) {
            Some(fragment) => self.below(at, &fragment.selection_set, level)?,
            // Validation says that it is missing; until then it counts, so that nothing large is made of nothing.
            None => Size {
                fields: 1,
                ..Size::default()
            },
        };
        self.fragments.insert(name, Some(size));
        Ok(size)
    }
}

#[cfg(test)]
mod tests;
