//! A document that comes with a request and is executed as it is. The rules for tools hold for it, but for those that only
//! a listed tool or a shaped result needs: it may have several operations, look into the schema, and leave `__typename` out.

use super::{Checks, forms, kind, places, report};
use crate::Source;
use crate::compiler::Compiler;
use crate::cost::{self, Basis, Budget};
use crate::diagnostic::{At, Diagnostic, Findings};
use crate::library::{File, Library, Parsed, is_empty};
use crate::selection::{Resolver, Selection};
use crate::size::Limits;
use crate::spec::{Cost, OperationKind};
use crate::validation::span_of;
use apollo_compiler::ast::{self, OperationDefinition};
use apollo_compiler::executable::Operation;
use apollo_compiler::request::{RequestError, coerce_variable_values};
use apollo_compiler::response::JsonValue;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, introspection};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// What diagnostics call the document.
const PATH: &str = "document";

/// A request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// The document.
    pub text: &'r str,
    /// The operation that is wanted, where there are several.
    pub operation: Option<&'r str>,
    /// The values of its variables, as they came. Those that it does not declare are ignored, as the specification says.
    pub variables: &'r Map<String, Value>,
    /// What it may cost.
    pub budget: &'r Budget,
}

/// A request that may be executed.
#[derive(Debug)]
pub struct Checked {
    /// The definitions, valid against the schema.
    pub document: ast::Document,
    /// The operation that is wanted.
    pub operation: Node<OperationDefinition>,
    /// Whether it reads or writes.
    pub kind: OperationKind,
    /// The values of its variables, coerced to their types, with the defaults of those that were not given.
    pub variables: Map<String, Value>,
    /// What it costs.
    pub cost: Cost,
}

/// Why a request is not executed.
#[derive(Debug)]
pub struct Refused {
    /// What is wrong with it.
    pub reason: Reason,
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

/// What can be wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The document is not valid.
    Document,
    /// It has no operation, or it is not clear which is wanted.
    Operation,
    /// A variable's value is none of its type.
    Variables,
    /// It is too large or costs too much.
    Size,
}

impl Compiler {
    /// Checks a request, from its text to the values of its variables; or gives what is wrong with it.
    pub fn check_request(&self, request: &Request<'_>) -> Result<Checked, Refused> {
        let source = Source {
            path: PATH.to_owned(),
            text: request.text.to_owned(),
        };
        let parsed = Arc::new(Parsed::read(source, Limits::REQUEST));
        let (library, _) = Library::of([&parsed].into_iter());
        let mut findings = Findings::new(PATH, request.text);
        let file = match library.tools().next() {
            Some(file) if file.operations().next().is_some() => file,
            None if !is_empty(request.text) => {
                return Err(Refused {
                    reason: Reason::Document,
                    diagnostics: parsed.findings.clone(),
                });
            }
            _ => {
                let help = "write one, as `query { … }`".to_owned();
                findings.error(At::File, "the document has no operation", Some(help));
                return Err(refused(Reason::Operation, findings));
            }
        };
        let Some((document, errors)) = library.document(&self.schema, file, &mut findings) else {
            return Err(refused(Reason::Size, findings));
        };
        if !errors.is_empty() {
            report((self, &library, file), (&document, &errors), &mut findings);
            return Err(refused(Reason::Document, findings));
        }
        match self.check_operation(request, (file, &document), &mut findings) {
            Ok(checked) => Ok(checked),
            Err(reason) => Err(refused(reason, findings)),
        }
    }

    fn check_operation(
        &self,
        request: &Request<'_>,
        (file, document): (&File<'_>, &ExecutableDocument),
        findings: &mut Findings<'_>,
    ) -> Result<Checked, Reason> {
        let Ok(operation) = document.operations.get(request.operation) else {
            findings.error(At::File, no_such_operation(request.operation), None);
            return Err(Reason::Operation);
        };
        let checks = Checks { document, operation };
        let mut resolver = Resolver::new(&self.schema, document);
        let Ok(selection) = resolver.resolve(operation.object_type(), &[&operation.selection_set]) else {
            let help = "select less, or spread fragments less often".to_owned();
            findings.error(At::File, "this selects more fields than are taken", Some(help));
            return Err(Reason::Size);
        };
        self.check_valid(&checks, &selection, findings);
        if findings.has_errors() {
            return Err(Reason::Document);
        }
        let variables = self.coerced(operation, request.variables).map_err(|error| {
            let help =
                "`variables` holds a value for each variable, of the type that the operation declares".to_owned();
            let at = At::Span(&document.sources, error.location());
            findings.error(at, error.message().to_string(), Some(help));
            Reason::Variables
        })?;
        for definition in &operation.variables {
            let value = variables.get(definition.name.as_str());
            if let Some(message) = value.and_then(|value| forms::refusal_of_json(self, &definition.ty, value)) {
                let message = format!("`${}`: {message}", definition.name);
                findings.error(span_of(&document.sources, &definition.name), message, None);
            }
        }
        if findings.has_errors() {
            return Err(Reason::Variables);
        }
        let basis = Basis {
            schema: &self.schema,
            sources: &document.sources,
            weights: &self.weights,
            arguments: &[],
            hidden: &[],
            values: Some(&variables),
        };
        let cost = cost::reckon(&basis, &selection, request.budget, findings).cost;
        if findings.has_errors() {
            return Err(Reason::Size);
        }
        let written = file.operations().find(|written| written.name == operation.name);
        Ok(Checked {
            document: file.ast.clone(),
            operation: written.ok_or(Reason::Operation)?.clone(),
            kind: kind(operation),
            variables,
            cost,
        })
    }

    /// What apollo-compiler leaves open of a valid document.
    fn check_valid(&self, checks: &Checks<'_>, selection: &Selection<'_>, findings: &mut Findings<'_>) {
        checks.each_once(selection, findings);
        self.check_null_defaults(checks, findings);
        forms::check(self, checks, findings);
        let introspects = |name: &Name| matches!(name.as_str(), "__schema" | "__type");
        if selection.iter().any(|picked| introspects(&picked.field.name)) {
            // Types lead to fields and fields to types: a few levels stand for more than any answer holds.
            if let Err(error) =
                introspection::check_max_depth(Valid::assume_valid_ref(checks.document), checks.operation)
            {
                let at = At::Span(&checks.document.sources, error.location());
                let help = "ask for the fields of one level of types at a time".to_owned();
                findings.error(at, "this looks too deep into the schema", Some(help));
            }
        }
    }

    /// apollo-compiler takes the default `null` for a value where none may be `null`. [GraphQL: All Variable Usages Are
    /// Allowed]
    fn check_null_defaults(&self, checks: &Checks<'_>, findings: &mut Findings<'_>) {
        let variables = checks.operation.variables.iter();
        let null = variables.filter(|it| it.default_value.as_ref().is_some_and(|value| value.is_null()));
        let null: HashSet<_> = null.map(|definition| &definition.name).collect();
        let mut wrong = None;
        places::each(&self.schema, checks, &mut |place, value| {
            if let ast::Value::Variable(name) = value.as_ref()
                && wrong.is_none()
                && place.ty.is_non_null()
                && place.default().is_none()
                && null.contains(name)
            {
                wrong = Some((name, place.ty, value.location()));
            }
        });
        if let Some((name, ty, location)) = wrong {
            let message = format!("`${name}` is `null` where it is left out, but this takes a `{ty}`");
            let help = format!("declare it as `${name}: {ty}`");
            findings.error(At::Span(&checks.document.sources, location), message, Some(help));
        }
    }

    fn coerced(&self, operation: &Operation, given: &Map<String, Value>) -> Result<Map<String, Value>, RequestError> {
        let declared = operation.variables.iter().filter_map(|definition| {
            let (name, value) = given.get_key_value(definition.name.as_str())?;
            Some((name.as_str().into(), JsonValue::from(value.clone())))
        });
        let coerced = coerce_variable_values(&self.schema, operation, &declared.collect())?;
        // JSON as another type of the same form.
        match serde_json::to_value(coerced.into_inner()) {
            Ok(Value::Object(coerced)) => Ok(coerced),
            _ => Ok(Map::new()),
        }
    }
}

fn refused(reason: Reason, findings: Findings<'_>) -> Refused {
    let mut diagnostics = findings.into_found();
    diagnostics.retain(Diagnostic::is_error);
    Refused { reason, diagnostics }
}

fn no_such_operation(name: Option<&str>) -> String {
    match name {
        Some(name) => format!("the document has no operation `{name}`"),
        None => "the document has several operations: say which one in `operationName`".to_owned(),
    }
}
