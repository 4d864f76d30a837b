//! A bad operation file is told with its place, the cause and the nearest right name; all bad files at once.

use super::support::Setup;

/// Each file has one mistake, and one is right.
async fn files() -> Setup {
    Setup::new()
        .await
        .file(
            "queries/broken/unknown_field.graphql",
            "\"\"\"A repository.\"\"\"\nquery UnknownField($owner: String!, $name: String!) {\n  github {\n    repository(owner: $owner, name: $name) { nme }\n  }\n}\n",
        )
        .file(
            "queries/broken/wrong_type.graphql",
            "\"\"\"A repository.\"\"\"\nquery WrongType($owner: Int!, $name: String!) {\n  github {\n    repository(owner: $owner, name: $name) { name url }\n  }\n}\n",
        )
        .file(
            "queries/broken/no_description.graphql",
            "query NoDescription($id: ID!) {\n  datadog {\n    monitor(id: $id) { name state }\n  }\n}\n",
        )
        .file("queries/broken/not_graphql.graphql", "\"\"\"Nothing.\"\"\"\nquery NotGraphql {\n  slack {\n")
        .file(
            "queries/broken/two_operations.graphql",
            "\"\"\"One.\"\"\"\nquery One { slack { channel(channel: \"#a\") { id name } } }\n\"\"\"Two.\"\"\"\nquery Two { slack { channel(channel: \"#b\") { id name } } }\n",
        )
        .file(
            "queries/broken/reserved_key.graphql",
            "\"\"\"A monitor.\"\"\"\nquery ReservedKey($id: ID!) {\n  datadog {\n    monitor(id: $id) { problems: name state }\n  }\n}\n",
        )
        .file(
            "queries/broken/BadName.graphql",
            "\"\"\"A monitor.\"\"\"\nquery BadName($id: ID!) {\n  datadog {\n    monitor(id: $id) { name state }\n  }\n}\n",
        )
        .file(
            "queries/datadog/datadog_get_monitor.graphql",
            "\"\"\"A monitor.\"\"\"\nquery DatadogGetMonitor($id: ID!) {\n  datadog {\n    monitor(id: $id) { name state }\n  }\n}\n",
        )
}

#[tokio::test]
async fn every_bad_file_is_told_at_once() {
    let run = files().await.run(&["check", "queries"]).await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    for file in [
        "unknown_field",
        "wrong_type",
        "no_description",
        "not_graphql",
        "two_operations",
        "reserved_key",
        "BadName",
    ] {
        assert!(
            run.stdout.contains(&format!("queries/broken/{file}.graphql")),
            "{file} is not told"
        );
    }
    assert!(run.stdout.contains("unknown_field.graphql:4:"), "file and line");
    assert!(run.stdout.contains("`name`"), "the nearest right name");
    assert!(run.stdout.contains("datadog_get_monitor"), "the right one is there");
    insta::assert_snapshot!("bad_operation_files", run.stdout);
}

#[tokio::test]
async fn check_speaks_json_to_scripts() {
    let run = files().await.run(&["check", "queries", "--json"]).await;
    assert_eq!(run.code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(report["diagnostics"].as_array().unwrap().len() >= 7);
    assert_eq!(report["tools"].as_array().unwrap().len(), 1);
    assert_eq!(report["tools"][0]["name"], "datadog_get_monitor");
}

#[tokio::test]
async fn a_bad_file_stops_a_command_that_runs_once() {
    let setup = files().await;
    for command in ["tools", "doctor"] {
        let run = setup.run(&[command, "--queries", "queries"]).await;
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{command}");
        assert!(
            run.stderr.contains("unknown_field.graphql") && run.stderr.contains("wrong_type.graphql"),
            "{}",
            run.stderr
        );
    }
}

#[tokio::test]
async fn a_right_file_is_a_tool_without_a_build() {
    let setup = Setup::new().await.file(
        "more/datadog/datadog_get_monitor.graphql",
        "\"\"\"A monitor.\"\"\"\nquery DatadogGetMonitor($id: ID!) {\n  datadog {\n    monitor(id: $id) { name state }\n  }\n}\n",
    );
    let run = setup
        .run(&["call", "datadog_get_monitor", "id=40", "--queries", "more", "--json"])
        .await;
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let result: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(
        result,
        serde_json::json!({ "name": "[P1] Checkout error rate above 5%", "state": "ALERT" })
    );
}

/// The build script itself, where the files are bad: Cargo stops at each `cargo::error`.
#[tokio::test]
async fn the_build_stops_at_every_bad_file() {
    let setup = files().await;
    let setup = ["schema/braid.graphql", "schema/weights.graphql"]
        .iter()
        .fold(setup, |setup, name| {
            let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
            setup.file(name, &std::fs::read_to_string(root.join(name)).unwrap())
        });
    let setup = setup.file("out/empty", "").file(
        "prompts/bad_place.md",
        "+++\ntitle = \"A\"\ndescription = \"B\"\n+++\nLook at {{what}}.\n",
    );
    let run = setup.build_script().await;
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for place in [
        "unknown_field.graphql:4:46",
        "wrong_type.graphql:4:16",
        "not_graphql.graphql:4:1",
        "BadName.graphql",
        "bad_place.md:5:9",
    ] {
        let told = run
            .stdout
            .lines()
            .any(|line| line.starts_with("cargo::error=") && line.contains(place));
        assert!(told, "{place} in {}", run.stdout);
    }
}
