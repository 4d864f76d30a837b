//! The README is true: its table, its example, its commands, its variables.

use super::support::Setup;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Set, what stands between the markers is written in place of being compared.
const REFRESH: &str = "BRAID_REFRESH_README";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// Compares what stands between `<!-- name -->` and `<!-- /name -->`, or writes it.
fn holds(name: &str, expected: &str) {
    let (readme, open, close) = (readme(), format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = readme.split_once(&open).expect("the opening marker");
    let (found, after) = rest.split_once(&close).expect("the closing marker");
    if std::env::var_os(REFRESH).is_some() {
        let new = format!("{before}{open}{expected}{close}{after}");
        std::fs::write(root().join("README.md"), new).unwrap();
    } else {
        assert_eq!(
            found.trim(),
            expected.trim(),
            "write it with: {REFRESH}=1 cargo test --test promises readme -- --test-threads 1"
        );
    }
}

/// The commands in the README's shell blocks, without prompts and comments.
fn commands() -> Vec<String> {
    let readme = readme();
    let blocks = readme
        .split("```sh\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let lines = blocks
        .flat_map(str::lines)
        .map(|line| line.split(" #").next().unwrap_or_default().trim());
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// The arguments that a command gives to Braid, if it does.
fn of_braid(command: &str) -> Option<Vec<&str>> {
    let rest = command.strip_prefix("braid ").or_else(|| {
        command
            .split_once(" -- ")
            .filter(|(run, _)| run.starts_with("cargo run"))
            .map(|(_, rest)| rest)
    })?;
    Some(rest.split_whitespace().collect())
}

#[tokio::test]
async fn the_table_lists_the_tools() {
    let table = Setup::new().await.run(&["tools", "--markdown"]).await;
    assert_eq!(table.code, Some(0), "{}", table.stderr);
    holds("tools", &table.stdout);
}

#[tokio::test]
async fn the_example_is_what_comes_out() {
    let commands = commands();
    let example = commands
        .iter()
        .find(|command| command.contains("call monitor_context"))
        .expect("the example's command");
    let run = Setup::new().await.run(&of_braid(example).unwrap()).await;
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    holds("example", &format!("```json\n{}```\n", run.stdout));
}

#[tokio::test]
async fn every_command_exists() {
    let setup = Setup::new().await;
    let commands = commands();
    assert!(
        commands.iter().any(|command| command.starts_with("cargo test")),
        "how to run the tests"
    );
    let mut checked = 0;
    for command in &commands {
        let Some(arguments) = of_braid(command) else { continue };
        checked += 1;
        let help = setup.run(&[&arguments[..1], &["--help"]].concat()).await;
        assert_eq!(help.code, Some(0), "{command}: {}", help.stderr);
        for flag in arguments.iter().filter(|argument| argument.starts_with("--")) {
            let flag = flag.split('=').next().unwrap();
            assert!(help.stdout.contains(flag), "{command}: there is no {flag}");
        }
        if arguments[0] == "call" {
            let run = setup.run(&arguments).await;
            assert_eq!(run.code, Some(0), "{command}: {}{}", run.stdout, run.stderr);
        }
    }
    assert!(checked > 0, "the README shows how to use it");
}

/// What is shown for editors is JSON, and starts a command that exists.
#[tokio::test]
async fn the_editors_configuration_works() {
    let readme = readme();
    let blocks = readme
        .split("```json\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next());
    let servers: Vec<Value> = blocks
        .map(|block| serde_json::from_str::<Value>(block).unwrap_or_else(|error| panic!("{error} in {block}")))
        .filter_map(|block| block.get("servers").or(block.get("mcpServers")).cloned())
        .collect();
    assert_eq!(servers.len(), 2, ".vscode/mcp.json and .mcp.json");
    for server in servers {
        for server in server.as_object().unwrap().values() {
            let Some(arguments) = server["args"].as_array() else {
                continue;
            };
            let arguments: Vec<_> = arguments.iter().map(|argument| argument.as_str().unwrap()).collect();
            assert_eq!(server["command"], "braid");
            let run = Setup::new().await.run(&arguments).await;
            assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
        }
    }
}

/// Words such as `SLACK_BOT_TOKEN` in the documents stand in the code too.
#[test]
fn every_variable_exists() {
    let mut sources = String::new();
    for folder in ["src", "tests", "build.rs", "crates"] {
        read(&root().join(folder), &mut sources);
    }
    for document in ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "BENCHMARKS.md"] {
        let Ok(text) = std::fs::read_to_string(root().join(document)) else {
            continue;
        };
        for variable in variables(&text) {
            let stem = variable.strip_suffix("_FILE").unwrap_or(&variable);
            assert!(sources.contains(stem), "{document}: nothing reads {variable}");
        }
    }
}

fn variables(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let prefixes = ["BRAID_", "SLACK_", "GITHUB_", "DATADOG_"];
    words
        .filter(|word| prefixes.iter().any(|prefix| word.starts_with(prefix)))
        .map(str::to_owned)
        .collect()
}

fn read(path: &PathBuf, into: &mut String) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap() {
            read(&entry.unwrap().path(), into);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        into.push_str(&std::fs::read_to_string(path).unwrap());
    }
}
