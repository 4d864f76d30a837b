//! A person in Slack.

use crate::backends::clean::clean;
use crate::backends::slack::{User, said};
use async_graphql::{ID, Object};
use std::sync::Arc;

/// A person in Slack.
pub struct SlackUser(Arc<User>);

impl From<Arc<User>> for SlackUser {
    fn from(user: Arc<User>) -> Self {
        Self(user)
    }
}

/// A person in Slack.
#[Object]
impl SlackUser {
    /// Slack's id, e.g. `U0123456789`.
    async fn id(&self) -> ID {
        ID(self.0.id.clone())
    }

    /// The name that people see.
    async fn name(&self) -> Option<String> {
        self.0.shown_name().map(clean)
    }

    /// The full name.
    async fn real_name(&self) -> Option<String> {
        let of_profile = || self.0.profile.as_ref()?.real_name.as_deref();
        said(self.0.real_name.as_deref())
            .or_else(|| said(of_profile()))
            .map(clean)
    }

    /// The handle, without `@`.
    async fn handle(&self) -> Option<String> {
        said(self.0.name.as_deref()).map(clean)
    }

    /// The e-mail address, where the token may see it.
    async fn email(&self) -> Option<String> {
        said(self.0.profile.as_ref()?.email.as_deref()).map(clean)
    }

    /// The job title.
    async fn title(&self) -> Option<String> {
        said(self.0.profile.as_ref()?.title.as_deref()).map(clean)
    }

    /// The time zone, e.g. `Europe/Vienna`.
    async fn time_zone(&self) -> Option<String> {
        said(self.0.tz.as_deref()).map(clean)
    }

    /// Whether it is a bot.
    async fn is_bot(&self) -> Option<bool> {
        self.0.is_bot
    }

    /// Whether the account was deactivated.
    async fn is_deactivated(&self) -> Option<bool> {
        self.0.deleted
    }
}
