//! `/graphql` and `/graphiql`: the unified schema for people, with limits, and no writes that nobody allowed.

use super::support::{Answer, Server, Setup};
use reqwest::{Method, StatusCode};
use sandbox::Vendor;
use serde_json::{Value, json};

async fn post(server: &Server, query: &str) -> Answer {
    let body = json!({ "query": query }).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/graphql-response+json"),
    ];
    server.send(Method::POST, "/graphql", &headers, body).await
}

fn complaints(answer: &Answer) -> String {
    let errors = answer.json()["errors"].clone();
    errors
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| error["message"].to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn a_tools_file_runs_unedited() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/queries/joined/monitor_context.graphql");
    let body = json!({ "query": std::fs::read_to_string(root).unwrap(), "variables": { "id": "40", "limit": 2 } });
    let answer = server
        .send(
            Method::POST,
            "/graphql",
            &[("content-type", "application/json")],
            body.to_string(),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.json()["errors"], Value::Null);
    assert_eq!(answer.json()["data"]["datadog"]["monitor"]["state"], "ALERT");
}

#[tokio::test]
async fn graphiql_is_a_page() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let page = server.get("/graphiql").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.content_type().starts_with("text/html"), "{}", page.content_type());
}

#[tokio::test]
async fn deep_wide_and_costly_queries_are_refused_before_anything_is_asked() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let deep = format!(
        "{{ slack {{ channel(channel: \"#deploys\") {{ history {{ nodes {{ {}id{} }} }} }} }} }}",
        "channel { history { nodes { ".repeat(12),
        " } } }".repeat(12)
    );
    let aliases: Vec<_> = (0..600)
        .map(|index| format!("a{index}: monitor(id: \"{index}\") {{ name state }}"))
        .collect();
    let aliases = aliases.join(" ");
    let wide = format!("{{ datadog {{ {aliases} }} }}");
    for (what, query) in [("deep", deep), ("wide", wide)] {
        let answer = post(&server, &query).await;
        assert!(
            !complaints(&answer).is_empty(),
            "a {what} query is refused: {}",
            answer.status
        );
        assert!(answer.json()["data"].is_null(), "{what}");
    }
    assert!(setup.sandbox.requests(Vendor::Datadog).is_empty() && setup.sandbox.requests(Vendor::Slack).is_empty());
}

#[tokio::test]
async fn writes_are_refused_unless_all_are_allowed() {
    let setup = Setup::new().await;
    let write = "mutation { slackSendMessage(channel: \"#deploys\", text: \"hello\") { ts } }";
    for arguments in [&[][..], &["--allow-writes", "slack_send_message"]] {
        let server = Server::with(&setup, arguments).await;
        let answer = post(&server, write).await;
        assert!(complaints(&answer).contains("--allow-writes"), "{}", answer.body);
    }
    assert!(setup.sandbox.requests(Vendor::Slack).is_empty());
    let server = Server::with(&setup, &["--allow-writes", "all"]).await;
    assert!(post(&server, write).await.json()["data"]["slackSendMessage"]["ts"].is_string());
    let asked = setup.sandbox.requests(Vendor::Slack).len();
    let by_get = server
        .get("/graphql?query=mutation%7BslackSendMessage(channel:%22%23deploys%22,text:%22x%22)%7Bts%7D%7D")
        .await;
    assert_eq!(by_get.status, StatusCode::METHOD_NOT_ALLOWED, "{}", by_get.body);
    assert_eq!(setup.sandbox.requests(Vendor::Slack).len(), asked);
}

#[tokio::test]
async fn a_write_that_a_fragment_repeats_runs_once_or_not_at_all() {
    let setup = Setup::new().await;
    let server = Server::with(&setup, &["--allow-writes", "all"]).await;
    let write = "slackSendMessage(channel: \"C0DEPLOYS\", text: \"once\") { ts }";
    post(
        &server,
        &format!("mutation M {{ {write} ...F }} fragment F on Mutation {{ {write} }}"),
    )
    .await;
    let posts = setup.sandbox.requests(Vendor::Slack);
    let posts = posts
        .iter()
        .filter(|request| request.operation == "chat.postMessage")
        .count();
    assert!(posts <= 1, "{posts} messages for one field");
}

/// What is sent, and how it is answered to each of the two media types.
async fn answers(server: &Server, body: &Value) -> [Answer; 2] {
    let mut answers = Vec::new();
    for accept in ["application/graphql-response+json", "application/json"] {
        let headers = [("content-type", "application/json"), ("accept", accept)];
        let answer = server.send(Method::POST, "/graphql", &headers, body.to_string()).await;
        assert!(answer.content_type().starts_with(accept), "{}", answer.content_type());
        answers.push(answer);
    }
    answers.try_into().unwrap()
}

/// A request that is wrong, its code, and words of its message.
type Wrong = (Value, &'static str, &'static str);

fn wrong_documents() -> Vec<Wrong> {
    vec![
        (json!({ "query": "{" }), "INVALID_DOCUMENT", "not GraphQL"),
        (json!({ "query": "" }), "NO_OPERATION", "no operation"),
        (json!({ "query": "# nothing" }), "NO_OPERATION", "no operation"),
        (
            json!({ "query": "fragment F on Query { __typename }" }),
            "NO_OPERATION",
            "no operation",
        ),
        (json!({ "query": "type T { a: Int }" }), "NO_OPERATION", "no operation"),
        (
            json!({ "query": "{ __typename } type T { a: Int }" }),
            "INVALID_DOCUMENT",
            "defines no types",
        ),
        (
            json!({ "query": "query A { __typename } query B { __typename }" }),
            "NO_OPERATION",
            "operationName",
        ),
        (
            json!({ "query": "query A { __typename }", "operationName": "B" }),
            "NO_OPERATION",
            "`B`",
        ),
        (
            json!({ "query": "{ __typename @unknown }" }),
            "INVALID_DOCUMENT",
            "`@unknown`",
        ),
        (
            json!({ "query": "query A @unknown { __typename }" }),
            "INVALID_DOCUMENT",
            "`@unknown`",
        ),
        (
            json!({ "query": "{ ... @unknown { __typename } }" }),
            "INVALID_DOCUMENT",
            "`@unknown`",
        ),
        (
            json!({ "query": "query A @include(if: true) { __typename }" }),
            "INVALID_DOCUMENT",
            "`@include`",
        ),
        (
            json!({ "query": "subscription { x }" }),
            "INVALID_DOCUMENT",
            "subscription",
        ),
    ]
}

fn wrong_variables() -> Vec<Wrong> {
    let monitor = "datadog { monitor(id: $id) { name } }";
    let search = "datadog { searchMonitors(first: $n) { nodes { name } } }";
    vec![
        (
            json!({ "query": format!("query($id: ID!) {{ {monitor} }}") }),
            "INVALID_VARIABLES",
            "id",
        ),
        (
            json!({ "query": format!("query($id: ID!) {{ {monitor} }}"), "variables": { "id": null } }),
            "INVALID_VARIABLES",
            "id",
        ),
        (
            json!({ "query": format!("query($id: ID!) {{ {monitor} }}"), "variables": { "id": 1.5 } }),
            "INVALID_VARIABLES",
            "1.5",
        ),
        (
            json!({ "query": format!("query($id: ID) {{ {monitor} }}") }),
            "INVALID_DOCUMENT",
            "ID!",
        ),
        (
            json!({ "query": format!("query($id: ID = null) {{ {monitor} }}") }),
            "INVALID_DOCUMENT",
            "ID!",
        ),
        (
            json!({ "query": format!("query($n: String = \"5\") {{ {search} }}") }),
            "INVALID_DOCUMENT",
            "`$n` is a `String`",
        ),
        (
            json!({ "query": format!("query($n: Int) {{ {search} }}"), "variables": { "n": 3_000_000_000_i64 } }),
            "INVALID_VARIABLES",
            "3000000000",
        ),
        (
            json!({ "query": format!("query($n: Int) {{ {search} }}"), "variables": { "n": "5" } }),
            "INVALID_VARIABLES",
            "\"5\"",
        ),
        (
            json!({ "query": "{ datadog { metrics(query: \"q\", from: \"yesterday\") { from } } }" }),
            "INVALID_DOCUMENT",
            "`yesterday`",
        ),
        (
            json!({
                "query": "mutation($type: DatadogMonitorType!) { datadogCreateMonitor(name: \"n\", type: $type, query: \"q\") { id } }",
                "variables": { "type": "NO_SUCH_ALERT" },
            }),
            "INVALID_VARIABLES",
            "NO_SUCH_ALERT",
        ),
    ]
}

#[tokio::test]
async fn a_request_that_is_wrong_has_no_data_and_a_status_by_the_media_type() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for (body, code, words) in wrong_documents().into_iter().chain(wrong_variables()) {
        let [graphql, json] = answers(&server, &body).await;
        assert_eq!(
            (graphql.status, json.status),
            (StatusCode::BAD_REQUEST, StatusCode::OK),
            "{body}"
        );
        for answer in [graphql, json] {
            let answered = answer.json();
            assert_eq!(answered.get("data"), None, "{body}: {}", answer.body);
            assert_eq!(
                answered["errors"][0]["extensions"]["code"], code,
                "{body}: {}",
                answer.body
            );
            assert!(
                complaints(&answer).replace('\\', "").contains(words),
                "{body}: {}",
                answer.body
            );
        }
    }
    assert_eq!(setup.requests(), 0, "nothing was asked of anybody");
}

#[tokio::test]
async fn what_is_left_out_has_the_default_that_the_schema_says() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let field = "slack { history(channel: \"#incident-checkout\", limit: $n) { nodes { ts } } }";
    let ask = async |query: String, variables: Value| {
        let [answer, _] = answers(&server, &json!({ "query": query, "variables": variables })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.json().get("errors"), None, "{}", answer.body);
        answer.json()["data"]["slack"]["history"]["nodes"]
            .as_array()
            .unwrap()
            .len()
    };
    let all = ask(
        field.replace("limit: $n", "limit: 20").replacen("slack", "{ slack", 1) + " }",
        json!({}),
    )
    .await;
    assert!(all > 5, "{all}");
    assert_eq!(ask(format!("query($n: Int) {{ {field} }}"), json!({})).await, all);
    assert_eq!(ask(format!("query($n: Int = 3) {{ {field} }}"), json!({})).await, 3);
    assert_eq!(
        ask(format!("query($n: Int = 3) {{ {field} }}"), json!({ "n": 4 })).await,
        4
    );
    let spread = format!("query($n: Int) {{ ...F }} fragment F on Query {{ {field} }}");
    assert_eq!(ask(spread, json!({})).await, all);
    let skipped = "query($s: Boolean! = true) { a: __typename @skip(if: $s) b: __typename @include(if: $s) }";
    let [answer, _] = answers(&server, &json!({ "query": skipped })).await;
    assert_eq!(answer.json(), json!({ "data": { "b": "Query" } }));
    // An id may be a whole number, and what the operation does not declare is ignored.
    let monitor = json!({ "query": "query($id: ID!) { datadog { monitor(id: $id) { state } } }", "variables": { "id": 40, "x": 1 } });
    let [answer, _] = answers(&server, &monitor).await;
    assert_eq!(
        answer.json()["data"]["datadog"]["monitor"]["state"],
        "ALERT",
        "{}",
        answer.body
    );
}
