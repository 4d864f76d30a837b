//! A corporate gateway in front of a vendor, which wants credentials of its own beside the vendor's.

use super::{basic, count, examined, has, host};
use crate::promises::support::{Peer, Reply, Seen, Setup};
use base64::Engine as _;
use hmac::{KeyInit as _, Mac as _};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// What the gateway wants, in the file. The order is not the one in which it has to be put on.
const SECTION: &str = r#"
[[BACKEND.gateway]]
kind = "hmac"
key = "env:EGRESS_KEY"
sign = ["text:v1", "method", "path", "timestamp", "body_hash"]
separator = ":"
prefix = "v1="
timestamp_header = "X-Timestamp"
key_id = "braid"
[[BACKEND.gateway]]
kind = "basic"
user = "braid"
password = "file:secrets/password"
header = "Proxy-Authorization"
[[BACKEND.gateway]]
kind = "api_keys"
headers = { "X-Tenant" = "env:EGRESS_TENANT", "X-Zone" = "env:EGRESS_TENANT" }
[[BACKEND.gateway]]
kind = "bearer"
token = "env:EGRESS_TENANT"
header = "X-Pass"
scheme = ""
[[BACKEND.gateway]]
kind = "client_credentials"
token_url = "TOKENS/token"
client_id = "egress-client"
client_secret = "env:EGRESS_KEY"
scopes = ["read", "write"]
parameters = { audience = "egress" }
header = "X-Egress-Token"
"#;

/// The signature of what arrived, made anew from the very bytes.
fn signature(seen: &Seen, key: &str) -> String {
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    };
    let hash = hex(&Sha256::digest(&seen.body));
    let canonical = format!(
        "v1:{}:{}:{}:{hash}",
        seen.method,
        seen.target,
        seen.header("x-timestamp")
    );
    let mac = hmac::Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    format!("v1={}", hex(&mac.chain_update(canonical).finalize().into_bytes()))
}

/// A gateway in front of what is at this address, with the token endpoint that it trusts.
async fn gateway(behind: String) -> Peer {
    Peer::start(move |seen| {
        if seen.path() == "/token" {
            let asked = seen.form();
            let right = has(seen, "authorization", &basic("egress-client", "egress-key-1"))
                && (asked["grant_type"].as_str(), asked["scope"].as_str()) == ("client_credentials", "read write")
                && asked["audience"] == "egress";
            return if right {
                Reply::Json(
                    200,
                    json!({ "access_token": "egress-token", "token_type": "Bearer", "expires_in": 3600 }),
                )
            } else {
                Reply::Json(401, json!({ "error": "invalid_client" }))
            };
        }
        let let_through = has(seen, "proxy-authorization", &basic("braid", "pass:word"))
            && has(seen, "x-tenant", "tenant-9")
            && has(seen, "x-zone", "tenant-9")
            && has(seen, "x-pass", "tenant-9")
            && has(seen, "x-egress-token", "Bearer egress-token")
            && has(seen, "x-key-id", "braid")
            && has(seen, "x-signature", &signature(seen, "egress-key-1"));
        if let_through {
            Reply::Forward(behind.clone())
        } else {
            Reply::Html(407, "<html>Proxy authentication required</html>")
        }
    })
    .await
}

#[tokio::test]
async fn a_gateway_gets_its_own_credentials_beside_the_vendors() {
    let setup = Setup::new().await;
    let vendors = [
        ("slack", "SLACK_API_URL", setup.sandbox.slack_api.to_string()),
        ("github", "GITHUB_GRAPHQL_URL", setup.sandbox.github_graphql.to_string()),
        ("datadog", "DATADOG_API_URL", setup.sandbox.datadog_api.to_string()),
    ];
    let mut setup = setup
        .set("EGRESS_KEY", "egress-key-1")
        .set("EGRESS_TENANT", "tenant-9")
        .file("secrets/password", "pass:word\n");
    let mut sections = String::new();
    let mut gateways = Vec::new();
    for (backend, variable, url) in vendors {
        let gateway = gateway(host(&url)).await;
        setup = setup.set(variable, &url.replace(&host(&url), &gateway.url));
        sections += &SECTION.replace("BACKEND", backend).replace("TOKENS", &gateway.url);
        gateways.push(gateway);
    }
    let setup = setup.file("braid.toml", &sections);
    let run = setup
        .run(&["call", "monitor_context", "id=40", "limit=1", "--json"])
        .await;
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert!(!run.stdout.contains("problems"), "{}", run.stdout);
    let written = [
        "call",
        "slack_send_message",
        "channel=C0DEPLOYS",
        "text=through the gateway: ü & ?",
        "--allow-writes=all",
    ];
    let run = setup.run(&written).await;
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    for gateway in &gateways {
        assert!(count(gateway, "/token") >= 1);
        // The vendor's own credentials were there beside the gateway's.
        let through = gateway.seen().into_iter().filter(|seen| seen.path() != "/token");
        assert!(
            through
                .into_iter()
                .all(|seen| seen.headers.contains_key("authorization") || seen.headers.contains_key("dd-api-key")),
        );
    }
    let found = examined(&setup, "github").await;
    assert_eq!(found["state"], "on", "{found:#}");
    assert_eq!(
        found["credentials"],
        "GITHUB_TOKEN; hmac for a gateway (github.gateway in braid.toml); basic for a gateway (github.gateway in braid.toml); \
         api_keys for a gateway (github.gateway in braid.toml); bearer for a gateway (github.gateway in braid.toml); \
         client_credentials for a gateway (github.gateway in braid.toml)"
    );
}

/// The page of a gateway is no vendor's word: it is taken for what its status says, and both places are named.
#[tokio::test]
async fn a_gateway_that_refuses_is_named() {
    let setup = Setup::new().await;
    let url = setup.sandbox.github_graphql.to_string();
    let gateway = gateway(host(&url)).await;
    let setup = setup
        .set("GITHUB_GRAPHQL_URL", &url.replace(&host(&url), &gateway.url))
        .set("WRONG", "wr0ng-pass")
        .file(
            "braid.toml",
            "[github.gateway]\nkind = \"basic\"\nuser = \"braid\"\npassword = \"env:WRONG\"\nheader = \"Proxy-Authorization\"\n",
        );
    let run = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=checkout"])
        .await;
    assert_eq!(run.code, Some(1));
    assert!(
        run.stdout.contains("credentials refused (HTTP 407, by a gateway)")
            && run.stdout.contains("GITHUB_TOKEN and github.gateway in braid.toml"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("wr0ng") && !run.stdout.contains(&basic("braid", "wr0ng-pass")));
    assert_eq!(gateway.seen().len(), 1, "there is nothing to try again with");
}

/// What is signed is what is sent, in the other way of writing it too.
#[tokio::test]
async fn a_signature_may_be_long_and_in_base64() {
    let setup = Setup::new().await.set("EGRESS_KEY", "egress-key-1");
    let url = setup.sandbox.datadog_api.to_string();
    let behind = host(&url);
    let gateway = Peer::start(move |seen| {
        let mac = hmac::Hmac::<sha2::Sha512>::new_from_slice(b"egress-key-1").unwrap();
        let canonical = [b"POST\n".as_slice(), seen.header("host").as_bytes(), b"\n", &seen.body].concat();
        let signed = mac.chain_update(canonical).finalize().into_bytes();
        let expected = base64::engine::general_purpose::STANDARD.encode(signed);
        if has(seen, "x-corp-sign", &expected) {
            Reply::Forward(behind.clone())
        } else {
            Reply::Html(401, "<html>no</html>")
        }
    })
    .await;
    let setup = setup.set("DATADOG_API_URL", &gateway.url).file(
        "braid.toml",
        "[datadog.gateway]\nkind = \"hmac\"\nkey = \"env:EGRESS_KEY\"\nalgorithm = \"sha512\"\nencoding = \"base64\"\n\
         sign = [\"method\", \"host\", \"body\"]\nheader = \"X-Corp-Sign\"\n",
    );
    let call = [
        "call",
        "datadog_create_alert",
        "--args",
        r#"{"name":"Ünïcode","type":"metric alert","query":"avg(last_5m):avg:checkout.errors{*} > 5"}"#,
        "--allow-writes=all",
    ];
    let run = setup.run(&call).await;
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}
