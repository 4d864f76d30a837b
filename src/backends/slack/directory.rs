//! The channel directory: names are not ids, and Slack has no look-up by name, so its list of channels is read and kept.
//!
//! It is never read at the start, and only as far as a question needs: a name is found on its page, and the next
//! question reads on from there. A workspace with tens of thousands of channels is read at 20 pages a minute [Rate
//! limits], longer than a call may last; what a call has read is kept for the next. All operations share one walk: whoever
//! has the turn reads a page, the others look again after it.

mod register;

use super::answer::{PageMetadata, list};
use super::client::{Client, reading};
use super::{BACKEND, Channel};
use register::{Look, Register};
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use upstream::paging::Position;
use upstream::{Call, Cause, Failure};

/// The page size that Slack recommends ("Pagination").
const PAGE: &str = "200";

/// How often one caller begins the walk anew because its cursor went bad: a walk that nobody went on with for a while may
/// have an old one, and a cursor that is bad when it is new will not get better.
const RESTARTS: u32 = 1;

/// No channel has this name: who looks for it reads the directory to its end.
const NOBODY: &str = "";

/// How long a walk in the background may take.
const BACKGROUND_LIMIT: Duration = Duration::from_secs(600);

/// The directory of one workspace.
pub(super) struct Directory {
    register: Register,
    /// The right to read the next page: one at a time.
    turn: Semaphore,
}

impl Default for Directory {
    fn default() -> Self {
        Self {
            register: Register::default(),
            turn: Semaphore::new(1),
        }
    }
}

impl Directory {
    /// Forgets all channels, also those that are being read just now.
    pub(super) fn forget(&self) {
        self.register.forget();
    }
}

#[derive(Deserialize)]
struct Page {
    #[serde(default, deserialize_with = "list")]
    channels: Vec<Channel>,
    #[serde(default)]
    response_metadata: Option<PageMetadata>,
}

impl Client {
    /// The channel of this name, or `NotFound` with the nearest names.
    pub async fn channel_named(&self, name: &str, call: &Call) -> Result<Arc<Channel>, Failure> {
        let found = self.first_channel_named(&[name.to_owned()], call).await?;
        found.ok_or_else(|| self.directory().register.not_found(name))
    }

    /// The channel of the first of these names that there is. The first name decides as soon as it is seen, the others
    /// only when all channels were read.
    pub async fn first_channel_named(&self, names: &[String], call: &Call) -> Result<Option<Arc<Channel>>, Failure> {
        let directory = self.directory();
        let mut restarts = RESTARTS;
        loop {
            let steps = match directory.register.look(names) {
                Look::Found { channel, stale } => {
                    if stale {
                        self.refresh_in_background();
                    }
                    return Ok(Some(channel));
                }
                Look::Absent => return Ok(None),
                Look::ReadOn(steps) => steps,
            };
            let limit = call.request_left();
            let turn = tokio::time::timeout(limit, directory.turn.acquire()).await;
            let _turn = turn.map_err(|_elapsed| {
                let cause = Cause::NotSent { waited: limit };
                Failure::new(BACKEND, "conversations.list", cause)
                    .with_hint("the channel list is still being read: give the channel's id, or ask again")
            })?;
            if directory.register.stepped_since(steps)? {
                continue;
            }
            self.read_on(call, &mut restarts).await?;
        }
    }

    /// The channel of this id, where the directory has it and is fresh.
    pub fn channel_in_directory(&self, id: &str) -> Option<Arc<Channel>> {
        self.directory().register.by_id(id)
    }

    /// The names of the channels that are known, by name; of a directory that was not read yet, as far as this call gets.
    /// Names to choose from: a part of them is better than a failure.
    pub async fn channel_names(&self, call: &Call) -> Vec<String> {
        let register = &self.directory().register;
        if register.is_complete() {
            if register.is_stale() {
                self.refresh_in_background();
            }
        } else if let Err(failure) = self.first_channel_named(&[NOBODY.to_owned()], call).await {
            tracing::debug!(backend = BACKEND, %failure, "the channel directory was read in part");
        }
        register.names()
    }

    /// Reads the next page. The caller has the turn, and may begin the walk anew so many times.
    ///
    /// The pages are not marked as fresh for the cache of the road: this is their cache, and what is read again after a
    /// miss must come from Slack.
    async fn read_on(&self, call: &Call, restarts: &mut u32) -> Result<(), Failure> {
        loop {
            let register = &self.directory().register;
            let (position, public_only) = register.next_page();
            let types = if public_only {
                "public_channel"
            } else {
                "public_channel,private_channel"
            };
            let mut request = reading("conversations.list")
                .query("types", types)
                .query("exclude_archived", "true")
                .query("limit", PAGE);
            if let Some(Position::Cursor(cursor)) = &position {
                request = request.query("cursor", cursor);
            }
            match self.ask::<Page>(request, call).await {
                Ok(page) => return register.add(page),
                Err(failure) if !public_only && lacks_private(&failure) => register.settle_for_public(),
                Err(failure) if position.is_some() && *restarts > 0 && is_about_the_cursor(&failure) => {
                    *restarts -= 1;
                    register.begin_anew();
                }
                Err(failure) => {
                    register.note(&failure);
                    return Err(failure);
                }
            }
        }
    }

    /// Reads the whole directory again, for those who come later.
    fn refresh_in_background(&self) {
        if !self.directory().register.begin_background() {
            return;
        }
        let client = self.clone();
        tokio::spawn(async move {
            let call = Call::within(BACKGROUND_LIMIT);
            let begun = Instant::now();
            let mut restarts = RESTARTS;
            while !client.directory().register.is_younger_than(begun) {
                let Ok(_turn) = client.directory().turn.acquire().await else {
                    return;
                };
                if let Err(failure) = client.read_on(&call, &mut restarts).await {
                    tracing::warn!(backend = BACKEND, %failure, "the channel directory could not be read again");
                    return;
                }
            }
        });
    }
}

/// Both kinds of channels are asked for, and listing the private ones takes a scope of its own.
fn lacks_private(failure: &Failure) -> bool {
    matches!(&failure.cause, Cause::MissingScope { needed, .. } if needed.contains("groups:read"))
}

fn is_about_the_cursor(failure: &Failure) -> bool {
    matches!(&failure.cause, Cause::Invalid { message } if message.starts_with("invalid_cursor"))
}

#[cfg(test)]
mod tests;
