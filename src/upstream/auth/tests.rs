//! Each kind of credentials against a peer on a real socket, through the whole road.

mod app;
mod hmac;
mod login;
mod oauth;

use super::*;
use crate::upstream::testing::{Peer, Reply, Seen, a_read, a_write, seconds};
use crate::upstream::{Call, Cause, Failure, Response, Stack};
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
