//! Calls that are refused before anything is asked of a vendor: no such tool, one that is off, arguments that do not fit.

use super::words::{clean, quoted, set};
use super::{KINDS, Scene};
use crate::graph::scalars::REASON;
use crate::tools::arguments::{Complaint, Fault};
use crate::tools::catalog::{Catalog, Hidden, Tool, nearest};
use async_graphql::{Pos, ServerError, Value};
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

/// The words for a call of a tool whose document the executor cannot read.
pub fn unreadable(tool: &ToolSpec, reason: &str) -> String {
    format!(
        "{} cannot be run: the executor does not read its operation ({reason}). Nothing was done; no other arguments help, and \
         whoever keeps {} must change it.",
        tool.name, tool.source
    )
}

/// The text for arguments that do not fit: each mistake, the allowed names and the nearest.
pub fn bad_arguments(tool: &ToolSpec, complaints: &[Complaint]) -> String {
    let lines: Vec<String> = complaints.iter().take(KINDS).map(complaint).collect();
    format!("{} was not called. {}\n{}.", tool.name, lines.join("\n"), takes(tool))
}

/// The words for what Braid itself says against a call, and what the tool takes where it is about an argument: async-graphql
/// says where in the document a value was refused, and the variable that stands there is the argument.
pub(super) fn value(scene: &Scene<'_>, error: &ServerError) -> (String, Option<String>) {
    let reason = error.extensions.as_ref().and_then(|more| more.get(REASON));
    let Some(Value::String(reason)) = reason else {
        return (clean(&error.message), None);
    };
    let at = error.locations.first();
    let told = match at.and_then(|at| variable_at(&scene.tool.document, *at)) {
        Some(name) => format!("`{name}`: {reason}"),
        None => reason.clone(),
    };
    (clean(&told), Some(takes(scene.tool)))
}

/// The name of the variable that begins at a place in a document.
fn variable_at(document: &str, at: Pos) -> Option<&str> {
    let line = document.lines().nth(at.line.checked_sub(1)?)?;
    let (start, _) = line.char_indices().nth(at.column.checked_sub(1)?)?;
    let name = line.get(start..)?.strip_prefix('$')?;
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    name.get(..end.unwrap_or(name.len()))
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
            let near = nearest(got, allowed.iter().map(String::as_str));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_at_a_place_is_known() {
        let document = "query A($from: Time) {\n  é a(from: $from, to: \"x\")\n}";
        let at = |line, column| variable_at(document, Pos { line, column });
        assert_eq!((at(2, 13), at(1, 9)), (Some("from"), Some("from")));
        for (line, column) in [(2, 12), (2, 24), (0, 0), (1, 99), (9, 1)] {
            assert_eq!(at(line, column), None, "{line}:{column}");
        }
    }
}
