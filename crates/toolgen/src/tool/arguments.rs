//! An operation's variables: the arguments that an agent gives, and those that are set for it.

use super::defaults::Defaults;
use super::{Checks, bounds, fed};
use crate::Compiler;
use crate::diagnostic::{At, Findings};
use crate::directives;
use crate::input::{Gap, Inputs};
use crate::library::File;
use crate::literal;
use crate::place::comment_above;
use crate::spec::{Argument, Bounds, Hidden, HiddenSource, Input};
use crate::validation::span_of;
use apollo_compiler::Node;
use apollo_compiler::ast::{self, VariableDefinition};

/// Headers that hold credentials: of the caller to this server, or to what is between.
const SECRET_HEADERS: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];

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
    (checks, defaults): (&Checks<'_>, &Defaults),
    findings: &mut Findings<'_>,
) -> Variables {
    let mut variables = Variables::default();
    for definition in &checks.operation.variables {
        let reader = Reader {
            compiler,
            file,
            checks,
            definition,
            // Its own, else that of what it feeds.
            default: definition.default_value.as_ref().or(defaults.get(&definition.name)),
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
    default: Option<&'r Node<ast::Value>>,
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
        let examples = self.examples(&input, findings);
        self.hold("the default", default.as_ref(), &bounds, findings);
        for example in &examples {
            self.hold("an example", Some(example), &bounds, findings);
        }
        Argument {
            name: definition.name.to_string(),
            description,
            required: definition.ty.is_non_null() && self.default.is_none(),
            nullable: !definition.ty.is_non_null(),
            examples,
            default,
            bounds,
            input,
        }
    }

    fn bounds(&self, input: &Input, findings: &mut Findings<'_>) -> Bounds {
        bounds::read(&self.definition.directives, input).unwrap_or_else(|(message, help)| {
            findings.error(self.at(), message, Some(help.to_owned()));
            Bounds::default()
        })
    }

    /// Refuses a value that the file itself puts outside its bounds.
    fn hold(&self, what: &str, value: Option<&serde_json::Value>, bounds: &Bounds, findings: &mut Findings<'_>) {
        if let Some(broken) = value.and_then(|value| bounds::outside(bounds, value)) {
            let message = format!("{what} of `${}` {broken}", self.definition.name);
            findings.error(self.at(), message, None);
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
            (Some(value), None) => {
                let value = self.literal(value, input, findings)?;
                let bounds = self.bounds(input, findings);
                self.hold("the value", Some(&value), &bounds, findings);
                HiddenSource::Fixed(value)
            }
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
        // What a vendor says of a value it refuses stands in problems, for the agent to read.
        if SECRET_HEADERS.iter().any(|secret| secret.eq_ignore_ascii_case(name)) {
            let message = format!("`{name}` holds a secret, and a variable's value may come back in an error message");
            let help = "let the client send what is wanted in a header of its own, e.g. `x-team`".to_owned();
            findings.error(self.at(), message, Some(help));
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
        let value = literal::to_json(self.default?)?;
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
        let fed = || fed::description(&self.compiler.schema, self.checks, &self.definition.name);
        own.or_else(above).or_else(fed)
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
