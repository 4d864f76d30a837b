//! Pages of messages: a channel's history, a thread's replies, a search.

use super::arguments::{self, MOST_MESSAGES, invalid};
use super::{SlackChannel, SlackMessage};
use crate::backends::slack::{BACKEND, HistoryQuery, MessagePage, RepliesQuery, SearchQuery, SearchSort, Ts, behind};
use crate::graph::failure::{graphql_error, loaders, report};
use crate::graph::paging::{PageInfo, Position, position};
use async_graphql::{Context, Error, SimpleObject};

const HISTORY: &str = "slack.history";
const REPLIES: &str = "slack.replies";
const SEARCH: &str = "slack.search";

/// The most matches that Slack gives a page.
const MOST_MATCHES: usize = 100;

/// A page of messages.
#[derive(SimpleObject)]
pub struct SlackMessageConnection {
    /// How many there are in all, where Slack says so (searches only).
    total_count: Option<i32>,
    /// The messages of this page.
    nodes: Vec<SlackMessage>,
    /// Where this page ends.
    page_info: PageInfo,
}

/// Which of a channel's messages: checked before anything is asked of Slack, also before a name is looked up.
pub(super) struct Stretch {
    limit: usize,
    cursor: Option<String>,
}

impl Stretch {
    pub(super) fn of(limit: i32, cursor: Option<&str>) -> Result<Self, Error> {
        Ok(Self {
            limit: arguments::count("limit", limit, MOST_MESSAGES)?,
            cursor: beginning(position(BACKEND, HISTORY, cursor).map_err(|failure| graphql_error(&failure))?),
        })
    }
}

/// A channel's messages.
pub(super) async fn history(
    ctx: &Context<'_>,
    channel: &SlackChannel,
    stretch: Stretch,
) -> Result<SlackMessageConnection, Error> {
    let query = HistoryQuery {
        channel: channel.slack_id().to_owned(),
        limit: stretch.limit,
        cursor: stretch.cursor,
    };
    let page = loaders(ctx)?.slack.history(query).await;
    let page = page.map_err(|failure| graphql_error(&failure))?;
    Ok(connection(ctx, channel, &page, HISTORY))
}

/// A thread.
pub(super) struct Thread<'a> {
    /// Where it stands.
    pub(super) channel: &'a SlackChannel,
    /// Its first message; none where the message is in no thread, which then has no replies.
    pub(super) root: Option<&'a Ts>,
}

/// A thread's replies.
pub(super) async fn replies(
    ctx: &Context<'_>,
    thread: Thread<'_>,
    limit: i32,
    cursor: Option<&str>,
) -> Result<SlackMessageConnection, Error> {
    let limit = arguments::count("limit", limit, MOST_MESSAGES)?;
    let cursor = beginning(position(BACKEND, REPLIES, cursor).map_err(|failure| graphql_error(&failure))?);
    let Some(root) = thread.root else {
        return Ok(SlackMessageConnection {
            total_count: None,
            nodes: Vec::new(),
            page_info: PageInfo::next(REPLIES, None),
        });
    };
    let query = RepliesQuery {
        channel: thread.channel.slack_id().to_owned(),
        root: root.clone(),
        limit,
        cursor,
    };
    let page = loaders(ctx)?.slack.replies(query).await;
    let page = page.map_err(|failure| graphql_error(&failure))?;
    Ok(connection(ctx, thread.channel, &page, REPLIES))
}

/// What to search for.
pub(super) struct Search {
    pub(super) query: String,
    pub(super) sort: SearchSort,
    pub(super) count: i32,
    pub(super) cursor: Option<String>,
}

/// What a search finds. Slack pages it by number, and a page's number means nothing with another page size: the cursor
/// holds both.
pub(super) async fn search(ctx: &Context<'_>, search: Search) -> Result<SlackMessageConnection, Error> {
    let count = arguments::count("count", search.count, MOST_MATCHES)?;
    if search.query.trim().is_empty() {
        return Err(invalid("search", "`query` is empty: say what to search for".to_owned()));
    }
    let begun = position(BACKEND, SEARCH, search.cursor.as_deref()).map_err(|failure| graphql_error(&failure))?;
    let page = match begun.vendor.as_deref().map(|cursor| cursor.split_once('/')) {
        None => 1,
        Some(Some((page, of))) if of == count.to_string() => page.parse().unwrap_or(1),
        Some(_) => {
            let message = "`count` must stay what it was on the page that gave the cursor".to_owned();
            return Err(invalid("search", message));
        }
    };
    let query = SearchQuery {
        query: search.query,
        sort: search.sort,
        count: u32::try_from(count).unwrap_or(1),
        page,
    };
    let found = loaders(ctx)?.slack.search(query).await;
    let found = found.map_err(|failure| graphql_error(&failure))?;
    let next = found.next.map(|next| format!("{next}/{count}"));
    Ok(SlackMessageConnection {
        total_count: found.total.and_then(|total| i32::try_from(total).ok()),
        nodes: found.hits.iter().skip(begun.skip).map(SlackMessage::found).collect(),
        page_info: PageInfo::next(SEARCH, next.as_deref()),
    })
}

/// Slack's cursor of the page, or one that goes on behind a message.
fn beginning(position: Position) -> Option<String> {
    position.after.map(|ts| behind(&ts)).or(position.vendor)
}

fn connection(ctx: &Context<'_>, channel: &SlackChannel, page: &MessagePage, kind: &str) -> SlackMessageConnection {
    if let Some(failure) = &page.shortfall {
        report(ctx, failure);
    }
    let messages = page.messages.iter();
    SlackMessageConnection {
        total_count: None,
        nodes: messages
            .map(|message| SlackMessage::new(channel.clone(), message))
            .collect(),
        page_info: PageInfo::next(kind, page.next.as_deref()),
    }
}
