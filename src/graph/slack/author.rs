//! Who wrote a message: looked up only where the message does not say it.

use super::SlackUser;
use crate::backends::clean::clean;
use crate::backends::slack::{Message, Profile, SLACKBOT, said};
use crate::graph::failure::{graphql_error, loaders, report};
use async_graphql::{Context, Error, ID, Object};
use upstream::Cause;

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
        let is_slackbot = user.as_deref() == Some(SLACKBOT);
        let is_bot = bot.is_some() || user.is_none() || is_slackbot;
        let of_bot = || {
            username
                .or_else(|| said(message.bot_profile.as_ref()?.name.as_deref()))
                .or(is_slackbot.then_some("Slackbot"))
        };
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
        if let Some(name) = &self.name {
            return Ok(Some(clean(name)));
        }
        let Some(id) = &self.user else {
            return match &self.bot {
                Some(bot) => Ok(Some(clean(&bot_name(ctx, bot).await?))),
                None => Ok(None),
            };
        };
        let stand_in = self.stand_in.as_deref();
        let loaded = loaders(ctx)?.slack.user(id).await;
        let name = match &loaded {
            Ok(user) => user.shown_name().or(stand_in),
            Err(failure) => {
                // An id still tells authors apart, so that the failure costs no more than the name.
                if stand_in.is_none() {
                    report(ctx, failure);
                }
                stand_in
            }
        };
        Ok(Some(clean(name.unwrap_or(id))))
    }

    /// Whether it is a bot or an integration.
    async fn is_bot(&self) -> bool {
        self.is_bot
    }

    /// The person, where it is one.
    async fn user(&self, ctx: &Context<'_>) -> Result<Option<SlackUser>, Error> {
        match &self.user {
            Some(id) if !self.is_bot => {
                let loaded = loaders(ctx)?.slack.user(id).await;
                let user = loaded.map_err(|failure| graphql_error(&failure))?;
                Ok(Some(SlackUser::from(user)))
            }
            _ => Ok(None),
        }
    }
}

/// A bot's name, or its id, which tells it from others too: a failure costs no more than the name, and that a bot was taken
/// away is none.
async fn bot_name(ctx: &Context<'_>, id: &str) -> Result<String, Error> {
    let name = match loaders(ctx)?.slack.bot_name(id).await {
        Ok(name) => name,
        Err(failure) => {
            if !matches!(failure.cause, Cause::NotFound { .. }) {
                report(ctx, &failure);
            }
            None
        }
    };
    Ok(name.unwrap_or_else(|| id.to_owned()))
}
