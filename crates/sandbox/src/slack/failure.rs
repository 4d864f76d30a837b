//! Slack's `ok: false`.

use serde_json::{Map, Value, json};

/// Why a call failed, in Slack's words.
#[derive(Debug)]
pub(super) struct Failure {
    error: &'static str,
    more: Map<String, Value>,
    details: Vec<String>,
    /// Set for too many requests only: seconds.
    pub(super) retry_after: Option<u64>,
}

impl Failure {
    pub(super) fn new(error: &'static str) -> Self {
        Self {
            error,
            more: Map::new(),
            details: Vec::new(),
            retry_after: None,
        }
    }

    pub(super) fn rate_limited(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new("ratelimited")
        }
    }

    pub(super) fn missing(argument: &str) -> Self {
        Self::new("invalid_arguments").detail(&format!("[ERROR] missing required field: {argument}"))
    }

    /// A further field beside `error`.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// A line of `response_metadata.messages`.
    pub(super) fn detail(mut self, text: &str) -> Self {
        self.details.push(text.to_owned());
        self
    }

    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("ok".to_owned(), false.into());
        body.insert("error".to_owned(), self.error.into());
        body.extend(self.more.clone());
        if !self.details.is_empty() {
            body.insert("response_metadata".to_owned(), json!({ "messages": self.details }));
        }
        body.into()
    }
}
