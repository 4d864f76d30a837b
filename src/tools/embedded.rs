//! The tools and prompts that were compiled into the binary, and the rules they were compiled by.

use crate::graph::scalars;
use toolgen::prompt::PromptSpec;
use toolgen::{Options, ToolSpec};

/// The table that build.rs wrote.
static TABLE: &str = include_str!(concat!(env!("OUT_DIR"), "/tools.json"));

/// The prompts that build.rs read.
static PROMPTS: &str = include_str!(concat!(env!("OUT_DIR"), "/prompts.json"));

/// The unified schema as it is exported: a test compares it with the code.
pub static SCHEMA: &str = include_str!("../../schema/braid.graphql");

/// Why the binary carries no tools. It must not serve then.
#[derive(Debug, thiserror::Error)]
pub enum NoTools {
    /// It was built with `BRAID_REFRESH_SCHEMA` set.
    #[error("this binary was built with BRAID_REFRESH_SCHEMA set, to export the schema only: build it again without")]
    Placeholder,
    /// The table is not what this version reads.
    #[error("a table in this binary cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

/// The tools, by name.
pub fn tools() -> Result<Vec<ToolSpec>, NoTools> {
    let tools: Vec<ToolSpec> = serde_json::from_str(TABLE)?;
    if tools.is_empty() {
        Err(NoTools::Placeholder)
    } else {
        Ok(tools)
    }
}

/// The prompts, by name.
pub fn prompts() -> Result<Vec<PromptSpec>, NoTools> {
    Ok(serde_json::from_str(PROMPTS)?)
}

/// What build.rs told the compiler: files that are dropped in while the server runs are compiled by the same rules. Beside
/// them, what only the code knows: which texts are times.
pub fn options() -> Options {
    Options {
        weights: include_str!("../../schema/weights.graphql").to_owned(),
        forms: scalars::FORMS.map(|(name, form)| (name.to_owned(), form)).into(),
        ..Options::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::catalog::Document;
    use toolgen::{Compiler, Source};

    /// build.rs cannot ask the code what a time is.
    #[test]
    fn the_tools_are_right_by_these_rules_too() {
        let compiler = Compiler::new(SCHEMA, options()).unwrap();
        let sources = tools().unwrap().into_iter().map(|tool| Source {
            path: tool.source,
            text: tool.text,
        });
        let found = compiler.compile(&sources.collect::<Vec<_>>());
        let errors: Vec<_> = found.errors().map(toolgen::Diagnostic::render).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }

    #[test]
    fn the_executor_reads_all_of_them() {
        for tool in tools().unwrap() {
            Document::default().of(&tool).unwrap();
        }
    }

    #[test]
    fn a_time_that_is_none_is_found_when_a_file_is_compiled() {
        let compiler = Compiler::new(SCHEMA, options()).unwrap();
        let metrics = "{ datadog { metrics(query: \"q\", from: $f) { from to } } }";
        let errors = |text: String| {
            let path = "datadog/times.graphql".to_owned();
            let found = compiler.compile(&[Source { path, text }]);
            let errors = found
                .errors()
                .map(|error| format!("{} {}", error.column, error.message));
            errors.collect::<Vec<_>>().join("\n")
        };
        for (text, place) in [
            (
                format!("\"A.\" query A(\"F.\" $f: Time! = \"yesterday-ish\") {metrics}"),
                31,
            ),
            (
                format!("\"A.\" query A(\"F.\" $f: Time! @example(value: \"yesterday-ish\")) {metrics}"),
                45,
            ),
            (
                format!("\"A.\" query A($f: Time! @fixed(value: \"yesterday-ish\")) {metrics}"),
                38,
            ),
            (
                format!("\"A.\" query A {}", metrics.replace("$f", "\"yesterday-ish\"")),
                52,
            ),
        ] {
            let found = errors(text.clone());
            assert!(
                found.starts_with(&format!("{place} `yesterday-ish` is no time")),
                "{text}: {found}"
            );
        }
        let right = format!("\"A.\" query A(\"F.\" $f: Time! = 1795170600 @example(value: \"now-7d\")) {metrics}");
        assert_eq!(errors(right), "");
    }
}
