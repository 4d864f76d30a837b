//! What the schema says of the argument that a variable is given to: it is said of a tool's argument where its file says nothing.

use super::Checks;
use apollo_compiler::ast::{self, InputValueDefinition};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema};

/// An enum with more values than this is not explained: the list would be longer than what is said of the argument.
const MOST_EXPLAINED: usize = 6;

/// The description of the argument, or of the field of an input object, that a variable is given to first.
pub(super) fn description(schema: &Schema, checks: &Checks<'_>, variable: &str) -> Option<String> {
    let fed = fed_by(schema, checks, variable)?;
    let text = fed.description.as_ref().map(|text| text.trim().to_owned())?;
    Some(format!("{text}{}", explained_values(schema, &fed).unwrap_or_default()))
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

fn fed_by(schema: &Schema, checks: &Checks<'_>, variable: &str) -> Option<Node<InputValueDefinition>> {
    let fragments = checks
        .document
        .fragments
        .values()
        .map(|fragment| &fragment.selection_set);
    std::iter::once(&checks.operation.selection_set)
        .chain(fragments)
        .find_map(|set| fed_in(schema, set, variable))
}

fn fed_in(schema: &Schema, set: &SelectionSet, variable: &str) -> Option<Node<InputValueDefinition>> {
    set.selections.iter().find_map(|selection| match selection {
        Selection::Field(field) => {
            let here = field.arguments.iter().find_map(|argument| {
                let definition = field.definition.argument_by_name(&argument.name)?;
                fed_by_value(schema, definition, &argument.value, variable)
            });
            here.or_else(|| fed_in(schema, field.selection_set.as_ref()?, variable))
        }
        Selection::InlineFragment(inline) => fed_in(schema, &inline.selection_set, variable),
        // Fragments are looked through on their own.
        Selection::FragmentSpread(_) => None,
    })
}

fn fed_by_value(
    schema: &Schema,
    definition: &Node<InputValueDefinition>,
    value: &ast::Value,
    variable: &str,
) -> Option<Node<InputValueDefinition>> {
    match value {
        ast::Value::Variable(name) => (name == variable).then(|| definition.clone()),
        ast::Value::List(items) => items
            .iter()
            .find_map(|item| fed_by_value(schema, definition, item, variable)),
        ast::Value::Object(fields) => {
            let object = schema.get_input_object(definition.ty.inner_named_type())?;
            fields
                .iter()
                .find_map(|(name, value)| fed_by_value(schema, object.fields.get(name)?, value, variable))
        }
        _ => None,
    }
}
