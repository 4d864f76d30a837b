//! The operation files that a command is given: read and compiled once, against the schema that this binary serves.

use super::StartError;
use super::folders::{self, files_below, no_text};
use crate::graph::{self, BraidSchema};
use crate::tools::embedded;
use std::io::ErrorKind;
use std::path::Path;
use toolgen::{Compilation, Compiler, Diagnostic, Source};

/// The operation files under some paths.
#[derive(Debug, Default)]
pub struct Operations {
    sources: Vec<Source>,
    /// Files that are no text: findings like others, so that the rest is checked all the same.
    unreadable: Vec<Diagnostic>,
}

impl Operations {
    /// One operation that is in no file yet.
    pub fn of(source: Source) -> Self {
        Self {
            sources: vec![source],
            ..Self::default()
        }
    }

    /// Reads a file, or all `.graphql` files below a folder. A file is read once, however often it is named.
    pub fn read(&mut self, path: &Path) -> Result<(), StartError> {
        let failed = |path: &Path, reason: String| StartError::Queries {
            path: path.to_owned(),
            reason,
        };
        for file in files_below(path) {
            let file = match file {
                Ok(file) => file,
                Err(error) => match folders::of_link(path, &error) {
                    Some(found) => {
                        self.unreadable.extend(found);
                        continue;
                    }
                    None => return Err(failed(error.path().unwrap_or(path), folders::reason(&error))),
                },
            };
            let name = file.display().to_string();
            let is_read = self.sources.iter().any(|source| source.path == name);
            if is_read || self.unreadable.iter().any(|found| found.path == name) {
                continue;
            }
            match std::fs::read_to_string(&file) {
                Ok(text) => self.sources.push(Source { path: name, text }),
                Err(error) if error.kind() == ErrorKind::InvalidData => self.unreadable.push(no_text(name)),
                Err(error) => return Err(failed(&file, error.to_string())),
            }
        }
        Ok(())
    }

    /// Reads the fragments that a file, or a folder of one group, may use.
    pub fn read_fragments_of(&mut self, path: &Path) -> Result<(), StartError> {
        folders::fragments_of(path).map_or(Ok(()), |fragments| self.read(&fragments))
    }

    /// Compiles them against the schema that this binary serves.
    pub fn compile(&self) -> Compilation {
        let mut compilation = match compiler(&graph::builder().finish()) {
            Ok(compiler) => compiler.compile(&self.sources),
            Err(diagnostics) => Compilation {
                tools: Vec::new(),
                diagnostics,
            },
        };
        compilation.diagnostics.extend(self.unreadable.iter().cloned());
        compilation
    }
}

/// What compiles operations against a schema, by the rules that the built-in ones were compiled by.
pub(super) fn compiler(schema: &BraidSchema) -> Result<Compiler, Vec<Diagnostic>> {
    Compiler::new(&graph::sdl(schema), embedded::options())
}
