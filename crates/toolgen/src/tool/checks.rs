//! What is asked of a valid operation beyond GraphQL: that it can be shaped, and is carried out as it is written.

use crate::diagnostic::{At, Findings};
use crate::output::RESERVED;
use crate::selection::{Below, Picked, Selection};
use crate::shape::{self, Root, TYPENAME};
use crate::validation::span_of;
use apollo_compiler::executable::Operation;
use apollo_compiler::{ExecutableDocument, Node};

/// A valid document and its operation, where findings about them are placed.
pub(super) struct Checks<'d> {
    pub(super) document: &'d ExecutableDocument,
    pub(super) operation: &'d Node<Operation>,
}

impl Checks<'_> {
    /// Checks the root.
    pub(super) fn root(&self, selection: &Selection<'_>, findings: &mut Findings<'_>) {
        for picked in selection {
            if matches!(picked.field.name.as_str(), "__schema" | "__type") {
                let help = "take it out; the schema is the resource `braid://schema`, and what `braid schema` prints";
                let message = "a tool does not look into the schema itself";
                findings.error(self.at(picked), message, Some(help.to_owned()));
            }
        }
        self.each_once(selection, findings);
        let reserved = |keys: &[Picked<'_>], findings: &mut Findings<'_>| {
            for picked in keys.iter().filter(|picked| RESERVED.contains(&picked.key)) {
                let message = format!("`{}` is what Braid itself adds to a result", picked.key);
                let help = format!("give it another name: `other_name: {}`", picked.field.name);
                findings.error(self.at(picked), message, Some(help));
            }
        };
        match shape::unwrap(selection).1 {
            Root::Object(keys) => reserved(keys, findings),
            Root::Abstract(variants) => variants.iter().for_each(|(_, keys)| reserved(keys, findings)),
        }
    }

    /// Checks that no write is carried out twice: the executor runs each mention of a root field, merged or not.
    pub(super) fn each_once(&self, selection: &Selection<'_>, findings: &mut Findings<'_>) {
        for picked in selection.iter().filter(|picked| picked.key != TYPENAME) {
            if let Some(again) = picked.repeats.first().filter(|_| self.operation.is_mutation()) {
                let message = format!("`{}` would be carried out twice", picked.key);
                let help = "select it once, with all its fields".to_owned();
                findings.error(span_of(&self.document.sources, &again.name), message, Some(help));
            }
        }
    }

    /// Checks what stands below it.
    pub(super) fn below(&self, selection: &[Picked<'_>], findings: &mut Findings<'_>) {
        for picked in selection {
            if picked.key == TYPENAME && picked.field.name != TYPENAME {
                let message = format!("`{TYPENAME}` cannot be the name of another field");
                findings.error(self.at(picked), message, None);
            }
            if let Some(deprecated) = picked.field.definition.directives.get("deprecated") {
                let reason = deprecated
                    .specified_argument_by_name("reason")
                    .and_then(|reason| reason.as_str());
                let message = format!("`{}.{}` is deprecated", picked.parent, picked.field.name);
                findings.warning(self.at(picked), message, reason.map(str::to_owned));
            }
            match &picked.below {
                Below::Leaf => {}
                Below::Object(below) => {
                    if let Some(only) = shape::single(below) {
                        self.note_collapse(picked, only, findings);
                    }
                    self.below(below, findings);
                }
                Below::Abstract(variants) => {
                    if !variants.iter().all(|(_, keys)| tells_its_type(keys)) {
                        let ty = picked.ty().inner_named_type();
                        let message = format!(
                            "`{}` is one of several types (`{ty}`) and must tell which",
                            picked.field.name
                        );
                        let help = format!("add `{TYPENAME}` as the first field, outside `... on`");
                        findings.error(self.at(picked), message, Some(help));
                    }
                    for (_, keys) in variants {
                        self.below(keys, findings);
                    }
                }
            }
        }
    }

    fn note_collapse(&self, picked: &Picked<'_>, only: &Picked<'_>, findings: &mut Findings<'_>) {
        let message = format!(
            "`{}` is replaced by its one field `{}` in the result",
            picked.key, only.key
        );
        let help = "a second field there would make it an object, and change what agents get".to_owned();
        findings.note(self.at(picked), message, Some(help));
    }

    fn at(&self, picked: &Picked<'_>) -> At<'_> {
        span_of(
            &self.document.sources,
            picked.field.alias.as_ref().unwrap_or(&picked.field.name),
        )
    }
}

fn tells_its_type(keys: &[Picked<'_>]) -> bool {
    keys.iter().any(|picked| picked.key == TYPENAME && !picked.conditional)
}
