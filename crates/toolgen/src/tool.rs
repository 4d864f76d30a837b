//! One file to one tool: the definitions are checked first, then what they select, then the tool is put together.

mod arguments;

use crate::Compiler;
use crate::diagnostic::{At, Findings};
use crate::directives;
use crate::input;
use crate::library::{File, Library};
use crate::names::{self, LONGEST_TOOL_NAME};
use crate::output::{Outputs, RESERVED};
use crate::place::comment_above;
use crate::selection::{Below, Picked, Resolver, Selection};
use crate::shape::{self, Root, TYPENAME};
use crate::spec::{Annotations, Cost, OperationKind, ToolSpec};
use crate::validation::{self, Mentions, Scope, span_of};
use apollo_compiler::ast::{self, Definition, OperationDefinition, OperationType, Value};
use apollo_compiler::executable::Operation;
use apollo_compiler::{ExecutableDocument, Node};
use std::collections::BTreeSet;

/// Some clients cut descriptions here.
const LONGEST_DESCRIPTION: usize = 2048;

/// The tool of a file. `None`, or a tool with errors among the findings, where there is none to be had.
pub(crate) fn compile(
    compiler: &Compiler,
    library: &Library<'_>,
    file: &File<'_>,
    findings: &mut Findings<'_>,
) -> Option<ToolSpec> {
    check_name(file, findings);
    let definition = the_operation(file, findings)?;
    let description = description(file, definition, findings);
    let (document, errors) = library.document(&compiler.schema, file);
    let scope = Scope {
        schema: &compiler.schema,
        document: &document,
        fragments: library.fragment_names(file),
        mentions: Mentions::read(&file.ast.definitions),
    };
    validation::report(&errors, &scope, findings);
    let operation = document
        .operations
        .get(definition.name.as_ref().map(|name| name.as_str()))
        .ok()?;
    if !errors.is_empty() {
        return None;
    }

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
    checks.root(&selection, findings);
    checks.below(&selection, findings);
    let variables = arguments::read(compiler, file, &checks, findings);
    let outputs = Outputs {
        schema: &compiler.schema,
        options: &compiler.options,
    };
    let own = |argument: &str| directives::argument(&operation.directives, "tool", argument);
    let text = |argument: &str| own(argument).and_then(Value::as_str).map(str::to_owned);
    Some(ToolSpec {
        name: file.stem.to_owned(),
        group: text("group").unwrap_or_else(|| file.group.to_owned()),
        title: text("title"),
        description: description?,
        kind: if operation.is_mutation() {
            OperationKind::Mutation
        } else {
            OperationKind::Query
        },
        operation: operation.name.as_ref()?.to_string(),
        document: plain(file, &document, operation),
        backends: backends(&selection),
        annotations: annotations(operation),
        input_schema: input::schema(&variables.arguments),
        output_schema: outputs.root(&selection),
        shape: shape::root(&selection),
        source: file.source.path.clone(),
        hidden: variables.hidden,
        max_bytes: max_bytes(&checks, findings),
        cost: Cost::default(),
        scopes: std::collections::BTreeMap::new(),
        arguments: variables.arguments,
    })
}

/// A valid document and its operation, where findings about them are placed.
struct Checks<'d> {
    document: &'d ExecutableDocument,
    operation: &'d Node<Operation>,
}

impl Checks<'_> {
    fn root(&self, selection: &Selection<'_>, findings: &mut Findings<'_>) {
        for picked in selection {
            if matches!(picked.field.name.as_str(), "__schema" | "__type") {
                findings.error(self.at(picked), "a tool does not look into the schema itself", None);
            }
            // The executor runs each mention of a root field, merged or not.
            if let Some(again) = picked.repeats.first().filter(|_| self.operation.is_mutation()) {
                let message = format!("`{}` would be carried out twice", picked.key);
                let help = "select it once, with all its fields".to_owned();
                findings.error(span_of(&self.document.sources, &again.name), message, Some(help));
            }
        }
        let reserved = |keys: &[Picked<'_>], findings: &mut Findings<'_>| {
            for picked in keys.iter().filter(|picked| RESERVED.contains(&picked.key)) {
                let message = format!("`{}` is what Braid itself adds to a result", picked.key);
                let help = format!("give it another name: `other_name: {}`", picked.field.name);
                findings.error(self.at(picked), message, Some(help));
            }
        };
        match shape::unwrap(selection).1 {
            Root::Object(keys) => reserved(keys, findings),
            Root::Abstract(variants) => variants.iter().for_each(|(_, keys)| reserved(keys, findings)),
        }
    }

    fn below(&self, selection: &[Picked<'_>], findings: &mut Findings<'_>) {
        for picked in selection {
            if picked.key == TYPENAME && picked.field.name != TYPENAME {
                let message = format!("`{TYPENAME}` cannot be the name of another field");
                findings.error(self.at(picked), message, None);
            }
            match &picked.below {
                Below::Leaf => {}
                Below::Object(below) => {
                    if let Some(only) = shape::single(below) {
                        self.note_collapse(picked, only, findings);
                    }
                    self.below(below, findings);
                }
                Below::Abstract(variants) => {
                    if !variants.iter().all(|(_, keys)| tells_its_type(keys)) {
                        let ty = picked.ty().inner_named_type();
                        let message = format!(
                            "`{}` is one of several types (`{ty}`) and must tell which",
                            picked.field.name
                        );
                        let help = format!("add `{TYPENAME}` as the first field, outside `... on`");
                        findings.error(self.at(picked), message, Some(help));
                    }
                    variants.iter().for_each(|(_, keys)| self.below(keys, findings));
                }
            }
        }
    }

    fn note_collapse(&self, picked: &Picked<'_>, only: &Picked<'_>, findings: &mut Findings<'_>) {
        let message = format!(
            "`{}` is replaced by its one field `{}` in the result",
            picked.key, only.key
        );
        let help = "a second field there would make it an object, and change what agents get".to_owned();
        findings.note(self.at(picked), message, Some(help));
    }

    fn at(&self, picked: &Picked<'_>) -> At<'_> {
        span_of(
            &self.document.sources,
            picked.field.alias.as_ref().unwrap_or(&picked.field.name),
        )
    }
}

fn tells_its_type(keys: &[Picked<'_>]) -> bool {
    keys.iter().any(|picked| picked.key == TYPENAME && !picked.conditional)
}

fn check_name(file: &File<'_>, findings: &mut Findings<'_>) {
    let stem = file.stem;
    if !names::is_snake_case(stem) {
        let help = match names::to_snake_case(stem) {
            better if better.is_empty() => "use small letters, digits and `_`".to_owned(),
            better => format!("rename the file to `{better}.graphql`"),
        };
        findings.error(
            At::File,
            format!("the tool's name `{stem}` is not in snake_case"),
            Some(help),
        );
    } else if stem.len() > LONGEST_TOOL_NAME {
        let message = format!(
            "the tool's name has {} characters; clients take {LONGEST_TOOL_NAME}",
            stem.len()
        );
        findings.error(At::File, message, Some("give the file a shorter name".to_owned()));
    }
}

/// The one named query or mutation of the file.
fn the_operation<'f>(file: &'f File<'_>, findings: &mut Findings<'_>) -> Option<&'f Node<OperationDefinition>> {
    let sources = &file.ast.sources;
    let mut operations = file
        .ast
        .definitions
        .iter()
        .filter_map(Definition::as_operation_definition);
    let Some(first) = operations.next() else {
        let help = "add one, as `query Name { … }`; shared fragments stand in the folder `fragments`".to_owned();
        findings.error(At::File, "there is no operation in this file", Some(help));
        return None;
    };
    let mut one = true;
    for further in operations {
        let at = keyword(file, further);
        let help = "a file is one tool: move this one to a file of its own".to_owned();
        findings.error(at, "this is a second operation in this file", Some(help));
        one = false;
    }
    if first.operation_type == OperationType::Subscription {
        let message = "a subscription cannot be a tool: a tool answers once";
        findings.error(keyword(file, first), message, Some("make it a `query`".to_owned()));
        return None;
    }
    match &first.name {
        None => {
            let name: String = file.stem.split('_').map(capitalised).collect();
            let message = "the operation has no name";
            findings.error(
                keyword(file, first),
                message,
                Some(format!("name it: `{} {name}`", first.operation_type)),
            );
            None
        }
        Some(name) if name.starts_with("__") => {
            findings.error(
                span_of(sources, name),
                "names that begin with `__` belong to GraphQL",
                None,
            );
            None
        }
        Some(_) => one.then_some(first),
    }
}

/// Where an operation begins, behind its description.
fn keyword<'f>(file: &'f File<'_>, operation: &Node<OperationDefinition>) -> At<'f> {
    let Some(span) = operation.location() else {
        return At::File;
    };
    let described = operation
        .description
        .as_ref()
        .and_then(Node::location)
        .map_or(span.offset(), |it| it.end_offset());
    let text = file.source.text.get(described..span.end_offset()).unwrap_or_default();
    let start = described + (text.len() - text.trim_start().len());
    let word = text
        .trim_start()
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(1)
        .max(1);
    At::Bytes(start..start + word)
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(characters)
        .collect()
}

fn description(file: &File<'_>, operation: &Node<OperationDefinition>, findings: &mut Findings<'_>) -> Option<String> {
    let own = operation
        .description
        .as_ref()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty());
    let above = || comment_above(&file.source.text, operation.location()?.offset());
    let Some(description) = own.or_else(above) else {
        let help =
            "say above it what the tool does, as `\"\"\"…\"\"\"` or in `#` lines: agents choose by it".to_owned();
        findings.error(keyword(file, operation), "the operation has no description", Some(help));
        return None;
    };
    let length = description.chars().count();
    if length > LONGEST_DESCRIPTION {
        let message = format!("the description has {length} characters; some clients cut it at {LONGEST_DESCRIPTION}");
        findings.warning(keyword(file, operation), message, None);
    }
    Some(description)
}

/// The operation and its fragments as the executor takes them.
fn plain(file: &File<'_>, document: &ExecutableDocument, operation: &Operation) -> String {
    let mut definitions = Vec::new();
    for definition in &file.ast.definitions {
        if let Definition::OperationDefinition(written) = definition {
            let mut written = written.clone();
            let plain = written.make_mut();
            plain.description = None;
            plain.directives = directives::without_ours(&operation.directives);
            for variable in &mut plain.variables {
                let variable = variable.make_mut();
                variable.description = None;
                variable.directives = directives::without_ours(&variable.directives);
            }
            definitions.push(written.to_string());
        }
    }
    for fragment in document.fragments.values() {
        let mut fragment = fragment.clone();
        fragment.make_mut().description = None;
        definitions.push(fragment.to_string());
    }
    definitions.join("")
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

fn annotations(operation: &Operation) -> Annotations {
    let said = |argument, otherwise| {
        directives::argument(&operation.directives, "tool", argument)
            .and_then(ast::Value::to_bool)
            .unwrap_or(otherwise)
    };
    let reads = operation.is_query();
    Annotations {
        read_only: said("readOnly", reads),
        destructive: said("destructive", !reads),
        idempotent: said("idempotent", reads),
        open_world: said("openWorld", false),
    }
}

fn max_bytes(checks: &Checks<'_>, findings: &mut Findings<'_>) -> Option<u32> {
    const LEAST: u32 = 500;
    let literal = directives::argument(&checks.operation.directives, "tool", "maxBytes")?;
    let bytes = literal
        .to_i32()
        .and_then(|bytes| u32::try_from(bytes).ok())
        .filter(|bytes| *bytes >= LEAST);
    if bytes.is_none() {
        let at = checks
            .operation
            .directives
            .get("tool")
            .map(|directive| directive.name.clone());
        let at = at.map_or(At::File, |name| At::Span(&checks.document.sources, name.location()));
        findings.error(at, format!("`maxBytes` is a number from {LEAST}"), None);
    }
    bytes
}
