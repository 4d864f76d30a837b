//! The operations: those in the binary, and those in folders that are named at the start, compiled by the same rules
//! against the schema as it is.

use super::StartError;
use crate::graph::{self, BraidSchema};
use crate::tools::embedded;
use std::path::{Path, PathBuf};
use toolgen::{Compilation, Source, ToolSpec};

/// The operation files under some paths.
#[derive(Debug, Default)]
pub struct Operations(Vec<Source>);

impl Operations {
    /// Reads a file, or all `.graphql` files below a folder.
    pub fn read(&mut self, path: &Path) -> Result<(), StartError> {
        let failed = |error: std::io::Error| StartError::Queries {
            path: path.to_owned(),
            reason: error.to_string(),
        };
        if !path.is_dir() {
            let text = std::fs::read_to_string(path).map_err(failed)?;
            self.0.push(Source {
                path: path.display().to_string(),
                text,
            });
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

    /// Compiles them against the schema that this binary serves.
    pub fn compile(&self) -> Compilation {
        compile(&graph::builder().finish(), &self.0)
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
    let compiled = compile(schema, &operations.0);
    if compiled.errors().next().is_some() {
        return Err(StartError::Operations(compiled.errors().cloned().collect()));
    }
    tools.extend(compiled.tools);
    Ok(tools)
}
