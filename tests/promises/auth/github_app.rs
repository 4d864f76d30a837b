//! A GitHub App: its assertion is exchanged for an installation's token, which is renewed before it ends.

use super::{a_repository, count, examined};
use crate::promises::support::{Era, Peer, Reply, Setup, Stdio, eventually, structured};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use std::time::Duration;

const KEY: &str = include_str!("../../../crates/upstream/src/auth/testdata/app.pem");
const EXCHANGE: &str = "/app/installations/7/access_tokens";

/// GitHub's REST API, as far as an app needs it: takes assertions that the key has signed, and gives out this token.
async fn github(token: String, good_for: Duration) -> Peer {
    Peer::start(move |seen| {
        let claims = seen.header("authorization").strip_prefix("Bearer ").and_then(verified);
        let Some(claims) = claims.filter(|claims| claims["iss"] == "Iv1.braid") else {
            return Reply::Json(401, json!({ "message": "A JSON web token could not be decoded" }));
        };
        let now = jiff::Timestamp::now().as_second();
        let (from, until) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
        assert!(
            from <= now - 30 && until <= now + 600,
            "GitHub takes ten minutes at most: {claims}"
        );
        if seen.target != EXCHANGE {
            return Reply::Json(404, json!({ "message": "Not Found" }));
        }
        let ends = (jiff::Timestamp::now() + good_for).to_string();
        Reply::Json(201, json!({ "token": token, "expires_at": ends, "permissions": {} }))
    })
    .await
}

fn verified(assertion: &str) -> Option<Value> {
    let der = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let pair = RsaKeyPair::from_der(der.secret_der()).unwrap();
    let (message, signature) = assertion.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public().as_ref())
        .verify(message.as_bytes(), &signature)
        .ok()?;
    let claims = message.split_once('.')?.1;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

async fn setup(github: &Peer, installation: u32) -> Setup {
    let section = format!(
        "[github.auth]\nkind = \"github_app\"\nclient_id = \"Iv1.braid\"\ninstallation_id = {installation}\n\
         private_key = \"file:app.pem\"\n"
    );
    Setup::new()
        .await
        .unset("GITHUB_TOKEN")
        .set("GITHUB_API_URL", &github.url)
        .file("app.pem", KEY)
        .file("braid.toml", &section)
}

async fn token() -> String {
    Setup::new().await.sandbox.credentials.github_token.clone()
}

#[tokio::test]
async fn an_app_reads_with_the_token_of_its_installation() {
    let github = github(token().await, Duration::from_secs(3600)).await;
    let setup = setup(&github, 7).await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for name in ["checkout", "shipping", "pricing"] {
        let result = client
            .call("github_get_repo", json!({ "owner": "acme", "name": name }))
            .await;
        assert_eq!(result["isError"], false, "{result:#}");
    }
    assert_eq!(count(&github, EXCHANGE), 1, "one token serves for its hour");
    let found = examined(&setup, "github").await;
    assert_eq!(found["state"], "on", "{found:#}");
    assert_eq!(found["credentials"], "github_app (github.auth in braid.toml)");
}

/// Four minutes are less than the five at which others are renewed, and a token that lives for so long serves all the same.
#[tokio::test]
async fn a_token_that_is_about_to_end_is_renewed_first() {
    for (life, tokens) in [(240, 1), (1, 2)] {
        let github = github(token().await, Duration::from_secs(life)).await;
        let setup = setup(&github, 7).await;
        let mut client = Stdio::open(&setup, Era::Modern).await;
        for name in ["checkout", "shipping"] {
            let result = client
                .call("github_get_repo", json!({ "owner": "acme", "name": name }))
                .await;
            structured(&result);
            let got = tokio::time::Instant::now();
            eventually(|| got.elapsed() > Duration::from_secs(1)).await;
        }
        assert_eq!(count(&github, EXCHANGE), tokens, "of {life} s");
    }
}

#[tokio::test]
async fn what_github_refuses_is_said_with_the_table_to_change() {
    let github = github(token().await, Duration::from_secs(3600)).await;
    let setup = setup(&github, 8).await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client.call("github_get_repo", a_repository()).await;
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("the app has no installation 8")
            && text.to_lowercase().contains("check github.auth in braid.toml"),
        "{text}"
    );
    assert_eq!(github.seen().len(), 1, "a refusal is not asked for again at once");
}
