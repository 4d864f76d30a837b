//! Values of custom scalars that a file writes out: GraphQL takes any, and each call would fail with a wrong one.

use super::Checks;
use super::places;
use crate::Compiler;
use crate::diagnostic::{At, Findings};
use apollo_compiler::Node;
use apollo_compiler::ast::{Type, Value};

/// Refuses those that are no value of their type: in the arguments of fields, as defaults, examples and fixed values.
pub(super) fn check(compiler: &Compiler, checks: &Checks<'_>, findings: &mut Findings<'_>) {
    if compiler.options.forms.is_empty() {
        return;
    }
    let mut wrong = Vec::new();
    places::each(&compiler.schema, checks, &mut |place, value| {
        wrong.extend(refusal(compiler, place.ty, value));
    });
    for variable in &checks.operation.variables {
        let directives = variable
            .directives
            .iter()
            .filter(|it| matches!(it.name.as_str(), "example" | "fixed"));
        let written = directives.filter_map(|it| it.specified_argument_by_name("value"));
        for value in variable.default_value.iter().chain(written) {
            wrong.extend(refusal(compiler, &variable.ty, value));
        }
    }
    for (value, message) in wrong {
        findings.error(At::Span(&checks.document.sources, value.location()), message, None);
    }
}

/// The value that is wrong, and why. Values in input objects are left to the call.
fn refusal<'v>(compiler: &Compiler, ty: &Type, value: &'v Node<Value>) -> Option<(&'v Node<Value>, String)> {
    let form = compiler.options.forms.get(ty.inner_named_type().as_str())?;
    match value.as_ref() {
        Value::List(items) => items.iter().find_map(|item| refusal(compiler, ty, item)),
        Value::String(text) => form(text).err().map(|message| (value, message)),
        Value::Int(number) => form(number.as_str()).err().map(|message| (value, message)),
        _ => None,
    }
}

/// Why a variable's value is none of its type.
pub(super) fn refusal_of_json(compiler: &Compiler, ty: &Type, value: &serde_json::Value) -> Option<String> {
    use serde_json::Value;
    match value {
        Value::Array(items) => items
            .iter()
            .find_map(|item| refusal_of_json(compiler, ty.item_type(), item)),
        Value::Object(given) => {
            let object = compiler.schema.get_input_object(ty.inner_named_type())?;
            given
                .iter()
                .find_map(|(name, value)| refusal_of_json(compiler, &object.fields.get(name.as_str())?.ty, value))
        }
        Value::String(text) => refused(compiler, ty, text),
        Value::Number(number) => refused(compiler, ty, &number.to_string()),
        Value::Null | Value::Bool(_) => None,
    }
}

fn refused(compiler: &Compiler, ty: &Type, text: &str) -> Option<String> {
    let form = compiler.options.forms.get(ty.inner_named_type().as_str())?;
    form(text).err()
}
