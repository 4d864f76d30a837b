//! The definitions of a file, before the schema is asked: its name, its one operation, its description.

use crate::diagnostic::{At, Findings};
use crate::library::File;
use crate::names::{self, LONGEST_TOOL_NAME};
use crate::place::comment_above;
use crate::validation::span_of;
use apollo_compiler::Node;
use apollo_compiler::ast::{OperationDefinition, OperationType};

/// Some clients cut descriptions here.
const LONGEST_DESCRIPTION: usize = 2048;

/// Checks the file's name, which is the tool's.
pub(super) fn check_name(file: &File<'_>, findings: &mut Findings<'_>) {
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
pub(super) fn the_operation<'f>(
    file: &'f File<'_>,
    findings: &mut Findings<'_>,
) -> Option<&'f Node<OperationDefinition>> {
    let sources = &file.ast.sources;
    let mut operations = file.operations();
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
pub(super) fn keyword<'f>(file: &'f File<'_>, operation: &Node<OperationDefinition>) -> At<'f> {
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

/// What the operation's description says, or the comment above it.
pub(super) fn description(
    file: &File<'_>,
    operation: &Node<OperationDefinition>,
    findings: &mut Findings<'_>,
) -> Option<String> {
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
