//! What stands beside the tools: the schema's text, the prompts, and the directories of names that people choose from.

mod directories;

pub use directories::{Directories, Matches};

use super::catalog::nearest;
use crate::loaders::Clients;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use toolgen::prompt::PromptSpec;

/// What stands beside the tools.
#[derive(Clone)]
pub struct Library {
    schema: &'static str,
    prompts: Vec<PromptSpec>,
    directories: Directories,
}

/// Why a prompt cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// There is none of that name.
    #[error("Unknown prompt: {name}{}", offer(near))]
    Unknown {
        /// The name.
        name: String,
        /// The nearest right ones.
        near: Vec<String>,
    },
    /// Arguments that it needs are not there.
    #[error("the prompt {prompt} needs the argument{} {}", if missing.len() == 1 { "" } else { "s" }, listed(missing))]
    Missing {
        /// The prompt.
        prompt: String,
        /// The arguments.
        missing: Vec<String>,
    },
    /// There is no such argument.
    #[error("the prompt {prompt} has no argument `{name}`{}", offer(near))]
    NoSuchArgument {
        /// The prompt.
        prompt: String,
        /// The name.
        name: String,
        /// The nearest right ones.
        near: Vec<String>,
    },
    /// An argument of a prompt is text, and this one is not.
    #[error("the prompt {prompt} takes text as `{name}`")]
    NotText {
        /// The prompt.
        prompt: String,
        /// The argument.
        name: String,
    },
}

fn offer(near: &[String]) -> String {
    match near.first() {
        Some(near) => format!("; did you mean `{near}`?"),
        None => String::new(),
    }
}

fn listed(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" and ")
}

impl Library {
    /// A library of this schema and these prompts; names are asked for with these clients.
    pub fn new(schema: &'static str, prompts: Vec<PromptSpec>, clients: Clients) -> Self {
        Self {
            schema,
            prompts,
            directories: Directories::new(clients),
        }
    }

    /// The unified schema.
    pub fn schema(&self) -> &'static str {
        self.schema
    }

    /// The prompts, by name.
    pub fn prompts(&self) -> &[PromptSpec] {
        &self.prompts
    }

    /// The directories.
    pub fn directories(&self) -> &Directories {
        &self.directories
    }

    /// The prompt of this name.
    pub fn prompt(&self, name: &str) -> Result<&PromptSpec, PromptError> {
        let found = self.prompts.iter().find(|prompt| prompt.name == name);
        found.ok_or_else(|| PromptError::Unknown {
            name: name.to_owned(),
            near: owned(nearest(name, self.prompts.iter().map(|prompt| prompt.name.as_str()))),
        })
    }

    /// A prompt's text with these values for its arguments.
    pub fn filled(&self, name: &str, given: Map<String, Value>) -> Result<String, PromptError> {
        let prompt = self.prompt(name)?;
        let known = || prompt.arguments.iter().map(|argument| argument.name.as_str());
        let mut values = BTreeMap::new();
        for (name, value) in given {
            let prompt = prompt.name.clone();
            if !known().any(|known| known == name) {
                let near = owned(nearest(&name, known()));
                return Err(PromptError::NoSuchArgument { prompt, name, near });
            }
            match value {
                Value::String(text) => drop(values.insert(name, text)),
                Value::Number(_) | Value::Bool(_) => drop(values.insert(name, value.to_string())),
                Value::Null => {}
                Value::Array(_) | Value::Object(_) => return Err(PromptError::NotText { prompt, name }),
            }
        }
        prompt.fill(&values).map_err(|missing| PromptError::Missing {
            prompt: prompt.name.clone(),
            missing: owned(missing),
        })
    }
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
