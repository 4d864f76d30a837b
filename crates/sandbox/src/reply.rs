//! What a stand-in is asked and what it answers, before faults touch it.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use bytes::Bytes;
use serde_json::{Map, Value};

/// A request, read whole.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Call {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The token of an `Authorization` header, whose scheme is read without case.
    pub(super) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")).then(|| token.trim())
    }

    /// The media type without its parameters, in lower case; empty without a header.
    pub(super) fn content_type(&self) -> String {
        let full = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        full.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// What the body asks for: an object for JSON and forms, null for anything else.
    pub(super) fn arguments(&self) -> Value {
        match self.content_type().as_str() {
            "application/json" => serde_json::from_slice(&self.body).unwrap_or_default(),
            "application/x-www-form-urlencoded" => form(&self.body).into(),
            _ => Value::Null,
        }
    }
}

/// A form body's pairs; the last of a repeated name counts.
pub(super) fn form(body: &[u8]) -> Map<String, Value> {
    pairs(body)
        .into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect()
}

pub(super) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Reply {
    pub(super) fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        // Statuses are written by hand here and in faults; one that is none becomes a plain 500.
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            headers,
            body: body.into(),
        }
    }

    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", body.to_string())
    }

    /// Sets a header; a name or value that HTTP does not allow is left out.
    #[must_use]
    pub(super) fn with(mut self, name: &str, value: impl TryInto<HeaderValue>) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), value.try_into()) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Sends it with another body, which may be a stream.
    pub(super) fn with_body(self, body: Body) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    pub(super) fn send(self) -> Response {
        let body = Body::from(self.body.clone());
        self.with_body(body)
    }
}
