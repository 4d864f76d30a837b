//! Bodies of `/mcp`: whole, within the limit and in time; and an answer in JSON-RPC for one that cannot be read, where rmcp
//! says 415 in plain text.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use futures::StreamExt;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(30);

/// Bounds of a body.
#[derive(Debug, Clone, Copy)]
pub(super) struct Params {
    /// How large it may be, in bytes.
    pub(super) limit: usize,
}

/// Passes a request on with its body read.
pub(super) async fn readable(State(params): State<Params>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let body = match timeout(ARRIVAL, whole(body, params.limit)).await {
        Ok(Ok(body)) => body,
        Ok(Err(refusal)) => return refusal,
        Err(_elapsed) => return (StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time").into_response(),
    };
    let json = is_json(&head.headers);
    let response = next.run(Request::from_parts(head, Body::from(body.clone()))).await;
    if response.status() == StatusCode::UNSUPPORTED_MEDIA_TYPE && json {
        return unreadable(&body);
    }
    response
}

async fn whole(body: Body, limit: usize) -> Result<Bytes, Response> {
    let mut chunks = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let Ok(chunk) = chunk else {
            return Err((StatusCode::BAD_REQUEST, "the body broke off").into_response());
        };
        if whole.len() + chunk.len() > limit {
            let message = format!("the body is larger than {limit} bytes");
            return Err((StatusCode::PAYLOAD_TOO_LARGE, message).into_response());
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// JSON that is no message is something else than what is no JSON.
fn unreadable(body: &Bytes) -> Response {
    let (code, message) = match serde_json::from_slice::<IgnoredAny>(body) {
        Ok(_) => (-32600, "not a JSON-RPC 2.0 message".to_owned()),
        Err(error) => (-32700, format!("the body is not JSON: {error}")),
    };
    let answer = json!({ "jsonrpc": "2.0", "id": Value::Null, "error": { "code": code, "message": message } });
    (StatusCode::BAD_REQUEST, Json(answer)).into_response()
}
