//! `braid tools`: the tools as an agent sees them.

use super::{Common, Done, Verdict, output};
use crate::app::App;
use crate::config::Env;
use crate::tools::Tool;
use crate::tools::catalog::Hidden;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::sync::Arc;
use toolgen::spec::OperationKind;

/// How the list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// For people, in a terminal.
    Text,
    /// For scripts.
    Json,
    /// For the README.
    Markdown,
}

impl Form {
    pub(super) fn of(json: bool, markdown: bool) -> Self {
        match (json, markdown) {
            (true, _) => Self::Json,
            (false, true) => Self::Markdown,
            (false, false) => Self::Text,
        }
    }
}

/// Lists the tools. In Markdown all of them, since a README does not depend on anyone's credentials.
pub(super) async fn run(common: &Common, form: Form) -> Done {
    let app = App::build(&common.selection(), &Env::of_process())
        .await
        .map_err(|error| error.to_string())?;
    let catalog = app.tools.catalog();
    match form {
        Form::Json => output::print_json(&Value::Array(catalog.listed().map(as_json).collect())),
        Form::Markdown => output::print(&table(catalog.all())),
        Form::Text => output::print(&list(catalog.all())),
    }
    Ok(Verdict::Well)
}

fn as_json(tool: &Arc<Tool>) -> Value {
    let spec = &tool.spec;
    json!({
        "name": spec.name,
        "group": spec.group,
        "description": spec.description,
        "annotations": spec.annotations,
        "inputSchema": spec.input_schema,
        "outputSchema": spec.output_schema,
    })
}

fn list<'a>(tools: impl Iterator<Item = &'a Arc<Tool>>) -> String {
    let mut text = String::new();
    for tool in tools {
        let arguments: Vec<_> = tool
            .spec
            .arguments
            .iter()
            .map(|argument| argument.name.as_str())
            .collect();
        let _infallible = write!(text, "{}({})", tool.spec.name, arguments.join(", "));
        let why = match &tool.hidden {
            None => String::new(),
            Some(Hidden::Group) => " [off: its group is not in --groups]".to_owned(),
            Some(Hidden::Write) => " [off: writes need --allow-writes]".to_owned(),
            Some(Hidden::BackendOff { backend, variables }) => {
                format!(" [off: {backend} needs {}]", variables.join(", "))
            }
        };
        let _infallible = writeln!(text, "{why}\n    {}", tool.spec.description);
    }
    text
}

fn table<'a>(tools: impl Iterator<Item = &'a Arc<Tool>>) -> String {
    let mut text = "| Tool | Arguments | What it does |\n| --- | --- | --- |\n".to_owned();
    for tool in tools {
        let arguments: Vec<_> = tool
            .spec
            .arguments
            .iter()
            .map(|argument| format!("`{}`{}", argument.name, if argument.required { "" } else { "?" }))
            .collect();
        let writes = if tool.spec.kind == OperationKind::Mutation {
            " *Writes.*"
        } else {
            ""
        };
        let _infallible = writeln!(
            text,
            "| `{}` | {} | {}{writes} |",
            tool.spec.name,
            arguments.join(" "),
            tool.spec.description.replace('\n', " ").replace('|', "\\|")
        );
    }
    text
}
