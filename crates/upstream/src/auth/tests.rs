//! Each kind of credentials against a peer on a real socket, through the whole road.

mod app;
mod hmac;
mod identity;
mod login;
mod oauth;

use super::*;
use crate::testing::{Peer, Reply, Seen, a_read, a_write, seconds};
use crate::{Call, Cause, Failure, Outcome, Response, Stack};
use http::header::PROXY_AUTHORIZATION;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;

async fn send(peer: &Peer, auth: Vec<Box<dyn Auth>>) -> Result<Response, Failure> {
    let stack = Stack::new(peer.params_with(auth)).unwrap();
    stack.send(a_write(), &Call::within(seconds(5))).await
}

fn form(seen: &Seen) -> HashMap<String, String> {
    url::form_urlencoded::parse(&seen.body).into_owned().collect()
}

fn kept(file: &TokenFile) -> (String, String) {
    let tokens = file.load().unwrap().unwrap();
    let refresh = tokens.refresh.unwrap();
    (
        tokens.token.secret.expose_secret().to_owned(),
        refresh.expose_secret().to_owned(),
    )
}

fn client(peer: &Peer) -> OAuthClient {
    OAuthClient {
        token_url: peer.url.join("/token").unwrap(),
        id: "the-client".to_owned(),
        secret: Some("the-client-secret".into()),
        auth: ClientAuth::Header,
        within: None,
    }
}

#[tokio::test]
async fn several_at_once_for_a_gateway_in_front_of_a_vendor() {
    let peer = Peer::replies(vec![Reply::ok()]).await;
    let keys = ApiKeys::new([
        (HeaderName::from_static("dd-api-key"), "k1"),
        (HeaderName::from_static("dd-application-key"), "k2"),
    ]);
    let gateway = Basic::new("ada", "pass:word").unwrap().placed(PROXY_AUTHORIZATION);
    send(&peer, vec![Box::new(keys), Box::new(gateway)]).await.unwrap();
    let seen = &peer.seen()[0];
    assert_eq!(
        (seen.header("dd-api-key"), seen.header("dd-application-key")),
        ("k1", "k2")
    );
    // base64("ada:pass:word")
    assert_eq!(seen.header("proxy-authorization"), "Basic YWRhOnBhc3M6d29yZA==");
    assert!(Basic::new("a:b", "x").is_err());
}

#[tokio::test]
async fn a_secret_that_is_no_header_value_is_a_cause_that_does_not_show_it() {
    let peer = Peer::replies(vec![Reply::ok()]).await;
    let failure = send(&peer, vec![Box::new(Bearer::new("hunter2\nx"))])
        .await
        .unwrap_err();
    assert!(!failure.to_string().contains("hunter2"), "{failure}");
    assert_eq!(peer.count(), 0);
}

#[tokio::test]
async fn a_refusal_is_tried_once_more_only_with_other_credentials() {
    let peer = Peer::replies(vec![Reply::status(401, "{}")]).await;
    let failure = send(&peer, vec![Box::new(Bearer::new("old"))]).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Unauthorized { .. }));
    assert_eq!(peer.count(), 1, "there are no others");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "old").unwrap();
    let (secret, rotated) = (Secret::file(&path).unwrap(), path.clone());
    // The file is changed between the refusal and the second try.
    let peer = Peer::start(move |seen, _| {
        if seen.header("authorization") == "Bearer brand-new" {
            return Reply::ok();
        }
        std::fs::write(&rotated, "brand-new").unwrap();
        Reply::status(401, "{}")
    })
    .await;
    send(&peer, vec![Box::new(Bearer::new(secret))]).await.unwrap();
    assert_eq!(peer.count(), 2);
}

/// Eight requests are under way when the secret is swapped; all of them are refused, and all of them find the new one.
#[tokio::test]
async fn every_refusal_finds_the_secret_that_was_swapped_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    let signing = |key: Secret| Hmac {
        key,
        algorithm: Algorithm::Sha256,
        encoding: Encoding::Hex,
        parts: vec![Part::Text("one text".to_owned())],
        separator: String::new(),
        signature: (HeaderName::from_static("x-signature"), String::new()),
        timestamp: None,
        key_id: None,
    };
    let header = HeaderName::from_static("x-key");
    let kinds: [&dyn Fn(Secret) -> Box<dyn Auth>; 4] = [
        &|secret| Box::new(Bearer::new(secret)),
        &|secret| Box::new(ApiKeys::new([(header.clone(), secret)])),
        &|secret| Box::new(Basic::new("ada", secret).unwrap()),
        &|secret| Box::new(signing(secret)),
    ];
    for (number, kind) in kinds.into_iter().enumerate() {
        std::fs::write(&path, "old").unwrap();
        let auth = kind(Secret::file(&path).unwrap());
        let (swapped, first) = (path.clone(), std::sync::OnceLock::new());
        let peer = Peer::start(move |seen, number| {
            let proof: Vec<_> = ["authorization", "x-key", "x-signature"]
                .map(|name| seen.header(name).to_owned())
                .into();
            if *first.get_or_init(|| proof.clone()) != proof {
                return Reply::ok();
            }
            if number == 7 {
                std::fs::write(&swapped, "brand-new").unwrap();
            }
            // Late enough for all of them to have left.
            Reply::status(401, "{}").after(Duration::from_millis(300))
        })
        .await;
        let stack = Stack::new(peer.params_with(vec![auth])).unwrap();
        let call = Call::within(seconds(10));
        let sent = futures::future::join_all((0..8).map(|_| stack.send(a_write(), &call))).await;
        let failed: Vec<_> = sent.into_iter().filter_map(Result::err).collect();
        assert!(failed.is_empty(), "kind {number}: {failed:?}");
        assert_eq!(peer.count(), 16, "kind {number}: once, and once more");
    }
}

/// Nothing was carried out: the refusal says so, and what to change, also where the renewal takes all the time there is.
#[tokio::test]
async fn a_renewal_that_hangs_leaves_the_refusal() {
    let peer = Peer::start(|seen, _| match seen.path.as_str() {
        "/token" => Reply::Hang,
        _ => Reply::status(401, "{}"),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    // Kept by an earlier run, so that it may be renewed at once.
    file.save(&Tokens {
        token: Token::new("t0", Some(seconds(3600))),
        refresh: Some("hangs".to_owned().into()),
    })
    .unwrap();
    let grant = Grant::Refresh {
        first: None,
        kept_in: file,
    };
    let auth = OAuth {
        client: client(&peer),
        grant,
    };
    let stack = Stack::new(peer.params_with(vec![Box::new(auth.into_auth().unwrap())])).unwrap();
    let failure = stack.send(a_write(), &Call::within(seconds(2))).await.unwrap_err();
    let Cause::Unauthorized { variables, .. } = &failure.cause else {
        panic!("{failure:?}")
    };
    assert_eq!(
        (variables.as_slice(), failure.outcome),
        (&["PEER_TOKEN"][..], Outcome::NotDone)
    );
    let paths: Vec<_> = peer.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!(paths, ["/things", "/token"]);
}
