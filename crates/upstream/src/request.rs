//! What is asked of a backend.

use http::Method;
use http::header::{HeaderName, HeaderValue};
use serde_json::Value;
use std::fmt::Write;
use std::time::Duration;

/// Whether a request changes something at the vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It changes nothing and may be repeated.
    Read,
    /// It changes something; repeated only when it is known not to have reached the vendor.
    Write,
    /// It changes something, and a repeat changes nothing more.
    IdempotentWrite,
}

/// A request's body, kept as data so that what is signed is what is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// No body.
    Empty,
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(&'static str, String)>),
    /// `application/json; charset=utf-8`.
    Json(Value),
}

/// How long an answer may be used again, and what makes it stale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// How long.
    pub ttl: Duration,
    /// What it tells about, e.g. `slack:channel:C1`.
    pub tags: Vec<String>,
}

/// One request, without credentials: those are added at the very end of the road.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The vendor's name for the operation; labels metrics and picks the limits, e.g. `conversations.history`.
    pub operation: &'static str,
    /// Whether it changes something.
    pub access: Access,
    /// The HTTP method.
    pub method: Method,
    /// The path below the backend's base URL, empty or with a leading `/`, already percent-encoded.
    pub path: String,
    /// Query parameters in order.
    pub query: Vec<(&'static str, String)>,
    /// Headers beside those that credentials and the body bring, e.g. `Accept`.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Body,
    /// A finer key for limits than the operation, e.g. the channel that is posted to.
    pub bucket: Option<String>,
    /// How long its answer may be used again; `None`: not at all.
    pub freshness: Option<Freshness>,
    /// What it changes, by the tags that reads of it carry: their answers are dropped when it was sent.
    pub changes: Vec<String>,
}

impl Request {
    /// A request that reads.
    pub fn read(operation: &'static str, method: Method, path: impl Into<String>) -> Self {
        Self::new(operation, Access::Read, method, path.into())
    }

    /// A request that writes.
    pub fn write(operation: &'static str, method: Method, path: impl Into<String>) -> Self {
        Self::new(operation, Access::Write, method, path.into())
    }

    fn new(operation: &'static str, access: Access, method: Method, path: String) -> Self {
        Self {
            operation,
            access,
            method,
            path,
            query: Vec::new(),
            headers: Vec::new(),
            body: Body::Empty,
            bucket: None,
            freshness: None,
            changes: Vec::new(),
        }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Adds a header; none that holds a secret, those come from `auth`.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Says that a write may be repeated: it carries an idempotency key, or its repeat changes nothing more.
    #[must_use]
    pub fn idempotent(mut self) -> Self {
        if self.access == Access::Write {
            self.access = Access::IdempotentWrite;
        }
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// Sets the finer key for limits.
    #[must_use]
    pub fn bucket(mut self, bucket: impl Into<String>) -> Self {
        self.bucket = Some(bucket.into());
        self
    }

    /// Lets the answer be used again for so long, until something with one of the tags changes.
    #[must_use]
    pub fn fresh_for(mut self, ttl: Duration, tags: Vec<String>) -> Self {
        self.freshness = Some(Freshness { ttl, tags });
        self
    }

    /// Says what it changes, by the tags that reads of it carry.
    #[must_use]
    pub fn changing(mut self, tags: Vec<String>) -> Self {
        self.changes = tags;
        self
    }

    /// All that makes the answer what it is, as one text: equal for equal requests, and for no others. Kept as it is
    /// rather than hashed, so that no two requests can ever be taken for one another.
    pub fn fingerprint(&self) -> String {
        // Room for most.
        let mut text = String::with_capacity(256);
        write!(text, "{} {}{}", self.operation, self.method, self.path).ok();
        let mut add = |mark: char, name: &str, value: &str| {
            text.push('\n');
            text.push(mark);
            // With its length before it no value can look like the next part.
            // Writing to a string cannot fail.
            write!(text, "{}:{name}{}:{value}", name.len(), value.len()).ok();
        };
        for (name, value) in &self.query {
            add('?', name, value);
        }
        for (name, value) in &self.headers {
            add('h', name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
        match &self.body {
            Body::Empty => {}
            Body::Form(pairs) => pairs.iter().for_each(|(name, value)| add('f', name, value)),
            Body::Json(value) => add('j', "", &value.to_string()),
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_requests_have_equal_fingerprints_and_no_others() {
        let base = || Request::read("op", Method::GET, "/a").query("x", "1");
        assert_eq!(base().fingerprint(), base().fingerprint());
        let others = [
            base().query("y", ""),
            base().body(Body::Form(vec![("x", "1".to_owned())])),
            base().body(Body::Json(Value::from(1))),
            Request::read("op", Method::POST, "/a").query("x", "1"),
            Request::read("op", Method::GET, "/a").query("x", "1\n?1:y0:"),
            base().header(http::header::ACCEPT, HeaderValue::from_static("text/plain")),
        ];
        for other in others {
            assert_ne!(other.fingerprint(), base().fingerprint(), "{other:?}");
        }
    }
}
