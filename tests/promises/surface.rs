//! What agents rely on does not break unseen: the tools are compared with those of the last release.
//!
//! `tests/surface/<version>.json` is what a release listed. It is written when one is made:
//!
//! ```sh
//! BRAID_RECORD_SURFACE=1 cargo test --test promises surface
//! ```

mod compare;

use super::support::{Era, Setup, Stdio};
use compare::{Break, breaks};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Set, the record of this version is written in place of being compared with.
const RECORD: &str = "BRAID_RECORD_SURFACE";

/// What a line of the changelog that owns up to a break begins with.
const OWNED_UP: &str = "- Breaking:";

#[tokio::test]
async fn what_breaks_is_in_the_changelog() {
    let now = surface().await;
    let folder = root().join("tests/surface");
    if std::env::var_os(RECORD).is_some() {
        let file = folder.join(format!("{}.json", env!("CARGO_PKG_VERSION")));
        std::fs::write(file, format!("{now:#}\n")).unwrap();
        return;
    }
    let record = last_release(&folder);
    let before: Value = serde_json::from_str(&std::fs::read_to_string(&record).unwrap()).unwrap();
    let changelog = std::fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let silent: Vec<_> = breaks(&before, &now)
        .into_iter()
        .filter(|found| !is_owned_up_to(found, &changelog))
        .map(|found| found.to_string())
        .collect();
    assert!(
        silent.is_empty(),
        "since {} this breaks for who uses it:\n  {}\nTake it back, or say it in CHANGELOG.md under Unreleased, in a line `{OWNED_UP} …` that \
         names the tool and the part in backticks.",
        record.display(),
        silent.join("\n  ")
    );
}

/// The tools as they are listed, all backends on and writes allowed, by name.
async fn surface() -> Value {
    let setup = Setup::new().await;
    let answer = Stdio::open(&setup, Era::Modern)
        .await
        .request("tools/list", json!({}))
        .await;
    let tools = answer["result"]["tools"].as_array().unwrap();
    let by_name = tools
        .iter()
        .map(|tool| (tool["name"].as_str().unwrap().to_owned(), tool.clone()));
    Value::Object(by_name.collect())
}

/// The record of the highest version.
fn last_release(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let version = |file: &PathBuf| -> Vec<u64> {
        let stem = file.file_stem().unwrap().to_str().unwrap();
        stem.split('.').map(|part| part.parse().unwrap()).collect()
    };
    files.max_by_key(version).expect("a release was recorded")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether the changelog's unreleased part says it.
fn is_owned_up_to(found: &Break, changelog: &str) -> bool {
    let unreleased = changelog
        .split("\n## ")
        .find(|part| part.starts_with("Unreleased"))
        .unwrap_or_default();
    // A line that is broken goes on until the next point.
    let points = unreleased.split("\n- ").map(|point| format!("- {point}"));
    let names = [Some(found.tool.as_str()), found.part.as_deref()];
    let mut owning = points.filter(|point| point.starts_with(OWNED_UP));
    owning.any(|point| names.iter().flatten().all(|name| point.contains(&format!("`{name}`"))))
}

#[test]
fn a_break_is_owned_up_to_by_name() {
    let changelog = "# Changelog\n\n## Unreleased\n\n- Tools: `a_tool`.\n- Breaking: `b_tool` has no\n  `limit` any more.\n\n## 1.0.0\n\n- Breaking: `c_tool` is gone.\n";
    let found = |tool: &str, part: Option<&str>| Break {
        tool: tool.to_owned(),
        part: part.map(str::to_owned),
        what: String::new(),
    };
    assert!(is_owned_up_to(&found("b_tool", Some("limit")), changelog));
    assert!(
        !is_owned_up_to(&found("b_tool", Some("cursor")), changelog),
        "another part"
    );
    assert!(
        !is_owned_up_to(&found("a_tool", None), changelog),
        "mentioned, but not as broken"
    );
    assert!(
        !is_owned_up_to(&found("c_tool", None), changelog),
        "an earlier release's"
    );
}

#[test]
fn the_last_release_is_the_highest_version() {
    let folder = tempfile::TempDir::new().unwrap();
    for name in ["0.9.0.json", "0.10.1.json", "0.10.0.json"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    assert!(last_release(folder.path()).ends_with("0.10.1.json"));
}
