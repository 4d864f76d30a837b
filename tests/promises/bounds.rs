//! What bounds a call: its deadline, the vendor's quota and the part of it that is kept for writes, the pages of a list; and
//! that no nonsense of a vendor's moves these bounds.

use super::support::{Era, Server, Setup, Stdio, failure, structured};
use sandbox::{Effect, Fault, Vendor};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::time::{Duration, Instant};

const QUERY: &str = "GET /api/v1/query";

fn metrics(index: u32) -> Value {
    let to = 1_795_170_600 - index;
    json!({ "query": "avg:checkout.errors{*}", "from": to - 300, "to": to })
}

fn alert(name: &str) -> Value {
    json!({ "name": name, "type": "metric alert", "query": "avg(last_5m):avg:checkout.errors{*} > 5" })
}

fn answer(body: &Value, headers: &[(&str, &str)]) -> Effect {
    let headers = headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Effect::Status {
        status: 200,
        body: Some(body.to_string()),
        headers: headers.collect(),
    }
}

#[tokio::test]
async fn what_is_ready_is_returned_when_a_level_takes_too_long() {
    for effect in [Effect::Hang, Effect::Delay { ms: 30_000 }] {
        let setup = Setup::new().await.file("braid.toml", "[call]\ndeadline = \"3s\"\n");
        setup
            .sandbox
            .inject(Vendor::Slack, Fault::always(effect).on("conversations.history"));
        let mut client = Stdio::open(&setup, Era::Modern).await;
        let started = Instant::now();
        let result = client.call("monitor_context", json!({ "id": 40, "limit": 5 })).await;
        // What the deadline keeps back is for this: the answer is not late because a part of it is.
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        let data = structured(&result);
        assert_eq!(data["state"], "ALERT");
        assert_eq!(data["notifies"][0]["name"], "incident-checkout");
        let problem = &data["problems"][0];
        assert_eq!(problem["backend"], "slack");
        assert_eq!(problem["path"], "notifies.0.history");
        assert_eq!(problem["reason"], "no answer within 2 s");
    }
}

/// A Datadog that says of all its answers that five requests are left, for so many seconds.
async fn five_left(reset: &str) -> Setup {
    let setup = Setup::new().await;
    let told = [
        ("x-ratelimit-name", "everything"),
        ("x-ratelimit-limit", "1000"),
        ("x-ratelimit-remaining", "5"),
        ("x-ratelimit-reset", reset),
        ("x-ratelimit-period", "3600"),
    ];
    let series = answer(&json!({ "status": "ok", "series": [] }), &told);
    setup.sandbox.inject(Vendor::Datadog, Fault::always(series).on(QUERY));
    let made = json!({ "id": 77, "name": "Made", "type": "metric alert", "query": "q", "message": "" });
    setup.sandbox.inject(
        Vendor::Datadog,
        Fault::always(answer(&made, &told)).on("POST /api/v1/monitor"),
    );
    setup
}

#[tokio::test]
async fn the_last_part_of_a_quota_is_kept_for_writes() {
    let setup = five_left("60").await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    // Both kinds of requests learn that they share a limit, of which five are left.
    structured(&client.call("datadog_create_alert", alert("first")).await);
    client.call("datadog_query_metrics", metrics(0)).await;
    setup.sandbox.clear_requests();
    let read = client.call("datadog_query_metrics", metrics(1)).await;
    assert!(
        failure(&read).contains("datadog: rate limited until "),
        "{}",
        failure(&read)
    );
    assert_eq!(
        setup.sandbox.requests(Vendor::Datadog),
        [],
        "a read leaves the last ones alone"
    );
    structured(&client.call("datadog_create_alert", alert("second")).await);
}

/// A call over a connection of its own.
async fn call(server: &Server, (tool, arguments): (&str, Value)) -> Value {
    let params = json!({ "name": tool, "arguments": arguments });
    server.modern("tools/call", params).await.message()["result"].take()
}

#[tokio::test]
async fn a_write_does_not_queue_behind_reads_that_wait_for_the_quota() {
    let setup = five_left("10").await;
    let server = Arc::new(Server::start(&setup).await);
    structured(&call(&server, ("datadog_create_alert", alert("first"))).await);
    structured(&call(&server, ("datadog_query_metrics", metrics(0))).await);
    setup.sandbox.clear_requests();
    // Ten seconds are within its deadline: it waits.
    let read = tokio::spawn({
        let server = Arc::clone(&server);
        async move { call(&server, ("datadog_query_metrics", metrics(1))).await }
    });
    server.until_waiting("datadog", 1).await;
    structured(&call(&server, ("datadog_create_alert", alert("second"))).await);
    let sent = setup.sandbox.requests(Vendor::Datadog);
    let sent: Vec<_> = sent.iter().map(|request| request.operation.as_str()).collect();
    assert_eq!(sent, ["POST /api/v1/monitor"], "the read still waits");
    read.abort();
}

#[tokio::test]
async fn a_list_that_leads_round_is_left() {
    let setup = Setup::new().await;
    let page = json!({ "ok": true, "channels": [], "response_metadata": { "next_cursor": "again" } });
    setup.sandbox.inject(
        Vendor::Slack,
        Fault::always(answer(&page, &[])).on("conversations.list"),
    );
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client
        .call("slack_get_history", json!({ "channel": "#nothing-like-it" }))
        .await;
    let told = "slack: unreadable answer: expected another page, got one that was there before";
    assert!(failure(&result).contains(told), "{}", failure(&result));
    assert_eq!(setup.sandbox.requests(Vendor::Slack).len(), 2, "pages of the same");
}

#[tokio::test]
async fn nonsense_in_a_header_never_stalls_a_call() {
    let nonsense = [
        ("x-ratelimit-reset", "-5"),
        ("x-ratelimit-reset", "99999999999"),
        ("x-ratelimit-reset", "99999999999999"),
        ("x-ratelimit-reset", "18446744073709551616"),
        ("x-ratelimit-reset", "soon"),
        ("x-ratelimit-reset", "NaN"),
        ("x-ratelimit-remaining", "-1"),
        ("x-ratelimit-remaining", "lots"),
        ("x-ratelimit-remaining", "0"),
        ("retry-after", "-1"),
        ("retry-after", "1e308"),
        ("retry-after", "1e400"),
        ("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ];
    for (name, value) in nonsense {
        let setup = Setup::new().await.file("braid.toml", "[call]\ndeadline = \"3s\"\n");
        for vendor in [Vendor::Slack, Vendor::GitHub, Vendor::Datadog] {
            let header = Effect::Header {
                name: name.to_owned(),
                value: value.to_owned(),
            };
            setup.sandbox.inject(vendor, Fault::always(header));
        }
        let mut client = Stdio::open(&setup, Era::Modern).await;
        for (round, repository) in (1..).zip(["checkout", "shop", "catalog"]) {
            let calls = [
                ("slack_get_history", json!({ "channel": "C0DEPLOYS", "limit": round })),
                ("github_get_repo", json!({ "owner": "acme", "name": repository })),
                ("datadog_query_metrics", metrics(round)),
            ];
            let started = Instant::now();
            let results = client.call_all(&calls).await;
            assert!(started.elapsed() < Duration::from_secs(5), "{name}: {value}");
            // What is plainly told (nothing is left) is kept to, at once and with its end; all else is passed over.
            for ((tool, _), result) in calls.iter().zip(&results) {
                let kept_to = (name, value) == ("x-ratelimit-remaining", "0") && round > 1;
                if result["isError"] == true {
                    let told = failure(result);
                    let fits = kept_to && told.contains("rate limited until ") || told.contains("not_found");
                    assert!(fits, "{name}: {value}: {tool}: {told}");
                }
            }
        }
    }
}

#[tokio::test]
async fn nothing_left_until_the_end_of_time_locks_nothing() {
    let setup = Setup::new().await;
    let told = [
        ("x-ratelimit-name", "everything"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "99999999999"),
    ];
    let series = answer(&json!({ "status": "ok", "series": [] }), &told);
    setup.sandbox.inject(Vendor::Datadog, Fault::once(series).on(QUERY));
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for index in 0..3 {
        structured(&client.call("datadog_query_metrics", metrics(index)).await);
    }
}

#[tokio::test]
async fn a_bad_cursor_is_refused_before_the_channels_are_listed() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let arguments = json!({ "channel": "#incident-checkout", "cursor": "bogus" });
    let result = client.call("slack_get_history", arguments).await;
    assert!(failure(&result).contains("`cursor`"), "{}", failure(&result));
    assert_eq!(setup.sandbox.requests(Vendor::Slack), []);
}

#[tokio::test]
async fn a_time_that_is_none_comes_with_what_the_tool_takes() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let arguments = json!({ "query": "avg:checkout.errors{*}", "from": "yesterday" });
    let result = client.call("datadog_query_metrics", arguments).await;
    assert!(
        failure(&result).starts_with("datadog_query_metrics failed. `from`: `yesterday` is no time:"),
        "{}",
        failure(&result)
    );
    assert!(
        failure(&result).ends_with("It takes `query` (required), `from`, `to`."),
        "{}",
        failure(&result)
    );
}
