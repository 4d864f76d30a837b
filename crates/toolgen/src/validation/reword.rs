//! One finding of apollo-compiler in words for the person who wrote the file.

use super::{Scope, variables};
use crate::names::offer;
use apollo_compiler::executable::Field;
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::{DirectiveLocation, ExtendedType};
use apollo_compiler::{Name, Node, Schema};

/// What apollo-compiler tells of a finding.
pub(super) struct Finding<'a> {
    /// Its name for this kind of finding.
    pub(super) kind: &'a str,
    /// Its sentence.
    pub(super) sentence: &'a str,
    /// What stands in backticks in it.
    pub(super) words: &'a [&'a str],
    /// Its place.
    pub(super) span: Option<SourceSpan>,
}

/// The cause, and what to do about it.
pub(super) type Said = (String, Option<String>);

impl Finding<'_> {
    /// The cause and the help; `None` where something else already says it.
    pub(super) fn reword(&self, scope: &Scope<'_>) -> Option<Said> {
        let said_elsewhere = match (self.kind, self.words) {
            // What is unused only because the field around it is wrong, or its name misspelt where it is used.
            ("UnusedVariable", [name]) => {
                let used = &scope.mentions.variables;
                scope.misspelt.variable || used.contains(name.trim_start_matches('$'))
            }
            ("UnusedFragment", [name]) => scope.misspelt.fragment || scope.mentions.fragments.contains(*name),
            // That there is no such type.
            ("DisallowedVariableUsage", [_, given, ..]) => !scope
                .schema
                .types
                .contains_key(given.trim_matches(|c| matches!(c, '[' | ']' | '!'))),
            // That it stands on a type that there is not, at the fragment itself.
            ("UndefinedFragment", [name]) => scope.fragments.contains(name),
            // From the definitions themselves.
            ("AmbiguousAnonymousOperation" | "OperationNameCollision", _) => true,
            _ => self.is_null_argument(scope),
        };
        if said_elsewhere {
            return None;
        }
        let said = self.unknown(scope).or_else(|| self.misused(scope));
        let said = said.or_else(|| self.misplaced(scope));
        Some(said.unwrap_or_else(|| (self.sentence.to_owned(), None)))
    }

    /// The place that the cause is about, where it is a smaller one.
    pub(super) fn place(&self, scope: &Scope<'_>) -> Option<SourceSpan> {
        let smaller = match self.kind {
            "RequiredArgument" | "MissingSubselection" => self.field(scope).and_then(|field| field.name.location()),
            "UndefinedDefinition" => scope
                .document
                .operations
                .iter()
                .flat_map(|operation| &operation.variables)
                .find(|variable| variable.location() == self.span)
                .and_then(|variable| variable.ty.inner_named_type().location()),
            _ => None,
        };
        smaller.or(self.span)
    }

    /// A name that there is not.
    fn unknown(&self, scope: &Scope<'_>) -> Option<Said> {
        let schema = scope.schema;
        Some(match (self.kind, self.words) {
            ("UndefinedField", [ty, name]) | ("UndefinedInputValue", [name, ty]) => (
                format!("`{ty}` has no field `{name}`"),
                by_type(schema, ty).or_else(|| offer(name, "its fields", &fields_of(schema, ty))),
            ),
            ("UndefinedArgument", [name, owner]) => {
                let help = offer(name, "its arguments", &arguments_of(schema, owner));
                let none = || Some("it takes no arguments".to_owned());
                (format!("`{owner}` takes no argument `{name}`"), help.or_else(none))
            }
            ("UndefinedDefinition", [name]) => {
                let inputs = types(schema, ExtendedType::is_input_type);
                (
                    format!("there is no type `{name}`"),
                    offer(name, "types of arguments", &inputs),
                )
            }
            (
                "UndefinedTypeInNamedFragmentTypeCondition" | "UndefinedTypeInInlineFragmentTypeCondition",
                [name, ..],
            ) => {
                let outputs = types(schema, |ty| ty.is_output_type() && !ty.is_leaf());
                (format!("there is no type `{name}`"), offer(name, "types", &outputs))
            }
            ("UndefinedDirective", [name]) => {
                let name = name.trim_start_matches('@');
                let known = directives(schema);
                (
                    format!("there is no directive `@{name}`"),
                    offer(name, "directives", &known),
                )
            }
            ("UndefinedVariable", [name]) => {
                let name = format!("${}", name.trim_start_matches('$'));
                let known: Vec<_> = variables(scope.document).map(|known| format!("${known}")).collect();
                let known: Vec<_> = known.iter().map(String::as_str).collect();
                let declare = || Some(format!("declare it behind the operation's name: `({name}: Type)`"));
                let help = offer(&name, "the operation's variables", &known);
                (
                    format!("`{name}` is not a variable of this operation"),
                    help.or_else(declare),
                )
            }
            ("UndefinedFragment", [name]) => {
                let none = || Some("define it in this file, or in the folder `fragments`".to_owned());
                (
                    format!("there is no fragment `{name}`"),
                    offer(name, "fragments", &scope.fragments).or_else(none),
                )
            }
            ("UndefinedEnumValue", [name, ty]) => (
                format!("`{ty}` has no value `{name}`"),
                offer(name, "its values", &values_of(schema, ty)),
            ),
            ("UndefinedRootOperation", [kind]) => (format!("the schema has no {kind}s"), None),
            _ => return None,
        })
    }

    /// Something that there is, but not in this way.
    fn misused(&self, scope: &Scope<'_>) -> Option<Said> {
        Some(match (self.kind, self.words) {
            ("RequiredArgument", [coordinate]) => {
                let (owner, argument) = split_argument(coordinate);
                (
                    format!("`{owner}` needs the argument `{argument}`"),
                    Some(format!("add `{argument}: …`")),
                )
            }
            ("RequiredField", [coordinate]) => {
                let (owner, field) = coordinate.split_once('.').unwrap_or(("", coordinate));
                (
                    format!("`{owner}` needs the field `{field}`"),
                    Some(format!("add `{field}: …`")),
                )
            }
            ("UnusedVariable", [name]) => (
                format!("`{name}` is declared but not used"),
                Some("use it as an argument, or take it out".to_owned()),
            ),
            ("UnusedFragment", [name]) => (
                format!("the fragment `{name}` is not used"),
                Some(format!("spread it as `...{name}`, or take it out")),
            ),
            ("MissingSubselection", _) => self.missing_subselection(scope)?,
            ("SubselectionOnScalarType" | "SubselectionOnEnumType", [ty]) => (
                format!("this field is a `{ty}`, which has no fields to select"),
                Some("take out the braces and what is in them".to_owned()),
            ),
            ("UnsupportedValueType", _) => {
                let cause = self
                    .sentence
                    .strip_prefix("expected value of type ")
                    .unwrap_or(self.sentence);
                let (wanted, found) = cause.split_once(", found ").unwrap_or((cause, "something else"));
                let help = self.instead(scope, wanted, found);
                (format!("this takes a `{wanted}`, not {found}"), help)
            }
            ("DisallowedVariableUsage", [variable, given, argument, wanted]) => (
                format!("`{variable}` is a `{given}`, but `{argument}` takes a `{wanted}`"),
                Some(format!("declare it as `{variable}: {wanted}`")),
            ),
            ("ConflictingFieldName" | "ConflictingFieldArgument" | "ConflictingFieldType", [key]) => (
                format!("`{key}` is selected twice with different meanings"),
                Some("give one of them another name: `name: field`".to_owned()),
            ),
            ("TypeSystemDefinition", _) => (
                "a file of operations defines no types".to_owned(),
                Some("keep one operation, and the fragments it uses".to_owned()),
            ),
            ("RecursiveFragmentDefinition", [name]) => (
                format!("the fragment `{name}` spreads itself"),
                Some("select what is meant level by level".to_owned()),
            ),
            _ => return None,
        })
    }

    fn missing_subselection(&self, scope: &Scope<'_>) -> Option<Said> {
        let field = self.field(scope)?;
        let ty = field.definition.ty.inner_named_type();
        let help = match fields_of(scope.schema, ty).as_slice() {
            [] => format!(
                "say of which type: `{} {{ __typename ... on Type {{ field }} }}`",
                field.name
            ),
            known => {
                let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                format!("its fields: {}", known.join(", "))
            }
        };
        Some((
            format!("`{}` is a `{ty}`: say which of its fields are wanted", field.name),
            Some(help),
        ))
    }

    /// The field at the finding's place.
    pub(super) fn field<'s>(&self, scope: &Scope<'s>) -> Option<&'s Node<Field>> {
        let document = scope.document;
        let spread = document
            .operations
            .iter()
            .flat_map(|operation| operation.all_fields(document));
        let defined = document
            .fragments
            .values()
            .flat_map(|fragment| fragment.selection_set.all_fields(document));
        spread.chain(defined).find(|field| field.location() == self.span)
    }
}

fn types(schema: &Schema, wanted: impl Fn(&ExtendedType) -> bool) -> Vec<&str> {
    let all = schema
        .types
        .iter()
        .filter(|(_, ty)| wanted(ty))
        .map(|(name, _)| name.as_str());
    all.filter(|name| !name.starts_with("__") && *name != "Literal")
        .collect()
}

/// How to select of a union, which has no fields of its own.
fn by_type(schema: &Schema, ty: &str) -> Option<String> {
    let ExtendedType::Union(union) = schema.types.get(ty)? else {
        return None;
    };
    let member = union.members.first()?;
    Some(format!(
        "it is one of several types: select `__typename`, and fields of each as `... on {member} {{ … }}`"
    ))
}

/// The directives that an operation may use.
fn directives(schema: &Schema) -> Vec<&str> {
    use DirectiveLocation::{Field, InlineFragment, Mutation, Query, VariableDefinition};
    let here = [Query, Mutation, VariableDefinition, Field, InlineFragment];
    let all = schema.directive_definitions.values();
    let usable = all.filter(|directive| directive.locations.iter().any(|location| here.contains(location)));
    usable.map(|directive| directive.name.as_str()).collect()
}

fn fields_of<'a>(schema: &'a Schema, ty: &str) -> Vec<&'a str> {
    match schema.types.get(ty) {
        Some(ExtendedType::Object(it)) => it.fields.keys().map(Name::as_str).collect(),
        Some(ExtendedType::Interface(it)) => it.fields.keys().map(Name::as_str).collect(),
        Some(ExtendedType::InputObject(it)) => it.fields.keys().map(Name::as_str).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn values_of<'a>(schema: &'a Schema, ty: &str) -> Vec<&'a str> {
    match schema.types.get(ty) {
        Some(ExtendedType::Enum(it)) => it.values.keys().map(Name::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The arguments of `Type.field` or `@directive`.
fn arguments_of<'a>(schema: &'a Schema, owner: &str) -> Vec<&'a str> {
    let arguments = match (owner.strip_prefix('@'), owner.split_once('.')) {
        (Some(directive), _) => schema.directive_definitions.get(directive).map(|it| &it.arguments),
        (None, Some((ty, field))) => schema.type_field(ty, field).ok().map(|it| &it.arguments),
        (None, None) => None,
    };
    arguments
        .into_iter()
        .flatten()
        .map(|argument| argument.name.as_str())
        .collect()
}

/// `Type.field(argument:)` in its two parts.
pub(super) fn split_argument(coordinate: &str) -> (&str, &str) {
    let (owner, argument) = coordinate.split_once('(').unwrap_or((coordinate, ""));
    (owner, argument.trim_end_matches(')').trim_end_matches(':'))
}
