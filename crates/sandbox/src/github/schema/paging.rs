//! Connections: what `first`, `last`, `after` and `before` cut out of a list, and GitHub's refusals for what they may not
//! say ("GitHub: Using pagination in the GraphQL API").

use async_graphql::{Context, Result, SimpleObject};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::failure;

const MOST: usize = 100;

/// A connection's arguments.
#[derive(Default)]
pub(super) struct Bounds {
    pub(super) first: Option<i32>,
    pub(super) last: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) before: Option<String>,
}

impl Bounds {
    /// In the order in which every connection declares them.
    pub(super) fn new(first: Option<i32>, last: Option<i32>, after: Option<String>, before: Option<String>) -> Self {
        Self {
            first,
            last,
            after,
            before,
        }
    }
}

/// Where a page begins and ends.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct PageInfo {
    end_cursor: Option<String>,
    has_next_page: bool,
    has_previous_page: bool,
    start_cursor: Option<String>,
}

/// A part of a list.
pub(super) struct Page<T> {
    /// Each with the cursor that stands for it.
    pub(super) items: Vec<(String, T)>,
    pub(super) total: i32,
    pub(super) info: PageInfo,
}

impl<T> Page<T> {
    /// Cuts a page out. Without `first` and `last` only what counts the whole may be selected.
    pub(super) fn cut(context: &Context<'_>, all: Vec<T>, bounds: &Bounds) -> Result<Self> {
        let name = context.field().name();
        let ahead = context.look_ahead();
        let size = size(name, bounds)?;
        if size.is_none() && (ahead.field("nodes").exists() || ahead.field("edges").exists()) {
            let text =
                format!("You must provide a `first` or `last` value to properly paginate the `{name}` connection.");
            return Err(failure("MISSING_PAGINATION_BOUNDARIES", text));
        }
        let total = all.len();
        let start = bounds.after.as_deref().map_or(Ok(0), position)?;
        let end = bounds
            .before
            .as_deref()
            .map_or(Ok(total + 1), position)?
            .saturating_sub(1)
            .min(total);
        let start = start.min(end);
        let (start, end) = match size {
            Some(Size::First(size)) => (start, end.min(start + size)),
            Some(Size::Last(size)) => (start.max(end.saturating_sub(size)), end),
            None => (start, start),
        };
        let items: Vec<_> = all
            .into_iter()
            .enumerate()
            .skip(start)
            .take(end - start)
            .map(|(index, item)| (cursor(index + 1), item))
            .collect();
        let info = PageInfo {
            end_cursor: items.last().map(|(cursor, _)| cursor.clone()),
            has_next_page: end < total,
            has_previous_page: start > 0,
            start_cursor: items.first().map(|(cursor, _)| cursor.clone()),
        };
        Ok(Self {
            items,
            total: i32::try_from(total).unwrap_or(i32::MAX),
            info,
        })
    }
}

enum Size {
    First(usize),
    Last(usize),
}

fn size(connection: &str, bounds: &Bounds) -> Result<Option<Size>> {
    let checked = |name: &str, asked: i32| match usize::try_from(asked) {
        Ok(asked) if asked <= MOST => Ok(asked),
        Ok(asked) => Err(failure(
            "EXCESSIVE_PAGINATION",
            format!(
                "Requesting {asked} records on the `{connection}` connection exceeds the `{name}` limit of {MOST} records."
            ),
        )),
        Err(_) => Err(failure(
            "INVALID_PAGINATION",
            format!("`{name}` on the `{connection}` connection cannot be less than zero."),
        )),
    };
    match (bounds.first, bounds.last) {
        (Some(first), None) => Ok(Some(Size::First(checked("first", first)?))),
        (None, Some(last)) => Ok(Some(Size::Last(checked("last", last)?))),
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(failure(
            "EXCESSIVE_PAGINATION",
            format!("Passing both `first` and `last` to paginate the `{connection}` connection is not supported."),
        )),
    }
}

fn cursor(number: usize) -> String {
    STANDARD.encode(format!("cursor:{number}"))
}

fn position(cursor: &str) -> Result<usize> {
    let text = STANDARD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let number = text
        .as_deref()
        .and_then(|text| text.strip_prefix("cursor:")?.parse().ok());
    number.ok_or_else(|| {
        failure(
            "INVALID_CURSOR_ARGUMENTS",
            format!("`{cursor}` does not appear to be a valid cursor."),
        )
    })
}

/// Declares a connection and its edge over a kind of node, as GitHub has them for every kind.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty) => {
        #[derive(async_graphql::SimpleObject)]
        pub(in super::super) struct $connection {
            edges: Option<Vec<Option<$edge>>>,
            nodes: Option<Vec<Option<$node>>>,
            page_info: super::paging::PageInfo,
            total_count: i32,
        }

        #[derive(async_graphql::SimpleObject)]
        pub(in super::super) struct $edge {
            cursor: String,
            node: Option<$node>,
        }

        impl From<super::paging::Page<$node>> for $connection {
            fn from(page: super::paging::Page<$node>) -> Self {
                let nodes = page.items.iter().map(|(_, node)| Some(node.clone())).collect();
                let edges = page
                    .items
                    .into_iter()
                    .map(|(cursor, node)| {
                        Some($edge {
                            cursor,
                            node: Some(node),
                        })
                    })
                    .collect();
                Self {
                    edges: Some(edges),
                    nodes: Some(nodes),
                    page_info: page.info,
                    total_count: page.total,
                }
            }
        }
    };
}
pub(super) use connection;
