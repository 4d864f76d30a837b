//! Each kind of credentials against a peer on a real socket, through the whole road.

use super::*;
use crate::upstream::testing::{Peer, Reply, Seen, a_read, a_write, seconds};
use crate::upstream::{Call, Cause, Failure, Response, Stack};
use ::hmac::{KeyInit, Mac};
use http::header::HeaderValue;
use jsonwebtoken::{DecodingKey, Validation};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const PRIVATE: &str = include_str!("testdata/app.pem");
const PUBLIC: &str = include_str!("testdata/app.pub.pem");

async fn send(peer: &Peer, auth: Vec<Box<dyn Auth>>) -> Result<Response, Failure> {
    let stack = Stack::new(peer.params_with(auth)).unwrap();
    stack.send(a_write(), &Call::within(seconds(5))).await
}

fn form(seen: &Seen) -> HashMap<String, String> {
    url::form_urlencoded::parse(&seen.body).into_owned().collect()
}

fn client(peer: &Peer) -> OAuthClient {
    OAuthClient {
        token_url: peer.url.join("/token").unwrap(),
        id: "the-client".to_owned(),
        secret: Some("the-client-secret".into()),
        auth: ClientAuth::Header,
    }
}

#[tokio::test]
async fn several_at_once_for_a_gateway_in_front_of_a_vendor() {
    let peer = Peer::replies(vec![Reply::ok()]).await;
    let keys = ApiKeys::new([
        (HeaderName::from_static("dd-api-key"), "k1"),
        (HeaderName::from_static("dd-application-key"), "k2"),
    ]);
    let gateway = Basic::new("ada", "pass:word").unwrap().for_gateway();
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

#[tokio::test]
async fn an_app_exchanges_its_assertion_for_a_token_of_the_installation() {
    let peer = Peer::start(|seen, _| match seen.path.as_str() {
        "/app/installations/7/access_tokens" => {
            let ends = jiff::Timestamp::now() + Duration::from_secs(3600);
            Reply::status(
                201,
                json!({"token": "ghs_1", "expires_at": ends.to_string()}).to_string(),
            )
        }
        _ => Reply::ok(),
    })
    .await;
    let app = GitHubApp {
        api: peer.url.clone(),
        client_id: "Iv1.braid".to_owned(),
        installation: 7,
        private_key: PRIVATE.into(),
    };
    let stack = Stack::new(peer.params_with(vec![Box::new(app.into_auth().unwrap())])).unwrap();
    let call = Call::within(seconds(5));
    for _ in 0..3 {
        stack.send(a_read(), &call).await.unwrap();
    }
    let seen = peer.seen();
    assert_eq!(seen.len(), 4, "one exchange for three requests");
    let assertion = seen[0].header("authorization").strip_prefix("Bearer ").unwrap();
    let mut rules = Validation::new(jsonwebtoken::Algorithm::RS256);
    rules.set_issuer(&["Iv1.braid"]);
    let key = DecodingKey::from_rsa_pem(PUBLIC.as_bytes()).unwrap();
    let claims = jsonwebtoken::decode::<Value>(assertion, &key, &rules).unwrap().claims;
    let lasts = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
    assert_eq!(lasts, 600, "a minute back and nine ahead");
    assert_eq!(seen[1].header("authorization"), "Bearer ghs_1");
}

#[tokio::test]
async fn a_client_gets_tokens_by_its_own_credentials() {
    let peer = Peer::start(|seen, _| match seen.path.as_str() {
        "/token" => Reply::status(
            200,
            json!({"access_token": "t1", "token_type": "Bearer", "expires_in": 3600}).to_string(),
        ),
        _ => Reply::ok(),
    })
    .await;
    let grant = Grant::ClientCredentials {
        scopes: vec!["read".to_owned()],
    };
    let client = client(&peer);
    send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())])
        .await
        .unwrap();
    let seen = peer.seen();
    assert_eq!(form(&seen[0])["grant_type"], "client_credentials");
    assert_eq!(form(&seen[0])["scope"], "read");
    // base64("the-client:the-client-secret")
    assert_eq!(
        seen[0].header("authorization"),
        "Basic dGhlLWNsaWVudDp0aGUtY2xpZW50LXNlY3JldA=="
    );
    assert_eq!(seen[1].header("authorization"), "Bearer t1");
}

#[tokio::test]
async fn a_refresh_token_is_used_once_and_its_successor_kept() {
    let peer = Peer::start(|seen, number| match seen.path.as_str() {
        "/token" => {
            let used = form(seen)["refresh_token"].clone();
            // In Slack's form: "ok", and a token type of its own.
            let next = json!({"ok": true, "access_token": format!("t-{used}"), "token_type": "bot",
                "refresh_token": format!("{used}+"), "expires_in": 43200});
            Reply::status(200, next.to_string())
        }
        // Refuses the first token, as if it had been revoked.
        _ if seen.header("authorization") == "Bearer t-r" => Reply::status(401, format!("{number}")),
        _ => Reply::ok(),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let auth = || {
        let grant = Grant::Refresh {
            first: Some("r".into()),
            kept_in: file.clone(),
        };
        let client = client(&peer);
        Box::new(OAuth { client, grant }.into_auth().unwrap())
    };
    let stack = Stack::new(peer.params_with(vec![auth()])).unwrap();
    let call = Call::within(seconds(60));
    // A token that is a moment old is not renewed when it is refused: what was refused may have been the one before.
    let failure = stack.send(a_read(), &call).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Unauthorized { .. }));
    let (kept, refresh) = file.load().unwrap().unwrap();
    assert_eq!((kept.secret.expose_secret(), refresh.expose_secret()), ("t-r", "r+"));
    tokio::time::pause();
    tokio::time::advance(seconds(6)).await;
    tokio::time::resume();
    stack.send(a_read(), &call).await.unwrap();
    let (kept, refresh) = file.load().unwrap().unwrap();
    assert_eq!((kept.secret.expose_secret(), refresh.expose_secret()), ("t-r+", "r++"));
    // After a restart the kept token serves.
    send(&peer, vec![auth()]).await.unwrap();
    assert_eq!(peer.seen().last().unwrap().header("authorization"), "Bearer t-r+");
    let exchanges = peer.seen().iter().filter(|seen| seen.path == "/token").count();
    assert_eq!(exchanges, 2);
}

#[tokio::test]
async fn a_refusal_of_the_token_endpoint_says_why_in_both_forms() {
    for (status, body) in [
        (400, r#"{"error":"invalid_grant"}"#),
        (200, r#"{"ok":false,"error":"invalid_grant"}"#),
    ] {
        let peer = Peer::replies(vec![Reply::status(status, body)]).await;
        let grant = Grant::ClientCredentials { scopes: Vec::new() };
        let client = client(&peer);
        let failure = send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())])
            .await
            .unwrap_err();
        let Cause::Unauthorized { code, .. } = failure.cause else {
            panic!("{failure:?}")
        };
        assert_eq!(code, "invalid_grant");
    }
}

#[tokio::test]
async fn logs_in_by_a_browser_on_loopback() {
    let peer = Peer::replies(vec![Reply::status(
        200,
        json!({"access_token": "t1", "token_type": "Bearer", "refresh_token": "r1", "expires_in": 60}).to_string(),
    )])
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let login = Login {
        client: client(&peer),
        authorize_url: "https://vendor.example/authorize".parse().unwrap(),
        scopes: vec!["read".to_owned(), "write".to_owned()],
        keep_in: file.clone(),
    };
    let (told, page) = tokio::sync::oneshot::channel();
    let running = tokio::spawn(log_in(login, listener, move |page| told.send(page.clone()).unwrap()));
    let page: HashMap<String, String> = page.await.unwrap().query_pairs().into_owned().collect();
    assert_eq!(page["redirect_uri"], format!("http://{address}/callback"));
    assert_eq!(
        (page["code_challenge_method"].as_str(), page["scope"].as_str()),
        ("S256", "read write")
    );
    // Anybody may knock.
    assert!(browse(address, "/favicon.ico").await.starts_with("HTTP/1.1 404"));
    assert!(
        browse(address, "/callback?code=c&state=forged")
            .await
            .starts_with("HTTP/1.1 400")
    );
    let state = &page["state"];
    assert!(
        browse(address, &format!("/callback?code=the-code&state={state}"))
            .await
            .starts_with("HTTP/1.1 200")
    );
    running.await.unwrap().unwrap();
    let asked = form(&peer.seen()[0]);
    assert_eq!(
        (asked["grant_type"].as_str(), asked["code"].as_str()),
        ("authorization_code", "the-code")
    );
    assert!(asked["code_verifier"].len() >= 43);
    let (kept, refresh) = file.load().unwrap().unwrap();
    assert_eq!((kept.secret.expose_secret(), refresh.expose_secret()), ("t1", "r1"));
}

async fn browse(address: std::net::SocketAddr, target: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(format!("GET {target} HTTP/1.1\r\n\r\n").as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn signs_what_it_sends() {
    let peer = Peer::replies(vec![Reply::ok()]).await;
    let signing = Hmac {
        key: "key".into(),
        algorithm: Algorithm::Sha256,
        encoding: Encoding::Hex,
        parts: vec![Part::Method, Part::PathAndQuery, Part::Timestamp, Part::BodyHash],
        separator: "\n".to_owned(),
        signature: (HeaderName::from_static("x-signature"), "v1=".to_owned()),
        timestamp: Some(HeaderName::from_static("x-timestamp")),
        key_id: Some((HeaderName::from_static("x-key"), HeaderValue::from_static("braid"))),
    };
    send(&peer, vec![Box::new(signing)]).await.unwrap();
    let seen = &peer.seen()[0];
    // Signed anew from what arrived.
    let body_hash = hex(&Sha256::digest(&seen.body));
    let canonical = format!("POST\n/things\n{}\n{body_hash}", seen.header("x-timestamp"));
    let mac = ::hmac::Hmac::<Sha256>::new_from_slice(b"key").unwrap();
    let expected = hex(&mac.chain_update(canonical).finalize().into_bytes());
    assert_eq!(seen.header("x-signature"), format!("v1={expected}"));
    assert_eq!(seen.header("x-key"), "braid");
}

/// Case 2 of RFC 4231.
#[tokio::test]
async fn signs_as_the_standard_does() {
    for (algorithm, expected) in [
        (
            Algorithm::Sha256,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            Algorithm::Sha512,
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
    ] {
        let peer = Peer::replies(vec![Reply::ok()]).await;
        let signing = Hmac {
            key: "Jefe".into(),
            algorithm,
            encoding: Encoding::Hex,
            parts: vec![
                Part::Text("what do ya want ".to_owned()),
                Part::Text("for nothing?".to_owned()),
            ],
            separator: String::new(),
            signature: (HeaderName::from_static("x-signature"), String::new()),
            timestamp: None,
            key_id: None,
        };
        send(&peer, vec![Box::new(signing)]).await.unwrap();
        assert_eq!(peer.seen()[0].header("x-signature"), expected);
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
