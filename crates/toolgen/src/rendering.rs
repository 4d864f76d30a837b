//! How a result is written where text alone is wanted, decided from the document: a list of flat objects is a table, an
//! object is its fields below each other, a string is itself, and all the rest is JSON.

use crate::options::{Options, Scalar};
use crate::selection::{Below, Picked, Selection};
use crate::shape::{self, Root};
use crate::spec::Rendering;
use crate::weights::Weights;
use apollo_compiler::Schema;
use apollo_compiler::schema::{ExtendedType, Type};

/// A text of so many tokens is read as a text, and not in a cell of a table.
const LONG: u64 = 150;

/// Decides how results are written.
pub(crate) struct Renderings<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) options: &'a Options,
    pub(crate) weights: &'a Weights,
}

impl Renderings<'_> {
    /// How the whole result is written. One that is of several types says which by its keys: that is JSON.
    pub(crate) fn root(&self, selection: &Selection<'_>) -> Rendering {
        match shape::unwrap(selection).1 {
            Root::Object(keys) => Rendering::Fields(self.fields(keys)),
            Root::Abstract(_) => Rendering::Json,
        }
    }

    fn fields(&self, selection: &[Picked<'_>]) -> Vec<(String, Rendering)> {
        selection
            .iter()
            .map(|picked| (picked.key.to_owned(), self.of(picked.ty(), picked)))
            .collect()
    }

    fn of(&self, ty: &Type, picked: &Picked<'_>) -> Rendering {
        if ty.is_list() {
            return self.list(ty.item_type(), picked);
        }
        match &picked.below {
            Below::Leaf if self.is_text(ty.inner_named_type()) => Rendering::Text,
            Below::Leaf | Below::Abstract(_) => Rendering::Json,
            Below::Object(selection) => match shape::single(selection) {
                Some(only) => self.of(only.ty(), only),
                None => Rendering::Fields(self.fields(selection)),
            },
        }
    }

    fn list(&self, item: &Type, picked: &Picked<'_>) -> Rendering {
        let Below::Object(selection) = &picked.below else {
            return Rendering::Json;
        };
        if item.is_list() || shape::single(selection).is_some() {
            return Rendering::Json;
        }
        let columns = selection.iter().map(|picked| self.column(picked));
        match columns.collect::<Option<Vec<_>>>() {
            Some(columns) => Rendering::Table(columns),
            None => Rendering::Items(self.fields(selection)),
        }
    }

    /// A column of a table, where the field fits one.
    fn column(&self, picked: &Picked<'_>) -> Option<(String, Rendering)> {
        let rendering = match self.of(picked.ty(), picked) {
            Rendering::Text if !self.is_long(picked) => Rendering::Text,
            Rendering::Json => Rendering::Json,
            // A small object in a cell is JSON; one that holds lists or long texts would fill it.
            Rendering::Fields(fields)
                if fields.iter().all(|(_, below)| is_small(below)) && !self.holds_long(picked) =>
            {
                Rendering::Json
            }
            Rendering::Text | Rendering::Fields(_) | Rendering::Table(_) | Rendering::Items(_) => return None,
        };
        Some((picked.key.to_owned(), rendering))
    }

    fn holds_long(&self, picked: &Picked<'_>) -> bool {
        match &picked.below {
            Below::Object(selection) => selection
                .iter()
                .any(|below| self.is_long(below) || self.holds_long(below)),
            Below::Leaf | Below::Abstract(_) => false,
        }
    }

    /// Whether a text is so long that it wants lines of its own; of a collapsed object, its one field.
    fn is_long(&self, picked: &Picked<'_>) -> bool {
        let weight = self.weights.of(picked.parent, &picked.field.name);
        let own = weight
            .and_then(|weight| weight.tokens)
            .is_some_and(|tokens| tokens >= LONG);
        own || match &picked.below {
            Below::Object(selection) => shape::single(selection).is_some_and(|only| self.is_long(only)),
            Below::Leaf | Below::Abstract(_) => false,
        }
    }

    fn is_text(&self, name: &str) -> bool {
        matches!(self.schema.types.get(name), Some(ExtendedType::Enum(_)))
            || matches!(self.options.scalar(name), Scalar::Id | Scalar::String)
    }
}

fn is_small(rendering: &Rendering) -> bool {
    matches!(rendering, Rendering::Json | Rendering::Text)
}
