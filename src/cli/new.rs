//! `braid new`: a file to begin a tool with. It compiles as it is, so that the first change is the first that can be wrong.

use super::{Common, Done, Verdict, output};
use crate::app::Operations;
use crate::tools::embedded;
use serde_json::json;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use toolgen::{Diagnostic, Source};

/// What a tool of each group begins with. A name that begins like none of them joins several backends.
const GROUPS: [(&str, &str); 3] = [
    ("slack", include_str!("new/slack.graphql")),
    ("github", include_str!("new/github.graphql")),
    ("datadog", include_str!("new/datadog.graphql")),
];
const JOINED: (&str, &str) = ("joined", include_str!("new/joined.graphql"));

/// What the operation is called in these files.
const PLACEHOLDER: &str = "NewTool";

/// Writes the file; a name that the compiler would refuse, or that is taken, gives none.
pub(super) fn run(common: &Common, name: &str, folder: Option<&Path>) -> Done {
    let begins = |group: &str| name.strip_prefix(group).is_some_and(|rest| rest.starts_with('_'));
    let (group, text) = GROUPS.into_iter().find(|(group, _)| begins(group)).unwrap_or(JOINED);
    let folder = folder.map_or_else(|| Path::new("queries").join(group), Path::to_owned);
    let path = folder.join(format!("{name}.graphql"));
    let text = text.replace(PLACEHOLDER, &operation(name));
    if let Some(refusal) = refused(name, &path, &text) {
        return Err(refusal);
    }
    write(&folder, &path, &text).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => format!("{} is there already, and stays as it is", path.display()),
        _ => format!("{} cannot be written: {error}", path.display()),
    })?;
    let shown = path.display().to_string();
    if common.json {
        output::print_json(&json!({ "path": shown }));
    } else {
        output::print(&next_steps(name, &path));
    }
    Ok(Verdict::Well)
}

/// What is wrong with the name, in the compiler's own words.
fn refused(name: &str, path: &Path, text: &str) -> Option<String> {
    let taken = embedded::tools().ok()?.into_iter().any(|tool| tool.name == name);
    if taken {
        return Some(format!(
            "there is a tool called `{name}` already: give this one another name"
        ));
    }
    // One that has a folder in it would be written somewhere else than it says.
    if Path::new(name).components().count() != 1 {
        return Some(format!(
            "`{name}` is a path: give the tool's name, and the folder behind it"
        ));
    }
    let source = Source {
        path: path.display().to_string(),
        text: text.to_owned(),
    };
    let compiled = Operations::of(source).compile();
    let errors: Vec<_> = compiled.errors().map(Diagnostic::render).collect();
    (!errors.is_empty()).then(|| errors.join("\n"))
}

/// Never over a file that is there, also if it comes at this very moment.
fn write(folder: &Path, path: &PathBuf, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// `--queries` gets the file and not its folder, where tools may stand that are built in already.
fn next_steps(name: &str, path: &Path) -> String {
    let path = path.display();
    format!(
        "{path}\n\nChange it, then:\n  braid check {path}\n  braid call {name} --queries {path} --sandbox key=value\n\n\
         What can be asked for: `braid schema`, or GraphiQL, which `braid serve` has at /graphiql."
    )
}

/// `github_list_issues`: `GithubListIssues`.
fn operation(name: &str) -> String {
    let capitalised = |word: &str| {
        let mut characters = word.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(characters).collect::<String>()
    };
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    words.map(capitalised).collect()
}
