//! HTTP at `/mcp`: both eras on one address, who may call, what is refused and how, and an end that loses no call.

use super::support::{Answer, Era, Server, Setup, eventually, failure, structured};
use reqwest::{Method, StatusCode};
use sandbox::{Effect, Fault, Vendor};
use serde_json::{Value, json};

fn repository() -> Value {
    json!({ "name": "github_get_repo", "arguments": { "owner": "acme", "name": "checkout" } })
}

/// The error's code, and the status it came with.
fn code(answer: &Answer) -> (u16, Value) {
    (answer.status.as_u16(), answer.message()["error"]["code"].clone())
}

#[tokio::test]
async fn lists_and_calls_in_both_eras() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for era in Era::BOTH {
        let list = server.request(era, "tools/list", json!({})).await;
        assert!(list["result"]["tools"].as_array().unwrap().len() >= 8, "{list:#}");
        let called = server.request(era, "tools/call", repository()).await;
        assert_eq!(structured(&called["result"])["name"], "checkout");
        let refused = server
            .request(era, "tools/call", json!({ "name": "github_get_repo", "arguments": {} }))
            .await;
        assert!(failure(&refused["result"]).contains("`owner` is missing"));
    }
}

#[tokio::test]
async fn an_answer_with_nothing_to_stream_is_one_body_in_the_modern_era() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let mut call = repository();
    // Progress that is asked for, but not due yet, makes no stream of it.
    call["_meta"] = json!({ "progressToken": 1 });
    let answer = server.modern("tools/call", call).await;
    assert_eq!(
        (answer.status, answer.content_type()),
        (StatusCode::OK, "application/json")
    );
    assert_eq!(answer.json()["result"]["resultType"], "complete");
    assert_eq!(
        answer.json()["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"],
        "braid"
    );
    assert!(!answer.headers.contains_key("mcp-session-id"), "there are no sessions");
}

#[tokio::test]
async fn a_slow_call_streams_its_progress_before_its_answer() {
    let setup = Setup::new().await;
    setup
        .sandbox
        .inject(Vendor::GitHub, Fault::once(Effect::Delay { ms: 1_300 }));
    let server = Server::start(&setup).await;
    let mut call = repository();
    call["_meta"] = json!({ "progressToken": "slow" });
    let answer = server.modern("tools/call", call).await;
    assert!(answer.content_type().starts_with("text/event-stream"), "{answer:?}");
    let first = answer.body.find("notifications/progress").expect("a report");
    assert!(first < answer.body.find("structuredContent").expect("an answer"));
    assert_eq!(structured(&answer.message()["result"])["name"], "checkout");
}

#[tokio::test]
async fn sessions_last_and_end_when_they_are_ended() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let session = server.session().await;
    for id in 2..5 {
        let answer = server
            .legacy(Some(&session), &Era::Legacy.request(id, "tools/call", repository()))
            .await;
        assert!(answer.content_type().starts_with("text/event-stream"), "{answer:?}");
        assert_eq!(answer.message()["id"], id);
    }
    let other = server.session().await;
    assert_ne!(session, other);
    let gone = server
        .send(Method::DELETE, "/mcp", &[("mcp-session-id", &session)], "")
        .await;
    assert!(gone.status.is_success(), "{gone:?}");
    let list = Era::Legacy.request(9, "tools/list", json!({}));
    // A client that meets 404 opens a new session; any other status is an error to it.
    assert_eq!(server.legacy(Some(&session), &list).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.legacy(Some(&other), &list).await.status, StatusCode::OK);
    assert_eq!(
        server.legacy(Some("never-opened"), &list).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn pages_and_names_of_others_are_refused_on_every_route() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for path in [
        "/mcp",
        "/graphql",
        "/graphiql",
        "/healthz",
        "/readyz",
        "/metrics",
        "/stats",
        "/nowhere",
    ] {
        for headers in [
            ("host", "braid.evil.example"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            let answer = server.send(Method::GET, path, &[headers], "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} with {headers:?}");
        }
    }
    let list = Era::Legacy.request(1, "initialize", Era::handshake()).to_string();
    for headers in [("host", "braid.evil.example"), ("origin", "https://evil.example")] {
        assert_eq!(
            server.post(&[headers], list.clone()).await.status,
            StatusCode::FORBIDDEN,
            "{headers:?}"
        );
    }
    for origin in ["http://localhost:6274", "http://127.0.0.1:1"] {
        assert_eq!(
            server.post(&[("origin", origin)], list.clone()).await.status,
            StatusCode::OK,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_in_the_protocols_words() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let unknown = server
        .modern("tools/call", json!({ "name": "github_get_repos", "arguments": {} }))
        .await;
    assert_eq!(code(&unknown).1, -32602, "{unknown:?}");
    assert!(
        unknown.message()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("`github_get_repo`")
    );
    let malformed = server
        .modern("tools/call", json!({ "name": "github_get_repo", "arguments": [1] }))
        .await;
    assert_eq!(code(&malformed).1, -32602, "{malformed:?}");
    let method = server.modern("tools/nonsense", json!({})).await;
    assert_eq!(code(&method), (404, json!(-32601)), "{method:?}");
    let garbage = server.post(&[], "{\"jsonrpc\":".to_owned()).await;
    assert_eq!(code(&garbage), (400, json!(-32700)), "{garbage:?}");
    let session = server.session().await;
    for params in [
        json!({ "name": "github_get_repo", "arguments": [1] }),
        json!({ "name": "nothing", "arguments": {} }),
    ] {
        let answer = server
            .legacy(Some(&session), &Era::Legacy.request(5, "tools/call", params))
            .await;
        assert_eq!(answer.message()["error"]["code"], -32602, "{answer:?}");
    }
}

#[tokio::test]
async fn modern_headers_are_checked_on_modern_requests_only() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let call = Era::Modern.request(1, "tools/call", repository()).to_string();
    let headers = |name: &'static str| {
        [
            ("mcp-protocol-version", Era::Modern.version()),
            ("mcp-method", "tools/call"),
            ("mcp-name", name),
        ]
    };
    assert_eq!(
        server.post(&headers("github_get_repo"), call.clone()).await.status,
        StatusCode::OK
    );
    let mismatch = server.post(&headers("slack_search"), call.clone()).await;
    assert_eq!(code(&mismatch), (400, json!(-32020)), "{mismatch:?}");
    assert_eq!(server.post(&[], call).await.status, StatusCode::BAD_REQUEST);
    // VS Code's requests carry none of these headers.
    let session = server.session().await;
    let list = server
        .legacy(Some(&session), &Era::Legacy.request(2, "tools/list", json!({})))
        .await;
    assert_eq!(list.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read_whole() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for path in ["/mcp", "/graphql"] {
        // It says that it is 5 MiB, and stops one byte after the limit.
        let answer = server.send_part(path, 5 << 20, (1 << 20) + 1).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{path}: {answer}");
    }
    assert_eq!(server.get("/healthz").await.status, StatusCode::OK, "it lives on");
}

#[tokio::test]
async fn every_route_but_healthz_wants_the_token_where_there_is_one() {
    let setup = Setup::new().await.set("BRAID_TOKEN", "open-sesame-31");
    let mut server = Server::start(&setup).await;
    for path in ["/mcp", "/graphql", "/graphiql", "/readyz", "/metrics", "/stats"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(
            answer.headers["www-authenticate"]
                .to_str()
                .unwrap()
                .starts_with("Bearer")
        );
        let answer = server
            .send(Method::GET, path, &[("authorization", "Bearer open-sesame-32")], "")
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} with a wrong one");
    }
    assert_eq!(
        server.get("/healthz").await.status,
        StatusCode::OK,
        "says only that it runs"
    );
    let in_the_address = server
        .get("/readyz?token=open-sesame-31&access_token=open-sesame-31")
        .await;
    assert_eq!(
        in_the_address.status,
        StatusCode::UNAUTHORIZED,
        "a secret in a URL ends in logs"
    );
    server
        .headers
        .insert("authorization", "Bearer open-sesame-31".parse().unwrap());
    for era in Era::BOTH {
        let called = server.request(era, "tools/call", repository()).await;
        assert_eq!(structured(&called["result"])["name"], "checkout");
    }
    let forwarded = setup.sandbox.requests(Vendor::GitHub);
    assert!(
        forwarded.iter().all(|request| request.credentials == ["github_token"]),
        "the client's token stays here"
    );
}

#[tokio::test]
async fn beyond_loopback_only_with_a_token() {
    let setup = Setup::new().await;
    let run = setup.run(&["serve", "--listen", "0.0.0.0:0"]).await;
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("BRAID_TOKEN"), "{}", run.stderr);
}

#[tokio::test]
async fn a_signal_lets_calls_finish_in_both_eras() {
    for (signal, era) in [("TERM", Era::Modern), ("TERM", Era::Legacy), ("INT", Era::Modern)] {
        let setup = Setup::new().await;
        setup
            .sandbox
            .inject(Vendor::GitHub, Fault::once(Effect::Delay { ms: 600 }));
        let server = Server::start(&setup).await;
        let (answer, ()) = tokio::join!(server.request(era, "tools/call", repository()), async {
            eventually(|| !setup.sandbox.requests(Vendor::GitHub).is_empty()).await;
            server.signal(signal).await;
        });
        assert_eq!(structured(&answer["result"])["name"], "checkout", "{signal} {era:?}");
        let end = server.ended().await;
        assert_eq!(end.code, Some(0), "{signal} {era:?}: {}", end.stderr);
    }
}

#[tokio::test]
async fn a_signal_ends_idle_sessions() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    server.session().await;
    server.signal("TERM").await;
    let end = server.ended().await;
    assert_eq!(end.code, Some(0), "{}", end.stderr);
}

#[tokio::test]
async fn answers_are_nobody_elses_to_interpret() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for path in ["/healthz", "/readyz", "/nowhere", "/graphiql"] {
        assert_eq!(
            server.get(path).await.headers["x-content-type-options"],
            "nosniff",
            "{path}"
        );
    }
    assert_eq!(server.get("/nowhere").await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get("/readyz").await.json()["ready"], true);
}

#[tokio::test]
async fn many_clients_at_once_get_each_their_own_answer() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let calls = (1..=40).map(|limit| {
        let call =
            json!({ "name": "slack_get_history", "arguments": { "channel": "#incident-checkout", "limit": limit } });
        async {
            let answer = server.modern("tools/call", call).await;
            structured(&answer.message()["result"])["messages"]
                .as_array()
                .unwrap()
                .len()
        }
    });
    let counts = futures::future::join_all(calls).await;
    assert!(
        counts
            .iter()
            .zip(1..)
            .all(|(count, limit)| *count <= limit && *count >= limit.min(5)),
        "{counts:?}"
    );
}
