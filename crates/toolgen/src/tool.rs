//! One file to one tool: the definitions are checked first, then what they select, then the tool is put together.

pub(crate) mod ad_hoc;
mod arguments;
mod bounds;
mod checks;
mod cuts;
mod defaults;
mod definition;
mod fed;
mod forms;
mod own;
mod places;
pub(crate) mod request;

use crate::Compiler;
use crate::cost::{self, Basis};
use crate::diagnostic::{At, Findings};
use crate::directives;
use crate::input;
use crate::library::{File, Library};
use crate::lists;
use crate::output::Outputs;
use crate::rendering::Renderings;
use crate::selection::{Resolver, Selection};
use crate::shape;
use crate::spec::{OperationKind, ToolSpec};
use crate::validation::{self, Scope};
use ad_hoc::AdHoc;
use apollo_compiler::ast::{Definition, Value};
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::DiagnosticList;
use apollo_compiler::{ExecutableDocument, Name, name};
use checks::Checks;
use cuts::Cuts;
use defaults::Defaults;
use definition::{check_name, description, the_operation};
use std::collections::BTreeSet;

/// What an operation is called that has no name; only one that is run once may have none.
const UNNAMED: &str = "Unnamed";

/// What is compiled, and what for.
pub(crate) struct Job<'j> {
    pub(crate) compiler: &'j Compiler,
    pub(crate) library: &'j Library<'j>,
    pub(crate) file: &'j File<'j>,
    pub(crate) purpose: Purpose<'j>,
}

/// What an operation is compiled for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose<'p> {
    /// To be listed as a tool.
    Tool,
    /// To be run once, with these variables.
    Once(&'p AdHoc<'p>),
}

/// The tool of a file. `None`, or a tool with errors among the findings, where there is none to be had.
pub(crate) fn compile(job: &Job<'_>, findings: &mut Findings<'_>) -> Option<ToolSpec> {
    let Job {
        compiler,
        library,
        file,
        purpose,
    } = job;
    let (definition, description) = match purpose {
        Purpose::Tool => {
            check_name(file, findings);
            let definition = the_operation(file, findings)?;
            (definition, description(file, definition, findings))
        }
        Purpose::Once(_) => (ad_hoc::the_query(file, findings)?, Some(String::new())),
    };
    let (document, errors) = library.document(&compiler.schema, file, findings)?;
    if !errors.is_empty() {
        report((compiler, library, file), (&document, &errors), findings);
        return None;
    }
    let operation = document
        .operations
        .get(definition.name.as_ref().map(Name::as_str))
        .ok()?;

    let mut resolver = Resolver::new(&compiler.schema, &document);
    let Ok(selection) = resolver.resolve(operation.object_type(), &[&operation.selection_set]) else {
        let message = "this selects more fields than a tool can hold";
        findings.error(
            At::File,
            message,
            Some("select less, or spread fragments less often".to_owned()),
        );
        return None;
    };
    let checks = Checks {
        document: &document,
        operation,
    };
    check(compiler, &checks, &selection, findings);
    let defaults = defaults::of(&compiler.schema, &checks, findings);
    let variables = arguments::read(compiler, file, (&checks, &defaults), findings);
    let values = match purpose {
        Purpose::Tool => None,
        Purpose::Once(query) => {
            ad_hoc::refuse_of_files(&variables.hidden, &checks, findings);
            Some(query.values(&variables.arguments))
        }
    };
    let basis = Basis {
        schema: &compiler.schema,
        sources: &document.sources,
        weights: &compiler.weights,
        arguments: &variables.arguments,
        hidden: &variables.hidden,
        values: values.as_ref(),
    };
    let budget = match purpose {
        Purpose::Tool => &compiler.options.budget,
        Purpose::Once(query) => query.budget,
    };
    let reckoning = cost::reckon(&basis, &selection, budget, findings);
    let outputs = Outputs {
        schema: &compiler.schema,
        options: &compiler.options,
    };
    let renderings = Renderings {
        schema: &compiler.schema,
        options: &compiler.options,
        weights: &compiler.weights,
    };
    let (lists, shares) = lists::of(&compiler.weights, &selection);
    let own = |argument: &str| directives::argument(&operation.directives, "tool", argument);
    let text = |argument: &str| own(argument).and_then(Value::as_str).map(str::to_owned);
    Some(ToolSpec {
        name: file.stem.to_owned(),
        group: text("group").unwrap_or_else(|| file.group.to_owned()),
        title: text("title"),
        description: description?,
        kind: kind(operation),
        operation: operation.name.as_ref().map_or(UNNAMED, Name::as_str).to_owned(),
        document: plain(file, (&document, operation), &defaults),
        backends: backends(&selection),
        annotations: own::annotations(&checks, findings),
        input_schema: input::schema(&variables.arguments).into(),
        output_schema: outputs.root(&selection).into(),
        shape: shape::root(&selection),
        rendering: renderings.root(&selection),
        lists,
        shares,
        source: file.source.path.clone(),
        text: file.source.text.clone(),
        hidden: variables.hidden,
        max_bytes: own::max_bytes(&checks, findings),
        cost: reckoning.cost,
        scopes: reckoning.scopes,
        arguments: variables.arguments,
    })
}

/// What makes the document none for the schema. Nothing is compiled then, so that something is always said.
fn report(
    (compiler, library, file): (&Compiler, &Library<'_>, &File<'_>),
    (document, errors): (&ExecutableDocument, &DiagnosticList),
    findings: &mut Findings<'_>,
) {
    let fragments = library.fragment_names(file);
    let scope = Scope::new((&compiler.schema, document), fragments, &file.parsed.mentions);
    validation::report(errors, &scope, findings);
    // Each was left to something else that says it, and nothing does: fragments that only spread each other.
    if !findings.has_errors() {
        validation::report_as_found(errors, findings);
    }
}

/// All that is asked of a valid operation beyond GraphQL.
fn check(compiler: &Compiler, checks: &Checks<'_>, selection: &Selection<'_>, findings: &mut Findings<'_>) {
    checks.root(selection, findings);
    checks.below(selection, findings);
    let cuts = Cuts {
        weights: &compiler.weights,
        sources: &checks.document.sources,
    };
    cuts.check(selection, findings);
    own::refuse_variables(checks, findings);
    forms::check(compiler, checks, findings);
}

/// The operation and its fragments as the executor takes them.
fn plain(file: &File<'_>, (document, operation): (&ExecutableDocument, &Operation), defaults: &Defaults) -> String {
    let mut definitions = Vec::new();
    for definition in &file.ast.definitions {
        if let Definition::OperationDefinition(written) = definition {
            let mut written = written.clone();
            let plain = written.make_mut();
            plain.description = None;
            plain.name.get_or_insert_with(|| name!("Unnamed"));
            plain.directives = directives::without_ours(&operation.directives);
            for variable in &mut plain.variables {
                let variable = variable.make_mut();
                variable.description = None;
                variable.directives = directives::without_ours(&variable.directives);
                if let Some(default) = defaults.get(&variable.name) {
                    variable.default_value = Some(default.clone());
                }
            }
            definitions.push(written.to_string());
        }
    }
    for fragment in document.fragments.values() {
        let mut fragment = fragment.clone();
        fragment.make_mut().description = None;
        definitions.push(fragment.to_string());
    }
    definitions.join("\n")
}

/// The backends of the root fields: their names up to the first capital letter.
fn backends(selection: &Selection<'_>) -> Vec<String> {
    let names: BTreeSet<_> = selection
        .iter()
        .map(|picked| picked.field.name.as_str())
        .filter(|name| !name.starts_with("__"))
        .map(|name| {
            name.split(|c: char| c.is_ascii_uppercase())
                .next()
                .unwrap_or(name)
                .to_owned()
        })
        .collect();
    names.into_iter().collect()
}

fn kind(operation: &Operation) -> OperationKind {
    if operation.is_mutation() {
        OperationKind::Mutation
    } else {
        OperationKind::Query
    }
}
