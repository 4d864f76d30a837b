//! Whose credentials they are: what was remembered and learned for one account is not used for another.

use super::*;
use crate::Request;
use crate::quota::{QuotaHeaders, Reset};

/// A read that is remembered for longer than any test takes.
fn remembered(page: &str) -> Request {
    a_read().query("page", page).fresh_for(seconds(600), Vec::new())
}

/// Says whose token it was given; the one called `spent` has nothing left for ten minutes.
async fn who() -> Peer {
    Peer::start(|seen, _| {
        let token = seen.header("authorization").trim_start_matches("Bearer ").to_owned();
        let left = if token == "spent" { "0" } else { "100" };
        Reply::status(200, json!({ "who": token }).to_string())
            .header("x-remaining", left)
            .header("x-reset", "600")
    })
    .await
}

fn road(peer: &Peer, auth: Box<dyn Auth>) -> Stack {
    let headers = QuotaHeaders {
        limit: "x-limit",
        remaining: "x-remaining",
        reset: "x-reset",
        reset_counts: Reset::FromNow,
        bucket: None,
    };
    Stack::new(peer.params_with(vec![auth]).quota(headers)).unwrap()
}

async fn told(stack: &Stack, page: &str) -> Result<String, &'static str> {
    let answer = stack.send(remembered(page), &Call::within(seconds(5))).await;
    let answer = answer.map_err(|failure| failure.cause.class())?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    Ok(body["who"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_swapped_secret_starts_afresh() {
    let peer = who().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "spent").unwrap();
    let stack = road(&peer, Box::new(Bearer::new(Secret::file(&path).unwrap())));
    assert_eq!(told(&stack, "1").await.as_deref(), Ok("spent"));
    assert_eq!(told(&stack, "1").await.as_deref(), Ok("spent"), "it is remembered");
    assert_eq!(told(&stack, "2").await, Err("throttled"));
    assert_eq!(peer.count(), 1);
    // Written again as it was: nobody else's.
    std::fs::write(&path, "spent\n").unwrap();
    assert_eq!(told(&stack, "2").await, Err("throttled"));
    std::fs::write(&path, "other").unwrap();
    assert_eq!(told(&stack, "1").await.as_deref(), Ok("other"));
    assert_eq!(told(&stack, "2").await.as_deref(), Ok("other"));
    assert_eq!(peer.count(), 3);
}

/// What the former credentials had left is told after the swap, by an answer that was under way.
#[tokio::test]
async fn a_late_answer_teaches_nothing_about_others() {
    let peer = Peer::start(|seen, _| {
        let spent = seen.header("authorization") == "Bearer spent";
        Reply::status(200, r#"{"who":"x"}"#)
            .header("x-remaining", if spent { "0" } else { "100" })
            .header("x-reset", "600")
            .after(Duration::from_millis(if spent { 300 } else { 0 }))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "spent").unwrap();
    let stack = road(&peer, Box::new(Bearer::new(Secret::file(&path).unwrap())));
    let (late, next) = tokio::join!(told(&stack, "1"), async {
        while peer.count() == 0 {
            tokio::task::yield_now().await;
        }
        std::fs::write(&path, "other").unwrap();
        // The same question does not join the one that is under way.
        told(&stack, "1").await
    });
    assert!(late.is_ok() && next.is_ok(), "{late:?} {next:?}");
    assert!(told(&stack, "2").await.is_ok());
    // The late answer was not remembered either: it was nobody's any more.
    assert!(told(&stack, "1").await.is_ok());
    let proofs: Vec<_> = peer
        .seen()
        .iter()
        .map(|seen| seen.header("authorization").to_owned())
        .collect();
    assert_eq!(proofs, ["Bearer spent", "Bearer other", "Bearer other"]);
}

/// A renewal is the same account: it goes on with what is remembered. Another log-in is another one.
#[tokio::test]
async fn a_renewal_clears_nothing_and_another_log_in_does() {
    let vendor = who().await;
    let endpoint = Peer::start(|_, _| {
        Reply::status(
            200,
            r#"{"access_token":"renewed","refresh_token":"r2","expires_in":3600}"#,
        )
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let log_in = |secret: &str, log_in: &str, life: Duration| {
        let token = Token {
            log_in: Some(log_in.to_owned()),
            ..Token::new(secret, Some(life))
        };
        let refresh = Some("r1".to_owned().into());
        file.save(&Tokens { token, refresh }).unwrap();
    };
    log_in("first", "one", seconds(3600));
    let grant = Grant::Refresh {
        first: None,
        kept_in: file.clone(),
    };
    let client = client(&endpoint);
    let stack = road(&vendor, Box::new(OAuth { client, grant }.into_auth().unwrap()));
    assert_eq!(told(&stack, "1").await.as_deref(), Ok("first"));
    tokio::time::pause();
    tokio::time::advance(seconds(3500)).await;
    tokio::time::resume();
    assert_eq!(told(&stack, "2").await.as_deref(), Ok("renewed"));
    assert_eq!(stack.identity(), 0);
    assert_eq!(told(&stack, "2").await.as_deref(), Ok("renewed"));
    assert_eq!((vendor.count(), endpoint.count()), (2, 1));
    // Another process that shares the file was faster with the next renewal.
    log_in("theirs", "one", seconds(3600));
    assert_eq!(told(&stack, "2").await.as_deref(), Ok("renewed"), "still remembered");
    assert_eq!(told(&stack, "3").await.as_deref(), Ok("theirs"));
    log_in("second", "two", seconds(3600));
    assert_eq!(told(&stack, "2").await.as_deref(), Ok("second"));
    assert_eq!((stack.identity(), endpoint.count()), (1, 1));
}
