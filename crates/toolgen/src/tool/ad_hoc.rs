//! A query that stands in no file: an agent wrote it, and it is run once. The same rules hold for it, but for those that
//! only a tool needs that is listed: it needs no description, and no name.

use super::definition::keyword;
use super::{Checks, Job, Purpose, compile, own};
use crate::Source;
use crate::compiler::Compiler;
use crate::cost::Budget;
use crate::diagnostic::{At, Diagnostic, Findings};
use crate::library::{File, Library, Parsed};
use crate::size::Limits;
use crate::spec::{Argument, Hidden, ToolSpec};
use crate::validation::span_of;
use apollo_compiler::Node;
use apollo_compiler::ast::{OperationDefinition, OperationType};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A query that is run once.
#[derive(Debug, Clone, Copy)]
pub struct AdHoc<'q> {
    /// What diagnostics call it, and what the tool is called that runs it.
    pub name: &'q str,
    /// The query.
    pub text: &'q str,
    /// The values of its variables. A page size that is given here bounds the cost.
    pub variables: &'q Map<String, Value>,
    /// What it may cost.
    pub budget: &'q Budget,
}

impl Compiler {
    /// Compiles a query that is run once; or gives all that is wrong with it.
    pub fn compile_query(&self, query: &AdHoc<'_>) -> Result<ToolSpec, Vec<Diagnostic>> {
        let source = Source {
            path: query.name.to_owned(),
            text: query.text.to_owned(),
        };
        let parsed = Arc::new(Parsed::read(source, Limits::REQUEST));
        let (library, mut diagnostics) = Library::of([&parsed].into_iter());
        diagnostics.extend(parsed.findings.iter().cloned());
        let mut tool = None;
        for file in library.tools() {
            let mut findings = Findings::new(&file.source.path, &file.source.text);
            let job = Job {
                compiler: self,
                library: &library,
                file,
                purpose: Purpose::Once(query),
            };
            tool = compile(&job, &mut findings);
            diagnostics.extend(findings.into_found());
        }
        diagnostics.retain(Diagnostic::is_error);
        diagnostics.sort();
        diagnostics.dedup();
        match tool {
            Some(tool) if diagnostics.is_empty() => Ok(tool),
            _ => Err(diagnostics),
        }
    }
}

impl AdHoc<'_> {
    /// The values of these variables in this one call: those that were given, and the defaults of the others.
    pub(super) fn values(&self, arguments: &[Argument]) -> Map<String, Value> {
        let value = |argument: &Argument| {
            let given = self.variables.get(&argument.name).filter(|given| !given.is_null());
            given.or(argument.default.as_ref()).cloned()
        };
        let values = arguments
            .iter()
            .map(|argument| Some((argument.name.clone(), value(argument)?)));
        values.flatten().collect()
    }
}

/// Hidden variables are for files that a person wrote: here they would let an agent read its client's headers. So is a
/// budget of its own.
pub(super) fn refuse_of_files(hidden: &[Hidden], checks: &Checks<'_>, findings: &mut Findings<'_>) {
    if own::tool(checks.operation).is_some() {
        let help = "take it out".to_owned();
        findings.error(own::at(checks), "`@tool` is for the files of tools", Some(help));
    }
    for variable in &checks.operation.variables {
        if hidden.iter().any(|hidden| hidden.name == variable.name.as_str()) {
            let message = "`@fixed` and `@header` are for the files of tools".to_owned();
            let help = format!("give `${}` its value in `variables`", variable.name);
            findings.error(span_of(&checks.document.sources, &variable.name), message, Some(help));
        }
    }
}

/// The one query of the text.
pub(super) fn the_query<'f>(file: &'f File<'_>, findings: &mut Findings<'_>) -> Option<&'f Node<OperationDefinition>> {
    let mut operations = file.operations();
    let Some(first) = operations.next() else {
        let help = "write one, as `query { … }`".to_owned();
        findings.error(At::File, "there is no query in this text", Some(help));
        return None;
    };
    if let Some(second) = operations.next() {
        let help = "run one at a time; several root fields may stand in one query".to_owned();
        findings.error(keyword(file, second), "this is a second operation", Some(help));
        return None;
    }
    let kind = match first.operation_type {
        OperationType::Query => return Some(first),
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    };
    let message = format!("a {kind} cannot be run here: only queries, which change nothing");
    let help = "what can be changed has a tool of its own, where writing is allowed".to_owned();
    findings.error(keyword(file, first), message, Some(help));
    None
}
