//! What stands twice, or where it cannot, and a value that is none there.

use super::Scope;
use super::reword::{Finding, Said, split_argument, values_of};
use crate::names::offer;
use apollo_compiler::schema::{DirectiveLocation, ExtendedType};

impl Finding<'_> {
    /// Whether another finding says the same better: `argument: null` is said where the `null` stands.
    pub(super) fn is_null_argument(&self, scope: &Scope<'_>) -> bool {
        let ("RequiredArgument", [coordinate]) = (self.kind, self.words) else {
            return false;
        };
        let (_, argument) = split_argument(coordinate);
        self.field(scope)
            .is_some_and(|field| field.arguments.iter().any(|written| written.name == argument))
    }

    /// Something that stands twice, or where it cannot.
    pub(super) fn misplaced(&self, scope: &Scope<'_>) -> Option<Said> {
        Some(match (self.kind, self.words) {
            ("UniqueVariable", [name]) => (
                format!("`{name}` is declared twice"),
                Some("take one of them out, or give it another name".to_owned()),
            ),
            ("UniqueArgument" | "UniqueInputValue", [name]) => {
                (format!("`{name}` is given twice"), Some("keep one of them".to_owned()))
            }
            ("FragmentNameCollision", [name]) => (
                format!("the fragment `{name}` is defined twice"),
                Some("take one of them out, or give it another name".to_owned()),
            ),
            ("UniqueDirective", []) => {
                let name = word_behind(self.sentence, "directive ")?;
                (
                    format!("`@{name}` stands here twice"),
                    Some("say all of it in one".to_owned()),
                )
            }
            ("UnsupportedLocation", []) => self.wrong_place(scope)?,
            ("InvalidFragmentSpread", [.., condition, ty]) => {
                let own = scope.schema.types.get(*ty);
                let help = match own {
                    Some(ExtendedType::Union(union)) => {
                        let members: Vec<_> = union.members.iter().map(|member| member.as_str()).collect();
                        offer(condition, "it is one of", &members)
                    }
                    _ => Some(format!("select the fields of `{ty}` without it")),
                };
                (format!("a `{ty}` is never a `{condition}`"), help)
            }
            ("IntCoercionError", []) => (
                "this is no `Int`".to_owned(),
                Some(format!("an `Int` is a whole number from {} to {}", i32::MIN, i32::MAX)),
            ),
            _ => return None,
        })
    }

    /// What to write in place of a value of another kind.
    pub(super) fn instead(&self, scope: &Scope<'_>, wanted: &str, found: &str) -> Option<String> {
        if found == "null" {
            return Some("give it a value; leave it out where it has a default".to_owned());
        }
        let names = values_of(scope.schema, wanted.trim_end_matches('!'));
        if names.is_empty() {
            return None;
        }
        let written = self.text(scope)?.trim_matches('"');
        if names.contains(&written) {
            Some(format!("write `{written}` without quotes"))
        } else {
            offer(written, "its values", &names)
        }
    }

    fn wrong_place(&self, scope: &Scope<'_>) -> Option<Said> {
        let name = self.sentence.split_whitespace().next()?;
        let here = word_behind(self.sentence, "not supported for ")?;
        let definition = scope.schema.directive_definitions.get(name)?;
        let right: Vec<_> = definition.locations.iter().map(|location| place(*location)).collect();
        let location = definition
            .locations
            .iter()
            .copied()
            .chain(PLACES.iter().map(|(location, _)| *location))
            .find(|location| location.name() == here);
        Some((
            format!("`@{name}` cannot stand at {}", location.map_or("this place", place)),
            Some(format!("it stands at {}", right.join(" or "))),
        ))
    }

    /// What is written at the finding's place.
    fn text<'s>(&self, scope: &Scope<'s>) -> Option<&'s str> {
        let span = self.span?;
        let file = scope.document.sources.get(&span.file_id())?;
        file.source_text().get(span.offset()..span.end_offset())
    }
}

/// The places of operations, in words.
const PLACES: [(DirectiveLocation, &str); 8] = [
    (DirectiveLocation::Query, "a query"),
    (DirectiveLocation::Mutation, "a mutation"),
    (DirectiveLocation::Subscription, "a subscription"),
    (DirectiveLocation::Field, "a field"),
    (DirectiveLocation::FragmentDefinition, "a fragment"),
    (DirectiveLocation::FragmentSpread, "a fragment that is spread"),
    (DirectiveLocation::InlineFragment, "`... on`"),
    (DirectiveLocation::VariableDefinition, "a variable"),
];

fn place(location: DirectiveLocation) -> &'static str {
    let known = PLACES.iter().find(|(known, _)| *known == location);
    known.map_or("a part of a schema", |(_, words)| words)
}

fn word_behind<'s>(sentence: &'s str, words: &str) -> Option<&'s str> {
    sentence.split_once(words)?.1.split_whitespace().next()
}
