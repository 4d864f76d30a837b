//! Pages and cursors: one `cursor` in, one `endCursor` out, opaque, and bound to the field that gave it.

use async_graphql::SimpleObject;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use upstream::{Cause, Failure};

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

/// Where a page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    /// The vendor's cursor; none on the first page.
    pub vendor: Option<String>,
    /// How many items of the page were had already.
    pub skip: usize,
    /// The last item that was had, where the list can go on after it: then the page and how many say nothing more.
    pub after: Option<String>,
}

/// Where a page begins, or the failure that says where a right cursor comes from.
pub fn position(backend: &'static str, kind: &'static str, cursor: Option<&str>) -> Result<Position, Failure> {
    let Some(cursor) = cursor else {
        return Ok(Position::default());
    };
    Position::read(kind, cursor).ok_or_else(|| {
        let whose = match decoded(cursor).as_deref().and_then(kind_of) {
            Some(other) if other != kind => format!("is one of {other}, and this list is {kind}"),
            _ => "is not one that this list gave".to_owned(),
        };
        let message =
            format!("`cursor` {whose}; take `next_cursor` of the page before, or leave it out for the first page");
        Failure::new(backend, kind, Cause::Invalid { message })
    })
}

/// The cursor that goes on within the page that `page` began, after so many of its items. `None` where `page` is no cursor
/// of that kind.
pub fn within(kind: &str, page: Option<&str>, had: usize, after: Option<&str>) -> Option<String> {
    let begun = match page {
        Some(page) => Position::read(kind, page)?,
        None => Position::default(),
    };
    let position = Position {
        skip: begun.skip + had,
        after: after.map(str::to_owned),
        vendor: begun.vendor,
    };
    Some(position.write(kind))
}

/// Slack's and GitHub's own cursors hold no spaces, nor do the keys of items.
impl Position {
    fn write(&self, kind: &str) -> String {
        let after = self.after.as_deref().unwrap_or("-");
        let vendor = self.vendor.as_deref().unwrap_or_default();
        URL_SAFE_NO_PAD.encode(format!("{kind}+{} {after} {vendor}", self.skip))
    }

    fn read(kind: &str, cursor: &str) -> Option<Self> {
        let text = decoded(cursor)?;
        let rest = text.strip_prefix(kind)?;
        if let Some(vendor) = rest.strip_prefix(' ') {
            return Some(Self {
                vendor: Some(vendor.to_owned()),
                ..Self::default()
            });
        }
        let mut parts = rest.strip_prefix('+')?.splitn(3, ' ');
        let (skip, after, vendor) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            vendor: (!vendor.is_empty()).then(|| vendor.to_owned()),
            skip: skip.parse().ok()?,
            after: (after != "-").then(|| after.to_owned()),
        })
    }
}

fn decoded(cursor: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

/// The list that a cursor was given by, where it is one of ours at all.
fn kind_of(text: &str) -> Option<&str> {
    let kind = text.split([' ', '+']).next()?;
    let (backend, list) = kind.split_once('.')?;
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic());
    (is_name(backend) && is_name(list)).then_some(kind)
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
        let position = position("slack", "slack.history", Some(&cursor)).unwrap();
        assert_eq!((position.vendor.as_deref(), position.skip), (Some("bmV4dDox"), 0));
    }

    #[test]
    fn the_last_page_has_no_cursor() {
        let page = PageInfo::next("slack.history", None);
        assert_eq!((page.end_cursor, page.has_next_page), (None, false));
        assert_eq!(position("slack", "slack.history", None).unwrap(), Position::default());
    }

    #[test]
    fn a_cursor_of_another_list_or_none_at_all_is_refused() {
        for cursor in ["", "bmV4dDox", "%%%", "c2xhY2suaGlzdG9yeQ"] {
            let refused = message(position("slack", "slack.history", Some(cursor)).unwrap_err());
            assert!(
                refused.starts_with("`cursor` is not one that this list gave; take `next_cursor`"),
                "{cursor}"
            );
        }
        let whole = PageInfo::next("slack.search", Some("2/10")).end_cursor.unwrap();
        let part = within("slack.search", Some(&whole), 3, None).unwrap();
        for cursor in [whole, part] {
            let refused = message(position("slack", "slack.history", Some(&cursor)).unwrap_err());
            assert!(
                refused.starts_with("`cursor` is one of slack.search, and this list is slack.history; "),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_cursor_within_a_page_counts_on_from_where_that_began() {
        let read = |cursor: &str| position("slack", "slack.search", Some(cursor)).unwrap();
        let first = within("slack.search", None, 7, None).unwrap();
        assert_eq!(
            read(&first),
            Position {
                vendor: None,
                skip: 7,
                after: None
            }
        );
        let page = PageInfo::next("slack.search", Some("2/10")).end_cursor.unwrap();
        let second = within("slack.search", Some(&page), 3, Some("1.5")).unwrap();
        let expected = Position {
            vendor: Some("2/10".to_owned()),
            skip: 3,
            after: Some("1.5".to_owned()),
        };
        assert_eq!(read(&second), expected);
        let third = within("slack.search", Some(&second), 2, None).unwrap();
        assert_eq!((read(&third).skip, read(&third).vendor.as_deref()), (5, Some("2/10")));
        assert_eq!(within("slack.search", Some("garbage"), 1, None), None);
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
