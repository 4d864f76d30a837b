//! `braid check`: what is wrong with operation files, or what they become.

use super::{Common, Done, Verdict, output, price};
use crate::app::{Operations, clash, is_taken, within_budget};
use crate::tools::embedded;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use toolgen::spec::Argument;
use toolgen::{Compilation, Severity, ToolSpec};

/// Where the built-in operations are in a checkout; a binary alone has them inside, already checked.
const BUILT_IN: &str = "queries";

/// Compiles and reports.
pub(super) fn run(common: &Common, paths: &[PathBuf]) -> Done {
    let mut operations = Operations::default();
    let built_in = Path::new(BUILT_IN).is_dir().then(|| PathBuf::from(BUILT_IN));
    let defaults = built_in.iter().chain(&common.queries);
    let chosen: Vec<_> = if paths.is_empty() {
        defaults.collect()
    } else {
        paths.iter().collect()
    };
    for path in chosen {
        operations
            .read(path)
            .and_then(|()| operations.read_fragments_of(path))
            .map_err(|error| error.to_string().replace("--queries: ", ""))?;
    }
    let mut compilation = operations.compile();
    // Fragments that were read for the sake of a file are not what was asked about, unless they are broken.
    compilation.diagnostics.retain(|found| {
        let is_chosen = |path: &PathBuf| Path::new(&found.path).starts_with(path);
        paths.is_empty() || found.severity == Severity::Error || paths.iter().any(is_chosen)
    });
    if paths.is_empty() {
        let all = std::mem::take(&mut compilation.tools);
        let (mut tools, added): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|tool| Path::new(&tool.source).starts_with(BUILT_IN));
        // Outside a checkout, what is built in was checked when the binary was made.
        if built_in.is_none() {
            tools = embedded::tools().map_err(|error| error.to_string())?;
        }
        let clashes = added
            .iter()
            .filter(|tool| is_taken(&tool.name, tools.iter().map(|known| known.name.as_str())))
            .map(clash);
        compilation.diagnostics.extend(clashes);
        tools.extend(added);
        tools.sort_by(|left, right| left.name.cmp(&right.name));
        compilation.tools = tools;
    }
    if !paths.is_empty() {
        // As a server that is given the folder says it; an empty table is a binary that serves nothing.
        let built_in = embedded::tools().unwrap_or_default();
        let names = || built_in.iter().map(|tool| tool.name.as_str());
        let is_clash = |tool: &&ToolSpec| is_taken(&tool.name, names()) && !is_of_checkout(&tool.source);
        let clashes: Vec<_> = compilation.tools.iter().filter(is_clash).map(clash).collect();
        compilation.diagnostics.extend(clashes);
    }
    within_budget(&mut compilation, common.config.as_deref()).map_err(|error| error.to_string())?;
    if common.json {
        output::print_json(&json!({ "diagnostics": compilation.diagnostics, "tools": compilation.tools }));
    } else {
        output::print(&report(&compilation));
    }
    Ok(if compilation.errors().next().is_some() {
        Verdict::Fault
    } else {
        Verdict::Well
    })
}

/// Whether a file is of a checkout's own `queries/`, which the schema stands beside: what is built in is made from it.
fn is_of_checkout(source: &str) -> bool {
    let Ok(file) = std::path::absolute(source) else {
        return false;
    };
    let queries = file.ancestors().nth(2);
    let root = queries
        .filter(|queries| queries.ends_with(BUILT_IN))
        .and_then(Path::parent);
    root.is_some_and(|root| root.join("schema/braid.graphql").is_file())
}

fn report(compilation: &Compilation) -> String {
    let mut text = String::new();
    let (notes, findings): (Vec<_>, Vec<_>) = compilation
        .diagnostics
        .iter()
        .partition(|found| found.severity == Severity::Note);
    for finding in &findings {
        let _infallible = writeln!(text, "{}\n", output::finding(finding));
    }
    for tool in &compilation.tools {
        let arguments: Vec<_> = tool.arguments.iter().map(shown).collect();
        let _infallible = writeln!(
            text,
            "{}({})",
            output::styled(output::NAME, &tool.name),
            arguments.join(", ")
        );
        let _infallible = writeln!(text, "    {}", price::whole(&tool.cost));
        if !tool.scopes.is_empty() {
            let _infallible = writeln!(text, "    needs {}", scopes(&tool.scopes));
        }
        // All of one file on one line: they are for whoever is about to add a field, and drown the rest otherwise.
        let places: Vec<_> = notes
            .iter()
            .filter(|note| note.path == tool.source)
            .map(|note| note.line)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|line| line.to_string())
            .collect();
        if !places.is_empty() {
            let lines = if places.len() == 1 { "line" } else { "lines" };
            let _infallible = writeln!(
                text,
                "    {lines} {}: selected for one field, and replaced by it; a second field there changes the result's shape",
                places.join(", ")
            );
        }
    }
    let count = |wanted| findings.iter().filter(|found| found.severity == wanted).count();
    let of = |severity, style, what| match count(severity) {
        0 => counted(0, what),
        some => output::styled(style, counted(some, what)),
    };
    let counts = [
        counted(compilation.tools.len(), "tool"),
        of(Severity::Error, output::BAD, "error"),
        of(Severity::Warning, output::DOUBTFUL, "warning"),
    ];
    text.push_str(&counts.join(", "));
    text
}

fn counted(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

fn shown(argument: &Argument) -> String {
    if argument.required {
        argument.name.clone()
    } else {
        format!("[{}]", argument.name)
    }
}

fn scopes(by_backend: &BTreeMap<String, Vec<String>>) -> String {
    let each: Vec<_> = by_backend
        .iter()
        .map(|(backend, names)| format!("{backend}: {}", names.join(" ")))
        .collect();
    each.join("; ")
}
