//! The tools in folders beside the built-in ones: compiled when the folders are read, and again when they changed. A file
//! with errors keeps the last good version of its tool.

mod news;

use super::folders::{self, Folders};
use super::{StartError, operations};
use crate::graph::BraidSchema;
use crate::tools::explore::{RUN_QUERY, SEARCH_SCHEMA};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use toolgen::{Budget, Compiler, Diagnostic, Project, ToolSpec};

/// What dropped-in tools are made of.
pub(super) struct Params<'a> {
    /// The folders.
    pub(super) roots: Vec<PathBuf>,
    /// What the operations are compiled against.
    pub(super) schema: &'a BraidSchema,
    /// What a tool may cost.
    pub(super) budget: Budget,
    /// The tools in the binary: their names are taken.
    pub(super) built_in: Vec<Arc<ToolSpec>>,
}

/// Folders, and the tools that came of them.
pub(super) struct DroppedIn {
    folders: Folders,
    compiler: Compiler,
    project: Project,
    budget: Budget,
    built_in: Vec<Arc<ToolSpec>>,
    /// By path: what each file was when it had no errors.
    good: BTreeMap<String, Arc<ToolSpec>>,
    state: State,
}

/// What the folders hold.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// All tools that go on, some of them as they were before their file had errors; by name.
    pub(super) tools: Vec<Arc<ToolSpec>>,
    /// What is wrong, by path.
    pub(super) faults: Vec<Diagnostic>,
}

impl DroppedIn {
    /// Reads and compiles what there is. A folder that is not there at the start is one that was mistyped.
    pub(super) fn open(params: Params<'_>) -> Result<Self, StartError> {
        let Params {
            roots,
            schema,
            budget,
            built_in,
        } = params;
        for root in &roots {
            std::fs::metadata(root).map_err(|error| StartError::Queries {
                path: root.clone(),
                reason: error.to_string(),
            })?;
        }
        // Of one file or one group the fragments stand beside it.
        let beside: Vec<_> = roots.iter().filter_map(|root| folders::fragments_of(root)).collect();
        let mut dropped_in = Self {
            folders: Folders::new(roots.into_iter().chain(beside).collect()),
            compiler: operations::compiler(schema).map_err(StartError::Operations)?,
            project: Project::default(),
            budget,
            built_in,
            good: BTreeMap::new(),
            state: State::default(),
        };
        dropped_in.look();
        Ok(dropped_in)
    }

    pub(super) fn roots(&self) -> &[PathBuf] {
        self.folders.roots()
    }

    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// The built-in tools and these.
    pub(super) fn all_tools(&self) -> Vec<Arc<ToolSpec>> {
        self.built_in.iter().chain(&self.state.tools).cloned().collect()
    }

    /// Reads the folders again and compiles what changed. Gives what a person would want to know of it; `None` where all
    /// is as it was.
    pub(super) fn look(&mut self) -> Option<Vec<String>> {
        if !self.folders.read() {
            return None;
        }
        self.project.update(&self.compiler, self.folders.sources());
        let state = self.compiled();
        let news = news::between(&self.state, &state);
        self.state = state;
        Some(news)
    }

    fn compiled(&mut self) -> State {
        let mut faults: BTreeSet<Diagnostic> = self.folders.faults().cloned().collect();
        let mut tools: BTreeMap<String, Arc<ToolSpec>> = BTreeMap::new();
        let mut there: BTreeSet<&str> = self.folders.faults().map(|fault| fault.path.as_str()).collect();
        for outcome in self.project.outcomes() {
            there.insert(outcome.path);
            faults.extend(outcome.diagnostics().filter(|found| found.is_error()).cloned());
            let Some(tool) = outcome.tool else { continue };
            let over = self.budget.check(&tool.cost, &tool.source);
            if is_taken(&tool.name, self.built_in.iter().map(|tool| tool.name.as_str())) {
                faults.insert(clash(tool));
            } else if over.is_empty() {
                self.good.insert(outcome.path.to_owned(), Arc::clone(tool));
                tools.insert(tool.name.clone(), Arc::clone(tool));
            }
            faults.extend(over);
        }
        self.good.retain(|path, _| there.contains(path.as_str()));
        for tool in self.good.values() {
            // A right file that came since may have the name.
            tools.entry(tool.name.clone()).or_insert_with(|| Arc::clone(tool));
        }
        State {
            tools: tools.into_values().collect(),
            faults: faults.into_iter().collect(),
        }
    }
}

/// Whether a name is one of the built-in tools', or of those that `--explore` adds.
pub fn is_taken<'n>(name: &str, mut built_in: impl Iterator<Item = &'n str>) -> bool {
    [SEARCH_SCHEMA, RUN_QUERY].contains(&name) || built_in.any(|own| own == name)
}

/// A file that has a built-in tool's name.
pub fn clash(tool: &ToolSpec) -> Diagnostic {
    let message = format!("a built-in tool has the name `{}` already", tool.name);
    Diagnostic::of_file(&tool.source, message, "give the file another name")
}

#[cfg(test)]
mod tests;
