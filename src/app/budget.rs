//! What tools may cost, by `[tools]` of `braid.toml`: held against the tools of the binary as well as those of folders.

use super::StartError;
use crate::config::file::{File, Tools};
use crate::graph::{self, BraidSchema};
use crate::tools::embedded;
use std::path::Path;
use std::sync::Arc;
use toolgen::{Budget, Compilation, Compiler, Diagnostic, ToolSpec};

/// Takes the tools that cost more than the configuration allows out of a compilation, each with a finding in its place.
pub fn within_budget(compilation: &mut Compilation, named: Option<&Path>) -> Result<(), StartError> {
    let tools = File::find(named)?.tools;
    let budget = checked(&graph::builder().finish(), &tools)?;
    compilation.tools.retain(|tool| {
        let over = budget.check(&tool.cost, &tool.source);
        let fits = over.is_empty();
        compilation.diagnostics.extend(over);
        fits
    });
    Ok(())
}

/// Refuses built-in tools that cost more than they may.
pub(super) fn hold(budget: &Budget, specs: &[Arc<ToolSpec>]) -> Result<(), StartError> {
    let over: Vec<Diagnostic> = specs
        .iter()
        .flat_map(|spec| budget.check(&spec.cost, &spec.source))
        .collect();
    if over.is_empty() {
        Ok(())
    } else {
        Err(StartError::Operations(over))
    }
}

/// The budget, whose units must be some that are metered: a misspelt one would bound nothing.
pub(super) fn checked(schema: &BraidSchema, tools: &Tools) -> Result<Budget, StartError> {
    let budget = Budget {
        requests: tools.requests,
        result_tokens: tools.result_tokens,
        units: tools.units.clone(),
    };
    if budget.units.is_empty() {
        return Ok(budget);
    }
    let compiler = Compiler::new(&graph::sdl(schema), embedded::options()).map_err(StartError::Operations)?;
    let known = compiler.units();
    match budget.units.keys().find(|unit| !known.contains(&unit.as_str())) {
        Some(unit) => Err(StartError::NoSuchUnit {
            unit: unit.clone(),
            known: known.into_iter().map(str::to_owned).collect(),
        }),
        None => Ok(budget),
    }
}
