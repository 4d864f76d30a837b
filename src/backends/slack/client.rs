//! The client: the roads to Slack, one for each token, and what all operations of the process share.

use super::directory::Directory;
use super::people::People;
use super::{BACKEND, BOT_TOKEN, USER_TOKEN, answer};
use crate::upstream::{Call, Cause, Failure, Request, Stack};
use http::Method;
use serde::de::DeserializeOwned;
use std::sync::Arc;

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
    shared: Arc<Shared>,
}

struct Shared {
    bot: Option<Stack>,
    user: Option<Stack>,
    directory: Directory,
    people: People,
}

impl Client {
    /// A client on these roads. Nothing is fetched before it is asked for.
    pub fn new(params: ClientParams) -> Self {
        let ClientParams { bot, user } = params;
        let shared = Shared {
            bot,
            user,
            directory: Directory::default(),
            people: People::default(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Whether there is the user token that search takes.
    pub fn can_search(&self) -> bool {
        self.shared.user.is_some()
    }

    pub(super) fn directory(&self) -> &Directory {
        &self.shared.directory
    }

    pub(super) fn people(&self) -> &People {
        &self.shared.people
    }

    /// Sends a request on the bot's road, or on the user's where that is the only one, and reads the answer.
    pub(super) async fn ask<T: DeserializeOwned>(&self, request: Request, call: &Call) -> Result<T, Failure> {
        let road = self.shared.bot.as_ref().or(self.shared.user.as_ref());
        let missing = || off(request.operation, BOT_TOKEN);
        exchange(road.ok_or_else(missing)?, request, call).await
    }

    /// Sends a request that only a user token may make.
    pub(super) async fn ask_as_user<T: DeserializeOwned>(&self, request: Request, call: &Call) -> Result<T, Failure> {
        let missing = || {
            off(request.operation, USER_TOKEN).with_hint(
                "Slack's search takes a user token only: set SLACK_USER_TOKEN to one (xoxp-…) with the scope search:read",
            )
        };
        exchange(self.shared.user.as_ref().ok_or_else(missing)?, request, call).await
    }
}

/// A reading request. Its arguments go into the query: methods that read ignore a JSON body ("Using the Slack Web API").
pub(super) fn reading(operation: &'static str) -> Request {
    Request::read(operation, Method::GET, format!("/{operation}"))
}

async fn exchange<T: DeserializeOwned>(road: &Stack, request: Request, call: &Call) -> Result<T, Failure> {
    let response = road.send(request.clone(), call).await?;
    answer::read(&request, &response)
}

fn off(operation: &'static str, variable: &'static str) -> Failure {
    let variables = vec![variable];
    Failure::new(BACKEND, operation, Cause::Off { variables })
}
