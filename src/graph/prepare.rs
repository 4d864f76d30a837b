//! What may be executed. The engine takes nothing else, so that every way in comes through here: tools with documents that
//! were proven when they were compiled, `/graphql` with documents that are checked now.
//!
//! async-graphql leaves some of the specification out when it executes: defaults of variables in `@include` and `@skip`,
//! whether variables fit their positions, what an absent variable leaves to the default of its argument. All of it is done
//! here, before it executes anything.

use super::executable;
use async_graphql::parser::types::{
    Directive, DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Request, Variables};
use async_graphql_value::Value;
use serde_json::Map;
use std::collections::HashSet;
use std::sync::OnceLock;
use toolgen::spec::OperationKind;
use toolgen::{Budget, Compiler, Diagnostic, Refused};

/// An operation that may be executed: valid against the schema, its variables coerced to their types.
#[derive(Debug)]
pub struct Prepared {
    document: ExecutableDocument,
    variables: Variables,
}

impl Prepared {
    /// An operation that the compiler proved (of a tool, or of a query by the rules for tools), with variables that were
    /// checked against its arguments.
    pub fn proven(document: ExecutableDocument, variables: Map<String, serde_json::Value>) -> Self {
        let mut variables = Variables::from_json(serde_json::Value::Object(variables));
        for (_, operation) in document.operations.iter() {
            fill_in_defaults(&operation.node, &mut variables);
        }
        Self::with(document, variables)
    }

    fn with(mut document: ExecutableDocument, variables: Variables) -> Self {
        omit_absent(&mut document, &variables);
        Self { document, variables }
    }

    /// What is executed.
    pub fn document(&self) -> &ExecutableDocument {
        &self.document
    }

    /// The request for the executor, which does not parse it again.
    pub(super) fn into_request(self) -> Request {
        let mut request = Request::new(String::new()).variables(self.variables);
        request.set_parsed_query(self.document);
        request
    }
}

/// Checks what callers write against the schema.
pub struct Preparer {
    read: fn() -> Result<Compiler, Vec<Diagnostic>>,
    /// Read at the first request: reading a schema takes time, and most programs never need it.
    compiler: OnceLock<Result<Compiler, Vec<Diagnostic>>>,
    budget: Budget,
}

/// A request that may be executed, and what it does.
#[derive(Debug)]
pub struct Accepted {
    /// What is executed.
    pub prepared: Prepared,
    /// Whether it reads or writes.
    pub kind: OperationKind,
}

/// Why a request is not executed.
#[derive(Debug)]
pub enum Rejected {
    /// Something is wrong with it.
    Request(Refused),
    /// The schema cannot be read, which no request can help.
    Schema(Vec<Diagnostic>),
    /// The check itself failed.
    Panic,
}

impl Preparer {
    /// Checks against this schema, and lets nothing cost more than this.
    pub fn new(read: fn() -> Result<Compiler, Vec<Diagnostic>>, budget: Budget) -> Self {
        Self {
            read,
            compiler: OnceLock::new(),
            budget,
        }
    }

    /// Checks a request: a document, the operation that is wanted of it, and the values of its variables.
    pub fn prepare(
        &self,
        text: &str,
        operation: Option<&str>,
        variables: &Map<String, serde_json::Value>,
    ) -> Result<Accepted, Rejected> {
        let compiler = self.compiler.get_or_init(self.read).as_ref();
        let compiler = compiler.map_err(|found| Rejected::Schema(found.clone()))?;
        let checked = compiler.check_request(&toolgen::Request {
            text,
            operation,
            variables,
            budget: &self.budget,
        });
        let checked = checked.map_err(Rejected::Request)?;
        let document = executable::of(&checked.document, &checked.operation, text);
        let variables = Variables::from_json(serde_json::Value::Object(checked.variables));
        Ok(Accepted {
            prepared: Prepared::with(document, variables),
            kind: checked.kind,
        })
    }
}

fn fill_in_defaults(operation: &OperationDefinition, variables: &mut Variables) {
    for definition in &operation.variable_definitions {
        if let Some(default) = &definition.node.default_value {
            variables
                .entry(definition.node.name.node.clone())
                .or_insert_with(|| default.node.clone());
        }
    }
}

/// Takes out the arguments, and the fields of input objects, that a variable without a value is given to: the default of
/// each stands then. The executor would take `null` for it. [GraphQL: Coercing Field Arguments]
fn omit_absent(document: &mut ExecutableDocument, variables: &Variables) {
    let absent: HashSet<Name> = document
        .operations
        .iter()
        .flat_map(|(_, operation)| &operation.node.variable_definitions)
        .map(|definition| &definition.node.name.node)
        .filter(|name| !variables.contains_key(*name))
        .cloned()
        .collect();
    if absent.is_empty() {
        return;
    }
    let omitting = Omitting { absent };
    match &mut document.operations {
        DocumentOperations::Single(operation) => omitting.selections(&mut operation.node.selection_set.node),
        DocumentOperations::Multiple(operations) => operations
            .values_mut()
            .for_each(|operation| omitting.selections(&mut operation.node.selection_set.node)),
    }
    for fragment in document.fragments.values_mut() {
        omitting.selections(&mut fragment.node.selection_set.node);
    }
}

struct Omitting {
    absent: HashSet<Name>,
}

type Arguments = Vec<(Positioned<Name>, Positioned<Value>)>;

impl Omitting {
    fn selections(&self, set: &mut SelectionSet) {
        for selection in &mut set.items {
            self.directives(selection.node.directives_mut());
            match &mut selection.node {
                Selection::Field(field) => {
                    self.arguments(&mut field.node.arguments);
                    self.selections(&mut field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => self.selections(&mut inline.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn directives(&self, directives: &mut [Positioned<Directive>]) {
        for directive in directives {
            self.arguments(&mut directive.node.arguments);
        }
    }

    fn arguments(&self, arguments: &mut Arguments) {
        arguments.retain(|(_, value)| !self.is_absent(&value.node));
        for (_, value) in arguments {
            self.within(&mut value.node);
        }
    }

    /// An item of a list is `null` then, as the executor has it.
    fn within(&self, value: &mut Value) {
        match value {
            Value::List(items) => items.iter_mut().for_each(|item| self.within(item)),
            Value::Object(fields) => {
                fields.retain(|_, value| !self.is_absent(value));
                fields.values_mut().for_each(|field| self.within(field));
            }
            _ => {}
        }
    }

    fn is_absent(&self, value: &Value) -> bool {
        matches!(value, Value::Variable(name) if self.absent.contains(name))
    }
}

#[cfg(test)]
mod tests;
