//! What the schema says of the argument that a variable is given to: it is said of a tool's argument where its file says nothing.

use super::Checks;
use super::places::{self, Of};
use apollo_compiler::Schema;
use apollo_compiler::ast::InputValueDefinition;
use apollo_compiler::schema::ExtendedType;

/// An enum with more values than this is not explained: the list would be longer than what is said of the argument.
const MOST_EXPLAINED: usize = 6;

/// The description of the argument, or of the field of an input object, that a variable is given to first.
pub(super) fn description(schema: &Schema, checks: &Checks<'_>, variable: &str) -> Option<String> {
    let places = places::of(schema, checks, variable);
    let fed = places.first().filter(|place| place.of == Of::Field)?.definition;
    let text = fed.description.as_ref().map(|text| text.trim().to_owned())?;
    Some(format!("{text}{}", explained_values(schema, fed).unwrap_or_default()))
}

/// What few values of an enum mean, where the schema says it.
fn explained_values(schema: &Schema, fed: &InputValueDefinition) -> Option<String> {
    let Some(ExtendedType::Enum(names)) = schema.types.get(fed.ty.inner_named_type()) else {
        return None;
    };
    let explained: Vec<_> = names
        .values
        .values()
        .map(|value| Some(format!("{}: {}", value.value, value.description.as_ref()?.trim())))
        .collect::<Option<_>>()?;
    (explained.len() <= MOST_EXPLAINED).then(|| format!("\n{}", explained.join("\n")))
}
