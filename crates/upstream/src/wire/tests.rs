//! The wire against a peer on a real socket.

use crate::testing::{Peer, Reply, Seen, a_read, a_write, closed_port, params_to};
use crate::wire::Timeouts;
use crate::{Call, Cause, Failure, Outcome, Params, Request, Response, Stack, retry};
use http::Method;
use serde_json::Value;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

const SHORT: Timeouts = Timeouts {
    connect: Duration::from_millis(500),
    read: Duration::from_millis(200),
    attempt: Duration::from_millis(400),
    request: Duration::from_millis(400),
};

async fn send(params: Params, request: Request) -> Result<Response, Failure> {
    let call = Call::within(Duration::from_secs(5));
    // One attempt: what is tried again is another layer's matter.
    let stack = Stack::new(params.retry(retry::Policy::once())).unwrap();
    stack.send(request, &call).await
}

async fn failure(reply: Reply, request: Request) -> Failure {
    let peer = Peer::replies(vec![reply]).await;
    send(peer.params(), request).await.expect_err("the peer misbehaves")
}

#[tokio::test]
async fn puts_path_query_body_and_credentials_on() {
    let peer = Peer::replies(vec![Reply::ok()]).await;
    let call = Call::within(Duration::from_secs(5));
    let stack = Stack::new(peer.params()).unwrap();
    let answer = stack.send(a_write().query("a", "1 2"), &call).await.unwrap();
    assert_eq!(answer.json::<Value>().unwrap(), serde_json::json!({"ok": true}));
    let seen = &peer.seen()[0];
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("POST", "/things?a=1+2"));
    assert_eq!(seen.header("authorization"), "Bearer the-secret");
    assert_eq!(seen.header("content-length"), "1");
    assert!(seen.header("user-agent").starts_with("braid/"));
    assert!(seen.header("accept-encoding").contains("gzip"));
    assert_eq!(seen.body, b"1");
    assert_eq!(call.account().of("peer").requests, 1);
}

#[tokio::test]
async fn a_refused_connection_leaves_a_write_undone() {
    let (_kept, url) = closed_port();
    let failure = send(params_to(url), a_write()).await.unwrap_err();
    assert_eq!(failure.outcome, Outcome::NotDone);
    let Cause::Unreachable { reason } = failure.cause else {
        panic!("{failure:?}")
    };
    assert_eq!(reason, "127.0.0.1 refused the connection");
}

#[tokio::test]
async fn a_reset_leaves_open_whether_a_write_was_done() {
    for reply in [Reply::Reset, Reply::ResetInBody, Reply::BreakOff] {
        let write = failure(reply.clone(), a_write()).await;
        assert!(matches!(write.cause, Cause::Interrupted { .. }), "{reply:?}: {write:?}");
        assert_eq!(write.outcome, Outcome::Unknown, "{reply:?}");
        assert_eq!(failure(reply, a_read()).await.outcome, Outcome::NotDone);
    }
}

#[tokio::test]
async fn silence_and_a_slow_drip_end() {
    for reply in [Reply::Hang, Reply::Drip(Duration::from_millis(50))] {
        let started = tokio::time::Instant::now();
        let peer = Peer::replies(vec![reply.clone()]).await;
        let write = send(peer.params().timeouts(SHORT), a_write()).await.unwrap_err();
        assert!(matches!(write.cause, Cause::TimedOut { .. }), "{reply:?}: {write:?}");
        assert_eq!(write.outcome, Outcome::Unknown);
        assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn names_the_tls_failure() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 This port speaks no TLS\r\n\r\n")
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    });
    let params = params_to(format!("https://{address}").parse().unwrap());
    let failure = send(params, a_write()).await.unwrap_err();
    let reason = "127.0.0.1 does not speak TLS".to_owned();
    assert_eq!(failure.cause, Cause::Untrusted { reason });
    assert_eq!(failure.outcome, Outcome::NotDone);
}

#[tokio::test]
async fn says_that_a_name_does_not_resolve() {
    let params = params_to("https://nowhere.invalid".parse().unwrap());
    let failure = send(params, a_read()).await.unwrap_err();
    assert!(
        matches!(failure.cause, Cause::Unreachable { .. } | Cause::TimedOut { .. }),
        "{failure}"
    );
}

#[tokio::test]
async fn bounds_answers_whether_they_say_their_length_or_not() {
    let peer = Peer::replies(vec![Reply::status(200, vec![b'1'; 2000])]).await;
    let failure = send(peer.params().body_limit(1000), a_read()).await.unwrap_err();
    assert_eq!(failure.cause, Cause::TooLarge { limit: 1000 });
    let peer = Peer::replies(vec![Reply::status(200, vec![b'1'; 1000])]).await;
    assert_eq!(
        send(peer.params().body_limit(1000), a_read()).await.unwrap().body.len(),
        1000
    );
}

#[tokio::test]
async fn bounds_what_comes_out_of_compression() {
    // Two kilobytes of zeros, gzipped by hand (`head -c 2000 /dev/zero | gzip`).
    let zipped = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x63, 0x60, 0x18, 5, 0xa3, 0x60, 0x14, 0x8c, 0x82, 0x51, 0x30, 0x0a, 0x46,
        0xc1, 0x50, 7, 0, 0x44, 0xf4, 0xc9, 2, 0xd0, 7, 0, 0,
    ];
    let peer = Peer::replies(vec![Reply::status(200, zipped).header("content-encoding", "gzip")]).await;
    let failure = send(peer.params().body_limit(1000), a_read()).await.unwrap_err();
    assert_eq!(failure.cause, Cause::TooLarge { limit: 1000 });
}

#[tokio::test]
async fn follows_a_redirect_within_the_host_for_reads_only() {
    let script = |seen: &Seen, _| match seen.path.as_str() {
        "/things" => Reply::status(302, "").header("location", "/elsewhere"),
        _ => Reply::ok(),
    };
    let peer = Peer::start(script).await;
    send(peer.params(), a_read()).await.unwrap();
    assert_eq!(peer.seen()[1].path, "/elsewhere");
    assert_eq!(peer.seen()[1].header("authorization"), "Bearer the-secret");

    let peer = Peer::start(script).await;
    let failure = send(peer.params(), a_write()).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Redirected { .. }), "{failure}");
    assert_eq!(peer.count(), 1);
}

#[tokio::test]
async fn never_follows_to_another_host() {
    let other = Peer::replies(vec![Reply::ok()]).await;
    let target = other.url.to_string();
    let peer = Peer::replies(vec![Reply::status(307, "").header("location", target)]).await;
    let failure = send(peer.params(), a_read()).await.unwrap_err();
    let Cause::Redirected { host } = failure.cause else {
        panic!("{failure:?}")
    };
    assert_eq!(host, other.url.as_str().trim_end_matches('/'));
    assert_eq!(other.count(), 0);
}

#[tokio::test]
async fn a_redirect_in_circles_ends() {
    let peer = Peer::replies(vec![Reply::status(302, "").header("location", "/things")]).await;
    let failure = send(peer.params(), a_read()).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Redirected { .. }), "{failure}");
    assert_eq!(peer.count(), 4);
}

#[tokio::test]
async fn html_under_status_200_is_unreadable() {
    let page = Reply::status(200, "<html>").header("content-type", "text/html");
    let failure = failure(page, a_read()).await;
    assert!(
        failure.to_string().ends_with("expected JSON, got an HTML page"),
        "{failure}"
    );
}

#[tokio::test]
async fn plain_http_to_another_host_does_not_even_start() {
    let params = params_to("http://vendor.example/".parse().unwrap());
    let failure = Stack::new(params)
        .err()
        .expect("credentials would be sent in the clear");
    assert!(matches!(failure.cause, Cause::Invalid { .. }), "{failure}");
}

#[tokio::test]
async fn keeps_one_connection_for_one_after_another() {
    let peer = Peer::replies(vec![Reply::ok()]).await;
    let stack = Stack::new(peer.params()).unwrap();
    let call = Call::within(Duration::from_secs(5));
    for _ in 0..3 {
        stack.send(Request::read("x", Method::GET, "/x"), &call).await.unwrap();
    }
    assert_eq!(call.account().of("peer").requests, 3);
}
