//! The server on a real socket: both eras through rmcp's client, and by hand where the bytes matter.

use super::{Bounds, HttpError, Params, run};
use crate::mcp::Handler;
use crate::tools::Results;
use crate::tools::fixture::{Gate, gated};
use axum::Router;
use axum::routing::post;
use reqwest::{Client, RequestBuilder, StatusCode};
use rmcp::model::{CallToolRequestParams, ProtocolVersion, object};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt};
use rmcp::transport::StreamableHttpClientTransport;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

struct Server {
    address: SocketAddr,
    gate: Arc<Gate>,
    shutdown: CancellationToken,
    ended: JoinHandle<Result<(), HttpError>>,
    client: Client,
}

fn params(handler: Handler) -> Params {
    Params {
        handler,
        routes: Router::new().route("/graphql", post(async |body: String| body)),
        token: None,
        hosts: vec![],
        origins: vec![],
        body_limit: 10_000,
        connections: Bounds::default(),
        sessions: 3.try_into().unwrap(),
        patience: Duration::from_secs(20),
        details: Arc::new(|| json!({ "tools": 4 })),
    }
}

async fn start() -> Server {
    start_with(|_| {}).await
}

async fn start_with(change: impl FnOnce(&mut Params)) -> Server {
    // Only a second test finds it installed.
    upstream::tls::use_ring();
    let (tools, gate) = gated(Results::Both);
    let mut params = params(Handler::new(Arc::new(tools)));
    change(&mut params);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let ended = tokio::spawn(run(listener, shutdown.clone().cancelled_owned(), params));
    Server {
        address,
        gate,
        shutdown,
        ended,
        client: Client::new(),
    }
}

impl Server {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn post(&self, body: &impl ToString) -> RequestBuilder {
        self.client
            .post(self.url("/mcp"))
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .body(body.to_string())
    }

    /// A request of the modern era.
    fn modern(&self, method: &str, params: Value) -> RequestBuilder {
        let mut params = params;
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let name = params["name"].as_str().unwrap_or_default().to_owned();
        self.post(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }))
            .header("mcp-protocol-version", "2026-07-28")
            .header("mcp-method", method)
            .header("mcp-name", name)
    }

    fn slow(&self) -> RequestBuilder {
        self.modern(
            "tools/call",
            json!({ "name": "shop_wait", "arguments": { "seconds": 15 } }),
        )
    }

    /// Opens a session of the older era.
    async fn session(&self) -> String {
        let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
        } });
        let answer = self.post(&hello).send().await.unwrap();
        answer.headers()["mcp-session-id"].to_str().unwrap().to_owned()
    }

    async fn ping(&self, session: &str) -> StatusCode {
        let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" });
        self.post(&ping)
            .header("mcp-session-id", session)
            .send()
            .await
            .unwrap()
            .status()
    }
}

#[tokio::test]
async fn serves_both_eras() {
    let server = start().await;
    let modern = ClientLifecycleMode::Discover {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
    };
    for era in [ClientLifecycleMode::Initialize, modern] {
        let transport = StreamableHttpClientTransport::from_uri(server.url("/mcp"));
        let client = ().serve_with_lifecycle(transport, era).await.unwrap();
        assert_eq!(client.list_all_tools().await.unwrap().len(), 4);
        let call = CallToolRequestParams::new("shop_get").with_arguments(object(json!({ "id": 7 })));
        let result = client.call_tool(call).await.unwrap();
        assert_eq!(result.structured_content, Some(json!({ "id": "7", "price": 1 })));
        client.cancel().await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_with_nothing_to_stream_is_one_json_body() {
    let server = start().await;
    let answer = server
        .modern("tools/call", json!({ "name": "shop_get", "arguments": { "id": "7" } }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert!(answer.headers().contains_key("content-length"));
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(answer["result"]["structuredContent"]["id"], "7");
    assert_eq!(
        answer["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"],
        "braid"
    );
}

#[tokio::test]
async fn unknown_tools_and_unreadable_parameters_are_invalid_params() {
    let server = start().await;
    for params in [
        json!({ "name": "nope" }),
        json!({ "name": "shop_get", "arguments": [1] }),
    ] {
        let answer: Value = server
            .modern("tools/call", params)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_answered_in_the_protocols_words() {
    let server = start().await;
    for (body, code) in [
        ("{\"jsonrpc\":", -32700),
        ("hello", -32700),
        ("[]", -32600),
        ("{\"a\":1}", -32600),
    ] {
        let answer = server.post(&body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(answer.json::<Value>().await.unwrap()["error"]["code"], code, "{body}");
    }
    let plain = server.client.post(server.url("/mcp")).body("{}");
    let accepting = plain.header("accept", "application/json, text/event-stream");
    let answer = accepting.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn oversized_bodies_are_refused_and_the_server_lives_on() {
    let server = start().await;
    let answer = server.post(&"x".repeat(10_001)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.text().await.unwrap(), "the body is larger than 10000 bytes");
    let answer = server
        .client
        .post(server.url("/graphql"))
        .body("x".repeat(10_001))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        server.client.get(server.url("/healthz")).send().await.unwrap().status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn host_and_origin_are_checked_on_every_route() {
    let server = start().await;
    for path in ["/mcp", "/graphql", "/healthz", "/readyz", "/nowhere"] {
        for (name, value) in [("host", "evil.example"), ("origin", "http://evil.example")] {
            let answer = server
                .client
                .post(server.url(path))
                .header(name, value)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} {name}");
        }
    }
    let own = server
        .modern("tools/list", json!({}))
        .header("origin", server.url(""))
        .send()
        .await
        .unwrap();
    assert_eq!(own.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_token_is_wanted_on_every_route_but_healthz() {
    let server = start_with(|params| params.token = Some("s3cret".into())).await;
    for path in ["/mcp", "/graphql", "/readyz", "/healthz/", "/nowhere"] {
        let answer = server.client.get(server.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.headers()["www-authenticate"], "Bearer", "{path}");
    }
    let ask = |path| server.client.get(server.url(path));
    assert_eq!(ask("/healthz").send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(
        ask("/readyz").bearer_auth("s3cret").send().await.unwrap().status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn does_not_listen_beyond_loopback_without_a_token() {
    let (tools, _) = gated(Results::Both);
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let refused = run(listener, std::future::pending(), params(Handler::new(Arc::new(tools))))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("BRAID_TOKEN"), "{refused}");
}

#[tokio::test]
async fn a_client_that_goes_away_drops_what_it_had_under_way() {
    let server = start().await;
    let call = tokio::spawn(server.slow().send());
    server.gate.waiting(1).await;
    call.abort();
    server.gate.waiting(0).await;
}

#[tokio::test]
async fn calls_in_flight_are_answered_before_the_end() {
    let server = start().await;
    let session = server.session().await;
    let events = server
        .client
        .get(server.url("/mcp"))
        .header("accept", "text/event-stream")
        .header("mcp-session-id", &session);
    let mut events = events.send().await.unwrap();
    let call = tokio::spawn(server.slow().send());
    server.gate.waiting(1).await;
    server.shutdown.cancel();
    while Client::new().get(server.url("/healthz")).send().await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!server.ended.is_finished());
    server.gate.open();
    let answer: Value = call.await.unwrap().unwrap().json().await.unwrap();
    assert_eq!(answer["result"]["structuredContent"], json!({ "slow": 15 }));
    server.ended.await.unwrap().unwrap();
    while let Ok(Some(_)) = events.chunk().await {}
}

#[tokio::test]
async fn the_session_that_was_idle_longest_makes_room() {
    let server = start().await;
    let (first, second) = (server.session().await, server.session().await);
    let third = server.session().await;
    assert_eq!(server.ping(&first).await, StatusCode::OK);
    let fourth = server.session().await;
    for (session, status) in [
        (&first, StatusCode::OK),
        (&second, StatusCode::NOT_FOUND),
        (&third, StatusCode::OK),
        (&fourth, StatusCode::OK),
    ] {
        // The one that must go is closed beside the new one's answer.
        let mut answer = server.ping(session).await;
        while status == StatusCode::NOT_FOUND && answer != status {
            answer = server.ping(session).await;
        }
        assert_eq!(answer, status);
    }
}

#[tokio::test]
async fn readiness_says_what_it_knows() {
    let server = start().await;
    let answer = server.client.get(server.url("/readyz")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(
        answer.json::<Value>().await.unwrap(),
        json!({ "ready": true, "tools": 4 })
    );
}

/// A connection on which only this was said; whether it is closed within a generous time.
async fn is_closed_after(server: &Server, said: &[u8]) -> bool {
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket.write_all(said).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), socket.read_to_end(&mut answer)).await;
    // A reset is an end as well.
    read.is_ok()
}

#[tokio::test]
async fn a_connection_without_a_request_is_closed() {
    let head = Duration::from_millis(200);
    let server = start_with(|params| params.connections.head = head).await;
    let some_words = [
        &b""[..],
        // The beginning of HTTP/2's preface, and of a request.
        b"PRI",
        b"POST /mcp HTTP/1.1\r\nhost: localhost\r\nx-slowly:",
        // A whole request, after which nothing follows.
        b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n",
    ];
    for said in some_words {
        assert!(
            is_closed_after(&server, said).await,
            "{}",
            String::from_utf8_lossy(said)
        );
    }
}

#[tokio::test]
async fn a_request_that_was_heard_may_take_longer_than_its_head() {
    let head = Duration::from_millis(200);
    let server = start_with(|params| params.connections.head = head).await;
    let call = tokio::spawn(server.slow().send());
    server.gate.waiting(1).await;
    tokio::time::sleep(head * 3).await;
    server.gate.open();
    assert_eq!(call.await.unwrap().unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn connections_beyond_the_bound_wait_for_a_place() {
    let server = start_with(|params| params.connections.most = 2).await;
    let silent = [
        TcpStream::connect(server.address).await.unwrap(),
        TcpStream::connect(server.address).await.unwrap(),
    ];
    let health = server.client.get(server.url("/healthz")).send();
    let mut health = std::pin::pin!(health);
    let early = tokio::time::timeout(Duration::from_millis(300), health.as_mut()).await;
    assert!(early.is_err(), "there is no place: {early:?}");
    drop(silent);
    assert_eq!(health.await.unwrap().status(), StatusCode::OK);
}
