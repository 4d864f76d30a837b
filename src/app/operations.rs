//! The operations: those in the binary, and those in folders that are named at the start, compiled by the same rules
//! against the schema as it is.

use super::StartError;
use crate::graph::{self, BraidSchema};
use crate::tools::embedded;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use toolgen::{Compilation, Diagnostic, Severity, Source, ToolSpec};

/// The operation files under some paths.
#[derive(Debug, Default)]
pub struct Operations {
    sources: Vec<Source>,
    /// Files that are no text: findings like others, so that the rest is checked all the same.
    unreadable: Vec<Diagnostic>,
}

impl Operations {
    /// Reads a file, or all `.graphql` files below a folder. A file is read once, however often it is named.
    pub fn read(&mut self, path: &Path) -> Result<(), StartError> {
        let failed = |error: std::io::Error| StartError::Queries {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        if !path.is_dir() {
            let name = path.display().to_string();
            let is_read = self.sources.iter().any(|source| source.path == name);
            if is_read || self.unreadable.iter().any(|found| found.path == name) {
                return Ok(());
            }
            match std::fs::read_to_string(path) {
                Ok(text) => self.sources.push(Source { path: name, text }),
                Err(error) if error.kind() == ErrorKind::InvalidData => self.unreadable.push(no_text(name)),
                Err(error) => return Err(failed(error)),
            }
            return Ok(());
        }
        let entries = std::fs::read_dir(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(failed)?;
        let mut paths: Vec<_> = entries.into_iter().map(|entry| entry.path()).collect();
        paths.sort();
        for below in paths {
            if below.is_dir() || below.extension().is_some_and(|extension| extension == "graphql") {
                self.read(&below)?;
            }
        }
        Ok(())
    }

    /// Reads the fragments that a file may use: those of the folder `fragments` beside the folder of its group.
    pub fn read_fragments_of(&mut self, file: &Path) -> Result<(), StartError> {
        let root = file.parent().and_then(Path::parent);
        match root.map(|root| root.join("fragments")) {
            Some(fragments) if !file.is_dir() && fragments.is_dir() => self.read(&fragments),
            _ => Ok(()),
        }
    }

    /// Compiles them against the schema that this binary serves.
    pub fn compile(&self) -> Compilation {
        self.compile_against(&graph::builder().finish())
    }

    fn compile_against(&self, schema: &BraidSchema) -> Compilation {
        let mut compilation = compile(schema, &self.sources);
        compilation.diagnostics.extend(self.unreadable.iter().cloned());
        compilation
    }
}

fn no_text(path: String) -> Diagnostic {
    Diagnostic {
        path,
        line: 0,
        column: 0,
        width: 0,
        severity: Severity::Error,
        message: "the file is not text in UTF-8".to_owned(),
        help: Some("save it as UTF-8".to_owned()),
        source_line: String::new(),
    }
}

/// Compiles operations against a schema.
pub fn compile(schema: &BraidSchema, sources: &[Source]) -> Compilation {
    toolgen::compile(&graph::sdl(schema), sources, &embedded::options())
}

/// The tools in the binary and those in the folders. A folder's tool that has a built-in one's name is refused when
/// the catalog is made.
pub(super) fn load(schema: &BraidSchema, folders: &[PathBuf]) -> Result<Vec<ToolSpec>, StartError> {
    let mut tools = embedded::tools()?;
    if folders.is_empty() {
        return Ok(tools);
    }
    let mut operations = Operations::default();
    for folder in folders {
        operations.read(folder)?;
    }
    let compiled = operations.compile_against(schema);
    if compiled.errors().next().is_some() {
        return Err(StartError::Operations(compiled.errors().cloned().collect()));
    }
    tools.extend(compiled.tools);
    Ok(tools)
}
