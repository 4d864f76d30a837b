//! What every promise is tested with.

mod binary;
mod complaints;
mod eras;
mod events;
mod http;
mod peer;
mod questions;
mod stdio;
mod waiting;

pub(crate) use binary::{Run, Setup};
pub(crate) use complaints::Complaints;
pub(crate) use eras::Era;
pub(crate) use events::Events;
pub(crate) use http::{Answer, Server, client};
pub(crate) use peer::{Peer, Reply, Seen};
pub(crate) use questions::Question;
pub(crate) use stdio::Stdio;
pub(crate) use waiting::{eventually, within};

use serde_json::Value;

/// The text of a tool's result.
#[track_caller]
pub(crate) fn text(result: &Value) -> &str {
    result["content"][0]["text"]
        .as_str()
        .unwrap_or_else(|| panic!("no text block: {result:#}"))
}

/// What a successful call gave; the text block must say the same.
#[track_caller]
pub(crate) fn structured(result: &Value) -> &Value {
    assert_ne!(result["isError"], true, "the call failed: {}", text(result));
    let structured = &result["structuredContent"];
    let said: Value = serde_json::from_str(text(result)).expect("the text block is JSON");
    assert_eq!(&said, structured, "both blocks say the same");
    structured
}

/// What a call that failed says.
#[track_caller]
pub(crate) fn failure(result: &Value) -> &str {
    assert_eq!(result["isError"], true, "the call succeeded: {result:#}");
    assert_eq!(result["structuredContent"], Value::Null, "an error has no data");
    text(result)
}
