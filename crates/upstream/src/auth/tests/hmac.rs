//! Signatures, made anew from what arrived.

use super::*;
use ::hmac::{KeyInit, Mac};
use http::header::HeaderValue;
use sha2::{Digest, Sha256};

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
