//! Many callers at once: one request where they ask the same, the vendor's limits where they do not, and none of them pays
//! for another that gives up.

use super::support::{Era, Server, Setup, Stdio, eventually, failure, within};
use sandbox::{Effect, Fault, Outcome, Vendor};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinHandle;

const METRICS: &str = "datadog_query_metrics";
const QUERY: &str = "GET /api/v1/query";

/// Queries that differ in their span.
fn metrics(index: u32) -> Value {
    let to = 1_795_170_600 - index;
    json!({ "query": "avg:checkout.errors{*}", "from": to - 300, "to": to })
}

fn spent(results: &[Value], backend: &str, what: &str) -> u64 {
    let of = |result: &Value| result["_meta"]["braid/spent"][backend][what].as_u64();
    results.iter().filter_map(of).sum()
}

#[tokio::test]
async fn a_thousand_identical_calls_make_one_request() {
    let setup = Setup::new().await.file("braid.toml", "[call]\ndeadline = \"1m\"\n");
    setup
        .sandbox
        .inject(Vendor::Datadog, Fault::always(Effect::Delay { ms: 3000 }));
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let results = client.call_all(&vec![(METRICS, metrics(0)); 1000]).await;
    assert!(
        results.iter().all(|result| result["isError"] != true),
        "{:#}",
        results[0]
    );
    let contents: Vec<_> = results.iter().map(|result| &result["structuredContent"]).collect();
    assert!(contents.windows(2).all(|two| two[0] == two[1]));
    assert_eq!(setup.sandbox.requests(Vendor::Datadog).len(), 1);
    // The others joined it, or came after it was answered.
    let [joined, hits] = ["joined", "cache_hits"].map(|what| spent(&results, "datadog", what));
    assert_eq!((spent(&results, "datadog", "requests"), joined + hits), (1, 999));
    assert!(joined > 0, "{joined} joined, {hits} hits");
}

#[tokio::test]
async fn a_thousand_different_calls_keep_to_what_may_be_under_way_at_once() {
    let setup = Setup::new().await.file("braid.toml", "[call]\ndeadline = \"5m\"\n");
    setup
        .sandbox
        .inject(Vendor::GitHub, Fault::always(Effect::Delay { ms: 100 }));
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let repository = |index| {
        (
            "github_get_repo",
            json!({ "owner": "acme", "name": format!("nothing-{index}") }),
        )
    };
    let results = client.call_all(&(0..1000).map(repository).collect::<Vec<_>>()).await;
    assert!(results.iter().all(|result| failure(result).contains("not_found")));
    assert_eq!(setup.sandbox.requests(Vendor::GitHub).len(), 1000);
    // GitHub refuses more than a hundred, and counts the same user's other programs too.
    let most = setup.sandbox.most_in_flight(Vendor::GitHub);
    assert!((2..=90).contains(&most), "{most}");
}

#[tokio::test]
async fn different_calls_keep_to_a_declared_bucket_and_the_rest_is_told_when_to_come_back() {
    let setup = Setup::new().await.file("braid.toml", "[call]\ndeadline = \"5s\"\n");
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let history = |limit| ("slack_get_history", json!({ "channel": "C0DEPLOYS", "limit": limit }));
    let results = client.call_all(&(1..=150).map(history).collect::<Vec<_>>()).await;
    let histories = setup.sandbox.requests(Vendor::Slack);
    let histories = histories
        .iter()
        .filter(|request| request.operation == "conversations.history")
        .count();
    // Fifty a minute, at once and then evenly: a few more come within the deadline.
    assert!((50..=60).contains(&histories), "{histories}");
    let refused: Vec<_> = results
        .iter()
        .filter(|result| result["isError"] == true)
        .map(failure)
        .collect();
    // One that was sent and not answered in time is both.
    assert!(refused.len() + histories >= 150, "{} and {histories}", refused.len());
    for told in refused {
        assert!(
            told.contains("slack: rate limited until ") && told.contains("Try again in ")
                || told.contains("slack: no answer within ")
                || told.contains("slack: not sent: "),
            "{told}"
        );
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_stays_bounded_whatever_the_vendors_send() {
    const ANSWERS: u32 = 300;
    let setup = Setup::new().await;
    let body = json!({ "status": "ok", "series": [], "filler": "x".repeat(1 << 20) });
    let large = Effect::Status {
        status: 200,
        body: Some(body.to_string()),
        headers: BTreeMap::new(),
    };
    setup.sandbox.inject(Vendor::Datadog, Fault::always(large).on(QUERY));
    let mut client = Stdio::open(&setup, Era::Modern).await;
    client.call(METRICS, metrics(0)).await;
    let before = client.resident();
    for index in 1..=ANSWERS {
        client.call(METRICS, metrics(index)).await;
    }
    assert_eq!(
        setup.sandbox.requests(Vendor::Datadog).len(),
        301,
        "each was another one"
    );
    // 300 MiB went through a cache of 32 MiB.
    let grown = client.resident().saturating_sub(before) / 1024;
    assert!(grown < 100, "{grown} MiB more");
}

/// A call over a connection of its own, which closes when the task is aborted.
fn call(server: &Arc<Server>) -> JoinHandle<Value> {
    let server = Arc::clone(server);
    tokio::spawn(async move {
        let call = json!({ "name": METRICS, "arguments": metrics(0) });
        server.modern("tools/call", call).await.message()["result"].take()
    })
}

/// Two callers that wait for the same request.
async fn two_waiting(setup: &Setup, server: &Arc<Server>) -> [JoinHandle<Value>; 2] {
    let first = call(server);
    eventually(|| setup.sandbox.requests(Vendor::Datadog).len() == 1).await;
    let second = call(server);
    server.until_waiting("datadog", 2).await;
    [first, second]
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_fail_the_others() {
    let setup = Setup::new().await;
    setup
        .sandbox
        .inject(Vendor::Datadog, Fault::always(Effect::Delay { ms: 6000 }));
    // It must outlive the callers, or its own end would be what drops the request.
    let server = Arc::new(Server::start(&setup).await);
    let [first, second] = two_waiting(&setup, &server).await;
    first.abort();
    let result = within(second).await.unwrap();
    assert_ne!(result["isError"], true, "{result:#}");
    assert_eq!(spent(&[result], "datadog", "joined"), 1);
    let requests = setup.sandbox.requests(Vendor::Datadog);
    assert_eq!(requests.len(), 1, "the request outlived the one who began it");
    assert_eq!(requests[0].outcome, Outcome::Answered(200));
}

#[tokio::test]
async fn a_request_is_dropped_when_the_last_who_waits_for_it_leaves() {
    let setup = Setup::new().await;
    setup.sandbox.inject(Vendor::Datadog, Fault::always(Effect::Hang));
    // It must outlive the callers, or its own end would be what drops the request.
    let server = Arc::new(Server::start(&setup).await);
    let [first, second] = two_waiting(&setup, &server).await;
    let outcome = || setup.sandbox.requests(Vendor::Datadog)[0].outcome;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!(outcome(), Outcome::Pending, "one still waits");
    second.abort();
    eventually(|| outcome() == Outcome::Abandoned).await;
}
