//! Reading Slack's answers leniently: what does not fit is missing, and a bad element costs itself, not its page.

use super::BACKEND;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use upstream::paging::Position;
use upstream::{Failure, Request, Response};

/// Reads an answer that the classifier let pass.
pub(super) fn read<T: DeserializeOwned>(request: &Request, response: &Response) -> Result<T, Failure> {
    response.json().map_err(|cause| Failure {
        request_id: request_id(response),
        outcome: cause.outcome(request.access),
        ..Failure::new(BACKEND, request.operation, cause)
    })
}

/// Slack's own id of the exchange, for its support.
pub(super) fn request_id(response: &Response) -> Option<String> {
    response.header("x-slack-req-id").map(str::to_owned)
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
    /// The next page's cursor. On the last page Slack sends an empty one ("Pagination").
    pub(super) fn next(self) -> Option<String> {
        self.next_cursor.filter(|cursor| !cursor.is_empty())
    }

    /// The same for a walk.
    pub(super) fn position(&self) -> Option<Position> {
        Position::after_cursor(self.next_cursor.as_deref())
    }
}
