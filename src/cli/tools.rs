//! `braid tools`: the tools there are, and one as an agent sees it.

use super::output::{ASIDE, DOUBTFUL, GOOD, NAME, styled};
use super::{Common, Done, Verdict, output, price};
use crate::app::App;
use crate::config::Env;
use crate::mcp;
use crate::tools::catalog::Hidden;
use crate::tools::{Results, Tool, problems};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use toolgen::ToolSpec;
use toolgen::spec::{Cost, OperationKind};

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
        Form::Json => {
            let listed = catalog.listed().map(|tool| as_json(tool, app.tools.results()));
            output::print_json(&Value::Array(listed.collect()));
        }
        Form::Markdown => output::print(&table(catalog.all())),
        Form::Text => output::print(&list(catalog.all())),
    }
    Ok(Verdict::Well)
}

/// Prints one tool exactly as an agent gets it in the list.
pub(super) async fn show(common: &Common, name: &str) -> Done {
    let app = App::build(&common.selection(), &Env::of_process())
        .await
        .map_err(|error| error.to_string())?;
    let catalog = app.tools.catalog();
    let Some(tool) = catalog.find(name) else {
        return Err(problems::unknown_tool(name, &catalog));
    };
    if let Some(why) = problems::hidden(tool) {
        output::remark(&format!("No agent sees it: {why}"));
    }
    output::print_json(&mcp::listed(tool, app.tools.results()));
    Ok(Verdict::Well)
}

/// As agents see it, and what they do not.
fn as_json(tool: &Arc<Tool>, results: Results) -> Value {
    let mut listed = mcp::listed(tool, results);
    let cost = Cost {
        origins: BTreeMap::new(),
        ..tool.spec.cost.clone()
    };
    if let Some(fields) = listed.as_object_mut() {
        fields.insert("group".to_owned(), tool.spec.group.as_str().into());
        fields.insert("cost".to_owned(), json!(cost));
    }
    listed
}

fn list<'a>(tools: impl Iterator<Item = &'a Arc<Tool>>) -> String {
    let mut groups: BTreeMap<&str, Vec<&Tool>> = BTreeMap::new();
    for tool in tools {
        groups.entry(&tool.spec.group).or_default().push(tool);
    }
    let mut text = String::new();
    for (group, tools) in groups {
        let _infallible = writeln!(text, "{}", styled(NAME, group));
        for tool in tools {
            text.push_str(&entry(tool));
        }
    }
    text
}

fn entry(tool: &Tool) -> String {
    let spec = &tool.spec;
    let arguments: Vec<_> = spec
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
    let state = match tool.hidden {
        None => styled(GOOD, "on "),
        Some(_) => styled(DOUBTFUL, "off"),
    };
    let mut text = format!(
        "  {state} {}({})\n      {}\n      {}\n",
        styled(NAME, &spec.name),
        arguments.join(", "),
        first_sentence(&spec.description),
        styled(ASIDE, price::brief(&spec.cost)),
    );
    for reason in tool.hidden.iter().chain(&tool.further) {
        let _infallible = writeln!(text, "      {}", styled(DOUBTFUL, why(spec, reason)));
    }
    text
}

fn why(spec: &ToolSpec, reason: &Hidden) -> String {
    match reason {
        Hidden::Group => format!("off: --groups does not name `{}`", spec.group),
        Hidden::Write => format!("off: it writes, and is allowed by `--allow-writes {}`", spec.name),
        Hidden::BackendOff { backend, variables } => {
            format!("off: {backend} has no credentials, set {}", variables.join(" and "))
        }
    }
}

/// One line of what a tool does.
fn first_sentence(description: &str) -> String {
    let line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.find(". ") {
        Some(end) => line.get(..=end).unwrap_or(&line).to_owned(),
        None => line,
    }
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
