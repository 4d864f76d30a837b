//! What apollo-compiler finds wrong with a document, in words for the person who wrote it: the place, the cause, the
//! nearest right name.
//!
//! Its findings are private types; what is public is a kind, a sentence with the names in backticks, and a place. The
//! version is pinned, and a test holds each kind that is reworded here to its sentence.

use crate::diagnostic::{At, Findings};
use crate::names::offer;
use apollo_compiler::ast;
use apollo_compiler::executable::Field;
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::DiagnosticList;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use std::collections::BTreeSet;

/// How the parser's names for tokens are written.
const TOKENS: &[(&str, &str)] = &[
    ("L_CURLY", "`{`"),
    ("R_CURLY", "`}`"),
    ("L_PAREN", "`(`"),
    ("R_PAREN", "`)`"),
    ("L_BRACK", "`[`"),
    ("R_BRACK", "`]`"),
    ("COLON", "`:`"),
    ("EOF", "the end of the file"),
];

/// What names may be meant.
pub(crate) struct Scope<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) document: &'a ExecutableDocument,
    /// Fragments of the file and shared ones.
    pub(crate) fragments: Vec<&'a str>,
    /// What the definitions mention anywhere. What is unused only because the field around it is wrong is not reported.
    pub(crate) mentions: Mentions,
}

/// The variables and fragments that definitions mention, in wrong fields too.
#[derive(Default)]
pub(crate) struct Mentions {
    pub(crate) variables: BTreeSet<String>,
    pub(crate) fragments: BTreeSet<String>,
}

impl Mentions {
    pub(crate) fn read<'a>(definitions: impl IntoIterator<Item = &'a ast::Definition>) -> Self {
        let mut mentions = Self::default();
        for definition in definitions {
            match definition {
                ast::Definition::OperationDefinition(it) => {
                    mentions.directives(&it.directives);
                    mentions.selections(&it.selection_set);
                }
                ast::Definition::FragmentDefinition(it) => mentions.selections(&it.selection_set),
                _ => {}
            }
        }
        mentions
    }

    fn selections(&mut self, selections: &[ast::Selection]) {
        for selection in selections {
            match selection {
                ast::Selection::Field(field) => {
                    self.directives(&field.directives);
                    field.arguments.iter().for_each(|argument| self.value(&argument.value));
                    self.selections(field.selection_set.as_deref().unwrap_or_default());
                }
                ast::Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives);
                    self.fragments.insert(spread.fragment_name.to_string());
                }
                ast::Selection::InlineFragment(inline) => {
                    self.directives(&inline.directives);
                    self.selections(&inline.selection_set);
                }
            }
        }
    }

    fn directives(&mut self, directives: &ast::DirectiveList) {
        directives
            .iter()
            .flat_map(|directive| &directive.arguments)
            .for_each(|argument| self.value(&argument.value));
    }

    fn value(&mut self, value: &ast::Value) {
        match value {
            ast::Value::Variable(name) => {
                self.variables.insert(name.to_string());
            }
            ast::Value::List(items) => items.iter().for_each(|item| self.value(item)),
            ast::Value::Object(fields) => fields.iter().for_each(|(_, value)| self.value(value)),
            _ => {}
        }
    }
}

/// Reports all of it.
pub(crate) fn report(errors: &DiagnosticList, scope: &Scope<'_>, findings: &mut Findings<'_>) {
    for diagnostic in errors.iter() {
        let kind = diagnostic.error.unstable_error_name().unwrap_or_default();
        let sentence = diagnostic.error.to_string();
        let span = apollo_compiler::diagnostic::ToCliReport::location(diagnostic.error);
        let words: Vec<&str> = sentence.split('`').skip(1).step_by(2).collect();
        let finding = Finding {
            kind,
            sentence: &sentence,
            words: &words,
            span,
        };
        if let Some((message, help)) = finding.reword(scope) {
            findings.error(At::Span(diagnostic.sources, span), message, help);
        }
    }
}

/// Reports the first syntax error: what follows it is mostly its consequence.
pub(crate) fn report_syntax(errors: &DiagnosticList, findings: &mut Findings<'_>) {
    if let Some(first) = errors.iter().next() {
        let span = apollo_compiler::diagnostic::ToCliReport::location(first.error);
        let sentence = first.error.to_string();
        let cause = sentence.strip_prefix("syntax error: ").unwrap_or(&sentence);
        let cause = TOKENS
            .iter()
            .fold(cause.to_owned(), |cause, (name, written)| cause.replace(name, written));
        findings.error(
            At::Span(first.sources, span),
            format!("this is not GraphQL: {cause}"),
            None,
        );
    }
}

/// Reports a schema that is none.
pub(crate) fn report_schema(errors: &DiagnosticList, findings: &mut Findings<'_>) {
    for diagnostic in errors.iter() {
        let span = apollo_compiler::diagnostic::ToCliReport::location(diagnostic.error);
        findings.error(At::Span(diagnostic.sources, span), diagnostic.error.to_string(), None);
    }
}

struct Finding<'a> {
    kind: &'a str,
    sentence: &'a str,
    words: &'a [&'a str],
    span: Option<SourceSpan>,
}

impl Finding<'_> {
    /// The message and the help; `None` where something else already says it.
    fn reword(&self, scope: &Scope<'_>) -> Option<(String, Option<String>)> {
        let schema = scope.schema;
        let types = || {
            schema
                .types
                .keys()
                .map(|name| name.as_str())
                .filter(|name| !name.starts_with("__"))
        };
        Some(match (self.kind, self.words) {
            ("UndefinedField", [ty, field]) => {
                let known = fields_of(schema, ty);
                (
                    format!("`{ty}` has no field `{field}`"),
                    offer(field, "its fields", &known),
                )
            }
            ("UndefinedArgument", [argument, owner]) => {
                let known = arguments_of(schema, owner);
                let help =
                    offer(argument, "its arguments", &known).or_else(|| Some("it takes no arguments".to_owned()));
                (format!("`{owner}` takes no argument `{argument}`"), help)
            }
            ("UndefinedDefinition", [name]) => {
                let inputs: Vec<_> = schema
                    .types
                    .iter()
                    .filter(|(_, ty)| ty.is_input_type())
                    .map(|(name, _)| name.as_str())
                    .filter(|name| !name.starts_with("__") && *name != "Literal")
                    .collect();
                (
                    format!("there is no type `{name}`"),
                    offer(name, "types of arguments", &inputs),
                )
            }
            (
                "UndefinedTypeInNamedFragmentTypeCondition" | "UndefinedTypeInInlineFragmentTypeCondition",
                [name, ..],
            ) => {
                let known: Vec<_> = types().collect();
                (format!("there is no type `{name}`"), offer(name, "types", &known))
            }
            ("UndefinedDirective", [name]) => {
                let known: Vec<_> = schema.directive_definitions.keys().map(|name| name.as_str()).collect();
                let name = name.trim_start_matches('@');
                (
                    format!("there is no directive `@{name}`"),
                    offer(name, "directives", &known),
                )
            }
            ("UndefinedVariable", [name]) => {
                let known: Vec<_> = scope
                    .document
                    .operations
                    .iter()
                    .flat_map(|op| &op.variables)
                    .map(|it| it.name.as_str())
                    .collect();
                let name = name.trim_start_matches('$');
                let help = offer(name, "the operation's variables", &known)
                    .unwrap_or_else(|| format!("declare it behind the operation's name, as `(${name}: Type)`"));
                (format!("`${name}` is not a variable of this operation"), Some(help))
            }
            ("UndefinedFragment", [name]) => (
                format!("there is no fragment `{name}`"),
                offer(name, "fragments", &scope.fragments),
            ),
            ("UndefinedEnumValue", [value, ty]) => {
                let known = values_of(schema, ty);
                (
                    format!("`{ty}` has no value `{value}`"),
                    offer(value, "its values", &known),
                )
            }
            ("UndefinedInputValue", [field, ty]) => {
                let known = fields_of(schema, ty);
                (
                    format!("`{ty}` has no field `{field}`"),
                    offer(field, "its fields", &known),
                )
            }
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
            ("UnusedVariable", [name]) => {
                if scope.mentions.variables.contains(name.trim_start_matches('$')) {
                    return None;
                }
                (
                    format!("`{name}` is declared but not used"),
                    Some("use it as an argument, or take it out".to_owned()),
                )
            }
            ("UnusedFragment", [name]) => {
                if scope.mentions.fragments.contains(*name) {
                    return None;
                }
                (
                    format!("the fragment `{name}` is not used"),
                    Some(format!("spread it as `...{name}`, or take it out")),
                )
            }
            ("MissingSubselection", _) => self.missing_subselection(scope),
            ("SubselectionOnScalarType" | "SubselectionOnEnumType", [ty]) => (
                format!("this field is a `{ty}`, which has no fields to select"),
                Some("take out the braces and what is in them".to_owned()),
            ),
            ("DisallowedVariableUsage", [variable, given, argument, wanted]) => (
                format!("`{variable}` is a `{given}`, but `{argument}` takes a `{wanted}`"),
                Some(format!("declare it as `{variable}: {wanted}`")),
            ),
            ("ConflictingFieldName" | "ConflictingFieldArgument" | "ConflictingFieldType", [key]) => (
                format!("`{key}` is selected twice with different meanings"),
                Some("give one of them another name: `name: field`".to_owned()),
            ),
            ("UndefinedRootOperation", [kind]) => (format!("the schema has no {kind}s"), None),
            ("TypeSystemDefinition", _) => (
                "a file of operations defines no types".to_owned(),
                Some("keep one operation, and the fragments it uses".to_owned()),
            ),
            ("RecursiveFragmentDefinition", [name]) => (
                format!("the fragment `{name}` spreads itself"),
                Some("select what is meant level by level".to_owned()),
            ),
            // Said before, from the definitions themselves.
            ("AmbiguousAnonymousOperation" | "OperationNameCollision", _) => return None,
            _ => (self.sentence.to_owned(), None),
        })
    }

    fn missing_subselection(&self, scope: &Scope<'_>) -> (String, Option<String>) {
        let fields = scope
            .document
            .operations
            .iter()
            .flat_map(|op| op.all_fields(scope.document));
        let all = fields.chain(
            scope
                .document
                .fragments
                .values()
                .flat_map(|it| it.selection_set.fields()),
        );
        let found: Option<&Node<Field>> = all.into_iter().find(|field| field.location() == self.span);
        match found {
            Some(field) => {
                let ty = field.definition.ty.inner_named_type();
                let known = fields_of(scope.schema, ty);
                let help = match known.as_slice() {
                    [] => format!(
                        "`{}` is a union: `{} {{ __typename … on Type {{ field }} }}`",
                        ty, field.name
                    ),
                    _ => format!("its fields: {}", quoted(&known)),
                };
                (
                    format!("`{}` is a `{ty}`: say which of its fields are wanted", field.name),
                    Some(help),
                )
            }
            None => (
                "this field is an object: say which of its fields are wanted".to_owned(),
                None,
            ),
        }
    }
}

fn quoted(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn fields_of<'a>(schema: &'a Schema, ty: &str) -> Vec<&'a str> {
    match schema.types.get(ty) {
        Some(ExtendedType::Object(it)) => it.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::Interface(it)) => it.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::InputObject(it)) => it.fields.keys().map(|name| name.as_str()).collect(),
        _ => Vec::new(),
    }
}

fn values_of<'a>(schema: &'a Schema, ty: &str) -> Vec<&'a str> {
    match schema.types.get(ty) {
        Some(ExtendedType::Enum(it)) => it.values.keys().map(|name| name.as_str()).collect(),
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
fn split_argument(coordinate: &str) -> (&str, &str) {
    let (owner, argument) = coordinate.split_once('(').unwrap_or((coordinate, ""));
    (owner, argument.trim_end_matches(')').trim_end_matches(':'))
}

/// The name of a definition's own place.
pub(crate) fn span_of<'a>(sources: &'a SourceMap, name: &Name) -> At<'a> {
    At::Span(sources, name.location())
}
