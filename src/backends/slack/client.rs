//! The client: the roads to Slack, one for each token, and what all operations of the process share.

use super::directory::Directory;
use super::people::People;
use super::{BACKEND, BOT_TOKEN, USER_TOKEN, answer};
use crate::upstream::{Call, Cause, Failure, Request, Response, Stack};
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

    /// Forgets what carries one of these tags, whichever token it was read with.
    pub(super) fn changed(&self, tags: &[String]) {
        for road in [&self.shared.bot, &self.shared.user].into_iter().flatten() {
            for tag in tags {
                road.invalidate(tag);
            }
        }
    }

    /// Sends a request on the bot's road, or on the user's where that is the only one, and reads the answer.
    pub(super) async fn ask<T: DeserializeOwned>(&self, request: Request, call: &Call) -> Result<T, Failure> {
        answer::read(&request, &self.exchange(request.clone(), call).await?)
    }

    /// Sends a request that only a user token may make.
    pub(super) async fn ask_as_user<T: DeserializeOwned>(&self, request: Request, call: &Call) -> Result<T, Failure> {
        answer::read(&request, &self.exchange_as_user(request.clone(), call).await?)
    }

    /// As [`Client::ask`], without reading the answer.
    pub(super) async fn exchange(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let road = self.shared.bot.as_ref().or(self.shared.user.as_ref());
        let missing = || off(request.operation, BOT_TOKEN);
        road.ok_or_else(missing)?.send(request, call).await
    }

    /// As [`Client::ask_as_user`], without reading the answer.
    pub(super) async fn exchange_as_user(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        let missing = || {
            off(request.operation, USER_TOKEN).with_hint(
                "Slack's search takes a user token only: set SLACK_USER_TOKEN to one (xoxp-…) with the scope search:read",
            )
        };
        let road = self.shared.user.as_ref().ok_or_else(missing)?;
        road.send(request, call).await
    }
}

/// A reading request. Its arguments go into the query: methods that read ignore a JSON body ("Using the Slack Web API").
pub(super) fn reading(operation: &'static str) -> Request {
    Request::read(operation, Method::GET, format!("/{operation}"))
}

fn off(operation: &'static str, variable: &'static str) -> Failure {
    let variables = vec![variable];
    Failure::new(BACKEND, operation, Cause::Off { variables })
}
