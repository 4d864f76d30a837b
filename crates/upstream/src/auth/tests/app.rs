//! An app's assertion, verified by its public key.

use super::*;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

/// One key in both forms, as GitHub hands it out and as most tools write it.
const KEYS: [&str; 2] = [
    include_str!("../testdata/app.pem"),
    include_str!("../testdata/app.pkcs8.pem"),
];

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
