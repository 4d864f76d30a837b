//! What stands for a variable that nobody gives a value: GraphQL says the default of the argument that it feeds, the executor
//! takes `null` there. So the variable gets the argument's default as its own.

use super::Checks;
use super::places::{self, Place};
use crate::diagnostic::Findings;
use crate::validation::span_of;
use apollo_compiler::ast::{Value, VariableDefinition};
use apollo_compiler::{Name, Node, Schema};
use std::collections::BTreeMap;

/// The defaults of variables that may be left out and have none of their own.
pub(super) type Defaults = BTreeMap<Name, Node<Value>>;

/// Reads them off the arguments of a valid operation.
pub(super) fn of(schema: &Schema, checks: &Checks<'_>, findings: &mut Findings<'_>) -> Defaults {
    let mut defaults = Defaults::new();
    for definition in &checks.operation.variables {
        let own = definition.default_value.as_ref();
        if definition.ty.is_non_null() || own.is_some_and(|value| !value.is_null()) {
            continue;
        }
        let places = places::of(schema, checks, &definition.name);
        let Some(strict) = places.iter().find(|place| place.ty.is_non_null()) else {
            continue;
        };
        match default(definition, strict, &places) {
            Ok(Some(default)) => {
                defaults.insert(definition.name.clone(), default.clone());
            }
            Ok(None) => {}
            Err((message, help)) => {
                let at = span_of(&checks.document.sources, &definition.name);
                findings.error(at, message, Some(help));
            }
        }
    }
    defaults
}

/// The one default of all these places, of which the strict one takes no `null`.
fn default<'p>(
    definition: &VariableDefinition,
    strict: &Place<'p>,
    places: &[Place<'p>],
) -> Result<Option<&'p Node<Value>>, (String, String)> {
    let name = &definition.name;
    if definition.default_value.is_some() {
        let (argument, ty) = (&strict.definition.name, strict.ty);
        let message = format!("`${name}` is `null` where it is left out, but `{argument}` takes a `{ty}`");
        let help = match strict.default() {
            Some(_) => "take `= null` out: the argument's own default stands then".to_owned(),
            None => format!("declare it as `${name}: {ty}`"),
        };
        return Err((message, help));
    }
    if places.iter().any(|place| place.default() != strict.default()) {
        let message = format!("`${name}` is given to arguments with different defaults");
        return Err((message, "give it one of its own: `= …`".to_owned()));
    }
    Ok(strict.default())
}
