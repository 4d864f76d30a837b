//! Each kind of credentials against a peer on a real socket, through the whole road.

use super::*;
use crate::upstream::testing::{Peer, Reply, Seen, a_read, a_write, seconds};
use crate::upstream::{Call, Cause, Failure, Response, Stack};
use ::hmac::{KeyInit, Mac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{HeaderValue, PROXY_AUTHORIZATION};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One key in both forms, as GitHub hands it out and as most tools write it.
const KEYS: [&str; 2] = [include_str!("testdata/app.pem"), include_str!("testdata/app.pkcs8.pem")];

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

/// The claims of an assertion that the key has signed.
fn verified(assertion: &str) -> Value {
    let der = PrivateKeyDer::from_pem_slice(KEYS[0].as_bytes()).unwrap();
    let pair = RsaKeyPair::from_der(der.secret_der()).unwrap();
    let (message, signature) = assertion.rsplit_once('.').unwrap();
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public().as_ref())
        .verify(message.as_bytes(), &decoded(signature))
        .unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&decoded(header)).unwrap();
    assert_eq!(header, json!({ "typ": "JWT", "alg": "RS256" }));
    serde_json::from_slice(&decoded(claims)).unwrap()
}

#[tokio::test]
async fn an_app_exchanges_its_assertion_for_a_token_of_the_installation() {
    for private_key in KEYS {
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
            issuer: "Iv1.braid".to_owned(),
            installation: 7,
            private_key: private_key.into(),
        };
        let stack = Stack::new(peer.params_with(vec![Box::new(app.into_auth().unwrap())])).unwrap();
        let call = Call::within(seconds(5));
        for _ in 0..3 {
            stack.send(a_read(), &call).await.unwrap();
        }
        let seen = peer.seen();
        assert_eq!(seen.len(), 4, "one exchange for three requests");
        let claims = verified(seen[0].header("authorization").strip_prefix("Bearer ").unwrap());
        assert_eq!(claims["iss"], "Iv1.braid");
        let lasts = claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap();
        assert_eq!(lasts, 600, "a minute back and nine ahead");
        assert_eq!(seen[1].header("authorization"), "Bearer ghs_1");
    }
}

#[test]
fn a_key_is_known_before_it_is_used() {
    assert!(KEYS.iter().all(|key| GitHubApp::takes(&(*key).into())));
    assert!(
        GitHubApp::takes(&KEYS[0].trim().replace('\n', "\\n").into()),
        "on one line"
    );
    for wrong in [
        "hunter2",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        assert!(!GitHubApp::takes(&wrong.into()));
    }
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
        parameters: [("audience".to_owned(), "the-vendor".to_owned())].into(),
    };
    let client = client(&peer);
    send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())])
        .await
        .unwrap();
    let seen = peer.seen();
    assert_eq!(form(&seen[0])["grant_type"], "client_credentials");
    assert_eq!(form(&seen[0])["scope"], "read");
    assert_eq!(form(&seen[0])["audience"], "the-vendor");
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
    assert_eq!(kept(&file), ("t-r".to_owned(), "r+".to_owned()));
    tokio::time::pause();
    tokio::time::advance(seconds(6)).await;
    tokio::time::resume();
    stack.send(a_read(), &call).await.unwrap();
    assert_eq!(kept(&file), ("t-r+".to_owned(), "r++".to_owned()));
    // After a restart the kept token serves.
    send(&peer, vec![auth()]).await.unwrap();
    assert_eq!(peer.seen().last().unwrap().header("authorization"), "Bearer t-r+");
    let exchanges = peer.seen().iter().filter(|seen| seen.path == "/token").count();
    assert_eq!(exchanges, 2);
}

/// Two processes, one file: whoever comes second takes what the first one got.
#[tokio::test]
async fn a_refresh_token_that_two_processes_share_is_used_once() {
    let peer = Peer::start(|seen, _| match seen.path.as_str() {
        "/token" => Reply::status(
            200,
            json!({"access_token": "t1", "refresh_token": "r2", "expires_in": 3600}).to_string(),
        )
        .after(Duration::from_millis(100)),
        _ => Reply::ok(),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let auth = || -> Vec<Box<dyn Auth>> {
        let grant = Grant::Refresh {
            first: Some("r1".into()),
            kept_in: TokenFile::new(folder.path().join("tokens.json")),
        };
        let client = client(&peer);
        vec![Box::new(OAuth { client, grant }.into_auth().unwrap())]
    };
    let sent = futures::future::join_all((0..5).map(|_| send(&peer, auth()))).await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    let exchanges = peer.seen().iter().filter(|seen| seen.path == "/token").count();
    assert_eq!(exchanges, 1);
}

/// A person who got tokens anew puts the first refresh token where the old one was.
#[tokio::test]
async fn a_new_first_refresh_token_helps_where_the_kept_one_is_refused() {
    let peer = Peer::start(|seen, _| match seen.path.as_str() {
        "/token" if form(seen)["refresh_token"] == "dead" => Reply::status(400, r#"{"error":"invalid_grant"}"#),
        "/token" => Reply::status(200, r#"{"access_token":"t1","refresh_token":"r2","expires_in":3600}"#),
        _ => Reply::ok(),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::new(folder.path().join("tokens.json"));
    file.save(&Tokens {
        token: Token::new("ended", Some(Duration::ZERO)),
        refresh: Some("dead".to_owned().into()),
    })
    .unwrap();
    let grant = Grant::Refresh {
        first: Some("r1".into()),
        kept_in: file.clone(),
    };
    let client = client(&peer);
    send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())])
        .await
        .unwrap();
    assert_eq!(kept(&file), ("t1".to_owned(), "r2".to_owned()));
}

/// Its own fault is worth another try, and a redirect would take the secret to another host.
#[tokio::test]
async fn a_token_endpoint_that_is_sick_or_sends_us_on_is_no_refusal() {
    let asked = |reply: Reply| async move {
        let peer = Peer::replies(vec![reply]).await;
        let grant = Grant::ClientCredentials {
            scopes: Vec::new(),
            parameters: [].into(),
        };
        let client = client(&peer);
        let sent = send(&peer, vec![Box::new(OAuth { client, grant }.into_auth().unwrap())]).await;
        sent.unwrap_err().cause
    };
    let sick = asked(Reply::status(503, "{}")).await;
    assert!(matches!(sick, Cause::Unavailable { status: 503, .. }), "{sick}");
    let slack = asked(Reply::status(200, r#"{"ok":false,"error":"internal_error"}"#)).await;
    assert!(matches!(slack, Cause::Unavailable { .. }), "{slack}");
    let away = asked(Reply::status(307, "").header("location", "https://elsewhere.example/token?x=y")).await;
    assert_eq!(
        away.to_string(),
        "redirected to https://elsewhere.example by the token endpoint, not followed"
    );
}

#[tokio::test]
async fn a_refusal_of_the_token_endpoint_says_why_in_both_forms() {
    for (status, body) in [
        (400, r#"{"error":"invalid_grant"}"#),
        (200, r#"{"ok":false,"error":"invalid_grant"}"#),
    ] {
        let peer = Peer::replies(vec![Reply::status(status, body)]).await;
        let grant = Grant::ClientCredentials {
            scopes: Vec::new(),
            parameters: [].into(),
        };
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
        scopes: Scopes {
            parameter: "scope",
            separator: " ",
            names: vec!["read".to_owned(), "write".to_owned()],
        },
        redirect: None,
        patience: seconds(60),
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
    assert_eq!(kept(&file), ("t1".to_owned(), "r1".to_owned()));
}

#[tokio::test]
async fn a_log_in_that_fails_says_why_and_keeps_nothing() {
    let peer = Peer::replies(vec![Reply::status(200, r#"{"ok":false,"error":"invalid_code"}"#)]).await;
    let folder = tempfile::tempdir().unwrap();
    for (back, expected) in [
        (
            Some("error=access_denied&error_description=Not+today"),
            "refused: access_denied: Not today",
        ),
        (
            Some("code=c"),
            "no token for the code: credentials refused (invalid_code)",
        ),
        (None, "no browser came back within 0 s"),
    ] {
        let file = TokenFile::new(folder.path().join("tokens.json"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let login = Login {
            client: client(&peer),
            authorize_url: "https://vendor.example/authorize".parse().unwrap(),
            scopes: Scopes {
                parameter: "user_scope",
                separator: ",",
                names: vec!["a".to_owned(), "b".to_owned()],
            },
            redirect: Some(format!("http://localhost:{}/back", address.port()).parse().unwrap()),
            patience: if back.is_some() {
                seconds(60)
            } else {
                Duration::from_millis(10)
            },
            keep_in: file.clone(),
        };
        let (told, page) = tokio::sync::oneshot::channel();
        let running = tokio::spawn(log_in(login, listener, move |page| told.send(page.clone()).unwrap()));
        let page: HashMap<String, String> = page.await.unwrap().query_pairs().into_owned().collect();
        assert_eq!(page["user_scope"], "a,b");
        if let Some(back) = back {
            let state = &page["state"];
            // A browser opens connections in advance and says nothing on them.
            let _silent = TcpStream::connect(address).await.unwrap();
            browse(address, &format!("/back?{back}&state={state}")).await;
        }
        let error = running.await.unwrap().unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
        assert!(file.load().unwrap().is_none());
    }
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
