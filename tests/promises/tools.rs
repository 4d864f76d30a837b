//! What an agent sees of the tools: one snapshot each, and a table that is what `queries/` gives.

use super::support::{Era, Server, Setup, Stdio};
use braid::app::Operations;
use braid::tools::embedded;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use toolgen::spec::Cost;

/// What issue-writers and scripts rely on.
const SHIPPED: [&str; 8] = [
    "datadog_create_alert",
    "datadog_query_metrics",
    "github_get_repo",
    "github_search_repos",
    "monitor_context",
    "slack_get_history",
    "slack_search",
    "slack_send_message",
];

async fn listed() -> Vec<Value> {
    let setup = Setup::new().await;
    let answer = Stdio::open(&setup, Era::Modern)
        .await
        .request("tools/list", json!({}))
        .await;
    answer["result"]["tools"].as_array().unwrap().clone()
}

#[test]
fn the_table_in_the_binary_is_what_the_operations_give() {
    let mut operations = Operations::default();
    operations.read(Path::new("queries")).unwrap();
    let compiled = operations.compile();
    let faults = compiled
        .diagnostics
        .iter()
        .filter(|found| found.severity != toolgen::Severity::Note);
    assert_eq!(faults.count(), 0, "{:#?}", compiled.diagnostics);
    let embedded = embedded::tools().unwrap();
    for (embedded, compiled) in embedded.iter().zip(&compiled.tools) {
        assert_eq!(embedded, compiled, "schema/braid.graphql is not what the code exports");
    }
    assert_eq!(embedded.len(), compiled.tools.len());
}

#[tokio::test]
async fn each_tool_is_listed_as_its_snapshot_says() {
    let tools = listed().await;
    let names: Vec<_> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert!(names.is_sorted(), "by name: {names:?}");
    for name in SHIPPED {
        assert!(names.contains(&name), "{name} is not listed");
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots/tools");
    let priced = embedded::tools().unwrap();
    settings.bind(|| {
        for (mut tool, priced) in tools.iter().cloned().zip(&priced) {
            // Not listed, but as much a part of what a change must not make worse unseen.
            assert_eq!(tool["name"], *priced.name);
            // Where it comes from in the file is for whoever is over a budget.
            let cost = Cost {
                origins: BTreeMap::new(),
                ..priced.cost.clone()
            };
            tool["cost"] = json!(cost);
            insta::assert_json_snapshot!(&*priced.name, tool);
        }
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promises/snapshots/tools");
    let snapshots: BTreeSet<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.strip_suffix(".snap").is_some())
        .collect();
    let expected = names.iter().map(|name| format!("{name}.snap")).collect();
    assert_eq!(snapshots, expected, "a snapshot of a tool that is gone");
}

#[tokio::test]
async fn the_list_is_the_same_in_both_eras_and_at_every_start() {
    let (first, second) = (Setup::new().await, Setup::new().await);
    let mut modern = Stdio::open(&first, Era::Modern).await;
    let answer = modern.request("tools/list", json!({})).await;
    let list = answer["result"]["tools"].to_string();
    let legacy = Stdio::open(&second, Era::Legacy)
        .await
        .request("tools/list", json!({}))
        .await;
    assert_eq!(legacy["result"]["tools"].to_string(), list);
    let served = Server::start(&first)
        .await
        .request(Era::Modern, "tools/list", json!({}))
        .await;
    assert_eq!(served["result"]["tools"].to_string(), list);
    assert!(
        answer["result"]["ttlMs"].as_u64().unwrap() > 0,
        "it may be kept for a while"
    );
    assert_eq!(answer["result"]["cacheScope"], "public");
    assert_eq!(answer["result"]["resultType"], "complete");
    assert_eq!(
        answer["result"]["nextCursor"],
        Value::Null,
        "many clients never ask for a second page"
    );
}

#[tokio::test]
async fn input_schemas_keep_to_what_every_client_takes() {
    for tool in listed().await {
        let (name, schema) = (&tool["name"], &tool["inputSchema"]);
        assert_eq!(schema["type"], "object", "{name}");
        assert_eq!(schema["additionalProperties"], false, "{name}");
        assert!(!tool.to_string().contains("$schema"), "{name}");
        for (argument, schema) in schema["properties"].as_object().unwrap() {
            assert!(
                schema["description"].as_str().is_some_and(|help| help.len() > 5),
                "{name}.{argument} has no help"
            );
            assert!(!schema["type"].is_array(), "{name}.{argument} has one type");
        }
        assert!(tool["description"].as_str().unwrap().is_ascii(), "{name}");
    }
}

#[tokio::test]
async fn a_tool_is_listed_while_it_may_be_called() {
    let names = |answer: Value| -> Vec<String> {
        let tools = answer["result"]["tools"].as_array().unwrap();
        tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let setup = Setup::new().await.unset("DATADOG_APP_KEY");
    let mut client = Stdio::start(&setup, &["stdio"], Era::Modern);
    let listed = names(client.request("tools/list", json!({})).await);
    assert_eq!(
        listed,
        [
            "github_get_repo",
            "github_search_repos",
            "slack_get_history",
            "slack_search"
        ]
    );
    let mut client = Stdio::start(
        &setup,
        &["stdio", "--allow-writes", "slack_send_message", "--groups", "slack"],
        Era::Modern,
    );
    let listed = names(client.request("tools/list", json!({})).await);
    assert_eq!(listed, ["slack_get_history", "slack_search", "slack_send_message"]);
}
