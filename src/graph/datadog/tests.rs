use crate::backends::Backend;
use crate::backends::datadog::stand_in::{Answers, StandIn};
use crate::graph::clock::Now;
use crate::graph::failure::failure_of;
use crate::loaders::{Clients, Loaders};
use async_graphql::{Request, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use upstream::{Call, Cause};

async fn run(datadog: &StandIn, document: &str) -> Response {
    let clients = Clients {
        slack: Backend::Off {
            backend: "slack",
            variables: vec!["SLACK_BOT_TOKEN"],
        },
        github: Backend::Off {
            backend: "github",
            variables: vec!["GITHUB_TOKEN"],
        },
        datadog: datadog.client(),
    };
    let call = Arc::new(Call::within(Duration::from_secs(5)));
    let schema = crate::graph::builder().finish();
    let request = Request::new(document)
        .data(Arc::new(Loaders::new(&clients, call)))
        .data(Now("2026-11-20T10:30:00Z".parse().unwrap()));
    schema.execute(request).await
}

async fn data(datadog: &StandIn, document: &str) -> Value {
    let response = run(datadog, document).await;
    assert_eq!(response.errors, [], "{document}");
    response.data.into_json().unwrap()["datadog"].take()
}

/// The one thing that is wrong, and where.
async fn problem(datadog: &StandIn, document: &str) -> (Cause, String) {
    let response = run(datadog, document).await;
    let [error] = response.errors.as_slice() else {
        panic!("{:?}", response.errors)
    };
    let path = serde_json::to_string(&error.path).unwrap();
    (failure_of(error).unwrap().cause.clone(), path)
}

async fn refusal(document: &str) -> String {
    let datadog = StandIn::start(Answers::new()).await;
    let (cause, _) = problem(&datadog, document).await;
    assert_eq!(datadog.requests(), [""; 0], "refused before anybody is asked");
    match cause {
        Cause::Invalid { message } => message,
        other => panic!("{other:?}"),
    }
}

fn series() -> Value {
    let points: Vec<_> = [1.0, 3.0, 5.0, 9.0]
        .iter()
        .zip(0..)
        .map(|(value, index)| json!([1_795_167_000_000_i64 + index * 20_000, value]))
        .collect();
    json!({"status": "ok", "series": [{
        "metric": "system.load.1", "scope": "host:web-1", "unit": null, "interval": 20, "pointlist": points,
    }]})
}

#[tokio::test]
async fn a_metric_query_says_what_its_times_resolved_to() {
    let datadog = StandIn::start(vec![("GET /api/v1/query", 200, series())]).await;
    let document = "{ datadog { metrics(query: \"avg:system.load.1{*} by {host}\", to: \"now-5m\") {
        from to series { metric scope unit interval min max avg last pointCount points(max: 2) { at value } }
    } } }";
    assert_eq!(
        data(&datadog, document).await["metrics"],
        json!({
            "from": "2026-11-20T09:30:00Z",
            "to": "2026-11-20T10:25:00Z",
            "series": [{
                "metric": "system.load.1", "scope": "host:web-1", "unit": null, "interval": 20,
                "min": 1, "max": 9, "avg": 4.5, "last": 9, "pointCount": 4,
                "points": [
                    {"at": "2026-11-20T09:30:00Z", "value": 2},
                    {"at": "2026-11-20T09:30:40Z", "value": 7},
                ],
            }],
        })
    );
    assert_eq!(
        datadog.requests(),
        ["GET /api/v1/query?query=avg%3Asystem.load.1%7B*%7D+by+%7Bhost%7D&from=1795167000&to=1795170300"]
    );
}

#[tokio::test]
async fn integers_of_any_size_stay_as_they_came() {
    let points = json!([
        [1_795_167_000_000_i64, 1_234_567_891],
        [1_795_167_060_000_i64, 9_007_199_254_740_993_i64]
    ]);
    let series = json!({"metric": "requests.total", "scope": "*", "interval": 60, "pointlist": points});
    let answer = json!({"status": "ok", "series": [series]});
    let datadog = StandIn::start(vec![("GET /api/v1/query", 200, answer)]).await;
    let document = "{ datadog { metrics(query: \"q\") { series { min max last points { value } } } } }";
    assert_eq!(
        data(&datadog, document).await["metrics"]["series"][0],
        json!({
            "min": 1_234_567_891, "max": 9_007_199_254_740_993_i64, "last": 9_007_199_254_740_993_i64,
            "points": [{"value": 1_234_567_891}, {"value": 9_007_199_254_740_993_i64}],
        })
    );
}

/// Two series of one metric and scope say what tells them apart; where nothing is to be told apart, nothing is said.
#[tokio::test]
async fn series_with_the_same_metric_and_scope_can_be_told_apart() {
    let one = |metric: &str, aggr: &str, expression: &str, index: i64| {
        json!({
            "metric": metric, "scope": "*", "aggr": aggr, "expression": expression, "query_index": index,
            "interval": 60, "pointlist": [[1_795_167_000_000_i64, 1]],
        })
    };
    let answer = json!({"status": "ok", "series": [
        one("cpu", "min", "min:cpu{*}", 0),
        one("cpu", "max", "max:cpu{*}", 1),
        one("load", "avg", "avg:load{*}", 2),
        one("load", "avg", "ewma_3(avg:load{*})", 3),
        one("disk", "avg", "avg:disk{*}", 4),
        one("disk", "avg", "avg:disk{*}", 5),
        one("net", "avg", "avg:net{*}", 6),
    ]});
    let datadog = StandIn::start(vec![("GET /api/v1/query", 200, answer)]).await;
    let document = "{ datadog { metrics(query: \"q\") { series { metric variant } } } }";
    let series = data(&datadog, document).await["metrics"]["series"].take();
    let variants: Vec<_> = series
        .as_array()
        .unwrap()
        .iter()
        .map(|series| &series["variant"])
        .collect();
    let expected = [
        json!("min"),
        json!("max"),
        json!("avg:load{*}"),
        json!("ewma_3(avg:load{*})"),
        json!("query 5"),
        json!("query 6"),
        Value::Null,
    ];
    assert_eq!(variants, expected.iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn the_same_query_twice_in_one_operation_is_asked_once() {
    let datadog = StandIn::start(vec![("GET /api/v1/query", 200, series())]).await;
    let document =
        "{ datadog { a: metrics(query: \"q\") { from } b: metrics(query: \"q\", from: \"now - 60m\") { to } } }";
    data(&datadog, document).await;
    assert_eq!(datadog.requests().len(), 1);
}

#[tokio::test]
async fn times_the_wrong_way_round_are_refused_with_what_to_give() {
    let metrics = |times: &str| format!("{{ datadog {{ metrics(query: \"q\", {times}) {{ from }} }} }}");
    assert_eq!(
        refusal(&metrics("from: \"now\", to: \"now-1h\"")).await,
        "`from` (2026-11-20T10:30:00Z) is after `to` (2026-11-20T09:30:00Z): give the earlier moment as `from`"
    );
    assert_eq!(
        refusal(&metrics("from: 1795170600, to: \"now\"")).await,
        "`from` and `to` are the same moment, 2026-11-20T10:30:00Z: give a span, e.g. `now-1h` to `now`"
    );
}

#[tokio::test]
async fn a_monitor_has_its_failing_groups_worst_first() {
    let monitor = json!({
        "id": 40, "name": "Load\u{202e}", "type": "metric alert", "query": "q", "message": "no handles",
        "overall_state": "Alert", "tags": ["a"], "priority": 1, "created": "2026-11-20T10:30:00+00:00",
        "creator": {"name": "Ada"},
        "state": {"groups": {
            "host:c": {"status": "OK"},
            "host:b": {"status": "No Data"},
            "host:a": {"status": "Warn"},
            "host:d": {"status": "Alert", "last_triggered_ts": 1_795_170_600},
        }},
    });
    let datadog = StandIn::start(vec![("GET /api/v1/monitor/40", 200, monitor)]).await;
    let document = "{ datadog { monitor(id: 40) {
        id name type state message priority creator createdAt modifiedAt url notifies { id }
        failingGroupCount failingGroups { name state lastTriggeredAt }
    } } }";
    assert_eq!(
        data(&datadog, document).await["monitor"],
        json!({
            "id": "40", "name": "Load", "type": "METRIC_ALERT", "state": "ALERT", "message": "no handles",
            "priority": 1, "creator": "Ada", "createdAt": "2026-11-20T10:30:00Z", "modifiedAt": null,
            "url": "https://app.datadoghq.com/monitors/40", "notifies": [], "failingGroupCount": 3,
            "failingGroups": [
                {"name": "host:d", "state": "ALERT", "lastTriggeredAt": "2026-11-20T10:30:00Z"},
                {"name": "host:a", "state": "WARN", "lastTriggeredAt": null},
                {"name": "host:b", "state": "NO_DATA", "lastTriggeredAt": null},
            ],
        })
    );
    assert_eq!(datadog.requests(), ["GET /api/v1/monitor/40?group_states=all"]);
}

#[tokio::test]
async fn groups_are_not_asked_for_when_nobody_wants_them() {
    let datadog = StandIn::start(vec![("GET /api/v1/monitor/40", 200, json!({"id": 40}))]).await;
    data(&datadog, "{ datadog { monitor(id: \"40\") { name } } }").await;
    assert_eq!(datadog.requests(), ["GET /api/v1/monitor/40"]);
}

#[tokio::test]
async fn a_monitor_that_is_not_there_is_a_problem() {
    let datadog = StandIn::start(Answers::new()).await;
    let (cause, path) = problem(&datadog, "{ datadog { monitor(id: 7) { name } } }").await;
    assert_eq!(
        cause,
        Cause::NotFound {
            what: "monitor 7".to_owned()
        }
    );
    assert_eq!(path, r#"["datadog","monitor"]"#);
}

#[tokio::test]
async fn an_id_that_is_no_number_is_refused() {
    let message = refusal("{ datadog { monitor(id: \"checkout\") { name } } }").await;
    assert!(message.starts_with("`checkout` is no monitor id"), "{message}");
}

#[tokio::test]
async fn a_search_is_one_request_unless_more_is_wanted_than_it_gives() {
    let page = json!({
        "monitors": [
            {"id": 40, "name": "Load", "status": "Warn", "type": "query alert"},
            {"id": 41, "name": null, "status": "Fine", "type": "mystery alert"},
        ],
        "metadata": {"total_count": 5, "page_count": 3},
    });
    let answers = || {
        vec![
            ("GET /api/v1/monitor/search", 200, page.clone()),
            ("GET /api/v1/monitor/40", 200, json!({"id": 40, "message": "forty"})),
            ("GET /api/v1/monitor/41", 403, json!({"errors": ["Forbidden"]})),
        ]
    };
    let datadog = StandIn::start(answers()).await;
    let found = data(
        &datadog,
        "{ datadog { searchMonitors(first: 2) { totalCount nodes { id name state type url } pageInfo { hasNextPage } } } }",
    )
    .await;
    assert_eq!(
        found["searchMonitors"],
        json!({
            "totalCount": 5,
            "nodes": [
                {"id": "40", "name": "Load", "state": "WARN", "type": "QUERY_ALERT", "url": "https://app.datadoghq.com/monitors/40"},
                {"id": "41", "name": null, "state": "OTHER", "type": null, "url": "https://app.datadoghq.com/monitors/41"},
            ],
            "pageInfo": {"hasNextPage": true},
        })
    );
    assert_eq!(
        datadog.requests(),
        ["GET /api/v1/monitor/search?query=&page=0&per_page=2"]
    );

    let datadog = StandIn::start(answers()).await;
    let response = run(
        &datadog,
        "{ datadog { searchMonitors(first: 2) { nodes { id message priority } } } }",
    )
    .await;
    // async-graphql leaves out the keys of fields that failed; whoever serves the answer puts the nulls back.
    assert_eq!(
        response.data.into_json().unwrap()["datadog"]["searchMonitors"]["nodes"],
        json!([{"id": "40", "message": "forty", "priority": null}, {"id": "41"}])
    );
    assert_eq!(response.errors.len(), 2, "both fields of the one that is refused");
    assert_eq!(
        datadog.requests()[..2],
        ["GET /api/v1/monitor/40", "GET /api/v1/monitor/41"],
        "one request for each, whatever the number of fields"
    );
}

#[tokio::test]
async fn pages_lead_to_the_next_and_keep_their_size() {
    let page = json!({"monitors": [{"id": 40}], "metadata": {"page_count": 2}});
    let datadog = StandIn::start(vec![("GET /api/v1/monitor/search", 200, page)]).await;
    let first = data(
        &datadog,
        "{ datadog { searchMonitors(first: 1) { pageInfo { endCursor } } } }",
    )
    .await;
    let cursor = first["searchMonitors"]["pageInfo"]["endCursor"].as_str().unwrap();

    let next =
        format!("{{ datadog {{ searchMonitors(first: 1, cursor: \"{cursor}\") {{ pageInfo {{ endCursor }} }} }} }}");
    let last = data(&datadog, &next).await;
    assert_eq!(last["searchMonitors"]["pageInfo"]["endCursor"], Value::Null);
    assert_eq!(
        datadog.requests()[1],
        "GET /api/v1/monitor/search?query=&page=1&per_page=1"
    );

    let other_size = format!("{{ datadog {{ searchMonitors(first: 5, cursor: \"{cursor}\") {{ totalCount }} }} }}");
    let message = refusal(&other_size).await;
    assert!(message.contains("has to stay 1"), "{message}");
}

#[tokio::test]
async fn a_monitor_is_made_with_the_vendors_words() {
    let made = json!({"id": 77, "name": "Load", "type": "metric alert", "overall_state": "No Data"});
    let datadog = StandIn::start(vec![("POST /api/v1/monitor", 200, made)]).await;
    let document = "mutation { datadogCreateMonitor(
        name: \"Load\", type: METRIC_ALERT, query: \"avg(last_5m):avg:system.load.1{*} > 4\", tags: [\"service:checkout\"]
    ) { id type state url } }";
    let response = run(&datadog, document).await;
    assert_eq!(
        response.data.into_json().unwrap()["datadogCreateMonitor"],
        json!({"id": "77", "type": "METRIC_ALERT", "state": "NO_DATA", "url": "https://app.datadoghq.com/monitors/77"})
    );
    let body = r#"{"name":"Load","type":"metric alert","query":"avg(last_5m):avg:system.load.1{*} > 4","tags":["service:checkout"]}"#;
    assert_eq!(datadog.requests(), [format!("POST /api/v1/monitor {body}")]);
}

#[tokio::test]
async fn a_handle_that_names_no_channel_is_a_problem_beside_the_rest() {
    let monitor = json!({"id": 40, "name": "Load", "message": "see @slack-{{service.name}} and @slack-{{env}}"});
    let datadog = StandIn::start(vec![("GET /api/v1/monitor/40", 200, monitor)]).await;
    let response = run(&datadog, "{ datadog { monitor(id: 40) { name notifies { id } } } }").await;
    assert_eq!(
        response.data.into_json().unwrap()["datadog"]["monitor"],
        json!({"name": "Load", "notifies": []})
    );
    let whats: Vec<_> = response.errors.iter().map(|error| error.message.clone()).collect();
    assert_eq!(
        whats,
        [
            "datadog GetMonitor: one Slack channel for `@slack-{{service.name}}` not found",
            "datadog GetMonitor: one Slack channel for `@slack-{{env}}` not found"
        ]
    );
    assert_eq!(
        serde_json::to_value(&response.errors[0].path).unwrap(),
        json!(["datadog", "monitor", "notifies"])
    );
}

#[tokio::test]
async fn series_and_tags_beyond_the_bound_are_left_out_and_counted() {
    let series: Vec<_> = (0..130)
        .map(|n| json!({"metric": "m", "scope": format!("host:{n}"), "pointlist": []}))
        .collect();
    let tags: Vec<_> = (0..30).map(|n| format!("tag:{n}")).collect();
    let datadog = StandIn::start(vec![
        ("GET /api/v1/query", 200, json!({"status": "ok", "series": series})),
        (
            "GET /api/v1/monitor/40",
            200,
            json!({"id": 40, "name": "Load", "tags": tags}),
        ),
    ])
    .await;
    let document = "{ datadog { metrics(query: \"q\") { series { scope } } monitor(id: 40) { tags } } }";
    let response = run(&datadog, document).await;
    let mut told: Vec<_> = response
        .errors
        .iter()
        .map(|error| failure_of(error).unwrap().cause.to_string())
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            "the monitor has 30 tags, and the first 20 are given",
            "the query gives 130 series, and the first 100 are shown"
        ]
    );
    let data = response.data.into_json().unwrap();
    let length = |list: &Value| list.as_array().unwrap().len();
    assert_eq!(length(&data["datadog"]["metrics"]["series"]), 100);
    assert_eq!(length(&data["datadog"]["monitor"]["tags"]), 20);
}

/// The bounds of lists that nobody asks for a page of, as the costs of tools are reckoned with them.
#[test]
fn lists_are_no_longer_than_their_weights_say() {
    use crate::graph::edges::{datadog_slack::MOST_CHANNELS, slack_github::MOST_LINKS};
    let weights = include_str!("../../../schema/weights.graphql");
    for (field, most) in [
        ("series", super::metrics::MOST_SERIES),
        ("tags", super::monitor::MOST_TAGS),
        ("failingGroups", super::monitor::SHOWN),
        ("notifies", MOST_CHANNELS),
        ("links", MOST_LINKS),
    ] {
        let line = weights
            .lines()
            .find(|line| line.contains(&format!("@weight(field: \"{field}\",")))
            .unwrap();
        let (_, weight) = line.split_once("most: ").unwrap();
        let weight = weight.split_once([',', ')']).unwrap().0;
        assert_eq!(weight, most.to_string(), "{field}");
    }
}
