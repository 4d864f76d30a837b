//! The clients: all kinds of calls, in any order, some of which are given up half-way.

use crate::soak::tally::Class;
use fastrand::Rng;
use serde_json::{Value, json};
use std::sync::Once;
use std::time::Duration;

/// A call in so many is given up before its answer.
const GIVES_UP: u32 = 12;

/// A client.
pub(crate) struct Client {
    url: String,
    http: reqwest::Client,
    random: Rng,
    last: u64,
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Joined,
    History,
    Search,
    Post,
    Repository,
    Repositories,
    Metrics,
    Alert,
}

impl Client {
    pub(crate) const KINDS: [Kind; 8] = [
        Kind::Joined,
        Kind::History,
        Kind::Search,
        Kind::Post,
        Kind::Repository,
        Kind::Repositories,
        Kind::Metrics,
        Kind::Alert,
    ];

    pub(crate) fn new(url: &str, seed: u64) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            let _installed_by_another = rustls::crypto::ring::default_provider().install_default();
        });
        Self {
            url: format!("{url}/mcp"),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            random: Rng::with_seed(seed),
            last: 0,
        }
    }

    /// Makes any call.
    pub(crate) async fn call(&mut self) -> Class {
        let kind = self.random.choice(Self::KINDS).expect("there are some");
        if self.random.u32(0..GIVES_UP) > 0 {
            return self.call_of(kind).await;
        }
        let patience = Duration::from_millis(self.random.u64(1..200));
        match tokio::time::timeout(patience, self.call_of(kind)).await {
            Ok(class) => class,
            // Dropped with its connection: the server must let go of it.
            Err(_elapsed) => Class::GivenUp,
        }
    }

    /// Makes a call of this kind.
    pub(crate) async fn call_of(&mut self, kind: Kind) -> Class {
        let (tool, arguments) = self.what(kind);
        self.last += 1;
        let message = json!({ "jsonrpc": "2.0", "id": self.last, "method": "tools/call", "params": {
            "name": tool, "arguments": arguments, "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": { "name": "soak", "version": "1" },
            },
        } });
        let request = self
            .http
            .post(&self.url)
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .header("mcp-protocol-version", "2026-07-28")
            .header("mcp-method", "tools/call")
            .header("mcp-name", tool)
            .body(message.to_string());
        let Ok(answer) = request.send().await else {
            return Class::Broken;
        };
        match answer.text().await {
            Ok(body) => class(&body),
            Err(_broken_off) => Class::Broken,
        }
    }

    fn what(&mut self, kind: Kind) -> (&'static str, Value) {
        let number = self.random.u32(0..200);
        match kind {
            Kind::Joined => ("monitor_context", json!({ "id": 40, "limit": 1 + number % 20 })),
            Kind::History => {
                const CHANNELS: [&str; 3] = ["C0DEPLOYS", "C0INCIDENT", "#incident-checkout"];
                let channel = CHANNELS[number as usize % CHANNELS.len()];
                (
                    "slack_get_history",
                    json!({ "channel": channel, "limit": 1 + number % 50 }),
                )
            }
            Kind::Search => ("slack_search", json!({ "query": "checkout", "count": 1 + number % 20 })),
            Kind::Post => (
                "slack_send_message",
                json!({ "channel": "C0DEPLOYS", "text": format!("message {number}") }),
            ),
            Kind::Repository => ("github_get_repo", json!({ "owner": "acme", "name": "checkout" })),
            Kind::Repositories => (
                "github_search_repos",
                json!({ "query": "org:acme", "first": 1 + number % 20 }),
            ),
            Kind::Metrics => (
                "datadog_query_metrics",
                json!({ "query": "avg:checkout.errors{*}", "from": format!("now-{}m", 10 + number), "to": "now" }),
            ),
            Kind::Alert => (
                "datadog_create_alert",
                json!({ "name": format!("alert {number}"), "type": "metric alert", "query": "avg(last_5m):avg:checkout.errors{*} > 5" }),
            ),
        }
    }
}

/// What became of a call, from the body of its answer: JSON, or a stream whose last event is the answer.
fn class(body: &str) -> Class {
    let data = body.lines().filter_map(|line| line.strip_prefix("data:"));
    let mut events = data.filter(|data| !data.trim().is_empty());
    let whole = events.next_back().unwrap_or(body);
    let Ok(message) = serde_json::from_str::<Value>(whole) else {
        return Class::Broken;
    };
    let result = &message["result"];
    if !result["content"].is_array() {
        return Class::Broken;
    }
    match (&result["isError"], &result["structuredContent"]["problems"]) {
        (Value::Bool(true), _) => Class::of_text(result["content"][0]["text"].as_str().unwrap_or_default()),
        (_, Value::Null) => Class::Whole,
        _ => Class::InPart,
    }
}
