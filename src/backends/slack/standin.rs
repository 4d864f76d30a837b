//! A small Slack for tests: real HTTP on loopback, answers by a closure, every request written down.

use super::{Classifier, Client, ClientParams};
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::routing::any;
use axum::{Json, Router};
use http::HeaderMap;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use upstream::auth::{Bearer, Secret};
use upstream::retry::Policy;
use upstream::{Params, Stack};

/// A request that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) operation: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) body: Value,
    pub(crate) token: String,
    pub(crate) content_type: String,
}

impl Seen {
    /// An argument from the query, empty where it is not there.
    pub(crate) fn arg(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }
}

type Answer = dyn Fn(&Seen) -> Value + Send + Sync;

#[derive(Clone)]
struct Shared {
    answer: Arc<Answer>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// The server, and a client of it with a bot token `xoxb-test` and a user token `xoxp-test`.
pub(crate) struct StandIn {
    pub(crate) client: Client,
    pub(crate) bot_only: Client,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl StandIn {
    /// Starts one that answers so.
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Value + Send + Sync + 'static) -> Self {
        Self::with_bot("xoxb-test".into(), answer).await
    }

    /// The same with another bot token.
    pub(crate) async fn with_bot(token: Secret, answer: impl Fn(&Seen) -> Value + Send + Sync + 'static) -> Self {
        // Whoever comes first installs it; loopback needs no TLS, but the HTTP client insists.
        upstream::tls::use_ring();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let shared = Shared {
            answer: Arc::new(answer),
            seen: Arc::clone(&seen),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/{operation}", any(handle)).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let road = |token: Secret, classifier: Classifier| {
            let auth = Box::new(Bearer::new(token));
            let params = Params::new(super::BACKEND, base.parse().unwrap(), vec![auth], Box::new(classifier));
            Stack::new(params.retry(Policy::once())).unwrap()
        };
        let bot = road(token, Classifier::bot());
        let user = road("xoxp-test".into(), Classifier::user());
        Self {
            client: Client::new(ClientParams {
                bot: Some(bot.clone()),
                user: Some(user),
            }),
            bot_only: Client::new(ClientParams {
                bot: Some(bot),
                user: None,
            }),
            seen,
        }
    }

    /// What arrived for this operation.
    pub(crate) fn seen(&self, operation: &str) -> Vec<Seen> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .filter(|seen| seen.operation == operation)
            .cloned()
            .collect()
    }

    /// How many requests arrived, by operation.
    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for seen in self.seen.lock().unwrap().iter() {
            *counts.entry(seen.operation.clone()).or_default() += 1;
        }
        counts
    }
}

async fn handle(
    State(shared): State<Shared>,
    Path(operation): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Json<Value> {
    let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let seen = Seen {
        operation,
        query,
        body: serde_json::from_slice(&body).unwrap_or_default(),
        token: header("authorization"),
        content_type: header("content-type"),
    };
    shared.seen.lock().unwrap().push(seen.clone());
    Json((shared.answer)(&seen))
}
