//! The commands that people and scripts use, with their exit codes.

use super::support::Setup;
use sandbox::{Effect, Fault, Vendor};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[tokio::test]
async fn call_takes_pairs_or_json_and_prints_the_result() {
    let setup = Setup::new().await;
    let pairs = setup.run(&["call", "monitor_context", "id=40", "limit=2"]).await;
    assert_eq!((pairs.code, pairs.stderr.as_str()), (Some(0), ""));
    let json = setup
        .run(&[
            "call",
            "monitor_context",
            "--args",
            "{\"id\": 40, \"limit\": 2}",
            "--json",
        ])
        .await;
    let (pairs, json): (Value, Value) = (
        serde_json::from_str(&pairs.stdout).unwrap(),
        serde_json::from_str(&json.stdout).unwrap(),
    );
    assert_eq!(pairs, json);
    let number_as_text = setup.run(&["call", "slack_search", "query=617", "--json"]).await;
    assert_eq!(number_as_text.code, Some(0), "{}", number_as_text.stdout);
}

#[tokio::test]
async fn exit_codes_tell_a_failed_call_from_a_wrong_one() {
    let setup = Setup::new().await;
    let failed = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=nothing-here"])
        .await;
    assert_eq!(failed.code, Some(1), "{}", failed.stdout);
    assert!(failed.stdout.contains("not_found"));
    let as_json = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=nothing-here", "--json"])
        .await;
    assert!(serde_json::from_str::<Value>(&as_json.stdout).unwrap()["error"].is_string());
    let unknown = setup.run(&["call", "github_get_repos"]).await;
    assert_eq!(unknown.code, Some(2));
    assert!(
        unknown.stderr.contains("`github_get_repo`") && unknown.stdout.is_empty(),
        "{}",
        unknown.stderr
    );
    let usage = setup.run(&["cal"]).await;
    assert_eq!(usage.code, Some(2));
    let writes = setup
        .run(&["call", "slack_send_message", "channel=C0DEPLOYS", "text=hello"])
        .await;
    assert_eq!(writes.code, Some(1));
    assert!(
        writes.stdout.contains("--allow-writes slack_send_message"),
        "{}",
        writes.stdout
    );
    assert!(setup.sandbox.requests(Vendor::Slack).is_empty());
}

#[tokio::test]
async fn wrong_options_name_the_nearest_right_ones() {
    let setup = Setup::new().await.file("braid.toml", "[cal]\ndeadline = \"3s\"\n");
    let unknown_key = setup.run(&["tools"]).await;
    assert_eq!(unknown_key.code, Some(2));
    assert!(unknown_key.stderr.contains("braid.toml:1:"), "{}", unknown_key.stderr);
    let setup = Setup::new().await;
    let group = setup.run(&["tools", "--groups", "slak"]).await;
    assert!(
        group.code == Some(2) && group.stderr.contains("`slack`"),
        "{}",
        group.stderr
    );
    let write = setup.run(&["tools", "--allow-writes", "slack_send"]).await;
    assert!(
        write.code == Some(2) && write.stderr.contains("`slack_send_message`"),
        "{}",
        write.stderr
    );
    let plain = Setup::new()
        .await
        .set("GITHUB_GRAPHQL_URL", "http://github.example/graphql")
        .run(&["tools"])
        .await;
    assert!(
        plain.code == Some(2) && plain.stderr.contains("GITHUB_GRAPHQL_URL"),
        "{}",
        plain.stderr
    );
}

#[tokio::test]
async fn the_doctor_says_what_works_and_what_is_missing() {
    let setup = Setup::new().await;
    let well = setup.run(&["doctor", "--json"]).await;
    assert_eq!(well.code, Some(0), "{}{}", well.stdout, well.stderr);
    let states = |report: &str| -> BTreeMap<String, String> {
        let report: Value = serde_json::from_str(report).unwrap();
        let field = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
        report["backends"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| (field(finding, "backend"), field(finding, "state")))
            .collect()
    };
    assert!(
        states(&well.stdout).values().all(|state| state == "on"),
        "{}",
        well.stdout
    );
    let setup = setup
        .unset("DATADOG_API_KEY")
        .unset("SLACK_USER_TOKEN")
        .set("GITHUB_TOKEN", "ghp_wrong");
    let ill = setup.run(&["doctor", "--json"]).await;
    assert_eq!(ill.code, Some(1));
    let expected = json!({ "datadog": "off", "github": "failing", "slack": "partly" });
    assert_eq!(json!(states(&ill.stdout)), expected);
    for word in ["DATADOG_API_KEY", "GITHUB_TOKEN", "SLACK_USER_TOKEN"] {
        assert!(ill.stdout.contains(word), "{word} in {}", ill.stdout);
    }
    setup
        .sandbox
        .inject(Vendor::Slack, Fault::always(Effect::Html { status: 503 }));
    assert!(setup.run(&["doctor"]).await.stdout.contains("503"));
}

#[tokio::test]
async fn everything_works_on_the_sandbox_without_any_credentials() {
    let mut setup = Setup::new().await;
    for name in [
        "SLACK_BOT_TOKEN",
        "SLACK_USER_TOKEN",
        "GITHUB_TOKEN",
        "DATADOG_API_KEY",
        "DATADOG_APP_KEY",
    ] {
        setup = setup.unset(name);
    }
    let run = setup
        .run(&["call", "monitor_context", "id=40", "limit=1", "--sandbox", "--json"])
        .await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let send = setup
        .run(&[
            "call",
            "slack_send_message",
            "channel=#deploys",
            "text=hello",
            "--sandbox",
        ])
        .await;
    assert_eq!(send.code, Some(0), "nobody gets hurt there: {}", send.stdout);
    let none = setup.run(&["tools", "--json"]).await;
    assert_eq!(serde_json::from_str::<Value>(&none.stdout).unwrap(), json!([]));
    let why = setup.run(&["tools"]).await;
    assert!(
        why.stdout.contains("GITHUB_TOKEN") && why.stdout.contains("SLACK_BOT_TOKEN"),
        "{}",
        why.stdout
    );
}

#[tokio::test]
async fn the_start_says_what_is_on_and_what_is_missing() {
    let setup = Setup::new().await.unset("DATADOG_APP_KEY");
    let run = setup.run(&["stdio"]).await;
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    assert!(run.stderr.contains("DATADOG_APP_KEY"), "{}", run.stderr);
}
