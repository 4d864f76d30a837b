//! A channel, of which more than the id is fetched only where it is selected.

use super::connection::{self, SlackMessageConnection};
use crate::backends::clean::clean;
use crate::backends::slack::{Channel, Note, unescape};
use crate::graph::failure::{graphql_error, loaders};
use async_graphql::{Context, Error, ID, Object};
use std::sync::Arc;

/// A channel, private channel or direct conversation.
#[derive(Clone)]
pub struct SlackChannel {
    id: String,
    name: Name,
    known: Option<Arc<Channel>>,
}

/// What came along of a channel's name.
#[derive(Clone)]
enum Name {
    Unsaid,
    /// It has none, as direct conversations.
    Absent,
    Is(String),
}

impl SlackChannel {
    /// The channel with this id; everything else is fetched when it is selected.
    pub fn by_id(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: Name::Unsaid,
            known: None,
        }
    }

    /// A channel that is known already, e.g. from the directory.
    pub fn known(channel: &Arc<Channel>) -> Self {
        Self {
            id: channel.id.clone(),
            name: Name::Unsaid,
            known: Some(Arc::clone(channel)),
        }
    }

    /// The channel with this id, of which the name came along.
    pub(super) fn named(id: impl Into<String>, name: Option<String>) -> Self {
        Self {
            id: id.into(),
            name: name.map_or(Name::Unsaid, Name::Is),
            known: None,
        }
    }

    /// The direct conversation with this id: it has no name, so that none is asked for.
    pub(super) fn direct(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: Name::Absent,
            known: None,
        }
    }

    pub(super) fn slack_id(&self) -> &str {
        &self.id
    }

    async fn load(&self, ctx: &Context<'_>) -> Result<Arc<Channel>, Error> {
        if let Some(channel) = &self.known {
            return Ok(Arc::clone(channel));
        }
        let loaded = loaders(ctx)?.slack.channel(&self.id).await;
        loaded.map_err(|failure| graphql_error(&failure))
    }
}

/// A channel, private channel or direct conversation.
#[Object]
impl SlackChannel {
    /// Slack's id, e.g. `C0123456789`.
    async fn id(&self) -> ID {
        ID(self.id.clone())
    }

    /// The name without `#`.
    async fn name(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        match &self.name {
            Name::Is(name) => Ok(Some(clean(name))),
            Name::Absent => Ok(None),
            Name::Unsaid => Ok(self.load(ctx).await?.name.as_deref().map(clean)),
        }
    }

    /// What the channel is for, as people wrote it.
    async fn purpose(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(self.load(ctx).await?.purpose.as_ref().and_then(written))
    }

    /// What is going on in it now, as people wrote it.
    async fn topic(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(self.load(ctx).await?.topic.as_ref().and_then(written))
    }

    /// Whether only invited people see it.
    async fn is_private(&self, ctx: &Context<'_>) -> Result<Option<bool>, Error> {
        Ok(self.load(ctx).await?.is_private)
    }

    /// Whether it is archived, and so read-only.
    async fn is_archived(&self, ctx: &Context<'_>) -> Result<Option<bool>, Error> {
        Ok(self.load(ctx).await?.is_archived)
    }

    /// How many people are in it, where Slack says so.
    async fn member_count(&self, ctx: &Context<'_>) -> Result<Option<i32>, Error> {
        let count = self.load(ctx).await?.num_members;
        Ok(count.and_then(|count| i32::try_from(count).ok()))
    }

    /// Messages, newest first.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many messages, 1 to 200.", default = 20)] limit: i32,
        #[graphql(desc = "Where to go on: the `endCursor` of the page before.")] cursor: Option<String>,
    ) -> Result<Option<SlackMessageConnection>, Error> {
        let stretch = connection::Stretch::of(limit, cursor.as_deref())?;
        connection::history(ctx, self, stretch).await.map(Some)
    }
}

fn written(note: &Note) -> Option<String> {
    let text = note.value.as_deref().map(|value| clean(&unescape(value)))?;
    (!text.trim().is_empty()).then_some(text)
}
