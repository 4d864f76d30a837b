//! What is measured: each figure at `/metrics` and `/stats` moves by what happened, each call says what it cost, each
//! upstream request is one line of the log, and nothing that people wrote is in it.

use super::support::{Era, Server, Setup, Stdio, failure, structured};
use sandbox::{Effect, Fault, LimitForm, RetryAfter, Vendor};
use serde_json::{Value, json};

/// What somebody wrote, which no log may repeat.
const WRITTEN: &str = "what-somebody-wrote-4711";

struct Figures(String);

impl Figures {
    async fn of(server: &Server) -> Self {
        Self(server.get("/metrics").await.body)
    }

    /// The sum of a family's series that have these labels.
    fn of_series(&self, family: &str, labels: &[(&str, &str)]) -> f64 {
        let wanted: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .collect();
        let series = self.0.lines().filter(|line| {
            let name = line.split(['{', ' ']).next().unwrap();
            name == family && wanted.iter().all(|label| line.contains(label))
        });
        series
            .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
            .sum()
    }
}

fn repository(name: &str) -> (&'static str, Value) {
    ("github_get_repo", json!({ "owner": "acme", "name": name }))
}

fn metrics(to: u32) -> (&'static str, Value) {
    let span = json!({ "query": "avg:checkout.errors{*}", "from": "1795167000", "to": to.to_string() });
    ("datadog_query_metrics", span)
}

async fn call(server: &Server, (tool, arguments): (&str, Value)) -> Value {
    let params = json!({ "name": tool, "arguments": arguments });
    server.modern("tools/call", params).await.json()["result"].take()
}

/// A little of everything that is counted.
async fn happenings(setup: &Setup, server: &Server) {
    let sandbox = &setup.sandbox;
    // Datadog: one answer, given twice.
    for _ in 0..2 {
        call(server, metrics(1_795_170_600)).await;
    }
    // GitHub: a fault that passes, and something that is not there.
    sandbox.inject(Vendor::GitHub, Fault::once(Effect::status(503)));
    call(server, repository("checkout")).await;
    call(server, repository("nothing")).await;
    // Slack: a limit that is waited for.
    let limited = Effect::RateLimit {
        retry_after: Some(RetryAfter::Seconds(1)),
        form: LimitForm::Primary,
    };
    sandbox.inject(Vendor::Slack, Fault::once(limited));
    call(
        server,
        ("slack_get_history", json!({ "channel": "C0DEPLOYS", "limit": 1 })),
    )
    .await;
    // Datadog again: down, until nobody asks any more.
    sandbox.inject(Vendor::Datadog, Fault::always(Effect::status(500)));
    for to in [1_795_170_601, 1_795_170_602, 1_795_170_603] {
        call(server, metrics(to)).await;
    }
    // A name that no tool has, and arguments that no tool takes.
    let unknown = json!({ "name": "made_up_4711", "arguments": {} });
    server.modern("tools/call", unknown).await;
    call(server, ("github_get_repo", json!({ "owner": "acme" }))).await;
}

#[tokio::test]
#[expect(clippy::float_cmp, reason = "counts of whole things")]
async fn each_figure_moves_by_what_happened() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    happenings(&setup, &server).await;

    let figures = Figures::of(&server).await;
    let requests = |labels: &[(&str, &str)]| figures.of_series("braid_upstream_requests_total", labels);
    assert_eq!(requests(&[("operation", "QueryMetrics"), ("outcome", "ok")]), 2.0);
    assert_eq!(
        requests(&[("operation", "QueryMetrics"), ("outcome", "unavailable")]),
        2.0
    );
    assert_eq!(
        requests(&[("operation", "QueryMetrics"), ("outcome", "circuit_open")]),
        1.0
    );
    assert_eq!(requests(&[("backend", "github"), ("outcome", "ok")]), 2.0);
    let seconds = |backend| figures.of_series("braid_upstream_request_seconds_count", &[("backend", backend)]);
    assert_eq!((seconds("datadog"), seconds("github")), (5.0, 2.0));
    let answers = |backend, status| {
        figures.of_series(
            "braid_upstream_answers_total",
            &[("backend", backend), ("status", status)],
        )
    };
    assert_eq!((answers("datadog", "200"), answers("datadog", "500")), (1.0, 6.0));
    assert_eq!((answers("github", "200"), answers("github", "503")), (2.0, 1.0));
    assert_eq!(answers("slack", "429"), 1.0);
    let bytes = |backend| figures.of_series("braid_upstream_answer_bytes_total", &[("backend", backend)]);
    assert!(bytes("slack") > 100.0 && bytes("github") > 100.0 && bytes("datadog") > 100.0);
    let retries = |backend| figures.of_series("braid_upstream_retries_total", &[("backend", backend)]);
    assert_eq!(
        (retries("datadog"), retries("github"), retries("slack")),
        (4.0, 1.0, 1.0)
    );
    let waits = figures.of_series("braid_limiter_wait_seconds_count", &[("backend", "slack")]);
    let waited = figures.of_series("braid_limiter_wait_seconds_sum", &[("backend", "slack")]);
    assert!(waits >= 1.0 && waited >= 0.9, "{waits} waits, {waited} s");
    let looked_up = |result| {
        figures.of_series(
            "braid_cache_lookups_total",
            &[("backend", "datadog"), ("result", result)],
        )
    };
    assert_eq!((looked_up("hit"), looked_up("miss")), (1.0, 4.0));
    assert_eq!(
        figures.of_series("braid_breaker_state", &[("class", "QueryMetrics")]),
        2.0
    );
    assert!(figures.of_series("braid_quota_remaining", &[("backend", "github")]) > 0.0);
    let calls = |tool, outcome| figures.of_series("braid_tool_calls_total", &[("tool", tool), ("outcome", outcome)]);
    assert_eq!(
        (
            calls("datadog_query_metrics", "ok"),
            calls("datadog_query_metrics", "error")
        ),
        (2.0, 3.0)
    );
    assert_eq!(
        (calls("github_get_repo", "ok"), calls("github_get_repo", "error")),
        (1.0, 1.0)
    );
    assert_eq!(
        (calls("github_get_repo", "refused"), calls("(unknown)", "unknown")),
        (1.0, 1.0)
    );
    assert!(!figures.0.contains("made_up"), "a made-up name became a label");
    as_json_too(&server).await;
}

/// The same at `/stats`, with percentiles.
async fn as_json_too(server: &Server) {
    let stats = server.get("/stats").await.json();
    let of = |family: &str, key: &str, value: &str| {
        let series = stats[family].as_array().unwrap().iter();
        series
            .filter(|series| series[key] == value)
            .cloned()
            .collect::<Vec<_>>()
    };
    let seconds = &of("braid_upstream_request_seconds", "operation", "QueryMetrics")[0];
    let percentile = |name: &str| seconds[name].as_f64().unwrap();
    assert_eq!(seconds["count"], 5);
    assert!(
        percentile("p50") <= percentile("p95") && percentile("p95") <= percentile("p99"),
        "{seconds}"
    );
    let statuses: Vec<_> = of("braid_upstream_answers_total", "backend", "datadog")
        .iter()
        .map(|series| {
            (
                series["status"].as_str().unwrap().to_owned(),
                series["value"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(statuses, [("200".to_owned(), 1), ("500".to_owned(), 6)]);
}

#[tokio::test]
#[expect(clippy::float_cmp, reason = "counts of whole things")]
async fn a_refusal_of_the_limiter_is_counted() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let limited = Effect::RateLimit {
        retry_after: Some(RetryAfter::Seconds(3000)),
        form: LimitForm::SecondaryTooMany,
    };
    setup.sandbox.inject(Vendor::GitHub, Fault::once(limited));
    call(&server, repository("checkout")).await;
    call(&server, repository("checkout")).await;
    let figures = Figures::of(&server).await;
    assert_eq!(
        figures.of_series("braid_limiter_refusals_total", &[("backend", "github")]),
        1.0
    );
    assert_eq!(setup.sandbox.requests(Vendor::GitHub).len(), 1);
}

#[tokio::test]
async fn a_refusal_of_the_limiter_says_what_is_left() {
    let setup = Setup::new().await;
    let told = [
        ("x-ratelimit-name", "everything"),
        ("x-ratelimit-limit", "100"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "600"),
    ];
    let headers = told.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let series = Effect::Status {
        status: 200,
        body: Some(json!({ "status": "ok", "series": [] }).to_string()),
        headers: headers.into(),
    };
    setup.sandbox.inject(Vendor::Datadog, Fault::once(series));
    let server = Server::start(&setup).await;
    call(&server, metrics(1_795_170_600)).await;
    let refused = call(&server, metrics(1_795_170_601)).await;
    assert!(
        failure(&refused).contains("rate limited until"),
        "{}",
        failure(&refused)
    );
    let spent = &refused["_meta"]["braid/spent"]["datadog"];
    assert_eq!(spent["requests"], 0, "{refused:#}");
    let left = &spent["quota"]["everything"];
    assert_eq!(
        (&left["remaining"], &left["limit"]),
        (&json!(0), &json!(100)),
        "{spent:#}"
    );
    assert!((540..=600).contains(&left["reset_s"].as_u64().unwrap()), "{left:#}");
}

#[tokio::test]
async fn each_result_says_what_it_cost() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let (tool, arguments) = repository("checkout");
    setup.sandbox.inject(Vendor::GitHub, Fault::once(Effect::status(503)));
    let first = client.call(tool, arguments.clone()).await;
    let spent = &first["_meta"]["braid/spent"]["github"];
    assert_eq!(
        (&spent["requests"], &spent["retries"], &spent["cache_hits"]),
        (&json!(2), &json!(1), &json!(0)),
        "{first:#}"
    );
    let quota = &spent["quota"]["graphql"];
    assert_eq!(quota["limit"], 5_000, "{spent:#}");
    assert!(
        quota["remaining"].as_u64().unwrap() < 5_000 && quota["reset_s"].as_u64().unwrap() <= 3_600,
        "{quota}"
    );
    let again = client.call(tool, arguments).await;
    let spent = &again["_meta"]["braid/spent"]["github"];
    assert_eq!(
        (&spent["requests"], &spent["cache_hits"]),
        (&json!(0), &json!(1)),
        "{spent:#}"
    );
    assert!(spent["cache_age_s"].as_u64().unwrap() <= 5, "{spent:#}");
    // What the first one learned, as of now.
    let left = &spent["quota"]["graphql"];
    assert_eq!(
        (&left["remaining"], &left["limit"]),
        (&quota["remaining"], &quota["limit"])
    );
    let resets = [quota, left].map(|quota| quota["reset_s"].as_u64().unwrap());
    assert!(resets[1] <= resets[0] && resets[1] + 5 >= resets[0], "{resets:?}");
    assert_eq!(structured(&first), structured(&again));
}

/// The log's lines of one upstream operation.
fn lines_of(stderr: &str, operation: &str) -> Vec<Value> {
    let lines = stderr.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["fields"]["operation"] == operation && line["fields"]["ms"].is_number())
        .collect()
}

#[tokio::test]
async fn each_upstream_request_is_one_line_of_the_log_without_what_people_wrote() {
    let setup = Setup::new()
        .await
        .set("BRAID_LOG", "debug")
        .set("BRAID_LOG_FORMAT", "json");
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let post = json!({ "channel": "C0DEPLOYS", "text": WRITTEN });
    structured(&client.call("slack_send_message", post).await);
    let read = json!({ "channel": "C0DEPLOYS", "limit": 1 });
    for _ in 0..2 {
        let result = client.call("slack_get_history", read.clone()).await;
        assert!(result.to_string().contains(WRITTEN), "{result:#}");
    }
    let (tool, arguments) = repository(WRITTEN);
    client.call(tool, arguments).await;
    client.hang_up();
    let stderr = client.ended().await.stderr;
    assert!(!stderr.contains(WRITTEN), "{stderr}");
    let posted = lines_of(&stderr, "chat.postMessage");
    let [posted] = posted.as_slice() else {
        panic!("one line each: {posted:#?}")
    };
    assert_eq!(posted["level"], "DEBUG");
    let fields = &posted["fields"];
    let told = ["backend", "outcome", "status", "attempts", "cache"].map(|name| &fields[name]);
    assert_eq!(
        told,
        [&json!("slack"), &json!("ok"), &json!(200), &json!(1), &json!("none")]
    );
    let read = lines_of(&stderr, "conversations.history");
    let caches: Vec<_> = read
        .iter()
        .map(|line| (&line["fields"]["cache"], &line["fields"]["attempts"]))
        .collect();
    assert_eq!(caches, [(&json!("miss"), &json!(1)), (&json!("hit"), &json!(0))]);
}

#[tokio::test]
async fn a_failure_is_told_once() {
    let setup = Setup::new().await.set("BRAID_LOG_FORMAT", "json");
    setup.sandbox.inject(Vendor::GitHub, Fault::always(Effect::status(503)));
    let run = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=checkout"])
        .await;
    let lines: Vec<_> = run.stderr.lines().collect();
    assert_eq!(lines.len(), 1, "{}", run.stderr);
    let line = &lines_of(&run.stderr, "lookup")[0];
    let fields = &line["fields"];
    assert_eq!(
        (
            &line["level"],
            &fields["outcome"],
            &fields["status"],
            &fields["attempts"]
        ),
        (&json!("WARN"), &json!("unavailable"), &json!(503), &json!(3))
    );
    // What an agent can mend by asking otherwise is nothing for whoever runs the server.
    setup.sandbox.clear_faults();
    let run = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=nothing"])
        .await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
}
