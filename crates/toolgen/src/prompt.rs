//! Prompts: a text with places for arguments, and in front of it what a client shows of it. `prompts/<name>.md`.
//!
//! What stands in front is TOML between two lines `+++`, like the configuration: its parser tells the place of a mistake.

use crate::Source;
use crate::diagnostic::{At, Diagnostic, Findings};
use crate::names::{self, LONGEST_TOOL_NAME};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The line before and behind what stands in front.
const FENCE: &str = "+++";

/// A prompt: what a client lists, and the text that it puts before the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromptSpec {
    /// Its name, its file's stem.
    pub name: String,
    /// A short name for people.
    pub title: String,
    /// What it does.
    pub description: String,
    /// What it is asked about, in the order of the file.
    pub arguments: Vec<PromptArgument>,
    /// The text, with a place `{{name}}` for each argument.
    pub text: String,
}

/// An argument of a prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromptArgument {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What stands for it when it is not given; without it, it must be given.
    pub default: Option<String>,
    /// Where its values come from, for clients that offer some while a person types.
    pub complete: Option<Directory>,
}

/// A list of names that a server can look up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Directory {
    /// The channels that can be read.
    Channels,
    /// The repositories that somebody works in, as `owner/name`.
    Repositories,
    /// The services that are watched.
    Services,
}

/// What stands in front of a prompt.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    title: String,
    description: String,
    #[serde(default)]
    arguments: Vec<PromptArgument>,
}

impl PromptSpec {
    /// The text with these values in its places, or the names of the arguments that are missing. An empty value is none:
    /// clients that ask people for each argument send what was skipped as that.
    pub fn fill(&self, values: &BTreeMap<String, String>) -> Result<String, Vec<&str>> {
        let value = |argument: &'_ PromptArgument| {
            let given = values.get(&argument.name).filter(|value| !value.trim().is_empty());
            given.or(argument.default.as_ref()).cloned()
        };
        let missing: Vec<_> = self
            .arguments
            .iter()
            .filter(|argument| value(argument).is_none())
            .map(|argument| argument.name.as_str())
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let mut filled = String::new();
        let mut from = 0;
        // From place to place, so that a value that looks like a place stays a value.
        for (range, name) in placeholders(&self.text) {
            filled.push_str(self.text.get(from..range.start).unwrap_or_default());
            let argument = self.arguments.iter().find(|argument| argument.name == name);
            filled.push_str(&argument.and_then(value).unwrap_or_default());
            from = range.end;
        }
        filled.push_str(self.text.get(from..).unwrap_or_default());
        Ok(filled)
    }
}

/// Reads all prompts, by name. Those that are wrong give findings.
pub fn read(sources: &[Source]) -> Result<Vec<PromptSpec>, Vec<Diagnostic>> {
    let mut prompts = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for source in sources {
        let mut findings = Findings::new(&source.path, &source.text);
        if let Some(prompt) = prompt(source, &mut findings) {
            prompts.insert(prompt.name.clone(), prompt);
        }
        diagnostics.extend(findings.into_found());
    }
    if diagnostics.is_empty() {
        Ok(prompts.into_values().collect())
    } else {
        diagnostics.sort();
        Err(diagnostics)
    }
}

fn prompt(source: &Source, findings: &mut Findings<'_>) -> Option<PromptSpec> {
    let file = source.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = file.strip_suffix(".md").unwrap_or(file);
    if !names::is_snake_case(name) || name.len() > LONGEST_TOOL_NAME {
        let message =
            format!("the prompt's name `{name}` is not in snake_case, of {LONGEST_TOOL_NAME} characters at most");
        let help = format!("rename the file to `{}.md`", names::to_snake_case(name));
        findings.error(At::File, message, Some(help));
    }
    let Some((front, body)) = parts(&source.text) else {
        let help = "begin the file with `+++`, then `title = \"…\"` and `description = \"…\"`, then `+++`".to_owned();
        findings.error(
            At::Bytes(0..FENCE.len()),
            "nothing says what this prompt is",
            Some(help),
        );
        return None;
    };
    let read: Front = match toml::from_str(source.text.get(front.clone()).unwrap_or_default()) {
        Ok(read) => read,
        Err(error) => {
            let span = error.span().unwrap_or_default();
            let at = At::Bytes(front.start + span.start..front.start + span.end);
            let message = error.message().lines().collect::<Vec<_>>().join(": ");
            let help = "`title`, `description`, and for each argument `[[arguments]]` with `name`, `description`, and \
                        where wanted `default` and `complete`";
            findings.error(at, message, Some(help.to_owned()));
            return None;
        }
    };
    check_arguments(&read.arguments, &source.text, &front, findings);
    check_text(&read.arguments, &source.text, &body, findings);
    Some(PromptSpec {
        name: name.to_owned(),
        title: read.title,
        description: read.description,
        arguments: read.arguments,
        text: source.text.get(body)?.trim().to_owned(),
    })
}

/// Where what stands in front is, and where the text.
fn parts(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let rest = text.strip_prefix(FENCE)?;
    let start = FENCE.len() + rest.find('\n')? + 1;
    let mut at = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Some((start..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    None
}

fn check_arguments(arguments: &[PromptArgument], text: &str, front: &Range<usize>, findings: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    for argument in arguments {
        let name = &argument.name;
        // The parser gives values without their places.
        let written = text
            .get(front.clone())
            .and_then(|front| front.rfind(&format!("\"{name}\"")));
        let at = |start: usize| At::Bytes(front.start + start..front.start + start + name.len() + 2);
        if !names::is_snake_case(name) {
            findings.error(
                written.map_or(At::File, at),
                format!("the argument's name `{name}` is not in snake_case"),
                None,
            );
        }
        if !seen.insert(name) {
            findings.error(
                written.map_or(At::File, at),
                format!("there are two arguments `{name}`"),
                None,
            );
        }
        if !placeholders(text).any(|(_, used)| used == name) {
            let help = format!("write `{{{{{name}}}}}` where its value belongs, or take it out");
            findings.error(
                written.map_or(At::File, at),
                format!("the argument `{name}` stands nowhere in the text"),
                Some(help),
            );
        }
    }
}

fn check_text(arguments: &[PromptArgument], text: &str, body: &Range<usize>, findings: &mut Findings<'_>) {
    let written = text.get(body.clone()).unwrap_or_default();
    if written.trim().is_empty() {
        findings.error(At::File, "the prompt has no text", None);
    }
    let known: Vec<_> = arguments.iter().map(|argument| argument.name.as_str()).collect();
    let mut open = 0;
    for (range, name) in placeholders(written) {
        open += 1;
        if !known.contains(&name) {
            let at = At::Bytes(body.start + range.start..body.start + range.end);
            let help = names::offer(name, "the arguments are", &known)
                .unwrap_or_else(|| "there are no arguments: add `[[arguments]]` in front".to_owned());
            findings.error(at, format!("there is no argument `{name}`"), Some(help));
        }
    }
    if written.matches("{{").count() != open {
        let closed: Vec<_> = placeholders(written).map(|(range, _)| range.start).collect();
        let bad = written.match_indices("{{").find(|(at, _)| !closed.contains(at));
        if let Some((at, mark)) = bad {
            let at = At::Bytes(body.start + at..body.start + at + mark.len());
            findings.error(
                at,
                "this place for an argument is never closed",
                Some("write it as `{{name}}`".to_owned()),
            );
        }
    }
}

/// The places for arguments: where they are, and for which.
fn placeholders(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    text.match_indices("{{").filter_map(|(start, mark)| {
        let rest = text.get(start + mark.len()..)?;
        let (name, _) = rest.split_once("}}")?;
        let is_name = !name.contains(['{', '}', '\n']);
        is_name.then(|| (start..start + mark.len() * 2 + name.len(), name.trim()))
    })
}

#[cfg(test)]
mod tests;
