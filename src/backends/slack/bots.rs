//! Bots that have no account: a message names them by a bot id alone, when it was posted without a name.

use super::client::{Client, reading};
use super::types::{BotProfile, said};
use serde::Deserialize;
use std::time::Duration;
use upstream::{Call, Failure};

/// How long a bot's name is good; they hardly ever change.
const TIME_TO_LIVE: Duration = Duration::from_secs(3600);

#[derive(Deserialize)]
struct Info {
    bot: BotProfile,
}

impl Client {
    /// The name of the bot of this id, where it has one ("bots.info").
    pub async fn bot_name(&self, id: &str, call: &Call) -> Result<Option<String>, Failure> {
        if let Some(failure) = self.missing().find(id) {
            return Err(failure);
        }
        let request = reading("bots.info")
            .query("bot", id)
            .fresh_for(TIME_TO_LIVE, vec![format!("slack:bot:{id}")]);
        let answer = self.ask(request, call).await;
        self.missing().note(id, &answer);
        let Info { bot } = answer?;
        Ok(said(bot.name.as_deref()).map(str::to_owned))
    }
}
