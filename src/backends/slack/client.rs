//! The client: the roads to Slack, one for each token, and what all operations of the process share.

use super::directory::Directory;
use super::missing::Missing;
use super::people::People;
use super::threads::Threads;
use super::user_groups::GroupList;
use super::{BACKEND, BOT_TOKEN, USER_TOKEN, answer};
use http::Method;
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, PoisonError};
use upstream::{Call, Cause, Failure, Request, Response, Stack};

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
    groups: GroupList,
    threads: Threads,
    missing: Missing,
    /// Whose tokens they were when somebody last looked.
    identity: Mutex<u64>,
}

impl Client {
    /// A client on these roads. Nothing is fetched before it is asked for.
    pub fn new(params: ClientParams) -> Self {
        let ClientParams { bot, user } = params;
        let identity = Mutex::new(identity(bot.as_ref(), user.as_ref()));
        let shared = Shared {
            bot,
            user,
            directory: Directory::default(),
            people: People::default(),
            groups: GroupList::default(),
            threads: Threads::default(),
            missing: Missing::default(),
            identity,
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
        self.start_afresh_for_others();
        &self.shared.directory
    }

    pub(super) fn people(&self) -> &People {
        self.start_afresh_for_others();
        &self.shared.people
    }

    pub(super) fn group_list(&self) -> &GroupList {
        self.start_afresh_for_others();
        &self.shared.groups
    }

    pub(super) fn threads(&self) -> &Threads {
        self.start_afresh_for_others();
        &self.shared.threads
    }

    pub(super) fn missing(&self) -> &Missing {
        self.start_afresh_for_others();
        &self.shared.missing
    }

    /// Another workspace has other channels and other people; the roads forget what they remember by themselves.
    fn start_afresh_for_others(&self) {
        let Shared { bot, user, .. } = &*self.shared;
        let mut known = self.shared.identity.lock().unwrap_or_else(PoisonError::into_inner);
        let now = identity(bot.as_ref(), user.as_ref());
        if std::mem::replace(&mut *known, now) != now {
            self.shared.directory.forget();
            self.shared.people.forget();
            self.shared.groups.forget();
            self.shared.threads.forget();
            self.shared.missing.forget();
        }
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

/// No identity ever goes back, so that their sum tells whether any of them has moved.
fn identity(bot: Option<&Stack>, user: Option<&Stack>) -> u64 {
    [bot, user].into_iter().flatten().map(Stack::identity).sum()
}

fn off(operation: &'static str, variable: &'static str) -> Failure {
    let variables = vec![variable];
    Failure::new(BACKEND, operation, Cause::Off { variables })
}
