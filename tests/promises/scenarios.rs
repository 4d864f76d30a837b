//! The scenarios in `tests/scenarios/`: a file is one behaviour, with the calls, the exact number of requests to each vendor,
//! and the results as a snapshot beside it. Every result is held against its tool's output schema as well.

mod file;
mod play;

use file::Scenario;
use futures::StreamExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Processes at a time.
const AT_ONCE: usize = 4;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// The files of one kind, by name.
fn files(extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_scenario_plays_as_it_is_written() {
    let scenarios = files("toml");
    assert!(scenarios.len() >= 20, "they are found: {}", scenarios.len());
    let played = futures::stream::iter(scenarios).map(|path| async move {
        let scenario = Scenario::read(&path);
        (name(&path), play::play(&scenario).await, scenario)
    });
    let played: Vec<_> = played.buffered(AT_ONCE).collect().await;
    let mut faults = Vec::new();
    for (name, played, scenario) in played {
        faults.extend(played.faults.iter().map(|fault| format!("{name}: {fault}")));
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path(folder());
        settings.set_description(scenario.about);
        let compared = catch_unwind(AssertUnwindSafe(|| {
            settings.bind(|| insta::assert_json_snapshot!(name.as_str(), played.results));
        }));
        if compared.is_err() {
            faults.push(format!("{name}: the results are not those of its snapshot"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_snapshot_has_its_scenario() {
    let scenarios: Vec<_> = files("toml").iter().map(|path| name(path)).collect();
    let snapshots: Vec<_> = files("snap").iter().map(|path| name(path)).collect();
    assert_eq!(snapshots, scenarios);
}
