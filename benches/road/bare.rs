//! What Braid is measured against: a handler, in a process of its own, that makes the same request upstream and returns
//! the same bytes, and does nothing else.

use super::client;
use super::process::{Child, spawn};
use super::world::World;
use crate::upstream;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use axum::serve::ListenerExt;
use reqwest::Client;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::net::TcpListener;

/// Set, this process is the handler.
pub(crate) const VARIABLE: &str = "ROAD_BARE_HANDLER";

/// What the handler is told.
#[derive(Serialize, Deserialize)]
struct Settings {
    datadog: String,
    api_key: String,
    app_key: String,
    answer: String,
}

/// A running handler and a client of it.
#[derive(Clone)]
pub(crate) struct Bare {
    url: String,
    client: Client,
    _process: Arc<Child>,
}

/// Starts the handler.
pub(crate) async fn start(world: &World, answer: &str) -> Bare {
    let [api_key, application_key] = world.keys();
    let settings = Settings {
        datadog: world.datadog.clone(),
        api_key,
        app_key: application_key,
        answer: answer.to_owned(),
    };
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command.env(VARIABLE, serde_json::to_string(&settings).unwrap());
    let (process, url) = spawn(command).await;
    Bare {
        url,
        client: client::http(),
        _process: Arc::new(process),
    }
}

impl Bare {
    /// One call; the request's body is of the size that Braid's is.
    pub(crate) async fn get(&self, call: usize) -> String {
        let body = client::Era::Modern
            .request(1, "tools/call", &crate::arguments(call))
            .to_string();
        let request = self
            .client
            .post(format!("{}/{call}", self.url))
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        request
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap()
            .text()
            .await
            .unwrap()
    }
}

/// Is the handler.
pub(crate) async fn serve(settings: &str) {
    let settings: Arc<Settings> = Arc::new(serde_json::from_str(settings).unwrap());
    let state = (settings, client::http());
    let router = Router::new().route("/{call}", post(answer)).with_state(state);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    eprintln!("http://{} is up", listener.local_addr().unwrap());
    let listener = listener.tap_io(|socket| socket.set_nodelay(true).unwrap());
    axum::serve(listener, router).await.unwrap();
}

async fn answer(
    State((settings, client)): State<(Arc<Settings>, Client)>,
    Path(call): Path<usize>,
    _body: Bytes,
) -> ([(axum::http::HeaderName, &'static str); 1], String) {
    let request = client
        .get(upstream(&settings.datadog, call))
        .header("dd-api-key", &settings.api_key)
        .header("dd-application-key", &settings.app_key);
    request
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap()
        .bytes()
        .await
        .unwrap();
    ([(CONTENT_TYPE, "application/json")], settings.answer.clone())
}
