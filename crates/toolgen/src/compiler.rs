//! A schema that was read once, and all files compiled against it.

use crate::diagnostic::{At, Diagnostic, Findings};
use crate::directives::{self, DIRECTIVES_SDL};
use crate::library::Library;
use crate::options::Options;
use crate::spec::ToolSpec;
use crate::tool::{Job, Purpose};
use crate::validation;
use crate::weights::{WEIGHTS_SDL, Weights};
use crate::{Compilation, Source, names, tool};
use apollo_compiler::Schema;
use apollo_compiler::ast;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::Valid;
use std::collections::BTreeMap;
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

    /// Compiles all files. Those that are wrong give findings, the others tools.
    pub fn compile(&self, sources: &[Source]) -> Compilation {
        let (library, mut diagnostics) = Library::read(sources);
        let mut tools: BTreeMap<String, ToolSpec> = BTreeMap::new();
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        for file in library.tools() {
            let mut findings = Findings::new(&file.source.path, &file.source.text);
            if let Some(other) = taken.get(&names::as_clients_see(file.stem)) {
                let message = format!("{other} already gives a tool `{}`", file.stem);
                let help = "the file's name is the tool's name: rename one of them".to_owned();
                findings.error(At::File, message, Some(help));
            } else {
                taken.insert(names::as_clients_see(file.stem), &file.source.path);
            }
            let job = Job {
                compiler: self,
                library: &library,
                file,
                purpose: Purpose::Tool,
            };
            let tool = tool::compile(&job, &mut findings);
            let sound = !findings.has_errors();
            diagnostics.extend(findings.into_found());
            if let Some(tool) = tool.filter(|_| sound) {
                tools.insert(tool.name.clone(), tool);
            }
        }
        library.check_shared(&self.schema, &mut diagnostics);
        // A mistake in a shared fragment is found by each tool that uses it.
        diagnostics.sort();
        diagnostics.dedup();
        Compilation {
            tools: tools.into_values().collect(),
            diagnostics,
        }
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
            validation::report_schema(&bad.errors, findings);
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
            validation::report_schema(&bad.errors, findings);
            None
        }
    }
}
