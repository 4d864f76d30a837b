//! A schema that was read once, and all files compiled against it.

use crate::diagnostic::{Diagnostic, Findings};
use crate::directives::{self, DIRECTIVES_SDL};
use crate::options::Options;
use crate::project::Project;
use crate::spec::ToolSpec;
use crate::validation;
use crate::weights::{WEIGHTS_SDL, Weights};
use crate::{Compilation, Source};
use apollo_compiler::Schema;
use apollo_compiler::ast;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::Valid;
use std::sync::Arc;

/// What stands for the files in diagnostics.
const SCHEMA_PATH: &str = "schema/braid.graphql";
const WEIGHTS_PATH: &str = "schema/weights.graphql";

/// A schema, ready to compile files against.
pub struct Compiler {
    pub(crate) schema: Valid<Schema>,
    pub(crate) weights: Weights,
    pub(crate) options: Options,
}

impl Compiler {
    /// Reads a schema, with or without the definitions of `DIRECTIVES_SDL` in it, and its weights.
    pub fn new(schema_sdl: &str, options: Options) -> Result<Self, Vec<Diagnostic>> {
        let mut findings = Findings::new(SCHEMA_PATH, schema_sdl);
        let schema = read(schema_sdl, &options.weights, &mut findings);
        let weights = schema
            .as_ref()
            .map(|schema| Weights::read(schema, &mut findings))
            .unwrap_or_default();
        match schema {
            Some(schema) if !findings.has_errors() => Ok(Self {
                schema,
                weights,
                options,
            }),
            _ => Err(findings.into_found()),
        }
    }

    /// The names of what backends meter, sorted.
    pub fn units(&self) -> Vec<&str> {
        self.weights.units()
    }

    /// Compiles all files. Those that are wrong give findings, the others tools.
    pub fn compile(&self, sources: &[Source]) -> Compilation {
        let mut project = Project::default();
        project.update(self, sources.to_vec());
        let outcomes = || project.outcomes();
        // A file with a namesake's name is no tool, so no two tools have one.
        let mut tools: Vec<_> = outcomes()
            .filter_map(|outcome| outcome.tool.map(|tool| ToolSpec::clone(tool)))
            .collect();
        tools.sort_by(|left, right| left.name.cmp(&right.name));
        let mut diagnostics: Vec<_> = outcomes().flat_map(|outcome| outcome.diagnostics().cloned()).collect();
        // A mistake in a shared fragment is found by each tool that uses it.
        diagnostics.sort();
        diagnostics.dedup();
        Compilation { tools, diagnostics }
    }
}

fn read(schema: &str, weights: &str, findings: &mut Findings<'_>) -> Option<Valid<Schema>> {
    let mut whole = parse(schema, SCHEMA_PATH, findings)?;
    let directives = parse(DIRECTIVES_SDL, "directives.graphql", findings)?;
    let weighing = parse(WEIGHTS_SDL, "weights.graphql", findings)?;
    let weights = parse(weights, WEIGHTS_PATH, findings)?;
    for part in [&directives, &weighing, &weights] {
        Arc::make_mut(&mut whole.sources).extend(part.sources.iter().map(|(id, file)| (*id, Arc::clone(file))));
    }
    directives::define_in(&mut whole, directives);
    directives::define_in(&mut whole, weighing);
    whole.definitions.extend(weights.definitions);
    match whole.to_schema_validate() {
        Ok(schema) => Some(schema),
        Err(bad) => {
            validation::report_as_found(&bad.errors, findings);
            None
        }
    }
}

fn parse(text: &str, path: &str, findings: &mut Findings<'_>) -> Option<ast::Document> {
    match Parser::new().parse_ast(text, path) {
        Ok(document) => Some(document),
        // No weights are given.
        Err(bad) if text.trim().is_empty() => Some(bad.partial),
        Err(bad) => {
            validation::report_as_found(&bad.errors, findings);
            None
        }
    }
}
