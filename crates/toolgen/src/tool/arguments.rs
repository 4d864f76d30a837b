//! An operation's variables: the arguments that an agent gives, and those that are set for it.

use super::Checks;
use crate::Compiler;
use crate::diagnostic::{At, Findings};
use crate::directives;
use crate::input::{Gap, Inputs};
use crate::library::File;
use crate::literal;
use crate::place::comment_above;
use crate::spec::{Argument, Bounds, Hidden, HiddenSource, Input};
use crate::validation::span_of;
use apollo_compiler::ast::{self, InputValueDefinition, VariableDefinition};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Node, Schema};

/// An enum with more values than this explains them itself where it is looked up, not in each tool.
const MOST_EXPLAINED: usize = 6;

/// The variables, apart.
#[derive(Default)]
pub(super) struct Variables {
    pub(super) arguments: Vec<Argument>,
    pub(super) hidden: Vec<Hidden>,
}

/// Reads the variables of a valid operation.
pub(super) fn read(
    compiler: &Compiler,
    file: &File<'_>,
    checks: &Checks<'_>,
    findings: &mut Findings<'_>,
) -> Variables {
    let mut variables = Variables::default();
    for definition in &checks.operation.variables {
        let reader = Reader {
            compiler,
            file,
            checks,
            definition,
        };
        let mut inputs = Inputs {
            schema: &compiler.schema,
            options: &compiler.options,
            gaps: Vec::new(),
        };
        let input = inputs.of(&definition.ty);
        reader.report_gaps(inputs.gaps, findings);
        match reader.hidden(&input, findings) {
            Some(hidden) => variables.hidden.push(hidden),
            None => variables.arguments.push(reader.argument(input, findings)),
        }
    }
    variables
}

struct Reader<'r> {
    compiler: &'r Compiler,
    file: &'r File<'r>,
    checks: &'r Checks<'r>,
    definition: &'r Node<VariableDefinition>,
}

impl Reader<'_> {
    fn argument(&self, input: Input, findings: &mut Findings<'_>) -> Argument {
        let definition = self.definition;
        let description = self.description();
        if description.is_none() {
            let help = "say above it what it is for, in quotes or in a `#` line".to_owned();
            findings.warning(
                self.at(),
                format!("`${}` has no description", definition.name),
                Some(help),
            );
        }
        let bounds = self.bounds(&input, findings);
        let default = self.default(&input);
        if let Some(default) = &default
            && let Some(broken) = outside(&bounds, default)
        {
            findings.error(
                self.at(),
                format!("the default of `${}` {broken}", definition.name),
                None,
            );
        }
        Argument {
            name: definition.name.to_string(),
            description,
            required: definition.ty.is_non_null() && definition.default_value.is_none(),
            nullable: !definition.ty.is_non_null(),
            examples: self.examples(&input, findings),
            default,
            bounds,
            input,
        }
    }

    fn hidden(&self, input: &Input, findings: &mut Findings<'_>) -> Option<Hidden> {
        let fixed = directives::argument(&self.definition.directives, "fixed", "value");
        let header = directives::argument(&self.definition.directives, "header", "name").and_then(ast::Value::as_str);
        let source = match (fixed, header) {
            (None, None) => return None,
            (Some(_), Some(_)) => {
                findings.error(self.at(), "a variable is either fixed or read from a header", None);
                return None;
            }
            (Some(value), None) => HiddenSource::Fixed(self.literal(value, input, findings)?),
            (None, Some(name)) => {
                self.check_header(name, input, findings);
                HiddenSource::Header(name.to_ascii_lowercase())
            }
        };
        Some(Hidden {
            name: self.definition.name.to_string(),
            default: self.default(input),
            nullable: !self.definition.ty.is_non_null(),
            input: input.clone(),
            source,
        })
    }

    fn check_header(&self, name: &str, input: &Input, findings: &mut Findings<'_>) {
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            findings.error(self.at(), format!("`{name}` is no header's name"), None);
        }
        if !matches!(input, Input::Id | Input::String | Input::Enum(_)) {
            let message = format!("a header is text, but `${}` is not", self.definition.name);
            findings.error(
                self.at(),
                message,
                Some("make it a `String`, an `ID` or an enum".to_owned()),
            );
        }
    }

    fn bounds(&self, input: &Input, findings: &mut Findings<'_>) -> Bounds {
        let written = |name: &str| directives::argument(&self.definition.directives, "bounds", name);
        let number = |name: &str| written(name).and_then(ast::Value::to_f64);
        let length = |name: &str| {
            written(name)
                .and_then(ast::Value::to_i32)
                .and_then(|length| u32::try_from(length).ok())
        };
        let bounds = Bounds {
            min: number("min"),
            max: number("max"),
            min_length: length("minLength"),
            max_length: length("maxLength"),
        };
        let numeric = matches!(input, Input::Int | Input::Float);
        let sized = matches!(input, Input::String | Input::Id | Input::List { .. });
        let problem = if (bounds.min.is_some() || bounds.max.is_some()) && !numeric {
            Some(("`min` and `max` bound a number", "use `minLength` and `maxLength`"))
        } else if (bounds.min_length.is_some() || bounds.max_length.is_some()) && !sized {
            Some((
                "`minLength` and `maxLength` bound a string or a list",
                "use `min` and `max`",
            ))
        } else if bounds.min.zip(bounds.max).is_some_and(|(min, max)| min > max)
            || bounds
                .min_length
                .zip(bounds.max_length)
                .is_some_and(|(min, max)| min > max)
        {
            Some(("nothing is between these bounds", "exchange them"))
        } else {
            None
        };
        if let Some((message, help)) = problem {
            findings.error(self.at(), message, Some(help.to_owned()));
        }
        bounds
    }

    fn examples(&self, input: &Input, findings: &mut Findings<'_>) -> Vec<serde_json::Value> {
        let all = self.definition.directives.get_all("example");
        all.filter_map(|example| self.literal(example.specified_argument_by_name("value")?, input, findings))
            .collect()
    }

    fn literal(&self, literal: &ast::Value, input: &Input, findings: &mut Findings<'_>) -> Option<serde_json::Value> {
        let value = literal::to_json(literal).map(|value| literal::coerced(value, input));
        let value = value.filter(|value| literal::takes(input, value));
        if value.is_none() {
            let message = format!(
                "`{}` is no value of `{}`, the type of `${}`",
                literal.serialize().no_indent(),
                self.definition.ty,
                self.definition.name
            );
            findings.error(self.at(), message, None);
        }
        value
    }

    fn default(&self, input: &Input) -> Option<serde_json::Value> {
        let value = literal::to_json(self.definition.default_value.as_ref()?)?;
        Some(literal::coerced(value, input)).filter(|value| !value.is_null())
    }

    /// The variable's own description, else the comment above it, else what the schema says of the argument it feeds.
    fn description(&self) -> Option<String> {
        let own = self
            .definition
            .description
            .as_ref()
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        let above = || comment_above(&self.file.source.text, self.definition.location()?.offset());
        own.or_else(above).or_else(|| {
            let fed = fed_by(&self.compiler.schema, self.checks, &self.definition.name)?;
            let text = fed.description.as_ref().map(|text| text.trim().to_owned())?;
            Some(format!(
                "{text}{}",
                explained_values(&self.compiler.schema, &fed).unwrap_or_default()
            ))
        })
    }

    fn report_gaps(&self, gaps: Vec<Gap>, findings: &mut Findings<'_>) {
        for gap in gaps {
            match gap {
                Gap::Recursion { ty, field } => {
                    let message =
                        format!("`{ty}` contains itself: deeper down, `{field}` is left out of the tool's arguments");
                    findings.warning(self.at(), message, None);
                }
                Gap::EndlessRecursion { ty, field } => {
                    let message =
                        format!("`{ty}` contains itself by the required `{field}`: no value could be written");
                    findings.error(
                        self.at(),
                        message,
                        Some("take the fields that are needed as variables".to_owned()),
                    );
                }
            }
        }
    }

    fn at(&self) -> At<'_> {
        span_of(&self.checks.document.sources, &self.definition.name)
    }
}

/// What of a default lies outside the bounds.
fn outside(bounds: &Bounds, value: &serde_json::Value) -> Option<String> {
    let number = value.as_f64();
    let length = value
        .as_str()
        .map(|text| text.chars().count())
        .or_else(|| value.as_array().map(Vec::len));
    let length = length.and_then(|length| u32::try_from(length).ok());
    if number.zip(bounds.min).is_some_and(|(number, min)| number < min) {
        Some("is less than its `min`".to_owned())
    } else if number.zip(bounds.max).is_some_and(|(number, max)| number > max) {
        Some("is greater than its `max`".to_owned())
    } else if length.zip(bounds.min_length).is_some_and(|(length, min)| length < min) {
        Some("is shorter than its `minLength`".to_owned())
    } else if length.zip(bounds.max_length).is_some_and(|(length, max)| length > max) {
        Some("is longer than its `maxLength`".to_owned())
    } else {
        None
    }
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

/// The argument, or the field of an input object, that a variable is given to first.
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
