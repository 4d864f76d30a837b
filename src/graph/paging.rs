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

/// An argument that says how many, from 1 to `max`.
#[derive(Debug, Clone, Copy)]
pub struct Count {
    /// The backend's name.
    pub backend: &'static str,
    /// The vendor's name for the operation.
    pub operation: &'static str,
    /// The argument's name.
    pub argument: &'static str,
    /// The largest that is taken.
    pub max: u32,
}

impl Count {
    /// The number that was given, or the failure that says what to give.
    pub fn of(self, given: i32) -> Result<u32, Failure> {
        match u32::try_from(given) {
            Ok(count) if (1..=self.max).contains(&count) => Ok(count),
            _ => {
                let message = format!("`{}` is {given}: give a number from 1 to {}", self.argument, self.max);
                Err(Failure::new(self.backend, self.operation, Cause::Invalid { message }))
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn message(failure: Failure) -> String {
        match failure.cause {
            Cause::Invalid { message } => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_cursor_comes_back_as_the_vendors() {
        let page = PageInfo::next("slack.history", Some("bmV4dDox"));
        assert!(page.has_next_page);
        let cursor = page.end_cursor.unwrap();
        assert_eq!(
            vendor_cursor("slack", "slack.history", Some(&cursor))
                .unwrap()
                .as_deref(),
            Some("bmV4dDox")
        );
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let page = PageInfo::next("slack.history", None);
        assert_eq!((page.end_cursor, page.has_next_page), (None, false));
        assert_eq!(vendor_cursor("slack", "slack.history", None).unwrap(), None);
    }

    #[test]
    fn a_cursor_of_another_list_or_none_at_all_is_refused() {
        let other = PageInfo::next("slack.history_of_all", Some("x")).end_cursor.unwrap();
        for cursor in [other.as_str(), "", "bmV4dDox", "%%%", "c2xhY2suaGlzdG9yeQ"] {
            let refused = vendor_cursor("slack", "slack.history", Some(cursor)).unwrap_err();
            assert!(message(refused).contains("`next_cursor`"), "{cursor}");
        }
    }

    #[test]
    fn a_count_is_within_its_bounds() {
        let count = Count {
            backend: "datadog",
            operation: "SearchMonitors",
            argument: "first",
            max: 100,
        };
        assert_eq!(count.of(1).unwrap(), 1);
        assert_eq!(count.of(100).unwrap(), 100);
        for bad in [0, -1, 101, i32::MIN] {
            let refused = message(count.of(bad).unwrap_err());
            assert_eq!(refused, format!("`first` is {bad}: give a number from 1 to 100"));
        }
    }
}
