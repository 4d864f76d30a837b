//! GraphQL documents that are nested deeper than they look, cost more than they look, or are wrong in thousands of places,
//! by each way in: `/graphql` by POST and GET, `run_query`, files of tools and `braid check`.

use super::super::support::{Answer, Era, Server, Setup, Stdio, failure};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::fmt::Write as _;

const LEVELS: usize = 2_500;

/// Documents whose closing brackets, counted as characters, hide how deep they are.
fn deep() -> Vec<(&'static str, String)> {
    let argument = |unit: &str, close: &str| {
        let value = format!("{}1{}", unit.repeat(LEVELS), close.repeat(LEVELS));
        format!("query A {{ datadog {{ monitor(id: {value}) {{ name state }} }} }}")
    };
    vec![
        ("comments", argument("[#]\n", "]")),
        ("comments that end with a carriage return", argument("[#]\r", "]")),
        ("strings", argument("[\"]\",", "]")),
        ("escaped quotes", argument("[\"\\\"]\",", "]")),
        ("block strings", argument("[\"\"\"]\"\"\",", "]")),
        ("block strings with quotes", argument("[\"\"\"\\\"\"\"]\"\"\",", "]")),
        ("objects", argument("{a:#}\n", "}")),
        ("plain", argument("[", "]")),
        ("selections", format!("query A {}", "{ datadog #}\n".repeat(LEVELS))),
        (
            "types",
            format!(
                "query A($a: {}Int) {{ datadog {{ __typename }} }}",
                "[#]\n".repeat(LEVELS)
            ),
        ),
        (
            "defaults",
            format!(
                "query A($a: Int = {}1) {{ datadog {{ __typename }} }}",
                "[#]\n".repeat(LEVELS)
            ),
        ),
        (
            "directives",
            format!(
                "query A {{ datadog @skip(if: {}1) {{ __typename }} }}",
                "[#]\n".repeat(LEVELS)
            ),
        ),
        ("fragments", {
            let mut chain = "query A { ...F0 } ".to_owned();
            for index in 0..1_000 {
                write!(chain, "fragment F{index} on Query {{...F{}}} ", index + 1).unwrap();
            }
            chain + "fragment F1000 on Query { datadog { __typename } }"
        }),
    ]
}

async fn post(server: &Server, body: &Value) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/graphql-response+json"),
    ];
    server.send(Method::POST, "/graphql", &headers, body.to_string()).await
}

fn message(answer: &Answer) -> String {
    answer.json()["errors"][0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_document_is_too_deep_for_graphql() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for (what, document) in deep() {
        let answer = post(&server, &json!({ "query": document })).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}: {}", answer.body);
        assert!(message(&answer).contains("nested"), "{what}: {}", answer.body);
        assert_eq!(answer.json().get("data"), None, "{what}");
        let query = serde_urlencoded::to_string([("query", document)]).unwrap();
        if query.len() < 50_000 {
            let answer = server.get(&format!("/graphql?{query}")).await;
            assert!(message(&answer).contains("nested"), "{what}: {}", answer.body);
        }
    }
    for levels in [200, 100_000] {
        let variables = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let body = format!("{{\"query\": \"{{ __typename }}\", \"variables\": {{\"a\": {variables}}}}}");
        let headers = [("content-type", "application/json")];
        let answer = server.send(Method::POST, "/graphql", &headers, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
        assert!(message(&answer).contains("127 levels"), "{}", answer.body);
    }
    let right = post(&server, &json!({ "query": "{ __typename }" })).await;
    assert_eq!(right.json(), json!({ "data": { "__typename": "Query" } }));
}

#[tokio::test]
async fn no_document_is_too_deep_for_run_query_or_a_file() {
    let setup = Setup::new().await;
    let server = Server::with(&setup, &["--explore"]).await;
    for (what, document) in deep() {
        let document: String = document.chars().take(20_000).collect();
        let arguments = json!({ "query": document, "variables": "[".repeat(10_000) });
        let call = json!({ "name": "run_query", "arguments": arguments });
        let refused = server.modern("tools/call", call).await;
        assert_eq!(refused.message()["result"]["isError"], true, "{what}: {}", refused.body);
        let call = json!({ "name": "run_query", "arguments": { "query": document } });
        let refused = server.modern("tools/call", call).await;
        let text = failure(&refused.message()["result"]).to_owned();
        assert!(text.contains("nested") || text.contains("GraphQL"), "{what}: {text}");
    }
    for (index, (_, document)) in deep().iter().enumerate() {
        setup.write(&format!("q/more/deep_{index}.graphql"), &format!("\"D.\" {document}"));
    }
    let checked = setup.run(&["check", "q"]).await;
    assert_eq!(checked.code, Some(1), "{}", checked.stderr);
    let said = format!("{}{}", checked.stdout, checked.stderr);
    assert_eq!(said.matches("nested").count(), deep().len(), "{said}");
    let mut client = Stdio::open_with(&setup, &["--queries", "q"], Era::Modern).await;
    let call = client
        .call("datadog_query_metrics", json!({ "query": "avg:checkout.errors{*}" }))
        .await;
    assert_ne!(call["isError"], true, "{call:#}");
}

#[tokio::test]
async fn lists_without_pages_count_in_the_cost() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let metrics = |count: usize| {
        let mut fields = String::new();
        for index in 0..count {
            write!(
                fields,
                "a{index}: metrics(query: \"avg:checkout.errors{{*}}\") {{ series {{ points(max: 1000) {{ at value }} }} }} "
            )
            .unwrap();
        }
        json!({ "query": format!("{{ datadog {{ {fields} }} }}") })
    };
    assert_eq!(post(&server, &metrics(1)).await.json().get("errors"), None);
    let asked = setup.requests();
    let answer = post(&server, &metrics(20)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        message(&answer).contains("tokens of result; the budget is") && message(&answer).contains("`series`"),
        "{}",
        answer.body
    );
    // Introspection as well: types lead to fields, and fields to types.
    let fields = "fields { type { ".repeat(6);
    let schema = format!("{{ __schema {{ types {{ {fields} name {} }} }} }}", "} }".repeat(6));
    let answer = post(&server, &json!({ "query": schema })).await;
    assert!(message(&answer).contains("too deep into the schema"), "{}", answer.body);
    assert_eq!(setup.requests(), asked);
}

#[tokio::test]
async fn errors_stay_few_and_short() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let unknown = |count: usize| {
        (0..count)
            .map(|index| format!("a{index}:1 "))
            .collect::<Vec<_>>()
            .concat()
    };
    let long = "m".repeat(100_000);
    for document in [
        format!("{{ datadog {{ monitor({}) {{ name }} }} }}", unknown(15_000)),
        format!("{{ datadog {{ monitor({}) {{ name }} }} }}", unknown(5_000)),
        format!("{{ datadog {{ {} }} }}", unknown(900).replace(":1", "")),
        format!(
            "query({}) {{ __typename }}",
            unknown(2_000).replace('a', "$a").replace(":1", ":Int")
        ),
        format!("{{ datadog {{ {long} }} }}"),
        format!("query($a{long}: ID!) {{ datadog {{ monitor(id: $b{long}) {{ name }} }} }}"),
    ] {
        let answer = post(&server, &json!({ "query": document })).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.body.len() < 70_000, "{} bytes", answer.body.len());
    }
    let variables = json!({ "id": "x".repeat(100_000).split("").collect::<Vec<_>>() });
    let query = "query($id: ID!) { datadog { monitor(id: $id) { name } } }";
    let answer = post(&server, &json!({ "query": query, "variables": variables })).await;
    assert!(answer.body.len() < 3_000, "{} bytes", answer.body.len());
}
