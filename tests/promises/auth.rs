//! Credentials of every kind, chosen in `braid.toml`, each against a peer on loopback that refuses what is not right.

mod gateways;
mod github_app;
mod identity;
mod log_in;
mod renewal;
mod rotating;
mod rotation;

use super::support::{Peer, Seen, Setup};
use serde_json::{Value, json};

/// What the doctor found about one backend.
async fn examined(setup: &Setup, backend: &str) -> Value {
    let run = setup.run(&["doctor", "--json"]).await;
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let findings = report["backends"].as_array().unwrap();
    findings
        .iter()
        .find(|finding| finding["backend"] == backend)
        .unwrap()
        .clone()
}

/// The host of an address.
fn host(url: impl AsRef<str>) -> String {
    url::Url::parse(url.as_ref()).unwrap().origin().ascii_serialization()
}

/// What is needed to read GitHub.
fn a_repository() -> Value {
    json!({ "owner": "acme", "name": "checkout" })
}

/// How many requests reached a path.
fn count(peer: &Peer, path: &str) -> usize {
    peer.at(path).len()
}

/// `Basic …` of a name and a password.
fn basic(user: &str, password: &str) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {encoded}")
}

/// Whether a request carries this header.
fn has(seen: &Seen, name: &str, value: &str) -> bool {
    seen.header(name) == value
}
