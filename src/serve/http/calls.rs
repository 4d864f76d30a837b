//! The calls in flight: every POST until its answer is complete.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use futures::StreamExt;
use std::sync::Arc;
use tokio::sync::watch;

/// How many there are.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls(Arc<watch::Sender<usize>>);

/// One of them; it counts until it is dropped.
struct Counted(Calls);

impl Calls {
    /// Resolves when there are none.
    pub(super) async fn none(&self) {
        // It cannot fail: the sender is `self`.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }

    fn one_more(&self) -> Counted {
        self.0.send_modify(|count| *count += 1);
        Counted(self.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}

/// An answer that is an event stream counts until the stream ends. Subscriptions, which end with the connection only, do
/// not count.
pub(super) async fn counted(State(calls): State<Calls>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || is_subscription(request.headers()) {
        return next.run(request).await;
    }
    let counted = calls.one_more();
    let response = next.run(request).await;
    if !is_stream(response.headers()) {
        return response;
    }
    let (head, body) = response.into_parts();
    let body = body.into_data_stream().map(move |chunk| {
        let _until_the_stream_is_dropped = &counted;
        chunk
    });
    Response::from_parts(head, Body::from_stream(body))
}

/// The modern era names its method in a header, and rmcp refuses a request whose header is wrong.
fn is_subscription(headers: &HeaderMap) -> bool {
    headers
        .get("mcp-method")
        .is_some_and(|method| method == "subscriptions/listen")
}

fn is_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/event-stream"))
}
