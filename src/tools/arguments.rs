//! Arguments against a tool's input schema. Models are sloppy, schemas are not: an id may be an integer and an enum's name
//! may be written in any style; everything else is strict, and every mistake is named at once.

use serde_json::{Map, Value};
use toolgen::spec::{Argument, Bounds, Hidden, HiddenSource, Input, ToolSpec};

/// One thing that is wrong with the arguments of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Complaint {
    /// Which argument, with the way into it: `filter.tags.0`.
    pub path: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What can be wrong with an argument.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// There is none of that name.
    Unknown {
        /// The names there are.
        allowed: Vec<String>,
    },
    /// It must be given.
    Missing {
        /// What it takes.
        expected: String,
    },
    /// It is of another kind.
    Mistyped {
        /// What it takes.
        expected: String,
        /// What was given.
        got: String,
    },
    /// It is too small, too large, too short or too long.
    OutOfBounds {
        /// How small or large it may be.
        bounds: Bounds,
    },
    /// It is none of the names it may be.
    NotOneOf {
        /// What was given.
        got: String,
        /// The names it may be.
        allowed: Vec<String>,
    },
}

/// The operation's variables, or everything that is wrong.
pub fn variables(tool: &ToolSpec, arguments: Map<String, Value>) -> Result<Map<String, Value>, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let variables = fields(&tool.arguments, arguments, &mut At::root(&mut complaints));
    if complaints.is_empty() {
        Ok(variables)
    } else {
        Err(complaints)
    }
}

/// Adds the variables that the agent neither sees nor sets; `header` gives the headers of its HTTP request, if it is one.
pub fn fill_in_hidden(
    tool: &ToolSpec,
    variables: &mut Map<String, Value>,
    header: impl Fn(&str) -> Option<String>,
) -> Result<(), Vec<Complaint>> {
    let mut complaints = Vec::new();
    for hidden in &tool.hidden {
        let mut at = At::root(&mut complaints);
        if let Some(value) = hidden_value(hidden, &header, &mut at) {
            variables.insert(hidden.name.clone(), value);
        }
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

/// A header is text; where the variable takes something else, it is that something as JSON.
fn hidden_value(hidden: &Hidden, header: impl Fn(&str) -> Option<String>, at: &mut At<'_>) -> Option<Value> {
    let name = match &hidden.source {
        HiddenSource::Fixed(value) => return Some(value.clone()),
        HiddenSource::Header(name) => name,
    };
    let mut at = at.into(&format!("the HTTP header {name}"));
    match header(name) {
        Some(text) => {
            let value = match hidden.input {
                Input::Id | Input::String | Input::Enum(_) => Value::String(text),
                _ => serde_json::from_str(&text).unwrap_or(Value::String(text)),
            };
            checked(&hidden.input, value, &mut at)
        }
        None if hidden.default.is_some() || hidden.nullable => hidden.default.clone(),
        None => {
            at.complain(Fault::Missing {
                expected: expected(&hidden.input),
            });
            None
        }
    }
}

/// Where we are, and what was found so far.
struct At<'a> {
    path: String,
    complaints: &'a mut Vec<Complaint>,
}

impl<'a> At<'a> {
    fn root(complaints: &'a mut Vec<Complaint>) -> Self {
        Self {
            path: String::new(),
            complaints,
        }
    }

    fn into(&mut self, step: &str) -> At<'_> {
        At {
            path: self.name(step),
            complaints: self.complaints,
        }
    }

    fn name(&self, step: &str) -> String {
        if self.path.is_empty() {
            step.to_owned()
        } else {
            format!("{}.{step}", self.path)
        }
    }

    fn complain(&mut self, fault: Fault) {
        self.complaints.push(Complaint {
            path: self.path.clone(),
            fault,
        });
    }
}

/// An explicit `null` for what need not be given counts as not given: clients that fill in every property send it.
fn fields(known: &[Argument], mut given: Map<String, Value>, at: &mut At<'_>) -> Map<String, Value> {
    let mut taken = Map::new();
    for argument in known {
        let mut here = at.into(&argument.name);
        match given.remove(&argument.name) {
            None if argument.required => here.complain(Fault::Missing {
                expected: expected(&argument.input),
            }),
            Some(Value::Null) if argument.required && !argument.nullable => here.complain(Fault::Missing {
                expected: expected(&argument.input),
            }),
            Some(Value::Null) if argument.required => {
                taken.insert(argument.name.clone(), Value::Null);
            }
            None | Some(Value::Null) => {}
            Some(value) => {
                if let Some(value) = checked(&argument.input, value, &mut here) {
                    if !is_within(&argument.bounds, &value) {
                        here.complain(Fault::OutOfBounds {
                            bounds: argument.bounds,
                        });
                    }
                    taken.insert(argument.name.clone(), value);
                }
            }
        }
    }
    for unknown in given.keys() {
        at.into(unknown).complain(Fault::Unknown {
            allowed: known.iter().map(|argument| argument.name.clone()).collect(),
        });
    }
    taken
}

/// The value as a variable, or nothing and a complaint.
fn checked(input: &Input, value: Value, at: &mut At<'_>) -> Option<Value> {
    match (input, value) {
        (Input::Any, value)
        | (Input::Id | Input::String, value @ Value::String(_))
        | (Input::Float, value @ Value::Number(_))
        | (Input::Boolean, value @ Value::Bool(_)) => Some(value),
        (Input::Id, Value::Number(number)) if number.is_i64() || number.is_u64() => {
            Some(Value::String(number.to_string()))
        }
        (Input::Int, Value::Number(number)) if int(&number).is_some() => int(&number).map(Value::from),
        (Input::Enum(names), Value::String(given)) => {
            let found = names.iter().find(|name| plain(name) == plain(&given));
            if found.is_none() {
                at.complain(Fault::NotOneOf {
                    got: given,
                    allowed: names.clone(),
                });
            }
            found.cloned().map(Value::String)
        }
        (Input::List { item, nullable }, Value::Array(values)) => {
            let items: Vec<_> = values
                .into_iter()
                .enumerate()
                .filter_map(|(index, value)| match value {
                    Value::Null if *nullable => Some(Value::Null),
                    value => checked(item, value, &mut at.into(&index.to_string())),
                })
                .collect();
            Some(Value::Array(items))
        }
        (Input::Object(known), Value::Object(given)) => Some(Value::Object(fields(known, given, at))),
        (input, value) => {
            at.complain(Fault::Mistyped {
                expected: expected(input),
                got: got(&value),
            });
            None
        }
    }
}

/// Blanks alone are no text: where there must be some, a vendor would refuse them, or make something without a name.
fn is_within(bounds: &Bounds, value: &Value) -> bool {
    let length = match value {
        Value::String(text) if text.trim().is_empty() => Some(0),
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        _ => None,
    };
    let length = length.and_then(|length| u32::try_from(length).ok());
    let number = value.as_f64();
    number.is_none_or(|number| bounds.min.is_none_or(|min| number >= min) && bounds.max.is_none_or(|max| number <= max))
        && length.is_none_or(|length| {
            bounds.min_length.is_none_or(|min| length >= min) && bounds.max_length.is_none_or(|max| length <= max)
        })
}

/// A 32-bit integer, also one that is written `5.0`: JSON Schema counts that as an integer, and so the schema takes it.
fn int(number: &serde_json::Number) -> Option<i32> {
    if let Some(whole) = number.as_i64() {
        return i32::try_from(whole).ok();
    }
    let float = number.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within the bounds of i32, both checked here"
    )]
    (float.fract() == 0.0 && float.abs() <= f64::from(i32::MAX)).then_some(float as i32)
}

/// A name without what people write differently.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// What an input takes, in words.
fn expected(input: &Input) -> String {
    match input {
        Input::Id => "a string (an integer is taken as well)".to_owned(),
        Input::String => "a string".to_owned(),
        Input::Int => "an integer".to_owned(),
        Input::Float => "a number".to_owned(),
        Input::Boolean => "true or false".to_owned(),
        Input::Enum(names) => format!("one of {}", names.join(", ")),
        Input::Any => "a value".to_owned(),
        Input::List { item, .. } => format!("a list, each item {}", expected(item)),
        Input::Object(fields) => {
            let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
            format!("an object with {}", names.join(", "))
        }
    }
}

/// What was given, in a few words. A scalar is shown, since seeing it is what helps; it is the caller's own.
fn got(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.chars().count() > 40 => "a string".to_owned(),
        Value::String(text) => format!("the string \"{text}\""),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests;
