//! A first version of an operation file, from the words of a tool's name: the field of the schema that matches them best, the
//! arguments on the way to it as variables, and the plain fields of what it returns.

use super::atlas::{Atlas, Field, Kind, ROOT};
use super::search::{Hit, ranked};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How many plain fields of an object are selected: a person removes fields more easily than they find them.
const FIELDS: usize = 8;

/// How many of each member of a union.
const FIELDS_OF_A_MEMBER: usize = 4;

/// Words of a name that ask for a list.
const MANY: [&str; 6] = ["all", "find", "latest", "list", "recent", "search"];

/// Words of a name that say what every tool does.
const VERBS: [&str; 3] = ["fetch", "query", "read"];

/// What a match counts that returns one where many are asked for, or many where one is.
const OTHER_NUMBER: f64 = 0.6;

/// What a match counts more whose name is one of the words.
const BY_NAME: f64 = 2.0;

/// What a match loses with each level below the root, so that of two that match as well the nearer one is taken.
const NEARER: f64 = 0.01;

/// What names an object where one field of it is enough, in this order.
const NAMES: [&str; 3] = ["login", "name", "title"];

/// An operation.
#[derive(Debug, PartialEq, Eq)]
pub struct Draft {
    /// From its description to its last brace.
    pub text: String,
    /// Its variables that must be given.
    pub required: Vec<Required>,
}

/// A variable that must be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// The variable's name.
    pub variable: String,
    /// The argument that takes it, after its field: `issue.number`.
    pub argument: String,
}

/// Drafts an operation from words, below the root field of that name if it is one. Nothing if no field matches.
pub fn draft(sdl: &str, operation: &str, group: &str, words: &str) -> Option<Draft> {
    let atlas = Atlas::read(sdl);
    let is_below = |parent: &str| {
        let way = atlas.way(parent).unwrap_or_default();
        !atlas.fields_of(ROOT).iter().any(|root| root.name == group) || way.first().is_some_and(|root| root == group)
    };
    let said: Vec<_> = words.split(' ').filter(|word| !VERBS.contains(word)).collect();
    let hits = ranked(&atlas, &said.join(" ")).hits;
    let wants_many = words.split(' ').any(|word| MANY.contains(&word));
    let fit = |hit: &Hit<'_>| {
        let number = if is_many(&atlas, hit.field) == wants_many {
            1.0
        } else {
            OTHER_NUMBER
        };
        let named = if words.split(' ').any(|word| hit.field.name.eq_ignore_ascii_case(word)) {
            BY_NAME
        } else {
            1.0
        };
        let levels = u32::try_from(atlas.way(hit.parent).map_or(0, <[String]>::len)).unwrap_or(u32::MAX);
        hit.score * number * named - NEARER * f64::from(levels)
    };
    let hit = hits
        .iter()
        .filter(|hit| is_below(hit.parent) && atlas.way(hit.parent).is_some_and(|way| !way.is_empty()))
        .max_by(|left, right| fit(left).total_cmp(&fit(right)))?;
    let mut draft = Drafting {
        atlas: &atlas,
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
    Some(draft.finish(operation, description))
}

/// Whether a field returns a list, or a page of one.
fn is_many(atlas: &Atlas, field: &Field) -> bool {
    field.ty.starts_with('[') || atlas.fields_of(&field.named).iter().any(|below| below.name == "nodes")
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
                        name: snake(&argument.name),
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
            variable.name = format!("{}_{}", snake(&field.name), variable.name);
        }
        let name = variable.name.clone();
        self.variables.push(variable);
        name
    }

    fn select(&mut self, field: &'a Field, level: usize) {
        let key = snake(&field.name);
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
            let description = variable.description.split_whitespace().collect::<Vec<_>>().join(" ");
            if !description.is_empty() {
                let _infallible = writeln!(variables, "  \"{}\"", description.replace(['"', '\\'], "'"));
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
    let key = snake(&field.name);
    if key == field.name {
        call.to_owned()
    } else {
        format!("{key}: {call}")
    }
}

/// `openIssueCount`: `open_issue_count`.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}
