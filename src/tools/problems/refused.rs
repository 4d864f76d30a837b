//! Calls that are refused before anything is asked of a vendor: no such tool, one that is off, arguments that do not fit.

use super::words::{clean, quoted, set};
use super::{KINDS, Scene};
use crate::tools::arguments::{Complaint, Fault};
use crate::tools::catalog::{Catalog, Hidden, Tool, nearest};
use toolgen::ToolSpec;
use toolgen::spec::Bounds;

/// The text for a name that no tool has.
pub fn unknown_tool(name: &str, catalog: &Catalog) -> String {
    let name = clean(name);
    match catalog.nearest(&name).as_slice() {
        [] => format!("Unknown tool: {name}"),
        near => format!("Unknown tool: {name}. Did you mean {}?", quoted(near, " or ")),
    }
}

/// The text for a tool that is there but not listed; `None` for one that is.
pub fn hidden(tool: &Tool) -> Option<String> {
    let name = &tool.spec.name;
    Some(match tool.hidden.as_ref()? {
        Hidden::Group => format!("{name} is off: its group is not among those that `--groups` names."),
        Hidden::Write => {
            let lacks: Vec<String> = tool
                .lacks
                .iter()
                .map(|(backend, variables)| format!(" {backend} has no credentials either. {}.", set(variables)))
                .collect();
            format!(
                "{name} is off because it writes. Whoever runs the server can allow it with `--allow-writes {name}`.{}",
                lacks.concat()
            )
        }
        Hidden::BackendOff { backend, variables } => {
            format!(
                "{name} is off because {backend} has no credentials. {}.",
                set(variables)
            )
        }
    })
}

/// The text for arguments that do not fit: each mistake, the allowed names and the nearest.
pub fn bad_arguments(tool: &ToolSpec, complaints: &[Complaint]) -> String {
    let lines: Vec<String> = complaints.iter().take(KINDS).map(complaint).collect();
    format!("{} was not called. {}\n{}.", tool.name, lines.join("\n"), takes(tool))
}

/// The words for what Braid itself says against a call, and what the tool takes where it is about an argument: async-graphql
/// says which value a scalar refuses, and not which argument it was given for.
pub(super) fn value(scene: &Scene<'_>, message: &str) -> (String, Option<String>) {
    let Some((_, refusal)) = message
        .strip_prefix("Failed to parse \"")
        .and_then(|rest| rest.split_once("\": "))
    else {
        return (clean(message), None);
    };
    let mut given = scene
        .variables
        .iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?)));
    let named = match given.find(|(_, value)| refusal.contains(&format!("`{}`", value.trim()))) {
        Some((name, _)) => format!("`{name}`: {refusal}"),
        None => refusal.to_owned(),
    };
    (clean(&named), Some(takes(scene.tool)))
}

fn takes(tool: &ToolSpec) -> String {
    let all: Vec<String> = tool
        .arguments
        .iter()
        .map(|argument| {
            let need = if argument.required { " (required)" } else { "" };
            format!("`{}`{need}", argument.name)
        })
        .collect();
    if all.is_empty() {
        "It takes no arguments".to_owned()
    } else {
        format!("It takes {}", all.join(", "))
    }
}

fn complaint(complaint: &Complaint) -> String {
    let path = clean(&complaint.path);
    match &complaint.fault {
        Fault::Unknown { allowed } => {
            let name = path.rsplit('.').next().unwrap_or(&path);
            match nearest(name, allowed.iter().map(String::as_str)).first() {
                Some(near) => format!("There is no argument `{path}`; did you mean `{near}`?"),
                None => format!("There is no argument `{path}`."),
            }
        }
        Fault::Missing { expected } => format!("`{path}` is missing: give {expected}."),
        Fault::Mistyped { expected, got } => format!("`{path}` must be {expected}; got {}.", clean(got)),
        Fault::OutOfBounds { bounds } => format!("`{path}` must {}.", within(bounds)),
        Fault::NotOneOf { got, allowed } => {
            let lower = got.to_uppercase().replace([' ', '-'], "_");
            let near = nearest(&lower, allowed.iter().map(String::as_str));
            let hint = near
                .first()
                .map_or(".".to_owned(), |near| format!("; did you mean {near}?"));
            format!(
                "`{path}` cannot be \"{}\"{hint} It is one of {}.",
                clean(got),
                allowed.join(", ")
            )
        }
    }
}

fn within(bounds: &Bounds) -> String {
    let between = |unit: &str, least: Option<f64>, most: Option<f64>| match (least, most) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}{unit}")),
        (Some(least), None) => Some(format!("at least {least}{unit}")),
        (None, Some(most)) => Some(format!("at most {most}{unit}")),
        (None, None) => None,
    };
    let lengths = (bounds.min_length.map(f64::from), bounds.max_length.map(f64::from));
    let said = [
        between("", bounds.min, bounds.max).map(|range| format!("be {range}")),
        between(" long", lengths.0, lengths.1).map(|range| format!("be {range}")),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}
