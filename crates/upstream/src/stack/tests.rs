//! Each layer through the whole road and a real socket, and the fault matrix: what a peer does, how often it is asked
//! then, and what becomes of a read and of a write.

use super::*;
use crate::Outcome::{NotDone, Unknown};
use crate::pace::{Limit, Rate, Scope};
use crate::quota::{QuotaHeaders, Reset};
use crate::testing::{Peer, Reply, a_read, a_write, closed_port, params_to, seconds};
use crate::wire::Timeouts;
use crate::{Outcome, breaker, retry};
use futures::future::join_all;
use std::time::Duration;

const SHORT: Timeouts = Timeouts {
    connect: Duration::from_millis(500),
    read: Duration::from_secs(1),
    attempt: Duration::from_millis(1_500),
    request: Duration::from_secs(8),
};

const HEADERS: QuotaHeaders = QuotaHeaders {
    limit: "x-limit",
    remaining: "x-remaining",
    reset: "x-reset",
    reset_counts: Reset::FromNow,
    bucket: Some("x-name"),
};

/// An answer that says what is left of a limit.
fn told(reply: Reply, remaining: usize, reset: u64) -> Reply {
    reply
        .header("x-limit", "40")
        .header("x-remaining", remaining.to_string())
        .header("x-reset", reset.to_string())
        .header("x-name", "search")
}

fn quick(params: Params) -> Stack {
    let policy = retry::Policy {
        first: Duration::from_millis(1),
        ..retry::Policy::default()
    };
    Stack::new(params.retry(policy).body_limit(100_000)).unwrap()
}

fn call() -> Call {
    Call::within(seconds(20))
}

/// What comes of one request to a peer that answers so: requests at the peer, the class of the failure or `ok`, and
/// whether a write may have been carried out.
async fn cell(replies: Vec<Reply>, request: Request) -> (usize, &'static str, Outcome) {
    // Short only where time must run out: on a busy machine any other answer may take its time.
    let silent = replies
        .iter()
        .any(|reply| matches!(reply, Reply::Hang | Reply::Drip(_)));
    let peer = Peer::replies(replies).await;
    let params = peer.params().timeouts(if silent { SHORT } else { Timeouts::default() });
    let result = quick(params).send(request, &call()).await;
    match result {
        Ok(_) => (peer.count(), "ok", Outcome::NotDone),
        Err(failure) => (peer.count(), failure.cause.class(), failure.outcome),
    }
}

/// One row: the replies, then for a read and for a write the requests and the class; the outcome of the write.
type Row = (
    &'static str,
    Vec<Reply>,
    (usize, &'static str),
    (usize, &'static str, Outcome),
);

/// What the vendor says no to.
fn refusals() -> Vec<Row> {
    vec![
        ("400", vec![status(400)], (1, "invalid"), (1, "invalid", NotDone)),
        (
            "401",
            vec![status(401)],
            (1, "unauthorized"),
            (1, "unauthorized", NotDone),
        ),
        ("403", vec![status(403)], (1, "forbidden"), (1, "forbidden", NotDone)),
        ("404", vec![status(404)], (1, "not_found"), (1, "not_found", NotDone)),
        ("409", vec![status(409)], (1, "rejected"), (1, "rejected", NotDone)),
        ("422", vec![status(422)], (1, "invalid"), (1, "invalid", NotDone)),
        ("429", vec![status(429)], (1, "throttled"), (1, "throttled", NotDone)),
        // Told to come back within the deadline, it does; a 429 was not carried out, so a write does as well.
        (
            "429 with seconds",
            then_ok(status(429).header("retry-after", "1")),
            (2, "ok"),
            (2, "ok", NotDone),
        ),
        (
            "429 with a date",
            then_ok(
                status(429)
                    .header("date", "Sun, 22 Nov 2026 10:00:00 GMT")
                    .header("retry-after", "Sun, 22 Nov 2026 10:00:01 GMT"),
            ),
            (2, "ok"),
            (2, "ok", NotDone),
        ),
        (
            "429 for longer than the call",
            vec![status(429).header("retry-after", "3000")],
            (1, "throttled"),
            (1, "throttled", NotDone),
        ),
        (
            "429 with nonsense",
            vec![status(429).header("retry-after", "-5")],
            (1, "throttled"),
            (1, "throttled", NotDone),
        ),
    ]
}

/// What the vendor cannot help, and what happens on the way.
fn faults() -> Vec<Row> {
    vec![
        (
            "500",
            vec![status(500)],
            (3, "unavailable"),
            (1, "unavailable", Unknown),
        ),
        (
            "502",
            vec![status(502)],
            (3, "unavailable"),
            (1, "unavailable", Unknown),
        ),
        (
            "503",
            vec![status(503)],
            (3, "unavailable"),
            (1, "unavailable", Unknown),
        ),
        // Maintenance for longer than the call: not asked again before.
        (
            "503 with seconds",
            vec![status(503).header("retry-after", "3000")],
            (1, "unavailable"),
            (1, "unavailable", Unknown),
        ),
        (
            "504",
            vec![status(504)],
            (3, "unavailable"),
            (1, "unavailable", Unknown),
        ),
        ("500 once", then_ok(status(500)), (2, "ok"), (1, "unavailable", Unknown)),
        (
            "reset before the answer",
            vec![Reply::Reset],
            (3, "interrupted"),
            (1, "interrupted", Unknown),
        ),
        (
            "reset in the body",
            vec![Reply::ResetInBody],
            (3, "interrupted"),
            (1, "interrupted", Unknown),
        ),
        (
            "broken off",
            vec![Reply::BreakOff],
            (3, "interrupted"),
            (1, "interrupted", Unknown),
        ),
        (
            "silence",
            vec![Reply::Hang],
            (3, "timed_out"),
            (1, "timed_out", Unknown),
        ),
        (
            "slow drip",
            vec![Reply::Drip(Duration::from_millis(50))],
            (3, "timed_out"),
            (1, "timed_out", Unknown),
        ),
    ]
}

/// Answers that are not what was asked for.
fn answers(other_host: &str) -> Vec<Row> {
    let text = |kind: &str, body: &str| Reply::status(200, body).header("content-type", kind);
    let to = |status, target: &str| Reply::status(status, "").header("location", target);
    vec![
        (
            "HTML",
            vec![text("text/html", "<html>")],
            (3, "malformed"),
            (1, "malformed", Unknown),
        ),
        (
            "an empty body",
            vec![text("application/json", "")],
            (3, "malformed"),
            (1, "malformed", Unknown),
        ),
        (
            "a wrong content type",
            vec![text("text/plain", "{}")],
            (1, "ok"),
            (1, "ok", NotDone),
        ),
        (
            "a huge body",
            vec![Reply::status(200, vec![b'1'; 200_000])],
            (1, "too_large"),
            (1, "too_large", Unknown),
        ),
        (
            "a redirect within the host",
            then_ok(to(307, "/elsewhere")),
            (2, "ok"),
            (1, "redirected", NotDone),
        ),
        (
            "a redirect to another host",
            vec![to(307, other_host)],
            (1, "redirected"),
            (1, "redirected", NotDone),
        ),
    ]
}

fn status(status: u16) -> Reply {
    Reply::status(status, r#"{"error":"x"}"#)
}

fn then_ok(reply: Reply) -> Vec<Reply> {
    vec![reply, Reply::ok()]
}

#[tokio::test]
async fn the_fault_matrix() {
    let other = Peer::replies(vec![Reply::ok()]).await;
    let rows = [refusals(), faults(), answers(other.url.as_str())].concat();
    let cells = rows.into_iter().map(|(name, replies, read, write)| async move {
        let (as_read, as_write, as_idempotent) = tokio::join!(
            cell(replies.clone(), a_read()),
            cell(replies.clone(), a_write()),
            cell(replies, a_write().idempotent()),
        );
        assert_eq!(as_read, (read.0, read.1, NotDone), "{name}, read");
        assert_eq!(as_write, write, "{name}, write");
        // A write that may be repeated is repeated like a read, but not redirected like one.
        let expected = if write.1 == "redirected" {
            (write.0, write.1)
        } else {
            read
        };
        assert_eq!((as_idempotent.0, as_idempotent.1), expected, "{name}, idempotent write");
    });
    join_all(cells).await;
    assert_eq!(other.count(), 0, "credentials were sent to another host");
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_also_for_writes() {
    for request in [a_read(), a_write()] {
        let (_kept, url) = closed_port();
        let (call, access) = (call(), request.access);
        let failure = quick(params_to(url)).send(request, &call).await.unwrap_err();
        assert_eq!(
            (failure.cause.class(), failure.outcome),
            ("unreachable", Outcome::NotDone),
            "{access:?}"
        );
        assert_eq!(call.account().of("peer").retries, 2);
    }
}

#[tokio::test]
async fn a_thousand_identical_reads_are_one_request() {
    let peer = Peer::replies(vec![Reply::ok().after(Duration::from_millis(100))]).await;
    let (stack, call) = (Stack::new(peer.params()).unwrap(), call());
    let answers = join_all((0..1000).map(|_| stack.send(a_read(), &call))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(peer.count(), 1);
    let spent = call.account().of("peer");
    assert_eq!((spent.requests, spent.joined), (1, 999));
}

#[tokio::test]
async fn the_same_question_twice_costs_one_request_until_it_changed() {
    let peer = Peer::replies(vec![Reply::ok().header("etag", "\"v1\"")]).await;
    let stack = Stack::new(peer.params()).unwrap();
    let request = || a_read().fresh_for(seconds(60), vec!["peer:thing:1".to_owned()]);
    for _ in 0..5 {
        stack.send(request(), &call()).await.unwrap();
    }
    assert_eq!(peer.count(), 1);
    stack.invalidate("peer:thing:1");
    stack.send(request(), &call()).await.unwrap();
    assert_eq!(peer.count(), 2);
    stack
        .send(a_write().changing(vec!["peer:thing:1".to_owned()]), &call())
        .await
        .unwrap();
    let asked = call();
    stack.send(request(), &asked).await.unwrap();
    assert_eq!((peer.count(), asked.account().of("peer").cache_hits), (4, 0));
}

#[tokio::test]
async fn an_answer_that_is_still_true_is_not_sent_again() {
    let peer = Peer::start(|seen, number| {
        let reply = match seen.header("if-none-match") {
            "\"v1\"" => Reply::status(304, ""),
            _ => Reply::ok().header("etag", "\"v1\""),
        };
        told(reply, 39 - number, 600)
    })
    .await;
    let metrics = Metrics::new().unwrap();
    let stack = Stack::new(peer.params().quota(HEADERS).metrics(metrics.clone())).unwrap();
    let request = || a_read().fresh_for(Duration::from_millis(1), Vec::new());
    let first = stack.send(request(), &call()).await.unwrap();
    // Past its time and past the time in which it is given while it is refreshed.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let again = call();
    let second = stack.send(request(), &again).await.unwrap();
    assert_eq!(
        (peer.count(), second.status, second.body),
        (2, first.status, first.body)
    );
    // What a 304 says of the quota is learned like any answer's, and it is one request.
    let spent = again.account().of("peer");
    assert_eq!((spent.requests, spent.quota["search"].remaining), (1, 38));
    let text = metrics.text();
    for line in [
        r#"braid_quota_remaining{backend="peer",bucket="search"} 38"#,
        r#"braid_upstream_answers_total{backend="peer",status="304"} 1"#,
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[tokio::test]
async fn a_request_ends_in_time_for_the_rest_to_be_returned() {
    let peer = Peer::replies(vec![Reply::Hang]).await;
    let stack = Stack::new(peer.params()).unwrap();
    let call = Call::within(Duration::from_millis(500));
    let failure = stack.send(a_read(), &call).await.unwrap_err();
    assert_eq!(failure.cause.class(), "timed_out");
    assert!(!call.left().is_zero());
}

#[tokio::test]
async fn an_open_breaker_asks_nobody() {
    let peer = Peer::replies(vec![Reply::status(500, "{}")]).await;
    let policy = breaker::Policy {
        failures: 2,
        ..breaker::Policy::default()
    };
    let stack = quick(peer.params().breaker(policy));
    for _ in 0..5 {
        stack.send(a_write(), &call()).await.unwrap_err();
    }
    let failure = stack.send(a_write(), &call()).await.unwrap_err();
    assert_eq!(
        (failure.cause.class(), failure.outcome),
        ("circuit_open", Outcome::NotDone)
    );
    assert_eq!(peer.count(), 2);
}

#[tokio::test]
async fn limits_hold_whether_declared_or_told() {
    let rate = Rate::Window {
        count: 2,
        per: seconds(3600),
    };
    let limit = Limit {
        scope: Scope::Operation(&["things.get"]),
        rate,
    };
    let peer = Peer::replies(vec![Reply::ok()]).await;
    let stack = Stack::new(peer.params().limits(vec![limit])).unwrap();
    let send = async |page: &str| stack.send(a_read().query("page", page), &call()).await;
    assert!(send("1").await.is_ok() && send("2").await.is_ok());
    assert_eq!(send("3").await.unwrap_err().cause.class(), "throttled");
    assert_eq!(peer.count(), 2);

    let peer = Peer::replies(vec![told(Reply::ok(), 0, 600)]).await;
    let (stack, call) = (Stack::new(peer.params().quota(HEADERS)).unwrap(), call());
    stack.send(a_read(), &call).await.unwrap();
    let failure = stack.send(a_read(), &call).await.unwrap_err();
    let Cause::Throttled { retry_after } = failure.cause else {
        panic!("{failure:?}")
    };
    assert!(retry_after > seconds(590), "{retry_after:?}");
    assert_eq!(
        (peer.count(), call.account().of("peer").quota["search"].remaining),
        (1, 0)
    );
}

#[tokio::test]
async fn everything_is_counted() {
    let peer = Peer::replies(vec![Reply::status(500, "{}"), Reply::ok()]).await;
    let metrics = Metrics::new().unwrap();
    let stack = quick(peer.params().metrics(metrics.clone()));
    let request = || a_read().fresh_for(seconds(60), Vec::new());
    stack.send(request(), &call()).await.unwrap();
    stack.send(request(), &call()).await.unwrap();
    let text = metrics.text();
    for line in [
        r#"braid_upstream_requests_total{backend="peer",operation="things.get",outcome="ok"} 2"#,
        r#"braid_upstream_answers_total{backend="peer",status="500"} 1"#,
        r#"braid_upstream_answers_total{backend="peer",status="200"} 1"#,
        r#"braid_upstream_retries_total{backend="peer"} 1"#,
        r#"braid_cache_lookups_total{backend="peer",result="hit"} 1"#,
        r#"braid_breaker_state{backend="peer",class="*"} 0"#,
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains("the-secret"));
}

#[tokio::test]
async fn a_write_whose_turn_comes_when_its_time_is_up_is_not_sent() {
    let peer = Peer::replies(vec![Reply::Hang]).await;
    let timeouts = Timeouts {
        read: seconds(8),
        attempt: seconds(8),
        ..SHORT
    };
    let stack = quick(peer.params().at_once(1).timeouts(timeouts));
    let call = Call::within(seconds(2));
    let (first, second) = tokio::join!(stack.send(a_write(), &call), stack.send(a_write(), &call));
    let (first, second) = (first.unwrap_err(), second.unwrap_err());
    assert_eq!((first.cause.class(), first.outcome), ("timed_out", Unknown));
    assert_eq!((second.cause.class(), second.outcome), ("not_sent", NotDone));
    assert_eq!((peer.count(), call.account().of("peer").requests), (1, 1));
}

#[tokio::test]
async fn a_request_that_cannot_be_answered_in_time_is_not_sent() {
    let peer = Peer::replies(vec![Reply::ok()]).await;
    let stack = Stack::new(peer.params()).unwrap();
    for request in [a_read(), a_write()] {
        let call = Call::within(Duration::from_millis(20));
        let failure = stack.send(request, &call).await.unwrap_err();
        assert_eq!((failure.cause.class(), failure.outcome), ("not_sent", NotDone));
    }
    assert_eq!(peer.count(), 0);
}

#[tokio::test]
async fn a_queue_of_our_own_does_not_open_the_breaker() {
    let peer = Peer::replies(vec![Reply::ok().after(seconds(3))]).await;
    let policy = breaker::Policy {
        failures: 1,
        patience: Duration::from_millis(100),
        ..breaker::Policy::default()
    };
    let metrics = Metrics::new().unwrap();
    let stack = Stack::new(peer.params().at_once(1).breaker(policy).metrics(metrics.clone())).unwrap();
    let (patient, hasty) = (call(), Call::within(seconds(2)));
    let queued = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        join_all((0..5).map(|_| stack.send(a_write(), &hasty))).await
    };
    let (first, queued) = tokio::join!(stack.send(a_write(), &patient), queued);
    assert!(first.is_ok(), "{first:?}");
    for result in queued {
        assert_eq!(result.unwrap_err().cause.class(), "not_sent");
    }
    assert_eq!(peer.count(), 1);
    let text = metrics.text();
    for line in [
        r#"braid_breaker_state{backend="peer",class="things.make"} 0"#,
        r#"braid_upstream_requests_total{backend="peer",operation="things.make",outcome="not_sent"} 5"#,
        r#"braid_limiter_refusals_total{backend="peer"} 5"#,
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[tokio::test]
async fn what_is_left_is_told_also_where_nothing_was_sent() {
    let peer = Peer::replies(vec![told(Reply::ok().after(Duration::from_millis(100)), 0, 600)]).await;
    let stack = Stack::new(peer.params().quota(HEADERS)).unwrap();
    let request = || a_read().fresh_for(seconds(60), Vec::new());
    let calls = [call(), call(), call(), call()];
    let (first, joined) = tokio::join!(stack.send(request(), &calls[0]), stack.send(request(), &calls[1]));
    assert!(first.is_ok() && joined.is_ok());
    assert!(stack.send(request(), &calls[2]).await.is_ok(), "remembered");
    let refused = stack.send(request().query("page", "2"), &calls[3]).await;
    assert_eq!(refused.unwrap_err().cause.class(), "throttled");
    for (call, requests) in calls.iter().zip([1, 0, 0, 0]) {
        let spent = call.account().of("peer");
        let left = spent.quota["search"];
        assert_eq!((spent.requests, left.remaining, left.limit), (requests, 0, Some(40)));
        assert!(
            left.reset_s.is_some_and(|reset| (590..=600).contains(&reset)),
            "{left:?}"
        );
    }
    assert_eq!(peer.count(), 1);
}

#[tokio::test]
async fn nonsense_in_a_header_locks_nothing() {
    let absurd = told(Reply::ok(), 0, 99_999_999_999);
    let peer = Peer::replies(vec![absurd, status(503).header("retry-after", "1e308"), Reply::ok()]).await;
    let stack = quick(peer.params().quota(HEADERS));
    // The one answer in three that is a fault is simply tried again.
    for page in ["1", "2", "3"] {
        let result = stack.send(a_read().query("page", page), &call()).await;
        assert!(result.is_ok(), "{page}: {result:?}");
    }
    assert_eq!(peer.count(), 4);
}

#[tokio::test]
async fn retries_are_bounded_for_all_requests_together() {
    const REQUESTS: usize = 40;
    let peer = Peer::replies(vec![status(500)]).await;
    let policy = breaker::Policy {
        failures: u32::MAX,
        ..breaker::Policy::default()
    };
    let stack = quick(peer.params().breaker(policy));
    let call = call();
    let asked = (0..REQUESTS).map(|page| stack.send(a_read().query("page", page.to_string()), &call));
    let results = join_all(asked).await;
    assert!(results.iter().all(Result::is_err));
    // Each would be sent three times. Two retries a second are spared for ten seconds, and one is earned by five requests.
    let (spare, earned) = (20, REQUESTS / 5);
    assert!(
        (REQUESTS + spare..=REQUESTS + spare + earned).contains(&peer.count()),
        "{} requests",
        peer.count()
    );
}
