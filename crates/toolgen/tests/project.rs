//! Files that change: a change compiles again what it touches, and the result is that of compiling everything.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says so when something is wrong"
)]

#[path = "support/shipped.rs"]
mod support;

use std::sync::Arc;
use toolgen::{Diagnostic, Project, Source, ToolSpec};

const NAMED: &str = "fragment Named on Repository { name url }";

fn file(path: &str, text: &str) -> Source {
    Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

fn repository(stem: &str, fields: &str) -> Source {
    let text = format!(
        "\"\"\"A repository.\"\"\"\nquery Q($owner: String!, $name: String!) {{\n  github {{ repository(owner: $owner, name: $name) {{ {fields} }} }}\n}}\n"
    );
    file(&format!("queries/github/{stem}.graphql"), &text)
}

/// A file without fragments, one that uses a shared one, one that uses the same and a second; and the fragments.
fn files() -> Vec<Source> {
    vec![
        repository("plain", "name url"),
        repository("one", "...Named"),
        repository("two", "...Owned"),
        file("queries/fragments/named.graphql", NAMED),
        file(
            "queries/fragments/owned.graphql",
            "fragment Owned on Repository { ...Named owner { login } }",
        ),
    ]
}

fn changed(files: &[Source], path: &str, text: &str) -> Vec<Source> {
    let mut files: Vec<_> = files.iter().filter(|source| source.path != path).cloned().collect();
    files.push(file(path, text));
    files
}

/// How many files an update compiled. Whatever it compiled, the outcome is that of compiling all of them.
#[track_caller]
fn update(project: &mut Project, files: &[Source]) -> usize {
    project.update(&support::COMPILER, files.to_vec());
    let anew = support::COMPILER.compile(files);
    let mut found: Vec<Diagnostic> = project
        .outcomes()
        .flat_map(|outcome| outcome.diagnostics().cloned())
        .collect();
    found.sort();
    found.dedup();
    assert_eq!(found, anew.diagnostics);
    let mut tools: Vec<ToolSpec> = project
        .outcomes()
        .filter_map(|outcome| outcome.tool.map(|tool| ToolSpec::clone(tool)))
        .collect();
    tools.sort_by(|left, right| left.name.cmp(&right.name));
    assert_eq!(tools, anew.tools);
    project.compiled()
}

#[track_caller]
fn tool(project: &Project, stem: &str) -> Option<Arc<ToolSpec>> {
    let mut outcomes = project.outcomes();
    outcomes
        .find(|it| it.path.ends_with(&format!("/{stem}.graphql")))?
        .tool
        .cloned()
}

#[test]
fn a_change_compiles_one_file() {
    let mut project = Project::default();
    let files = files();
    assert_eq!(update(&mut project, &files), 3);
    assert_eq!(update(&mut project, &files), 0, "nothing changed");
    let (before, beside) = (tool(&project, "plain").unwrap(), tool(&project, "one").unwrap());
    let text = &repository("plain", "name forkCount").text;
    assert_eq!(
        update(&mut project, &changed(&files, "queries/github/plain.graphql", text)),
        1
    );
    assert_ne!(tool(&project, "plain").unwrap(), before);
    assert!(
        Arc::ptr_eq(&tool(&project, "one").unwrap(), &beside),
        "the others are the same still"
    );
}

#[test]
fn a_changed_fragment_compiles_the_files_that_reach_it() {
    let mut project = Project::default();
    let files = files();
    update(&mut project, &files);
    let owned = "queries/fragments/owned.graphql";
    let text = "fragment Owned on Repository { ...Named owner { login } forkCount }";
    assert_eq!(update(&mut project, &changed(&files, owned, text)), 1);
    let named = "queries/fragments/named.graphql";
    let text = "fragment Named on Repository { name url forkCount }";
    assert_eq!(update(&mut project, &changed(&files, named, text)), 2);
    assert_eq!(
        update(
            &mut project,
            &changed(&files, named, "fragment Named on Nothing { name }")
        ),
        2
    );
    assert!(tool(&project, "one").is_none() && tool(&project, "plain").is_some());
    // On another line: what is said about it must say so.
    assert_eq!(
        update(
            &mut project,
            &changed(&files, named, "\n\nfragment Named on Nothing { name }")
        ),
        2
    );
}

#[test]
fn a_fragment_that_comes_and_goes_is_noticed() {
    let mut project = Project::default();
    let files = files();
    let without: Vec<_> = files.iter().filter(|it| !it.path.contains("/named")).cloned().collect();
    update(&mut project, &without);
    assert!(tool(&project, "one").is_none());
    assert_eq!(update(&mut project, &files), 2);
    assert!(tool(&project, "one").is_some() && tool(&project, "two").is_some());
    assert_eq!(update(&mut project, &without), 2);
    // The names that could have been meant are part of what is said.
    assert_eq!(
        update(
            &mut project,
            &changed(
                &without,
                "queries/fragments/naming.graphql",
                "fragment Nam on Repository { name }"
            )
        ),
        2
    );
}

#[test]
fn a_namesake_takes_a_tool_away_and_gives_it_back() {
    let mut project = Project::default();
    let files = files();
    update(&mut project, &files);
    let mut both = files.clone();
    both.push(file("queries/a/one.graphql", &repository("one", "name url").text));
    assert_eq!(update(&mut project, &both), 1);
    let owner = |project: &Project| {
        let tools: Vec<_> = project.outcomes().filter_map(|it| it.tool.cloned()).collect();
        tools
            .into_iter()
            .find(|tool| tool.name == "one")
            .unwrap()
            .source
            .clone()
    };
    assert_eq!(owner(&project), "queries/a/one.graphql", "the first by path");
    assert_eq!(update(&mut project, &files), 0);
    assert_eq!(owner(&project), "queries/github/one.graphql");
}
