//! Whatever the vendors answer, every result that a tool gives is what its output schema says: the real binary calls every
//! shipped tool over answers that are made up, right in the main and wrong in places.

mod answers;
mod vendors;

use super::support::{Era, Setup, Stdio, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Processes, and rounds of all tools in each. More rounds in one would meet Slack's limits, which are kept.
const PROCESSES: u64 = 4;
const ROUNDS: u64 = 9;

/// A call of each tool; the number makes each round's answers other ones.
fn calls(number: u64) -> [(&'static str, Value); 8] {
    let name = format!("n{number}");
    [
        (
            "slack_get_history",
            json!({ "channel": format!("C0{number}"), "limit": 15 }),
        ),
        ("slack_search", json!({ "query": name, "count": 10 })),
        (
            "slack_send_message",
            json!({ "channel": format!("C0{number}"), "text": name }),
        ),
        ("github_get_repo", json!({ "owner": "acme", "name": name })),
        ("github_search_repos", json!({ "query": name })),
        ("datadog_query_metrics", json!({ "query": format!("avg:{name}{{*}}") })),
        (
            "datadog_create_alert",
            json!({ "name": name, "type": "metric alert", "query": format!("avg(last_5m):avg:{name}{{*}} > 1") }),
        ),
        ("monitor_context", json!({ "id": number, "limit": 10 })),
    ]
}

#[tokio::test]
async fn every_result_is_what_its_output_schema_says_whatever_the_vendors_answer() {
    let base = vendors::start().await;
    let (mut succeeded, mut wrong) = (BTreeMap::<&str, u64>::new(), Vec::new());
    for process in 0..PROCESSES {
        let setup = Setup::new()
            .await
            .set("SLACK_API_URL", &format!("{base}/slack"))
            .set("GITHUB_GRAPHQL_URL", &format!("{base}/github"))
            .set("DATADOG_API_URL", &format!("{base}/datadog"));
        let mut client = Stdio::open(&setup, Era::Modern).await;
        let listed = client.request("tools/list", json!({})).await;
        let tools = listed["result"]["tools"].as_array().unwrap();
        let validators: BTreeMap<_, _> = tools
            .iter()
            .map(|tool| {
                let validator = jsonschema::validator_for(&tool["outputSchema"]).unwrap();
                (tool["name"].as_str().unwrap(), validator)
            })
            .collect();
        for round in 0..ROUNDS {
            for (tool, arguments) in calls(process * ROUNDS + round) {
                let result = client.call(tool, arguments.clone()).await;
                if result["isError"] == true {
                    assert_eq!(result["structuredContent"], Value::Null, "an error has no data");
                    continue;
                }
                *succeeded.entry(tool).or_default() += 1;
                let content = &result["structuredContent"];
                assert_eq!(&serde_json::from_str::<Value>(text(&result)).unwrap(), content);
                let errors = validators[tool].iter_errors(content);
                wrong.extend(errors.map(|error| format!("{tool} {arguments} {}: {error}", error.instance_path())));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (tool, _) in calls(0) {
        let count = succeeded.get(tool).copied().unwrap_or_default();
        assert!(count > ROUNDS, "{tool} gave a result only {count} times: {succeeded:?}");
    }
}
