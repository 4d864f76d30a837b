//! A Datadog for tests: answers on a loopback port from a table, and remembers what it was asked.

use super::{BACKEND, Classifier, Client};
use crate::backends::Backend;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use upstream::Stack;
use upstream::retry::Policy;
use upstream::stack::Params;
use url::Url;

/// What is answered to requests whose method, path and query begin like this.
pub(crate) type Answers = Vec<(&'static str, u16, Value)>;

/// A running stand-in.
pub(crate) struct StandIn {
    url: Url,
    requests: Arc<Mutex<Vec<String>>>,
}

impl StandIn {
    /// Starts one; what is in no answer is answered with 404.
    pub(crate) async fn start(answers: Answers) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let (seen, answers) = (Arc::clone(&requests), Arc::new(answers));
        let app = axum::Router::new().fallback(move |request: Request| {
            let (seen, answers) = (Arc::clone(&seen), Arc::clone(&answers));
            async move {
                let line = format!("{} {}", request.method(), request.uri());
                let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap();
                let body = String::from_utf8(body.to_vec()).unwrap();
                seen.lock().unwrap().push(format!("{line} {body}").trim().to_owned());
                match answers.iter().find(|(start, ..)| line.starts_with(start)) {
                    Some((_, status, answer)) => {
                        (StatusCode::from_u16(*status).unwrap(), answer.to_string()).into_response()
                    }
                    None => (StatusCode::NOT_FOUND, r#"{"errors": ["Monitor not found"]}"#).into_response(),
                }
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, requests }
    }

    /// A client of it.
    pub(crate) fn client(&self) -> Backend<Client> {
        let params = Params::new(BACKEND, self.url.clone(), Vec::new(), Box::new(Classifier)).retry(Policy::once());
        let app = "https://app.datadoghq.com".parse().unwrap();
        Backend::On(Client::new(Stack::new(params).unwrap(), app))
    }

    /// What it was asked, sorted.
    pub(crate) fn requests(&self) -> Vec<String> {
        let mut requests = self.requests.lock().unwrap().clone();
        requests.sort();
        requests
    }
}
