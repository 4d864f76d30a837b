//! Another account's credentials, put in place while the server runs: nothing that was learned as the former one is used.

use crate::promises::support::{Era, Peer, Reply, Setup, Stdio};
use serde_json::{Value, json};

/// One question, whenever it is asked.
fn question() -> Value {
    json!({ "query": "avg:system.load.1{*}", "from": 1_795_170_300, "to": 1_795_170_600 })
}

/// Datadog with two accounts: each has a metric of its own.
async fn two_accounts() -> Peer {
    Peer::start(|seen| match (seen.path(), seen.header("dd-api-key")) {
        ("/api/v1/query", "key-of-one" | "key-of-two") => {
            // Not the key itself, which no answer may repeat.
            let metric = seen.header("dd-api-key").replace("key-", "metric.");
            let points = json!([[1_795_170_360_000_u64, 1.0]]);
            let series = json!([{ "metric": metric, "scope": "*", "pointlist": points, "unit": null }]);
            Reply::Json(200, json!({ "status": "ok", "series": series }))
        }
        _ => Reply::Json(403, json!({ "errors": ["Forbidden"] })),
    })
    .await
}

#[tokio::test]
async fn what_was_remembered_for_one_account_is_not_given_to_another() {
    let datadog = two_accounts().await;
    let setup = Setup::new().await.unset("DATADOG_API_KEY").file("key", "key-of-one");
    let path = setup.path("key");
    let setup = setup
        .set("DATADOG_API_URL", &datadog.url)
        .set("DATADOG_API_KEY_FILE", path.to_str().unwrap());
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for (key, metric, requests) in [("key-of-one", "metric.of-one", 1), ("key-of-two", "metric.of-two", 2)] {
        setup.write("key", key);
        for _ in 0..2 {
            let result = client.call("datadog_query_metrics", question()).await;
            assert_eq!(result["isError"], false, "{result:#}");
            let text = result["structuredContent"].to_string();
            assert!(text.contains(metric), "{text}");
        }
        assert_eq!(
            datadog.seen().len(),
            requests,
            "asked once as each, and remembered then"
        );
    }
}
