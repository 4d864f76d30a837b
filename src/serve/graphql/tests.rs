use super::*;
use crate::backends::Backend;
use crate::graph::engine;
use crate::loaders::Clients;
use axum::body::{Body, to_bytes};
use axum::http::Request as HttpRequest;
use axum::http::header::ACCEPT;
use serde_json::json;
use std::time::Duration;
use toolgen::{Budget, Compiler, Options};
use tower_service::Service;

const GRAPHQL: &str = "application/graphql-response+json";

fn off<C>(backend: &'static str, variable: &'static str) -> Backend<C> {
    Backend::Off {
        backend,
        variables: vec![variable],
    }
}

fn router(writes: Writes) -> Router {
    let engine = Engine::new(engine::Params {
        schema: crate::graph::builder().finish(),
        clients: Clients {
            slack: off("slack", "SLACK_BOT_TOKEN"),
            github: off("github", "GITHUB_TOKEN"),
            datadog: off("datadog", "DATADOG_API_KEY"),
        },
        deadline: Duration::from_secs(5),
    });
    let budget = Budget {
        requests: Some(100),
        result_tokens: Some(3_000_000),
        ..Budget::default()
    };
    routes(Params {
        engine: Arc::new(engine),
        preparer: Arc::new(Preparer::new(compiler, budget)),
        writes,
        body_limit: 256 * 1024,
    })
}

fn compiler() -> Result<Compiler, Vec<Diagnostic>> {
    let options = Options {
        weights: include_str!("../../../schema/weights.graphql").to_owned(),
        ..Options::default()
    };
    Compiler::new(include_str!("../../../schema/braid.graphql"), options)
}

/// The status, the headers and the body of an answer.
async fn send(writes: Writes, request: HttpRequest<Body>) -> (StatusCode, HeaderMap, Value) {
    let response = router(writes).call(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    (
        parts.status,
        parts.headers,
        serde_json::from_slice(&body).unwrap_or_default(),
    )
}

fn get(query: &str, accept: &str) -> HttpRequest<Body> {
    let query = serde_urlencoded::to_string([("query", query)]).unwrap();
    let request = HttpRequest::get(format!("/graphql?{query}")).header(ACCEPT, accept);
    request.body(Body::empty()).unwrap()
}

fn post(body: &Value, accept: &str) -> HttpRequest<Body> {
    HttpRequest::post("/graphql")
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, accept)
        .body(Body::from(body.to_string()))
        .unwrap()
}

fn message(body: &Value) -> &str {
    body["errors"][0]["message"].as_str().unwrap()
}

#[tokio::test]
async fn the_media_type_decides_what_the_status_tells() {
    for (accept, expected_type, wrong) in [
        (
            GRAPHQL,
            "application/graphql-response+json; charset=utf-8",
            StatusCode::BAD_REQUEST,
        ),
        ("application/json", "application/json; charset=utf-8", StatusCode::OK),
    ] {
        for query in ["{", "{ nonsense }", "query Q($id: ID!) { __typename }"] {
            let (status, headers, body) = send(Writes::Refused, post(&json!({"query": query}), accept)).await;
            assert_eq!(status, wrong, "{query}");
            assert_eq!(headers[CONTENT_TYPE], expected_type);
            assert_eq!(body.get("data"), None, "{query}");
            assert!(!message(&body).is_empty());
        }
        let (status, _, body) = send(Writes::Refused, get("{ __typename }", accept)).await;
        assert_eq!(
            (status, body),
            (StatusCode::OK, json!({"data": {"__typename": "Query"}}))
        );
    }
}

#[tokio::test]
async fn a_failed_part_is_null_beside_the_rest_with_its_facts() {
    let query = "{ datadog { monitor(id: 40) { name } } __typename }";
    let (status, _, body) = send(Writes::Refused, post(&json!({"query": query}), GRAPHQL)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        body["data"].to_string(),
        r#"{"datadog":{"monitor":null},"__typename":"Query"}"#
    );
    assert_eq!(body["errors"][0]["path"], json!(["datadog", "monitor"]));
    assert_eq!(body["errors"][0]["extensions"]["code"], "OFF");
    assert_eq!(body["errors"][0]["extensions"]["backend"], "datadog");
}

#[tokio::test]
async fn a_tool_file_runs_as_it_is() {
    let file = std::fs::read_to_string("queries/datadog/datadog_query_metrics.graphql").unwrap();
    let (_, _, body) = send(
        Writes::Refused,
        post(&json!({"query": file, "variables": {"query": "q"}}), GRAPHQL),
    )
    .await;
    assert_eq!(body["data"], json!({"datadog": {"metrics": null}}), "{body}");

    let file = std::fs::read_to_string("queries/datadog/datadog_create_alert.graphql").unwrap();
    let variables = json!({"name": "n", "type": "METRIC_ALERT", "query": "q"});
    let request = json!({"query": file, "variables": variables});
    let (_, _, body) = send(Writes::Allowed, post(&request, GRAPHQL)).await;
    assert_eq!(body["data"], json!({"datadogCreateMonitor": null}), "{body}");
}

#[tokio::test]
async fn mutations_are_off_until_allowed_and_never_come_by_get() {
    let mutation = "mutation { __typename }";
    let (status, _, body) = send(Writes::Refused, post(&json!({"query": mutation}), GRAPHQL)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(message(&body).contains("--allow-writes all"));

    let (status, _, body) = send(Writes::Allowed, post(&json!({"query": mutation}), GRAPHQL)).await;
    assert_eq!(
        (status, body),
        (StatusCode::OK, json!({"data": {"__typename": "Mutation"}}))
    );

    let (status, headers, _) = send(Writes::Allowed, get(mutation, GRAPHQL)).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(headers[ALLOW], "POST");
}

#[tokio::test]
async fn a_query_beside_a_mutation_may_come_by_get() {
    let query = serde_urlencoded::to_string([
        ("query", "query Q { __typename } mutation M { __typename }"),
        ("operationName", "Q"),
    ]);
    let request = HttpRequest::get(format!("/graphql?{}", query.unwrap()))
        .body(Body::empty())
        .unwrap();
    let (status, _, body) = send(Writes::Refused, request).await;
    assert_eq!(
        (status, body),
        (StatusCode::OK, json!({"data": {"__typename": "Query"}}))
    );
}

#[tokio::test]
async fn which_operation_has_to_be_clear() {
    let document = "query A { __typename } query B { __typename }";
    let (status, _, body) = send(Writes::Refused, post(&json!({"query": document}), GRAPHQL)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(message(&body).contains("`operationName`"), "{body}");
    let request = json!({"query": document, "operationName": "C"});
    let (_, _, body) = send(Writes::Refused, post(&request, GRAPHQL)).await;
    assert_eq!(message(&body), "the document has no operation `C`");
}

#[tokio::test]
async fn what_is_too_large_is_refused_with_the_limit() {
    let large = json!({"query": " ".repeat(300_000)});
    let (status, _, body) = send(Writes::Refused, post(&large, GRAPHQL)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(message(&body).contains("262144 bytes"), "{body}");

    let many: Vec<_> = (0..61).map(|index| format!("a{index}: __typename")).collect();
    let many = many.join(" ");
    let (status, _, body) = send(
        Writes::Refused,
        post(&json!({"query": format!("{{ {many} }}")}), GRAPHQL),
    )
    .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(message(&body).contains("61 aliases"), "{body}");

    let deep = "{ __schema { types { fields { type { ofType ".to_owned() + &"{ ofType ".repeat(40) + &"} ".repeat(45);
    let (status, _, body) = send(Writes::Refused, post(&json!({"query": deep}), GRAPHQL)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(message(&body).contains("32 levels"), "{body}");

    for bomb in ["{a".repeat(80_000), "{a(b:".to_owned() + &"[".repeat(80_000)] {
        let (status, _, body) = send(Writes::Refused, post(&json!({"query": bomb}), GRAPHQL)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(message(&body).contains("nested"), "{body}");
    }
}

#[tokio::test]
async fn requests_that_are_none_say_what_to_send() {
    let bad_type = HttpRequest::post("/graphql")
        .header(CONTENT_TYPE, "text/plain")
        .body(Body::from("{}"));
    let (status, _, body) = send(Writes::Refused, bad_type.unwrap()).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(message(&body).contains("application/json"), "{body}");

    let (status, _, body) = send(Writes::Refused, get("{ __typename }", "text/html")).await;
    assert_eq!(status, StatusCode::NOT_ACCEPTABLE);
    assert!(message(&body).contains(GRAPHQL), "{body}");

    let other = HttpRequest::delete("/graphql").body(Body::empty()).unwrap();
    let (status, headers, _) = send(Writes::Refused, other).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(headers[ALLOW], "GET, POST");
}

#[tokio::test]
async fn graphiql_may_ask_for_the_whole_schema() {
    // The shape of the introspection query that clients send: long, deep, and within the limits.
    let of_type = "kind name ofType { ".repeat(9) + "kind name" + &" }".repeat(9);
    let query = format!(
        "query IntrospectionQuery {{ __schema {{
            description queryType {{ name kind }} mutationType {{ name kind }} subscriptionType {{ name kind }}
            types {{ ...FullType }}
            directives {{ name description isRepeatable locations args(includeDeprecated: true) {{ ...InputValue }} }}
        }} }}
        fragment FullType on __Type {{
            kind name description specifiedByURL isOneOf
            fields(includeDeprecated: true) {{
                name description args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason
            }}
            inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }}
            enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }}
            possibleTypes {{ ...TypeRef }}
        }}
        fragment InputValue on __InputValue {{
            name description type {{ ...TypeRef }} defaultValue isDeprecated deprecationReason
        }}
        fragment TypeRef on __Type {{ {of_type} }}"
    );
    let (status, _, body) = send(Writes::Refused, post(&json!({"query": query}), GRAPHQL)).await;
    assert_eq!(
        (status, body.get("errors")),
        (StatusCode::OK, None),
        "{}",
        body["errors"]
    );
    let types = body["data"]["__schema"]["types"].as_array().unwrap();
    assert!(types.iter().any(|described| described["name"] == "DatadogMonitor"));
}

#[tokio::test]
async fn what_may_be_executed_is_no_deeper_than_the_executor_goes() {
    for (levels, status) in [(32, StatusCode::OK), (33, StatusCode::BAD_REQUEST)] {
        let query = format!("{{ {}__typename{} }}", "... { ".repeat(levels), " }".repeat(levels));
        let (answered, _, body) = send(Writes::Refused, post(&json!({"query": query}), GRAPHQL)).await;
        assert_eq!(answered, status, "{levels}: {body}");
    }
}
