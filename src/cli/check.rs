//! `braid check`: what is wrong with operation files, or what they become.

use super::{Common, Done, Verdict, output};
use crate::app::Operations;
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use toolgen::{Compilation, Severity};

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
    if chosen.is_empty() {
        return Err("nothing to check: name files or folders, or run it where `queries/` is".to_owned());
    }
    for path in chosen {
        operations
            .read(path)
            .map_err(|error| error.to_string().replace("--queries: ", ""))?;
    }
    let compilation = operations.compile();
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

fn report(compilation: &Compilation) -> String {
    let mut text = String::new();
    for diagnostic in &compilation.diagnostics {
        let _infallible = writeln!(text, "{}\n", diagnostic.render().trim_end());
    }
    for tool in &compilation.tools {
        let arguments: Vec<_> = tool
            .arguments
            .iter()
            .map(|argument| {
                if argument.required {
                    argument.name.clone()
                } else {
                    format!("[{}]", argument.name)
                }
            })
            .collect();
        let _infallible = writeln!(text, "{:<28} {}", tool.name, arguments.join(" "));
    }
    let count = |wanted| {
        compilation
            .diagnostics
            .iter()
            .filter(|found| found.severity == wanted)
            .count()
    };
    let _infallible = write!(
        text,
        "{} tools, {} errors, {} warnings",
        compilation.tools.len(),
        count(Severity::Error),
        count(Severity::Warning)
    );
    text
}
