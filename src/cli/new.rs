//! `braid new`: a file to begin a tool with, drafted from the words of its name. It compiles as it is, so that the first
//! change is the first that can be wrong.

use super::{Common, Done, Verdict, output};
use crate::app::{self, Operations};
use crate::graph;
use crate::tools::embedded;
use crate::tools::explore::{Required, draft};
use serde_json::json;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use toolgen::{Diagnostic, Source};

/// What a tool of each group begins with where no field matches its name. A name that begins like none of them joins several
/// backends.
const GROUPS: [Template; 3] = [
    Template {
        group: "slack",
        text: include_str!("new/slack.graphql"),
        required: &["channel"],
    },
    Template {
        group: "github",
        text: include_str!("new/github.graphql"),
        required: &["owner", "name"],
    },
    Template {
        group: "datadog",
        text: include_str!("new/datadog.graphql"),
        required: &[],
    },
];
const JOINED: Template = Template {
    group: "joined",
    text: include_str!("new/joined.graphql"),
    required: &["channel"],
};

/// What the operation is called in these files.
const PLACEHOLDER: &str = "NewTool";

/// What every file begins with.
const HEAD: &str = "\
# The file's name is the tool's name, its folder the tool's group. The text below is what agents choose a tool by: say what
# comes back and when to use it. `braid check` shows the tool's cost; remove fields that no agent needs, since each is read.
";

struct Template {
    group: &'static str,
    text: &'static str,
    /// The arguments that must be given.
    required: &'static [&'static str],
}

/// The text of a file, and how its tool is called.
struct Start {
    text: String,
    required: Vec<Required>,
}

/// Writes the file; a name that the compiler would refuse, or that is taken, gives none.
pub(super) fn run(common: &Common, name: &str, folder: Option<&Path>) -> Done {
    let begins = |group: &str| name.strip_prefix(group).is_some_and(|rest| rest.starts_with('_'));
    let template = GROUPS
        .into_iter()
        .find(|template| begins(template.group))
        .unwrap_or(JOINED);
    let folder = folder.map_or_else(|| Path::new("queries").join(template.group), Path::to_owned);
    let path = folder.join(format!("{name}.graphql"));
    if let Some(refusal) = refused(name) {
        return Err(refusal);
    }
    let Start { text, required } = match drafted(name, &path, template.group) {
        Some(start) => start,
        None => template.start(name, &path)?,
    };
    write(&folder, &path, &text).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => format!("{} is there already, and stays as it is", path.display()),
        _ => format!("{} cannot be written: {error}", path.display()),
    })?;
    let shown = path.display().to_string();
    if common.json {
        output::print_json(&json!({ "path": shown }));
    } else {
        output::print(&next_steps(name, &path, &required));
    }
    Ok(Verdict::Well)
}

impl Template {
    /// The file with this name; what the compiler says of it is what is wrong with the name.
    fn start(&self, name: &str, path: &Path) -> Result<Start, String> {
        let text = format!("{HEAD}{}", self.text.replace(PLACEHOLDER, &operation(name)));
        let errors = errors(path, &text);
        if !errors.is_empty() {
            return Err(errors.join("\n"));
        }
        let required = self.required.iter().map(|name| Required {
            variable: (*name).to_owned(),
            argument: (*name).to_owned(),
        });
        Ok(Start {
            text,
            required: required.collect(),
        })
    }
}

/// Why there cannot be a new tool of this name, whatever is in its file.
fn refused(name: &str) -> Option<String> {
    let taken = embedded::tools().ok()?.into_iter().any(|tool| tool.name == name);
    if taken {
        return Some(format!(
            "there is a tool called `{name}` already: give this one another name"
        ));
    }
    // One that has a folder in it would be written somewhere else than it says.
    (Path::new(name).components().count() != 1)
        .then(|| format!("`{name}` is a path: give the tool's name, and the folder behind it"))
}

fn errors(path: &Path, text: &str) -> Vec<String> {
    let source = Source {
        path: path.display().to_string(),
        text: text.to_owned(),
    };
    let compiled = Operations::of(source).compile();
    compiled.errors().map(Diagnostic::render).collect()
}

/// What the words of the name lead to in the schema, if it compiles and can be called with values of the sandbox.
fn drafted(name: &str, path: &Path, group: &str) -> Option<Start> {
    let words = name.strip_prefix(group).unwrap_or(name).replace('_', " ");
    let draft = draft(&graph::sdl(&graph::builder().finish()), &operation(name), group, &words)?;
    let text = format!("{HEAD}{}", draft.text);
    let is_callable = draft
        .required
        .iter()
        .all(|required| app::example(&required.argument).is_some());
    (is_callable && errors(path, &text).is_empty()).then_some(Start {
        text,
        required: draft.required,
    })
}

/// Never over a file that is there, also if it comes at this very moment.
fn write(folder: &Path, path: &PathBuf, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// `--queries` gets the file and not its folder, where tools may stand that are built in already. The values are the
/// sandbox's, so that the line runs as it is.
fn next_steps(name: &str, path: &Path, required: &[Required]) -> String {
    let path = path.display();
    let values = required.iter().filter_map(|Required { variable, argument }| {
        let value = app::example(argument)?;
        Some(format!(" {variable}={value}"))
    });
    let values: String = values.collect();
    format!(
        "{path}\n\nChange it, then:\n  braid check {path}\n  braid call {name}{values} --queries {path} --sandbox\n\n\
         All fields: `braid schema`, or GraphiQL, which `braid serve` has at /graphiql."
    )
}

/// `github_list_issues`: `GithubListIssues`.
fn operation(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.map(output::capitalised).collect()
}
