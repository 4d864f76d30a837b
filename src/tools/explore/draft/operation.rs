//! The text of a drafted operation: the arguments on the way to a field as variables, and the plain fields of what it returns.

use super::{Draft, Required};
use crate::tools::explore::atlas::{Atlas, Field, Kind, ROOT};
use crate::tools::explore::sdl::on_one_line;
use crate::tools::explore::search::Hit;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use toolgen::to_snake_case;

/// How many plain fields of an object are selected: a person removes fields more easily than they find them.
const FIELDS: usize = 8;

/// How many of each member of a union.
const FIELDS_OF_A_MEMBER: usize = 4;

/// What names an object where one field of it is enough, in this order.
const NAMES: [&str; 3] = ["login", "name", "title"];

/// Writes an operation of this name that selects the field that was found.
pub(super) fn write(atlas: &Atlas, hit: &Hit<'_>, operation: &str) -> Draft {
    let mut draft = Drafting {
        atlas,
        variables: Vec::new(),
        body: String::new(),
    };
    let steps = draft.steps(hit.parent);
    draft.open(&steps, hit.field);
    // A plain field says nothing of what it is a field of.
    let around = steps.iter().rev().find_map(|step| match step {
        Step::Field(field) => Some(field.description.as_str()),
        Step::Member(_) => None,
    });
    let description = if atlas.is_plain(&hit.field.named) {
        around.unwrap_or_default()
    } else {
        &hit.field.description
    };
    draft.finish(operation, description)
}

struct Drafting<'a> {
    atlas: &'a Atlas,
    variables: Vec<Variable>,
    body: String,
}

struct Variable {
    name: String,
    description: String,
    /// Its type, and its default if it has one.
    ty: String,
    /// The argument that takes it, after its field.
    argument: String,
    is_required: bool,
}

/// One level on the way to the field.
enum Step<'a> {
    Field(&'a Field),
    Member(String),
}

impl<'a> Drafting<'a> {
    /// The way from the root to a type.
    fn steps(&self, target: &str) -> Vec<Step<'a>> {
        let mut current = ROOT.to_owned();
        let mut steps = Vec::new();
        for step in self.atlas.way(target).unwrap_or_default() {
            if let Some(member) = step.strip_prefix("... on ") {
                steps.push(Step::Member(member.to_owned()));
                member.clone_into(&mut current);
                continue;
            }
            let name = step.split('(').next().unwrap_or_default();
            let Some(field) = self.atlas.fields_of(&current).iter().find(|field| field.name == name) else {
                break;
            };
            current.clone_from(&field.named);
            steps.push(Step::Field(field));
        }
        steps
    }

    fn open(&mut self, steps: &[Step<'a>], field: &'a Field) {
        for (level, step) in steps.iter().enumerate() {
            match step {
                Step::Field(field) => {
                    let call = self.call(field);
                    self.line(level + 1, &format!("{call} {{"));
                }
                // What may be of several types must say which it is.
                Step::Member(member) => {
                    self.line(level + 1, "__typename");
                    self.line(level + 1, &format!("... on {member} {{"));
                }
            }
        }
        if self.atlas.is_plain(&field.named) {
            let call = self.call(field);
            self.line(steps.len() + 1, &aliased(field, &call));
            if let Some(Step::Field(parent)) = steps.last() {
                self.fields(&parent.named, steps.len() + 1, (FIELDS, Some(&field.name)));
            }
        } else {
            self.select(field, steps.len() + 1);
        }
        for level in (1..=steps.len()).rev() {
            self.line(level, "}");
        }
    }

    /// The field with what it takes as variables.
    fn call(&mut self, field: &Field) -> String {
        let is_paging = |name: &str| ["first", "limit", "after", "cursor"].contains(&name);
        let arguments = field
            .arguments
            .iter()
            .filter(|argument| argument.required || is_paging(&argument.name));
        let written: Vec<_> = arguments
            .map(|argument| {
                let ty = argument.written.split_once(": ").map_or("String", |(_, ty)| ty);
                let variable = self.variable(
                    field,
                    Variable {
                        name: to_snake_case(&argument.name),
                        description: argument.description.clone(),
                        ty: ty.to_owned(),
                        argument: format!("{}.{}", field.name, argument.name),
                        is_required: argument.required,
                    },
                );
                format!("{}: ${variable}", argument.name)
            })
            .collect();
        if written.is_empty() {
            field.name.clone()
        } else {
            format!("{}({})", field.name, written.join(", "))
        }
    }

    /// Adds a variable; one whose name is taken gets the field's name in front.
    fn variable(&mut self, field: &Field, mut variable: Variable) -> String {
        if self.variables.iter().any(|known| known.name == variable.name) {
            variable.name = format!("{}_{}", to_snake_case(&field.name), variable.name);
        }
        let name = variable.name.clone();
        self.variables.push(variable);
        name
    }

    fn select(&mut self, field: &'a Field, level: usize) {
        let key = to_snake_case(&field.name);
        let call = self.call(field);
        let nodes = self
            .atlas
            .fields_of(&field.named)
            .iter()
            .find(|below| below.name == "nodes");
        if let Some(nodes) = nodes {
            self.line(level, &format!("{call} {{"));
            self.line(level + 1, &format!("{key}: nodes {{"));
            self.fields(&nodes.named, level + 2, (FIELDS, None));
            self.line(level + 1, "}");
            if self
                .variables
                .iter()
                .any(|variable| variable.name == "after" || variable.name == "cursor")
            {
                self.line(level + 1, "next_cursor: pageInfo { endCursor }");
            }
            self.line(level, "}");
            return;
        }
        self.line(level, &format!("{} {{", aliased(field, &call)));
        self.fields(&field.named, level + 1, (FIELDS, None));
        self.line(level, "}");
    }

    /// The plain fields of a type, and what names the objects in it; of a union those of each member.
    fn fields(&mut self, name: &str, level: usize, (most, but): (usize, Option<&str>)) {
        let ty = self.atlas.get(name).map(|ty| &ty.kind);
        if let Some(Kind::Union(members)) = ty {
            self.line(level, "__typename");
            for member in members {
                self.line(level, &format!("... on {member} {{"));
                self.fields(member, level + 1, (FIELDS_OF_A_MEMBER, None));
                self.line(level, "}");
            }
            return;
        }
        let mut seen = BTreeSet::new();
        for field in self.atlas.fields_of(name) {
            if seen.len() == most {
                break;
            }
            let takes = field.arguments.iter().any(|argument| argument.required);
            if takes || field.ty.starts_with('[') || but == Some(field.name.as_str()) {
                continue;
            }
            let below = self.atlas.fields_of(&field.named);
            match self.atlas.get(&field.named).map(|ty| &ty.kind) {
                Some(Kind::Union(_)) => continue,
                Some(Kind::Fields(_)) => {
                    let names = NAMES
                        .into_iter()
                        .find(|name| below.iter().any(|field| field.name == *name));
                    let Some(naming) = names else { continue };
                    self.line(level, &format!("{} {{ {naming} }}", aliased(field, &field.name)));
                }
                _ => self.line(level, &aliased(field, &field.name)),
            }
            seen.insert(&field.name);
        }
    }

    fn line(&mut self, level: usize, text: &str) {
        let _infallible = writeln!(self.body, "{}{text}", "  ".repeat(level));
    }

    fn finish(self, operation: &str, description: &str) -> Draft {
        let mut variables = String::new();
        for variable in &self.variables {
            let description = on_one_line(&variable.description).replace('\\', "'");
            if !description.is_empty() {
                let _infallible = writeln!(variables, "  \"{description}\"");
            }
            let _infallible = writeln!(variables, "  ${}: {}", variable.name, variable.ty);
        }
        let variables = if variables.is_empty() {
            String::new()
        } else {
            format!("(\n{variables})")
        };
        let required = self.variables.into_iter().filter(|variable| variable.is_required);
        Draft {
            text: format!(
                "\"\"\"\n{}\n\"\"\"\nquery {operation}{variables} {{\n{}}}\n",
                description.trim(),
                self.body
            ),
            required: required
                .map(|Variable { name, argument, .. }| Required {
                    variable: name,
                    argument,
                })
                .collect(),
        }
    }
}

/// The field under a key as tools have them.
fn aliased(field: &Field, call: &str) -> String {
    let key = to_snake_case(&field.name);
    if key == field.name {
        call.to_owned()
    } else {
        format!("{key}: {call}")
    }
}
