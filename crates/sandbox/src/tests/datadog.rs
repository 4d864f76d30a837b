//! Datadog: keys, metric queries, monitors, search, creating, rate-limit headers.

use serde_json::{Value, json};

use super::{Bench, column, json_of};

/// 2026-11-20T10:00:00Z and half an hour later.
const SPAN: &str = "from=1795168800&to=1795170600";

async fn query(bench: &Bench, query: &str) -> Value {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    bench.datadog(&format!("/api/v1/query?query={query}&{SPAN}")).await
}

#[tokio::test]
async fn both_keys_are_needed_but_to_validate_one() {
    let bench = Bench::new().await;
    let url = |path: &str| bench.sandbox.datadog_api.join(path).unwrap();
    let key = &bench.sandbox.credentials.datadog_api_key;
    for request in [
        bench.client.get(url("/api/v1/monitor/40")),
        bench.client.get(url("/api/v1/monitor/40")).header("dd-api-key", key),
        bench.client.get(url("/api/v1/validate")).header("dd-api-key", "other"),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 403);
        assert_eq!(answer.text().await.unwrap(), r#"{"errors":["Forbidden"]}"#);
    }
    let valid = json_of(bench.client.get(url("/api/v1/validate")).header("dd-api-key", key)).await;
    assert_eq!(valid, json!({ "valid": true }));
}

#[tokio::test]
async fn the_checkout_breaks_in_its_metric() {
    let bench = Bench::new().await;
    let answer = query(&bench, "avg:checkout.error_rate{service:checkout}").await;
    assert_eq!(answer["status"], "ok");
    let series = &answer["series"][0];
    assert_eq!(
        (series["metric"].as_str(), series["scope"].as_str()),
        (Some("checkout.error_rate"), Some("service:checkout"))
    );
    assert_eq!(series["interval"], 20);
    let points = series["pointlist"].as_array().unwrap();
    let value = |minute: i64| {
        let at = (1_795_168_800 + minute * 60) * 1_000;
        points
            .iter()
            .find(|point| point[0] == at)
            .and_then(|point| point[1].as_f64())
            .unwrap()
    };
    assert!(value(0) < 0.01 && value(20) > 0.1, "{} {}", value(0), value(20));
    assert_eq!(answer, query(&bench, "avg:checkout.error_rate{service:checkout}").await);
}

#[tokio::test]
async fn grouping_gives_a_line_for_each_host_some_with_gaps() {
    let bench = Bench::new().await;
    let answer = query(&bench, "avg:system.cpu.user{*} by {host}").await;
    let scopes = column(&answer, "/series", "scope");
    assert!(
        scopes.len() > 1 && scopes.iter().all(|scope| scope.starts_with("host:checkout-")),
        "{scopes:?}"
    );
    assert_eq!(answer["group_by"], json!(["host"]));
    assert_eq!(answer["series"][0]["unit"][0]["name"], "percent");
    let values = answer["series"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|series| series["pointlist"].as_array().unwrap());
    assert!(values.into_iter().any(|point| point[1].is_null()));
}

#[tokio::test]
async fn queries_combine_and_come_in_lists() {
    let bench = Bench::new().await;
    let ratio = query(
        &bench,
        "(sum:checkout.errors{*}.as_count() / sum:checkout.requests{*}.as_count()) * 100",
    )
    .await;
    assert_eq!(ratio["series"].as_array().unwrap().len(), 1, "{ratio}");
    let two = query(
        &bench,
        "avg:system.load.1{*}, abs(max:system.load.1{host:checkout-1}.rollup(max, 300))",
    )
    .await;
    assert_eq!(two["series"][1]["query_index"], 1);
    assert_eq!(two["series"][1]["interval"], 300);
}

#[tokio::test]
async fn a_metric_that_nobody_reports_is_empty_and_a_bad_query_refused() {
    let bench = Bench::new().await;
    assert_eq!(query(&bench, "avg:no.such{*}").await["series"], json!([]));
    for (path, text) in [
        ("/api/v1/query?from=1&to=2", "Missing required parameter: query"),
        (
            "/api/v1/query?query=avg:a%7B*%7D&from=1",
            "Missing required parameter: to",
        ),
    ] {
        let answer = bench.datadog_request(path).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        assert_eq!(answer.text().await.unwrap(), json!({ "errors": [text] }).to_string());
    }
    let wrong = query(&bench, "avg:checkout.error_rate{service:checkout").await;
    assert!(
        wrong["errors"][0]
            .as_str()
            .unwrap()
            .starts_with("Error parsing query: "),
        "{wrong}"
    );
}

#[tokio::test]
async fn monitors_are_found_by_id_with_groups_when_asked() {
    let bench = Bench::new().await;
    let plain = bench.datadog("/api/v1/monitor/40").await;
    assert_eq!(plain["name"], "[P1] Checkout error rate above 5%");
    assert_eq!(plain["overall_state"], "Alert");
    assert_eq!(plain.get("state"), None);
    let message = plain["message"].as_str().unwrap();
    assert!(
        ["@slack-incident-checkout", "@slack-acme-deploys", "@ada@acme.example"]
            .iter()
            .all(|handle| message.contains(handle))
    );
    let groups = bench.datadog("/api/v1/monitor/61?group_states=alert,warn").await;
    let states: Vec<&str> = groups["state"]["groups"]
        .as_object()
        .unwrap()
        .values()
        .map(|group| group["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["Alert", "Warn", "Alert"]);
    let lost = bench.datadog_request("/api/v1/monitor/404404").send().await.unwrap();
    assert_eq!(lost.status(), 404);
    assert_eq!(lost.text().await.unwrap(), r#"{"errors":["Monitor not found"]}"#);
    let all = bench.datadog("/api/v1/monitor?monitor_tags=team:checkout").await;
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(
        bench
            .datadog("/api/v1/monitor?page=1&page_size=50")
            .await
            .as_array()
            .unwrap()
            .len(),
        11
    );
}

#[tokio::test]
async fn search_pages_counts_and_has_one_broken_element() {
    let bench = Bench::new().await;
    let mut ids: Vec<i64> = Vec::new();
    let mut broken = 0;
    for page in 0.. {
        let answer = bench
            .datadog(&format!("/api/v1/monitor/search?per_page=20&page={page}"))
            .await;
        assert_eq!(answer["metadata"]["total_count"], 61);
        let monitors = answer["monitors"].as_array().unwrap();
        if monitors.is_empty() {
            assert_eq!(answer["metadata"]["page_count"], page);
            break;
        }
        ids.extend(monitors.iter().map(|monitor| monitor["id"].as_i64().unwrap()));
        broken += monitors.iter().filter(|monitor| monitor["name"].is_null()).count();
    }
    ids.sort_unstable();
    assert_eq!(ids, (1..=61).collect::<Vec<_>>());
    assert_eq!(broken, 1);
    for (query, found) in [
        ("status:alert%20service:checkout%20title:error", vec![40]),
        ("id:61", vec![61]),
        ("tag:%22team:checkout%22", vec![40]),
    ] {
        let answer = bench.datadog(&format!("/api/v1/monitor/search?query={query}")).await;
        let ids: Vec<i64> = answer["monitors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|monitor| monitor["id"].as_i64().unwrap())
            .collect();
        assert_eq!(ids, found, "{query}");
    }
}

#[tokio::test]
async fn a_created_monitor_can_be_read_and_searched() {
    let bench = Bench::new().await;
    let post = |path: &str, body: Value| {
        let url = bench.sandbox.datadog_api.join(path).unwrap();
        json_of(
            bench
                .keyed(bench.client.post(url))
                .header("content-type", "application/json")
                .body(body.to_string()),
        )
    };
    let monitor = json!({
        "name": "Load", "type": "metric alert", "query": "avg(last_5m):avg:system.load.1{service:checkout} > 4",
        "message": "@slack-incident-checkout", "tags": ["service:checkout"],
    });
    assert_eq!(post("/api/v1/monitor/validate", monitor.clone()).await, json!({}));
    let created = post("/api/v1/monitor", monitor).await;
    assert_eq!(
        (created["id"].as_i64(), created["overall_state"].as_str()),
        (Some(1_000_001), Some("No Data"))
    );
    assert_eq!(created["options"]["thresholds"], json!({ "critical": 4.0 }));
    assert_eq!(bench.datadog("/api/v1/monitor/1000001").await["name"], "Load");
    assert_eq!(
        bench.datadog("/api/v1/monitor/search?query=id:1000001").await["metadata"]["total_count"],
        1
    );
    for (body, part) in [
        (json!({ "type": "metric alert" }), "Missing required"),
        (json!({ "type": "metric", "query": "x" }), "'type'"),
        (
            json!({ "type": "metric alert", "query": "avg:system.load.1{*}" }),
            "'query'",
        ),
        (
            json!({ "type": "query alert", "query": "avg(last_5m):avg:system.load.1{* > 4" }),
            "'query'",
        ),
        (json!({ "type": "composite", "query": "1 && 2", "tags": "a" }), "'tags'"),
    ] {
        let answer = post("/api/v1/monitor", body.clone()).await;
        assert!(
            answer["errors"][0].as_str().is_some_and(|text| text.contains(part)),
            "{body} {answer}"
        );
    }
    let url = bench.sandbox.datadog_api.join("/api/v1/monitor").unwrap();
    assert_eq!(
        bench
            .keyed(bench.client.post(url))
            .body("{}")
            .send()
            .await
            .unwrap()
            .status(),
        415
    );
}

#[tokio::test]
async fn every_answer_says_how_full_its_bucket_is() {
    let bench = Bench::new().await;
    let answer = bench
        .datadog_request(&format!("/api/v1/query?query=avg:a%7B*%7D&{SPAN}"))
        .send()
        .await
        .unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        (header("x-ratelimit-limit"), header("x-ratelimit-period")),
        ("1600".to_owned(), "3600".to_owned())
    );
    assert_eq!(header("x-ratelimit-remaining"), "1599");
    assert!(
        header("x-ratelimit-reset").parse::<u64>().unwrap() <= 3_600,
        "seconds from now"
    );
}
