//! Who wrote a message: looked up only where the message does not say it.

use super::SlackUser;
use crate::backends::clean::clean;
use crate::backends::slack::{Message, Profile, User, said};
use crate::graph::failure::{graphql_error, loaders};
use async_graphql::{Context, Error, ID, Object};
use std::sync::Arc;

/// Who wrote a message: a person, or a bot.
pub struct SlackAuthor {
    user: Option<String>,
    bot: Option<String>,
    /// The name that stands in the message and is the one people see.
    name: Option<String>,
    /// A name to show where nobody is found: in a search match the handle.
    stand_in: Option<String>,
    is_bot: bool,
}

impl SlackAuthor {
    /// A message's author; none where Slack names nobody, as in some of its own notices.
    pub(super) fn of(message: &Message) -> Option<Self> {
        let user = said(message.user.as_deref()).map(str::to_owned);
        let bot = said(message.bot_id.as_deref()).map(str::to_owned);
        let username = said(message.username.as_deref());
        if user.is_none() && bot.is_none() && username.is_none() {
            return None;
        }
        let is_bot = bot.is_some() || user.is_none() || user.as_deref() == Some("USLACKBOT");
        let of_bot = || username.or_else(|| said(message.bot_profile.as_ref()?.name.as_deref()));
        let of_person = || message.user_profile.as_ref().and_then(Profile::shown_name);
        let name = if is_bot { of_bot() } else { of_person() };
        Some(Self {
            name: name.map(str::to_owned),
            stand_in: username.map(str::to_owned),
            user,
            bot,
            is_bot,
        })
    }

    async fn load(&self, ctx: &Context<'_>, id: &str) -> Result<Arc<User>, Error> {
        let loaded = loaders(ctx)?.slack.user(id).await;
        loaded.map_err(|failure| graphql_error(&failure))
    }
}

/// Who wrote a message: a person, or a bot.
#[Object]
impl SlackAuthor {
    /// User or bot id.
    async fn id(&self) -> Option<ID> {
        self.user.clone().or_else(|| self.bot.clone()).map(ID)
    }

    /// The name that people see.
    async fn name(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        let known = self.name.as_deref().map(clean);
        let (None, Some(id)) = (&known, &self.user) else {
            return Ok(known);
        };
        match self.load(ctx, id).await {
            Ok(user) => Ok(user.shown_name().or(self.stand_in.as_deref()).map(clean)),
            Err(error) => self.stand_in.as_deref().map(|name| Some(clean(name))).ok_or(error),
        }
    }

    /// Whether it is a bot or an integration.
    async fn is_bot(&self) -> bool {
        self.is_bot
    }

    /// The person, where it is one.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<SlackUser>, Error> {
        match &self.user {
            Some(id) if !self.is_bot => Ok(Some(SlackUser::from(self.load(ctx, id).await?))),
            _ => Ok(None),
        }
    }
}
