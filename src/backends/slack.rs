//! Slack: typed calls.

use crate::upstream::Stack;

/// What a client needs.
pub struct ClientParams {
    /// The road with the bot token.
    pub bot: Option<Stack>,
    /// The road with the user token; search needs it.
    pub user: Option<Stack>,
}

/// A client of Slack.
#[derive(Clone)]
pub struct Client {
    bot: Option<Stack>,
    user: Option<Stack>,
}

impl Client {
    /// A client on these roads.
    pub fn new(params: ClientParams) -> Self {
        let ClientParams { bot, user } = params;
        Self { bot, user }
    }
}

/// A conversation, as the directory knows it.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Slack's id.
    pub id: String,
}
