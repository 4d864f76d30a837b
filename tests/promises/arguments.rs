//! Arguments: what does not fit is a tool error that names it, the allowed and the nearest; what models write sloppily is taken.

use super::support::{Era, Setup, Stdio, failure, structured};
use sandbox::Vendor;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A tool, arguments that do not fit it, and what must be said.
type Case = (&'static str, Value, &'static [&'static str]);

fn cases() -> Vec<Case> {
    [of_slack(), of_others()].concat()
}

fn of_slack() -> Vec<Case> {
    vec![
        (
            "slack_get_history",
            json!({ "chanel": "#deploys" }),
            &["`chanel`", "`channel`", "did you mean", "missing"],
        ),
        (
            "slack_get_history",
            json!({ "channel": "#deploys", "cout": 1 }),
            &["`cout`", "`limit`", "`cursor`"],
        ),
        ("slack_get_history", json!({}), &["`channel`", "missing"]),
        (
            "slack_get_history",
            json!({ "channel": null }),
            &["`channel`", "missing"],
        ),
        (
            "slack_get_history",
            json!({ "channel": 7 }),
            &["`channel`", "string", "7"],
        ),
        (
            "slack_get_history",
            json!({ "channel": ["#deploys"] }),
            &["`channel`", "string", "list"],
        ),
        (
            "slack_get_history",
            json!({ "channel": "#deploys", "limit": "ten" }),
            &["`limit`", "integer", "ten"],
        ),
        (
            "slack_get_history",
            json!({ "channel": "#deploys", "limit": 2.5 }),
            &["`limit`", "integer", "2.5"],
        ),
        (
            "slack_get_history",
            json!({ "channel": "C0DEPLOYS", "limit": 0 }),
            &["limit", "1"],
        ),
        (
            "slack_get_history",
            json!({ "channel": "C0DEPLOYS", "limit": -3 }),
            &["limit", "1"],
        ),
        (
            "slack_get_history",
            json!({ "channel": "C0DEPLOYS", "limit": 100_000 }),
            &["limit", "200"],
        ),
        (
            "slack_get_history",
            json!({ "channel": "C0DEPLOYS", "cursor": "made up" }),
            &["cursor"],
        ),
        (
            "slack_search",
            json!({ "query": "checkout", "sort": "newest" }),
            &["`sort`", "SCORE", "TIMESTAMP"],
        ),
        (
            "slack_search",
            json!({ "query": "checkout", "count": 500 }),
            &["count", "100"],
        ),
    ]
}

fn of_others() -> Vec<Case> {
    let alert = |kind: &str| json!({ "name": "n", "type": kind, "query": "avg(last_5m):avg:system.load.1{*} > 4" });
    vec![
        (
            "github_search_repos",
            json!({ "query": "x", "first": 101 }),
            &["first", "100"],
        ),
        (
            "github_get_repo",
            json!({ "owner": "acme", "repo": "checkout" }),
            &["`repo`", "`name`", "missing"],
        ),
        (
            "datadog_query_metrics",
            json!({ "query": "avg:checkout.errors{*}", "from": "yesterday" }),
            &["`from`", "yesterday", "now-1h"],
        ),
        (
            "datadog_query_metrics",
            json!({ "query": "yesterday", "to": "yesterday" }),
            &["`to`: `yesterday`"],
        ),
        (
            "datadog_query_metrics",
            json!({ "query": "avg:checkout.errors{*}", "from": 1_795_170_600_000_i64 }),
            &["`from`: `1795170600000`", "milliseconds", "1795170600"],
        ),
        (
            "datadog_query_metrics",
            json!({ "query": " \t" }),
            &["`query`", "at least 1 long"],
        ),
        (
            "github_get_repo",
            json!({ "owner": "", "name": " " }),
            &["`owner`", "`name`"],
        ),
        ("monitor_context", json!({ "ID": 40 }), &["`ID`; did you mean `id`?"]),
        (
            "monitor_context",
            json!({ "monitor_id": 40 }),
            &["`monitor_id`; did you mean `id`?"],
        ),
        ("datadog_create_alert", alert("other"), &["`type`", "METRIC_ALERT"]),
        (
            "datadog_query_metrics",
            json!({ "query": "avg:checkout.errors{*}", "from": "2026-11-20T11:00:00Z", "to": "2026-11-20T10:00:00Z" }),
            &["from", "to"],
        ),
        (
            "datadog_create_alert",
            alert("metrik alert"),
            &["`type`", "METRIC_ALERT"],
        ),
        (
            "datadog_create_alert",
            json!({ "name": "n", "type": "METRIC_ALERT", "query": "q", "tags": "a" }),
            &["`tags`", "list"],
        ),
        (
            "datadog_create_alert",
            json!({ "name": "n", "type": "METRIC_ALERT", "query": "q", "tags": ["a", 1] }),
            &["`tags.1`", "string"],
        ),
        (
            "monitor_context",
            json!({ "id": { "id": 40 } }),
            &["`id`", "string", "object"],
        ),
        ("monitor_context", json!({ "id": 40.5 }), &["`id`", "40.5"]),
        ("monitor_context", json!({ "id": "forty" }), &["id", "forty"]),
    ]
}

#[tokio::test]
async fn what_does_not_fit_is_named_and_nothing_is_asked_upstream() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let (mut faults, mut all) = (Vec::new(), String::new());
    for (tool, arguments, expected) in cases() {
        let result = client.call(tool, arguments.clone()).await;
        if result["isError"] != true {
            faults.push(format!("{tool} takes {arguments}"));
            continue;
        }
        let said = failure(&result);
        writeln!(all, "{tool} {arguments}\n{said}\n").unwrap();
        let missing: Vec<_> = expected.iter().filter(|part| !said.contains(**part)).collect();
        if !missing.is_empty() {
            faults.push(format!("{tool} {arguments} does not say {missing:?}, but: {said}"));
        }
    }
    for vendor in [Vendor::Slack, Vendor::GitHub, Vendor::Datadog] {
        for request in setup.sandbox.requests(vendor) {
            faults.push(format!(
                "{vendor:?} was asked for {} with {} {:?}",
                request.operation, request.arguments, request.query
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    insta::assert_snapshot!("bad_arguments", all);
}

#[tokio::test]
async fn every_mistake_is_named_at_once() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client
        .call(
            "datadog_create_alert",
            json!({ "nam": "n", "type": "nothing", "tags": 5 }),
        )
        .await;
    for part in ["`nam`", "`name`", "`type`", "`query`", "`tags`"] {
        assert!(failure(&result).contains(part), "{part} in {}", failure(&result));
    }
}

#[tokio::test]
async fn ids_and_times_are_taken_as_integers() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let by_number = client.call("monitor_context", json!({ "id": 40, "limit": 1 })).await;
    let by_text = client.call("monitor_context", json!({ "id": "40", "limit": 1 })).await;
    assert_eq!(structured(&by_number), structured(&by_text));
    let query = "avg:checkout.error_rate{service:checkout}";
    let numbers = client
        .call(
            "datadog_query_metrics",
            json!({ "query": query, "from": 1_795_168_800, "to": 1_795_170_600 }),
        )
        .await;
    let texts = client
        .call(
            "datadog_query_metrics",
            json!({ "query": query, "from": "2026-11-20T10:00:00Z", "to": "2026-11-20T11:30:00+01:00" }),
        )
        .await;
    assert_eq!(structured(&numbers), structured(&texts));
    assert_eq!(
        structured(&numbers)["from"],
        "2026-11-20T10:00:00Z",
        "it says what it resolved to"
    );
    assert_eq!(structured(&numbers)["to"], "2026-11-20T10:30:00Z");
}

#[tokio::test]
async fn enum_words_are_taken_in_any_style() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for kind in ["metric alert", "METRIC_ALERT", "Metric-Alert", "metricalert"] {
        let arguments = json!({ "name": "n", "type": kind, "query": "avg(last_5m):avg:system.load.1{*} > 4" });
        let result = client.call("datadog_create_alert", arguments).await;
        assert_eq!(structured(&result)["type"], "METRIC_ALERT", "{kind}");
    }
    for (count, sort) in (1..).zip(["timestamp", "Timestamp", "TIMESTAMP", "score"]) {
        // Another question each time: the same one would be answered from memory.
        let result = client
            .call(
                "slack_search",
                json!({ "query": "checkout", "count": count, "sort": sort }),
            )
            .await;
        assert_ne!(result["isError"], true, "{sort}: {result:#}");
    }
    let sent: Vec<_> = setup
        .sandbox
        .requests(Vendor::Slack)
        .into_iter()
        .filter(|request| request.operation == "search.messages")
        .collect();
    let sorts: Vec<_> = sent.iter().map(sort_of).collect();
    assert_eq!(
        sorts,
        ["timestamp", "timestamp", "timestamp", "score"],
        "in the vendor's own words"
    );
}

fn sort_of(request: &sandbox::Recorded) -> String {
    let in_query = request
        .query
        .iter()
        .find(|(name, _)| name == "sort")
        .map(|(_, value)| value.clone());
    in_query.unwrap_or_else(|| request.arguments["sort"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn what_is_not_given_may_be_null() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client
        .call(
            "slack_get_history",
            json!({ "channel": "#deploys", "limit": null, "cursor": null }),
        )
        .await;
    assert_eq!(
        structured(&result)["messages"].as_array().unwrap().len(),
        20,
        "the default"
    );
}

#[tokio::test]
async fn channels_are_found_by_id_and_by_name() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let mut answers = Vec::new();
    for channel in ["C0INCIDENT", "#incident-checkout", "incident-checkout"] {
        let result = client
            .call("slack_get_history", json!({ "channel": channel, "limit": 2 }))
            .await;
        answers.push(structured(&result)["messages"].clone());
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    let result = client
        .call("slack_get_history", json!({ "channel": "#incident-chekout" }))
        .await;
    assert!(
        failure(&result).contains("incident-checkout"),
        "the nearest: {}",
        failure(&result)
    );
}

#[tokio::test]
async fn relative_times_say_what_they_resolved_to() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client
        .call(
            "datadog_query_metrics",
            json!({ "query": "avg:system.load.1{*}", "from": "now-2h", "to": "now" }),
        )
        .await;
    let time = |field: &str| -> jiff::Timestamp { structured(&result)[field].as_str().unwrap().parse().unwrap() };
    assert_eq!(time("to").duration_since(time("from")).as_secs(), 7_200);
    assert!(jiff::Timestamp::now().duration_since(time("to")).as_secs() < 120);
}
