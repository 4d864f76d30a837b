//! Opaque cursors in Slack's own manner: base64 over a kind and the id of what comes next.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{arguments::Arguments, failure::Failure};

/// A cursor that says: go on at this one. Slack sends an empty one at the end.
pub(super) fn to(kind: &str, next: Option<&str>) -> String {
    next.map(|id| STANDARD.encode(format!("{kind}:{id}")))
        .unwrap_or_default()
}

/// Where the call wants to go on. Another method's cursor is as invalid as a made-up one.
pub(super) fn from(arguments: &Arguments, kind: &str) -> Result<Option<String>, Failure> {
    let Some(cursor) = arguments.get("cursor") else {
        return Ok(None);
    };
    let text = STANDARD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let id = text
        .as_deref()
        .and_then(|text| text.strip_prefix(kind)?.strip_prefix(':'));
    id.map(|id| Some(id.to_owned()))
        .ok_or_else(|| Failure::new("invalid_cursor"))
}
