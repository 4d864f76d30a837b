//! Braid's own directives at an operation: what is asked of them beyond their definitions.

use super::Checks;
use crate::diagnostic::{At, Findings};
use crate::directives::{argument, is_ours};
use crate::spec::Annotations;
use crate::validation::span_of;
use apollo_compiler::Node;
use apollo_compiler::ast::{Directive, Value};
use apollo_compiler::executable::Operation;

/// The smallest budget: less than that is mostly brackets.
const LEAST_BYTES: u32 = 500;

/// Refuses variables in them: what they say is decided when the file is compiled.
pub(super) fn refuse_variables(checks: &Checks<'_>, findings: &mut Findings<'_>) {
    for directive in checks.operation.directives.iter().filter(|it| is_ours(&it.name)) {
        for argument in directive.arguments.iter().filter(|it| holds_variable(&it.value)) {
            let message = format!("`{}` of `@{}` takes no variable", argument.name, directive.name);
            let help = "write the value itself: it is the same in all calls".to_owned();
            findings.error(span_of(&checks.document.sources, &argument.name), message, Some(help));
        }
    }
}

fn holds_variable(value: &Value) -> bool {
    match value {
        Value::Variable(_) => true,
        Value::List(items) => items.iter().any(|item| holds_variable(item)),
        Value::Object(fields) => fields.iter().any(|(_, value)| holds_variable(value)),
        _ => false,
    }
}

/// The hints for clients. Those that contradict each other, or what the operation does, are refused.
pub(super) fn annotations(checks: &Checks<'_>, findings: &mut Findings<'_>) -> Annotations {
    let operation = checks.operation;
    let said = |name| argument(&operation.directives, "tool", name).and_then(Value::to_bool);
    let reads = operation.is_query();
    let annotations = Annotations {
        read_only: said("readOnly").unwrap_or(reads),
        destructive: said("destructive").unwrap_or(!reads),
        idempotent: said("idempotent").unwrap_or(reads),
        open_world: said("openWorld").unwrap_or(false),
    };
    let wrong = if annotations.read_only && !reads {
        Some((
            "a mutation is not `readOnly`",
            "take `readOnly` out; `destructive: false` says that nothing is lost",
        ))
    } else if annotations.read_only && annotations.destructive {
        Some((
            "what is `readOnly` destroys nothing",
            "take `destructive` out, or say `readOnly: false`",
        ))
    } else {
        None
    };
    if let Some((message, help)) = wrong {
        findings.error(at(checks), message, Some(help.to_owned()));
    }
    annotations
}

/// The byte budget that the operation asks for.
pub(super) fn max_bytes(checks: &Checks<'_>, findings: &mut Findings<'_>) -> Option<u32> {
    let literal = argument(&checks.operation.directives, "tool", "maxBytes")?;
    let bytes = literal
        .to_i32()
        .and_then(|bytes| u32::try_from(bytes).ok())
        .filter(|bytes| *bytes >= LEAST_BYTES);
    if bytes.is_none() {
        findings.error(at(checks), format!("`maxBytes` is a number from {LEAST_BYTES}"), None);
    }
    bytes
}

/// The place of `@tool`.
pub(super) fn at<'c>(checks: &Checks<'c>) -> At<'c> {
    match tool(checks.operation) {
        Some(directive) => span_of(&checks.document.sources, &directive.name),
        None => At::File,
    }
}

/// `@tool`, where the operation has it.
pub(super) fn tool(operation: &Operation) -> Option<&Node<Directive>> {
    operation.directives.get("tool")
}
