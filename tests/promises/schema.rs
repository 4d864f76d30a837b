//! `schema/braid.graphql` is what the code exports: build.rs compiles the operations against the file, and people review it.

use super::support::Setup;
use std::path::Path;

/// Set, the file is written in place of being compared.
const REFRESH: &str = "BRAID_REFRESH_SCHEMA";

#[tokio::test]
async fn the_schema_file_is_what_the_code_exports() {
    let setup = Setup::new().await;
    let exported = setup.run(&["schema"]).await;
    assert_eq!((exported.code, exported.stderr.as_str()), (Some(0), ""));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/braid.graphql");
    if std::env::var_os(REFRESH).is_some() {
        std::fs::write(file, exported.stdout).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(file).unwrap();
    if let Some((line, (file, code))) = (1..)
        .zip(committed.lines().zip(exported.stdout.lines()))
        .find(|(_, (file, code))| file != code)
    {
        panic!(
            "schema/braid.graphql:{line} differs from what the code exports\n  file: {file}\n  code: {code}\n{}",
            how()
        );
    }
    assert_eq!(
        committed.len(),
        exported.stdout.len(),
        "one of the two goes on; {}",
        how()
    );
}

/// A binary that was built to export the schema has no tools: served, it would look like a server that offers nothing.
#[tokio::test]
async fn a_binary_without_tools_refuses_to_serve() {
    let setup = Setup::new().await;
    let run = setup.run(&["stdio"]).await;
    if std::env::var_os(REFRESH).is_some() {
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains(REFRESH), "{}", run.stderr);
    } else {
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
}

fn how() -> String {
    format!("look at the difference, then write the file with: {REFRESH}=1 cargo test --test promises schema")
}
