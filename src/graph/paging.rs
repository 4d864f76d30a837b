//! Pages and cursors: one `cursor` in, one `endCursor` out, opaque, and bound to the field that gave it.

use crate::upstream::{Cause, Failure};
use async_graphql::SimpleObject;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where a page ends.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Pass it as the cursor to get the next page; null on the last one.
    pub end_cursor: Option<String>,
    /// Whether there is a next page.
    pub has_next_page: bool,
}

impl PageInfo {
    /// From the vendor's cursor of the next page. `kind` names the list, e.g. `slack.history`.
    pub fn next(kind: &str, vendor_cursor: Option<&str>) -> Self {
        let end_cursor = vendor_cursor.map(|cursor| URL_SAFE_NO_PAD.encode(format!("{kind} {cursor}")));
        Self {
            has_next_page: end_cursor.is_some(),
            end_cursor,
        }
    }
}

/// The vendor's cursor in an opaque one, or the failure that says where a right one comes from.
pub fn vendor_cursor(
    backend: &'static str,
    kind: &'static str,
    cursor: Option<&str>,
) -> Result<Option<String>, Failure> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    let decoded = URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let inner = decoded
        .as_deref()
        .and_then(|text| text.strip_prefix(kind))
        .and_then(|rest| rest.strip_prefix(' '));
    inner.map(|inner| Some(inner.to_owned())).ok_or_else(|| {
        let message = "`cursor` is not one that this list gave; take `next_cursor` of the page before, or leave it out for the first page".to_owned();
        Failure::new(backend, kind, Cause::Invalid { message })
    })
}
