//! Reading Slack's answers leniently: what does not fit is missing, and a bad element costs itself, not its page.

use super::BACKEND;
use crate::upstream::{Cause, Failure, Response};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Reads an answer that the classifier let pass.
pub(super) fn read<T: DeserializeOwned>(operation: &'static str, response: &Response) -> Result<T, Failure> {
    serde_json::from_slice(&response.body).map_err(|error| {
        let cause = Cause::Malformed {
            expected: "what Slack documents for this method",
            got: error.to_string(),
        };
        let mut failure = Failure::new(BACKEND, operation, cause);
        failure.request_id = request_id(response);
        failure
    })
}

/// Slack's own id of the exchange, for its support.
pub(super) fn request_id(response: &Response) -> Option<String> {
    let id = response.headers.get("x-slack-req-id")?;
    id.to_str().ok().map(str::to_owned)
}

/// A value, or nothing where its type is not the expected one.
pub(super) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

/// The elements that can be read; none where it is no list.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Value::Array(elements) = Value::deserialize(deserializer)? else {
        return Ok(Vec::new());
    };
    let count = elements.len();
    let read: Vec<T> = elements
        .into_iter()
        .filter_map(|element| serde_json::from_value(element).ok())
        .collect();
    if read.len() < count {
        tracing::debug!(
            backend = BACKEND,
            lost = count - read.len(),
            "elements without their id were passed over"
        );
    }
    Ok(read)
}

/// Where a cursor-paged answer goes on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PageMetadata {
    #[serde(default, deserialize_with = "lenient")]
    next_cursor: Option<String>,
}

impl PageMetadata {
    /// The next page's cursor. On the last page Slack sends an empty one [Pagination].
    pub(super) fn next(self) -> Option<String> {
        self.next_cursor.filter(|cursor| !cursor.is_empty())
    }
}

/// What an answer looks like that is not the JSON it should be, in a few words and without its content.
pub(super) fn looks_like(response: &Response) -> String {
    let body = response.body.trim_ascii_start();
    if body.is_empty() {
        return "an empty answer".to_owned();
    }
    if body.starts_with(b"<") {
        return "an HTML page".to_owned();
    }
    if serde_json::from_slice::<IgnoredAny>(body).is_ok() {
        return "JSON without `ok`".to_owned();
    }
    if body.starts_with(b"{") {
        return "broken or truncated JSON".to_owned();
    }
    "something that is not JSON".to_owned()
}
