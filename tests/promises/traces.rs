//! Traces: a span for each tool call and each upstream request reaches the collector that the standard variables name,
//! in the trace that the caller names; and that trace goes on to the vendors, collector or not.

use super::support::{Era, Server, Setup, Stdio, structured, within};
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use sandbox::{Effect, Fault, Recorded, Vendor};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// A collector of traces, and what it was sent.
struct Collector {
    url: String,
    sent: Arc<Mutex<Vec<Bytes>>>,
}

impl Collector {
    async fn start() -> Self {
        let sent = Arc::<Mutex<Vec<Bytes>>>::default();
        let log = Arc::clone(&sent);
        let take = post(async move |body: Bytes| log.lock().unwrap().push(body));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router: Router = Router::new().route("/v1/traces", take);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, sent }
    }

    fn bytes(&self) -> Vec<u8> {
        self.sent.lock().unwrap().concat()
    }

    /// The spans, and the attributes of who sent them.
    fn spans(&self) -> (Vec<Span>, BTreeMap<String, String>) {
        let (mut spans, mut sender) = (Vec::new(), BTreeMap::new());
        for body in self.sent.lock().unwrap().iter() {
            for resource in ExportTraceServiceRequest::decode(body.clone()).unwrap().resource_spans {
                sender.extend(attributes(&resource.resource.unwrap().attributes));
                spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
        }
        spans.sort_by_key(|span| span.start_time_unix_nano);
        (spans, sender)
    }
}

fn attributes(pairs: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |pair: &KeyValue| match pair.value.clone().and_then(|value| value.value) {
        Some(any_value::Value::StringValue(text)) => text,
        Some(any_value::Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    };
    pairs.iter().map(|pair| (pair.key.clone(), text(pair))).collect()
}

fn hex(id: &[u8]) -> String {
    use std::fmt::Write;
    id.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn header<'a>(request: &'a Recorded, name: &str) -> Option<&'a str> {
    let mut headers = request.headers.iter();
    headers
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

fn call(meta: &Value) -> Value {
    json!({ "name": "github_get_repo", "arguments": { "owner": "acme", "name": "checkout" }, "_meta": meta })
}

fn told() -> Value {
    json!({ "traceparent": format!("00-{TRACE}-{CALLER}-01"), "tracestate": "shop=1", "baggage": "team=checkout" })
}

#[tokio::test]
async fn a_call_and_its_upstream_requests_are_spans_of_the_callers_trace() {
    let collector = Collector::start().await;
    let setup = Setup::new().await.set("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
    let outage = Effect::Status {
        status: 503,
        body: None,
        headers: BTreeMap::new(),
    };
    setup.sandbox.inject(Vendor::GitHub, Fault::once(outage));
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let answer = client.request("tools/call", call(&told())).await;
    structured(&answer["result"]);
    client.hang_up();
    // What is still here is sent before the end.
    client.ended().await;

    let (spans, sender) = collector.spans();
    assert_eq!(sender["service.name"], "braid");
    let names: Vec<_> = spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["tools/call github_get_repo", "POST lookup", "POST lookup"]);
    assert!(spans.iter().all(|span| hex(&span.trace_id) == TRACE), "{spans:#?}");
    let [tool, first, second] = spans.as_slice() else {
        unreachable!()
    };
    assert_eq!(hex(&tool.parent_span_id), CALLER);
    let about = attributes(&tool.attributes);
    assert_eq!(
        (about["mcp.method.name"].as_str(), about["gen_ai.tool.name"].as_str()),
        ("tools/call", "github_get_repo")
    );
    for request in [first, second] {
        assert_eq!(request.parent_span_id, tool.span_id);
        let about = attributes(&request.attributes);
        assert_eq!(
            (
                about["peer.service"].as_str(),
                about["braid.operation"].as_str(),
                about["server.address"].as_str()
            ),
            ("github", "lookup", "127.0.0.1")
        );
    }
    let status = |span: &Span| attributes(&span.attributes)["http.response.status_code"].clone();
    let resent = |span: &Span| attributes(&span.attributes)["http.request.resend_count"].clone();
    assert_eq!((status(first), resent(first)), ("503".to_owned(), "0".to_owned()));
    assert_eq!((status(second), resent(second)), ("200".to_owned(), "1".to_owned()));
    assert_eq!(attributes(&first.attributes)["error.type"], "unavailable");

    // The vendor is told the very span that its answer belongs to.
    let seen = setup.sandbox.requests(Vendor::GitHub);
    let position = header(&seen[1], "traceparent").unwrap();
    assert_eq!(position, format!("00-{TRACE}-{}-01", hex(&second.span_id)));
    assert_eq!(
        (header(&seen[1], "tracestate"), header(&seen[1], "baggage")),
        (Some("shop=1"), Some("team=checkout"))
    );

    // Neither secrets nor what was asked or answered.
    let bytes = String::from_utf8_lossy(&collector.bytes()).into_owned();
    for private in [setup.sandbox.credentials.github_token.as_str(), "acme", "repository("] {
        assert!(!bytes.contains(private), "{private}");
    }
}

#[tokio::test]
async fn without_a_collector_the_trace_goes_on_to_the_vendor_as_it_came() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Legacy).await;
    structured(&client.request("tools/call", call(&told())).await["result"]);
    let server = Server::start(&setup).await;
    let by_header = [("traceparent", format!("00-{TRACE}-{CALLER}-00"))];
    let by_header: Vec<_> = by_header.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let message = Era::Modern.request(
        1,
        "tools/call",
        json!({ "name": "slack_get_history", "arguments": { "channel": "C0DEPLOYS" } }),
    );
    let headers = [
        ("mcp-protocol-version", Era::Modern.version()),
        ("mcp-method", "tools/call"),
        ("mcp-name", "slack_get_history"),
    ];
    let answer = server
        .post(&[&headers[..], &by_header[..]].concat(), message.to_string())
        .await;
    structured(&answer.json()["result"]);
    let github = &setup.sandbox.requests(Vendor::GitHub)[0];
    assert_eq!(
        header(github, "traceparent"),
        Some(format!("00-{TRACE}-{CALLER}-01").as_str())
    );
    assert_eq!(
        (header(github, "tracestate"), header(github, "baggage")),
        (Some("shop=1"), Some("team=checkout"))
    );
    let slack = &setup.sandbox.requests(Vendor::Slack)[0];
    assert_eq!(
        header(slack, "traceparent"),
        Some(format!("00-{TRACE}-{CALLER}-00").as_str())
    );
    // Who was told nothing tells nothing.
    let run = setup
        .run(&["call", "datadog_query_metrics", "query=avg:checkout.errors{*}"])
        .await;
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert_eq!(header(&setup.sandbox.requests(Vendor::Datadog)[0], "traceparent"), None);
}

#[tokio::test]
async fn a_collector_that_is_not_there_costs_no_call_anything_and_is_told_of_once() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let setup = Setup::new()
        .await
        .set("OTEL_EXPORTER_OTLP_ENDPOINT", &url)
        .set("OTEL_BSP_SCHEDULE_DELAY", "50");
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for _ in 0..5 {
        structured(&within(client.request("tools/call", call(&json!({})))).await["result"]);
    }
    client.hang_up();
    let stderr = client.ended().await.stderr;
    assert_eq!(
        stderr.matches("the trace collector does not take spans").count(),
        1,
        "{stderr}"
    );
}

#[tokio::test]
async fn the_standard_variables_hold() {
    let collector = Collector::start().await;
    let run = async |pairs: &[(&str, &str)]| {
        let mut setup = Setup::new().await.set("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url);
        for (name, value) in pairs {
            setup = setup.set(name, value);
        }
        setup
            .run(&["call", "github_get_repo", "owner=acme", "name=checkout"])
            .await
    };
    for off in [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")] {
        run(&[off]).await;
        assert!(collector.bytes().is_empty(), "{off:?}");
    }
    let grpc = run(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]).await;
    assert_eq!(grpc.code, Some(0), "it runs all the same");
    assert!(grpc.stderr.contains("http/protobuf"), "{}", grpc.stderr);
    assert!(collector.bytes().is_empty());
    run(&[
        ("OTEL_SERVICE_NAME", "braid-of-the-shop"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team=shop"),
    ])
    .await;
    let (spans, sender) = collector.spans();
    assert_eq!(
        (sender["service.name"].as_str(), sender["team"].as_str()),
        ("braid-of-the-shop", "shop")
    );
    assert_eq!(
        spans.len(),
        1,
        "a call from the command line is no call of the protocol: {spans:#?}"
    );
}
