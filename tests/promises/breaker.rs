//! A backend that fails again and again is left alone for a while, by kind of request; then one call may try it.

use super::support::{Era, Setup, Stdio, failure, structured};
use sandbox::{Effect, Fault, RetryAfter, Vendor};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const METRICS: &str = "datadog_query_metrics";
const QUERY: &str = "GET /api/v1/query";

fn down() -> Effect {
    Effect::Status {
        status: 503,
        body: None,
        headers: BTreeMap::new(),
    }
}

fn metrics(index: u32) -> Value {
    let to = 1_795_170_600 - index;
    json!({ "query": "avg:checkout.errors{*}", "from": to - 300, "to": to })
}

fn requests(setup: &Setup) -> usize {
    let requests = setup.sandbox.requests(Vendor::Datadog);
    requests.iter().filter(|request| request.operation == QUERY).count()
}

/// Until its circuit opens: six attempts, three in each call.
async fn open(setup: &Setup, client: &mut Stdio) {
    setup.sandbox.inject(Vendor::Datadog, Fault::always(down()).on(QUERY));
    for index in 0..2 {
        let result = client.call(METRICS, metrics(index)).await;
        assert!(failure(&result).contains("answered 503"), "{}", failure(&result));
    }
    assert_eq!(requests(setup), 6);
}

fn paused(result: &Value) -> bool {
    result["isError"] == true && failure(result).contains("datadog: failing too often, paused until ")
}

#[tokio::test]
async fn an_open_circuit_fails_at_once_says_until_when_and_leaves_other_requests_alone() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    open(&setup, &mut client).await;
    let result = client.call(METRICS, metrics(2)).await;
    assert!(paused(&result), "{}", failure(&result));
    let wait = failure(&result).split("Try again in ").nth(1).unwrap();
    assert!(matches!(wait, "5 s." | "4 s." | "3 s."), "{wait}");
    assert_eq!(requests(&setup), 6, "nothing was asked");
    // Looking a monitor up is another kind of request.
    let result = client.call("monitor_context", json!({ "id": 40, "limit": 1 })).await;
    assert_eq!(structured(&result)["state"], "ALERT");
}

#[tokio::test]
async fn one_call_tries_it_after_the_pause_and_the_pause_doubles_where_that_fails() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    open(&setup, &mut client).await;
    // The pause is real, as the process is.
    tokio::time::sleep(Duration::from_millis(5_100)).await;
    let crowd: Vec<_> = (10..30).map(|index| (METRICS, metrics(index))).collect();
    let results = client.call_all(&crowd).await;
    assert_eq!(requests(&setup), 7, "one probe, however many come");
    assert_eq!(
        results.iter().filter(|result| paused(result)).count(),
        20,
        "{results:#?}"
    );
    let told = client.call(METRICS, metrics(30)).await;
    assert!(failure(&told).ends_with("Try again in 10 s."), "{}", failure(&told));
}

#[tokio::test]
async fn a_probe_that_succeeds_closes_it() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    open(&setup, &mut client).await;
    setup.sandbox.clear_faults();
    let result = client.call(METRICS, metrics(2)).await;
    assert!(paused(&result), "{}", failure(&result));
    tokio::time::sleep(Duration::from_millis(5_100)).await;
    structured(&client.call(METRICS, metrics(3)).await);
    let crowd: Vec<_> = (10..30).map(|index| (METRICS, metrics(index))).collect();
    for result in client.call_all(&crowd).await {
        structured(&result);
    }
}

#[tokio::test]
async fn throttling_does_not_open_it() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let limited = Effect::RateLimit {
        retry_after: Some(RetryAfter::Seconds(0)),
        form: sandbox::LimitForm::Primary,
    };
    setup.sandbox.inject(
        Vendor::Slack,
        Fault::always(limited).on("conversations.history").times(9),
    );
    let history = |limit| json!({ "channel": "C0DEPLOYS", "limit": limit });
    for limit in 1..=3 {
        let result = client.call("slack_get_history", history(limit)).await;
        assert!(failure(&result).contains("rate limited"), "{}", failure(&result));
    }
    structured(&client.call("slack_get_history", history(4)).await);
}
