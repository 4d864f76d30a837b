//! What becomes of tools while their files come, change, break and go.

use super::*;
use crate::graph;
use std::fs;
use tempfile::TempDir;

struct Scene {
    folder: TempDir,
    dropped_in: DroppedIn,
}

fn monitor(fields: &str) -> String {
    format!("\"\"\"A monitor.\"\"\"\nquery Monitor($id: ID!) {{ datadog {{ monitor(id: $id) {{ {fields} }} }} }}\n")
}

fn scene(files: &[(&str, &str)]) -> Scene {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        write(&folder, name, text);
    }
    let built_in = crate::tools::embedded::tools().unwrap();
    let dropped_in = DroppedIn::open(Params {
        roots: vec![folder.path().to_owned()],
        schema: &graph::builder().finish(),
        budget: Budget {
            result_tokens: Some(50_000),
            ..Budget::default()
        },
        built_in: built_in.into_iter().map(Arc::new).collect(),
    });
    Scene {
        folder,
        dropped_in: dropped_in.unwrap_or_else(|error| panic!("{error}")),
    }
}

fn write(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

impl Scene {
    fn write(&mut self, name: &str, text: &str) -> Vec<String> {
        write(&self.folder, name, text);
        self.look()
    }

    fn remove(&mut self, name: &str) -> Vec<String> {
        fs::remove_file(self.folder.path().join(name)).unwrap();
        self.look()
    }

    /// What is said, without the folder's own path.
    fn look(&mut self) -> Vec<String> {
        let root = format!("{}/", self.folder.path().display());
        let news = self.dropped_in.look().unwrap_or_default();
        news.iter().map(|line| line.replace(&root, "")).collect()
    }

    fn tools(&self) -> Vec<&str> {
        self.dropped_in
            .state
            .tools
            .iter()
            .map(|tool| tool.name.as_str())
            .collect()
    }

    fn document(&self, name: &str) -> &str {
        let tool = self.dropped_in.state.tools.iter().find(|tool| tool.name == name);
        &tool.unwrap().document
    }

    fn faults(&self) -> usize {
        self.dropped_in.state.faults.len()
    }
}

#[test]
fn a_bad_file_keeps_its_last_good_tool_and_is_told_once() {
    let mut scene = scene(&[("datadog/state.graphql", &monitor("name state"))]);
    let told = scene.write("datadog/state.graphql", &monitor("name stat"));
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].starts_with("datadog/state.graphql:2:61: error:"), "{}", told[0]);
    assert_eq!(told[1], "datadog/state.graphql: `state` stays as it was");
    assert!(scene.document("state").contains("state"), "{}", scene.document("state"));
    assert_eq!((scene.tools(), scene.faults()), (vec!["state"], 1));
    assert!(scene.look().is_empty(), "once");

    let told = scene.write("datadog/state.graphql", &monitor("name url"));
    assert_eq!(
        told,
        [
            "datadog/state.graphql: `state` has changed",
            "datadog/state.graphql: no errors any more"
        ]
    );
    assert!(scene.document("state").contains("url"));
    assert_eq!(scene.faults(), 0);
}

#[test]
fn a_bad_file_that_goes_takes_its_last_good_tool_with_it() {
    let mut scene = scene(&[("datadog/state.graphql", &monitor("name state"))]);
    scene.write("datadog/state.graphql", "query {");
    assert_eq!(scene.tools(), ["state"]);
    let told = scene.remove("datadog/state.graphql");
    assert_eq!(
        told,
        [
            "datadog/state.graphql: `state` is no tool any more",
            "datadog/state.graphql: no errors any more"
        ]
    );
    assert!(scene.tools().is_empty() && scene.faults() == 0);
}

#[test]
fn a_file_that_was_never_good_takes_nothing_away() {
    let mut scene = scene(&[
        ("datadog/bad.graphql", &monitor("nme")),
        ("datadog/state.graphql", &monitor("name state")),
    ]);
    assert_eq!((scene.tools(), scene.faults()), (vec!["state"], 1));
    let told = scene.write("datadog/bad.graphql", &monitor("name url"));
    assert_eq!(
        told,
        [
            "datadog/bad.graphql: `bad` is a tool now",
            "datadog/bad.graphql: no errors any more"
        ]
    );
}

#[test]
fn a_broken_fragment_keeps_the_tools_that_use_it() {
    let mut scene = scene(&[
        ("datadog/state.graphql", &monitor("...Named")),
        (
            "fragments/named.graphql",
            "fragment Named on DatadogMonitor { name state }",
        ),
    ]);
    assert_eq!(scene.tools(), ["state"]);
    scene.write(
        "fragments/named.graphql",
        "fragment Named on DatadogMonitor { nme state }",
    );
    assert_eq!(scene.tools(), ["state"]);
    assert!(scene.document("state").contains("name"));
    scene.remove("fragments/named.graphql");
    assert_eq!(scene.tools(), ["state"]);
    scene.write(
        "fragments/named.graphql",
        "fragment Named on DatadogMonitor { name url }",
    );
    assert!(scene.document("state").contains("url"));
    assert_eq!(scene.faults(), 0);
}

#[test]
fn a_built_in_name_is_taken() {
    let mut scene = scene(&[("more/github_get_repo.graphql", &monitor("name url"))]);
    assert!(scene.tools().is_empty());
    assert!(scene.dropped_in.state.faults[0].message.contains("a built-in tool"));
    assert_eq!(scene.dropped_in.all_tools().len(), scene.dropped_in.built_in.len());
    scene.remove("more/github_get_repo.graphql");
    assert_eq!(scene.faults(), 0);
}

#[test]
fn a_right_file_of_the_name_takes_over_from_a_bad_one() {
    let mut scene = scene(&[("b/state.graphql", &monitor("name state"))]);
    scene.write("b/state.graphql", "query {");
    scene.write("a/state.graphql", &monitor("name url"));
    assert!(scene.document("state").contains("url"));
    assert_eq!(scene.tools(), ["state"], "one of the name");
}

#[test]
fn a_folder_that_is_not_there_at_the_start_was_mistyped() {
    let missing = DroppedIn::open(Params {
        roots: vec!["no/such/folder".into()],
        schema: &graph::builder().finish(),
        budget: Budget {
            result_tokens: Some(50_000),
            ..Budget::default()
        },
        built_in: vec![],
    });
    assert!(
        missing
            .err()
            .unwrap()
            .to_string()
            .starts_with("--queries: no/such/folder: ")
    );
}

#[test]
fn a_file_over_the_budget_is_bad() {
    let mut scene = scene(&[("datadog/state.graphql", &monitor("name state"))]);
    scene.dropped_in.budget.result_tokens = Some(20);
    scene.write("datadog/state.graphql", &monitor("name state message url"));
    assert!(!scene.document("state").contains("message"));
    assert!(scene.dropped_in.state.faults[0].message.contains("the budget is 20"));
}

#[test]
fn many_tools_at_once_are_one_line() {
    let mut scene = scene(&[("datadog/state.graphql", &monitor("name state"))]);
    for index in 10..30 {
        write(
            &scene.folder,
            &format!("more/state_{index}.graphql"),
            &monitor("name url"),
        );
    }
    assert_eq!(scene.look(), ["20 tools, `state_10` to `state_29`, are tools now"]);
    fs::remove_dir_all(scene.folder.path().join("more")).unwrap();
    assert_eq!(
        scene.look(),
        ["20 tools, `state_10` to `state_29`, are no tools any more"]
    );
}

/// What is GraphQL and the executor does not run: nested deeper than it goes.
fn unreadable() -> String {
    let (open, close) = ("... { ".repeat(40), "} ".repeat(40));
    format!("\"\"\"Deep.\"\"\"\nquery Deep {{ slack {{ {open} user(id: 1) {{ id name }} {close} }} }}\n")
}

#[test]
fn what_the_executor_cannot_read_is_a_fault_of_its_file() {
    let mut scene = scene(&[
        ("slack/deep.graphql", &unreadable()),
        ("datadog/state.graphql", &monitor("name state")),
    ]);
    assert_eq!((scene.tools(), scene.faults()), (vec!["state"], 1));
    let fault = &scene.dropped_in.state.faults[0];
    assert!(
        fault.path.ends_with("slack/deep.graphql") && fault.message.contains("nested deeper than 32 levels"),
        "{fault:?}"
    );
    scene.write("datadog/state.graphql", &unreadable());
    assert!(scene.document("state").contains("monitor"), "the last good one");
    assert_eq!((scene.tools(), scene.faults()), (vec!["state"], 2));
    scene.remove("slack/deep.graphql");
    scene.write("datadog/state.graphql", &monitor("name url"));
    assert_eq!((scene.tools(), scene.faults()), (vec!["state"], 0));
}

#[test]
fn the_names_of_the_exploring_tools_are_taken_too() {
    let scene = scene(&[("more/run_query.graphql", &monitor("name url"))]);
    assert_eq!((scene.tools().len(), scene.faults()), (0, 1));
}

#[test]
fn one_file_and_one_group_have_the_fragments_beside_them() {
    let folder = TempDir::new().unwrap();
    write(&folder, "datadog/state.graphql", &monitor("...Named"));
    write(
        &folder,
        "fragments/named.graphql",
        "fragment Named on DatadogMonitor { name state }",
    );
    for root in ["datadog", "datadog/state.graphql", "."] {
        let dropped_in = DroppedIn::open(Params {
            roots: vec![folder.path().join(root)],
            schema: &graph::builder().finish(),
            budget: Budget::default(),
            built_in: vec![],
        });
        let state = dropped_in.unwrap_or_else(|error| panic!("{error}")).state;
        assert_eq!((state.tools.len(), state.faults), (1, vec![]), "{root}");
    }
}
