//! Slack's namespace: what can be asked for.

use super::connection::{self, Search, SlackMessageConnection, Stretch};
use super::{SlackChannel, SlackUser, arguments};
use crate::backends::slack::SearchSort;
use crate::graph::failure::{graphql_error, loaders};
use async_graphql::{Context, Enum, Error, ID, Object};

/// Slack's namespace.
pub struct SlackQuery;

/// The order of what a search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum SlackSearchSort {
    /// Best match first.
    Score,
    /// Newest first.
    Timestamp,
}

/// What can be asked of Slack.
#[Object]
impl SlackQuery {
    /// A channel by id (`C0123456789`) or `#name`.
    async fn channel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Channel id (`C0123456789`) or `#name`.")] channel: String,
    ) -> Result<Option<SlackChannel>, Error> {
        arguments::channel(ctx, &channel).await.map(Some)
    }

    /// A person by id (`U0123456789`).
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "User id (`U0123456789`).")] id: ID,
    ) -> Result<Option<SlackUser>, Error> {
        let id = id.trim().trim_start_matches(['<', '@']).trim_end_matches('>');
        let user = loaders(ctx)?.slack.user(id).await;
        user.map(|user| Some(SlackUser::from(user)))
            .map_err(|failure| graphql_error(&failure))
    }

    /// A channel's messages, newest first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Channel id (`C0123456789`) or `#name`.")] channel: String,
        #[graphql(desc = "How many messages, 1 to 200.", default = 20)] limit: i32,
        #[graphql(desc = "Where to go on: the `next_cursor` of the page before.")] cursor: Option<String>,
    ) -> Result<Option<SlackMessageConnection>, Error> {
        let stretch = Stretch::of(limit, cursor.as_deref())?;
        let channel = arguments::channel(ctx, &channel).await?;
        connection::history(ctx, &channel, stretch).await.map(Some)
    }

    /// Messages that match a search, across channels. Needs a user token.
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Slack's search syntax, e.g. `checkout in:#incidents from:@ada after:2026-11-01`.")]
        query: String,
        #[graphql(desc = "Best match first, or newest first.", default_with = "SlackSearchSort::Score")]
        sort: SlackSearchSort,
        #[graphql(desc = "How many messages, 1 to 100.", default = 20)] count: i32,
        #[graphql(desc = "Where to go on: the `next_cursor` of the page before.")] cursor: Option<String>,
    ) -> Result<Option<SlackMessageConnection>, Error> {
        let sort = match sort {
            SlackSearchSort::Score => SearchSort::Score,
            SlackSearchSort::Timestamp => SearchSort::Timestamp,
        };
        let search = Search {
            query,
            sort,
            count,
            cursor,
        };
        connection::search(ctx, search).await.map(Some)
    }
}
