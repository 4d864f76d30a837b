//! Slack in the unified schema.

use crate::backends::slack::Channel;
use async_graphql::{ID, Object};
use std::sync::Arc;

/// Slack's namespace.
pub struct SlackQuery;

#[Object]
impl SlackQuery {
    async fn placeholder(&self) -> bool {
        true
    }
}

/// Slack's writes.
pub struct SlackMutation;

#[Object]
impl SlackMutation {
    async fn slack_send_message(&self) -> bool {
        true
    }
}

/// A channel, private channel or direct conversation.
pub struct SlackChannel {
    id: String,
}

impl SlackChannel {
    /// The channel with this id; everything else is fetched when it is selected.
    pub fn by_id(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }

    /// A channel that is known already.
    pub fn known(channel: &Arc<Channel>) -> Self {
        Self { id: channel.id.clone() }
    }
}

#[Object]
impl SlackChannel {
    /// Slack's id, e.g. `C0123456789`.
    async fn id(&self) -> ID {
        ID(self.id.clone())
    }
}
