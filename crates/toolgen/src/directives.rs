//! What GraphQL has no words for: Braid's own directives on operations and variables.
//!
//! They are part of `schema/braid.graphql`, so that editors complete them, and are taken out before an operation runs.

use apollo_compiler::ast::{self, Definition, DirectiveList, Value};

/// The definitions of the directives, with their documentation.
pub const DIRECTIVES_SDL: &str = include_str!("directives.graphql");

const NAMES: [&str; 5] = ["tool", "example", "bounds", "fixed", "header"];

/// Whether a directive is one of Braid's.
pub fn is_ours(name: &str) -> bool {
    NAMES.contains(&name)
}

/// A directive's argument that was written out.
pub(crate) fn argument<'a>(directives: &'a DirectiveList, directive: &str, argument: &str) -> Option<&'a Value> {
    directives
        .get(directive)?
        .specified_argument_by_name(argument)
        .map(AsRef::as_ref)
}

/// The list without Braid's own.
pub(crate) fn without_ours(directives: &DirectiveList) -> DirectiveList {
    DirectiveList(
        directives
            .iter()
            .filter(|directive| !is_ours(&directive.name))
            .cloned()
            .collect(),
    )
}

/// Puts these definitions in place of those a schema may already have: both an exported schema with them and one
/// without are right.
pub(crate) fn define_in(schema: &mut ast::Document, own: ast::Document) {
    let defined = |definition: &Definition| -> Option<(bool, String)> {
        match definition {
            Definition::DirectiveDefinition(it) => Some((true, it.name.to_string())),
            Definition::ScalarTypeDefinition(it) => Some((false, it.name.to_string())),
            _ => None,
        }
    };
    let names: Vec<_> = own.definitions.iter().filter_map(defined).collect();
    schema
        .definitions
        .retain(|definition| defined(definition).is_none_or(|name| !names.contains(&name)));
    schema.definitions.extend(own.definitions);
}

#[cfg(test)]
mod tests {
    use super::*;
    use apollo_compiler::Schema;

    #[test]
    fn each_directive_that_is_stripped_is_defined_and_the_other_way_round() {
        let text = format!("type Query {{ a: Int }}\n{DIRECTIVES_SDL}");
        let schema = Schema::parse_and_validate(text, "s.graphql").unwrap();
        let defined: Vec<_> = schema
            .directive_definitions
            .values()
            .filter(|d| !d.is_built_in())
            .map(|d| d.name.as_str())
            .collect();
        assert_eq!(defined, NAMES);
    }
}
