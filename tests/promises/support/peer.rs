//! A peer on loopback that is neither Braid nor a vendor: a gateway in front of one, a token endpoint. It answers as the
//! test says, and keeps what arrived.

use super::{http, within};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// A running peer.
pub(crate) struct Peer {
    /// Where it is, without a path.
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// What arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What is answered.
pub(crate) enum Reply {
    /// This status and this body.
    Json(u16, Value),
    /// This status, these headers and this body.
    Told(u16, &'static [(&'static str, &'static str)], Value),
    /// A page.
    Html(u16, &'static str),
    /// A redirect.
    To(String),
    /// What the server at this address, without a path, says to the same request.
    Forward(String),
    /// The same, with this bearer token in place of the one that came.
    ForwardAs(String, String),
    /// Nothing, for ever.
    Silence,
}

impl Peer {
    /// A peer that answers by this script.
    pub(crate) async fn start(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let (record, script) = (Arc::clone(&seen), Arc::new(script));
        let router = Router::new().fallback(move |request: Request| {
            let (record, script) = (Arc::clone(&record), Arc::clone(&script));
            async move {
                let seen = Seen::of(request).await;
                let reply = script(&seen);
                record.lock().unwrap().push(seen.clone());
                reply.play(seen).await
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, seen }
    }

    /// What arrived so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// What arrived so far at this path.
    pub(crate) fn at(&self, path: &str) -> Vec<Seen> {
        let mut seen = self.seen();
        seen.retain(|seen| seen.path() == path);
        seen
    }
}

impl Seen {
    async fn of(request: Request) -> Self {
        let (parts, body) = request.into_parts();
        Self {
            method: parts.method,
            target: parts.uri.path_and_query().unwrap().to_string(),
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// A header's value, empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as a form, or the query.
    pub(crate) fn form(&self) -> HashMap<String, String> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        let pairs = if self.body.is_empty() {
            query.as_bytes()
        } else {
            &self.body
        };
        url::form_urlencoded::parse(pairs).into_owned().collect()
    }
}

impl Reply {
    async fn play(self, seen: Seen) -> Response {
        let response = |status: u16, kind: &str, body: String| {
            Response::builder()
                .status(status)
                .header("content-type", kind)
                .body(Body::from(body))
                .unwrap()
        };
        match self {
            Self::Json(status, body) => response(status, "application/json", body.to_string()),
            Self::Told(status, headers, body) => {
                let mut told = response(status, "application/json", body.to_string());
                for (name, value) in headers {
                    told.headers_mut().insert(*name, value.parse().unwrap());
                }
                if status == 304 {
                    *told.body_mut() = Body::empty();
                }
                told
            }
            Self::Html(status, page) => response(status, "text/html", page.to_owned()),
            Self::To(location) => {
                let mut redirect = response(302, "text/plain", String::new());
                redirect.headers_mut().insert("location", location.parse().unwrap());
                redirect
            }
            Self::Forward(base) => forward(&base, seen).await,
            Self::ForwardAs(base, token) => {
                let mut seen = seen;
                seen.headers
                    .insert("authorization", format!("Bearer {token}").parse().unwrap());
                forward(&base, seen).await
            }
            Self::Silence => std::future::pending().await,
        }
    }
}

async fn forward(base: &str, seen: Seen) -> Response {
    let mut headers = seen.headers;
    headers.remove("host");
    let request = http::client()
        .request(seen.method, format!("{base}{}", seen.target))
        .headers(headers)
        .body(seen.body);
    let answer = within(request.send()).await.unwrap();
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    for framing in ["content-length", "transfer-encoding", "connection", "content-encoding"] {
        response.headers_mut().remove(framing);
    }
    *response.body_mut() = within(answer.bytes()).await.unwrap().into();
    response
}
