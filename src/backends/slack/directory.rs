//! The channel directory: names are not ids, and Slack has no look-up by name, so its list of channels is read and kept.
//!
//! It is never read at the start, and only as far as a question needs: a name is found on its page, and the next
//! question reads on from there. A workspace with tens of thousands of channels is read at 20 pages a minute [Rate
//! limits], longer than a call may last; what a call has read is kept for the next. All operations share one walk: whoever
//! has the turn reads a page, the others look again after it.

use super::answer::{PageMetadata, list};
use super::client::{Client, reading};
use super::{BACKEND, Channel};
use crate::upstream::{Call, Cause, Failure};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// The page size that Slack recommends [Pagination].
const PAGE: &str = "200";

/// No walk is longer; a workspace with more channels is known in part.
const LONGEST_WALK: usize = 1000;

/// How long a directory is as good as new. Older ones still answer, and are read again in the background.
const TIME_TO_LIVE: Duration = Duration::from_secs(600);

/// How long a directory knows what is not there. Younger ones answer a miss at once.
const MISS_PAUSE: Duration = Duration::from_secs(30);

/// How long a walk in the background may take.
const BACKGROUND_LIMIT: Duration = Duration::from_secs(600);

/// How many names a failure suggests.
const SUGGESTIONS: usize = 3;

/// What is known of the workspace's channels.
pub(super) struct Directory {
    state: Mutex<State>,
    /// The right to read the next page: one at a time.
    turn: Semaphore,
}

impl Default for Directory {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            turn: Semaphore::new(1),
        }
    }
}

#[derive(Default)]
struct State {
    /// The last walk that came to its end.
    complete: Option<Complete>,
    /// The walk that is under way, whether or not somebody is walking at the moment.
    walk: Option<Walk>,
    /// Counts pages and failures, so that one who waited for the turn sees that something happened meanwhile.
    steps: u64,
    /// How the last step went, where it failed.
    failed: Option<Failure>,
    /// The token may not list private channels.
    public_only: bool,
    /// When a walk in the background was last begun.
    background: Option<Instant>,
}

struct Complete {
    known: Known,
    at: Instant,
}

struct Walk {
    found: Known,
    /// The next page; `None` before the first.
    cursor: Option<String>,
    pages: usize,
    since: Instant,
}

#[derive(Default)]
struct Known {
    by_name: HashMap<String, Arc<Channel>>,
    by_id: HashMap<String, Arc<Channel>>,
}

/// What a look at the directory tells.
enum Look {
    /// It is there; `stale` where the directory should be read again in the background.
    Found { channel: Arc<Channel>, stale: bool },
    /// It is not there.
    Absent,
    /// More has to be read; so many steps were made up to now.
    ReadOn(u64),
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
        found.ok_or_else(|| self.directory().not_found(name))
    }

    /// The channel of the first of these names that there is. The first name decides as soon as it is seen, the others
    /// only when all channels were read.
    pub async fn first_channel_named(&self, names: &[String], call: &Call) -> Result<Option<Arc<Channel>>, Failure> {
        let directory = self.directory();
        loop {
            let steps = match directory.look(names) {
                Look::Found { channel, stale } => {
                    if stale {
                        self.refresh_in_background();
                    }
                    return Ok(Some(channel));
                }
                Look::Absent => return Ok(None),
                Look::ReadOn(steps) => steps,
            };
            let limit = call.left();
            let turn = tokio::time::timeout(limit, directory.turn.acquire()).await;
            let _turn = turn.map_err(|_elapsed| {
                let cause = Cause::TimedOut { after: limit };
                Failure::new(BACKEND, "conversations.list", cause)
                    .with_hint("the channel list is still being read: give the channel's id, or ask again")
            })?;
            if directory.stepped_since(steps)? {
                continue;
            }
            self.read_on(call).await?;
        }
    }

    /// The channel of this id, where the directory has it and is fresh.
    pub fn channel_in_directory(&self, id: &str) -> Option<Arc<Channel>> {
        let state = self.directory().lock();
        let walked = state.walk.as_ref().filter(|walk| walk.since.elapsed() < TIME_TO_LIVE);
        let complete = state
            .complete
            .as_ref()
            .filter(|complete| complete.at.elapsed() < TIME_TO_LIVE);
        let places = [walked.map(|walk| &walk.found), complete.map(|complete| &complete.known)];
        places
            .into_iter()
            .flatten()
            .find_map(|known| known.by_id.get(id))
            .cloned()
    }

    /// Reads the next page. The caller has the turn.
    ///
    /// The pages are not marked as fresh for the cache of the road: this is their cache, and what is read again after a
    /// miss must come from Slack.
    async fn read_on(&self, call: &Call) -> Result<(), Failure> {
        loop {
            let (cursor, public_only) = self.directory().next_page();
            let types = if public_only {
                "public_channel"
            } else {
                "public_channel,private_channel"
            };
            let mut request = reading("conversations.list")
                .query("types", types)
                .query("exclude_archived", "true")
                .query("limit", PAGE);
            if let Some(cursor) = &cursor {
                request = request.query("cursor", cursor);
            }
            match self.ask::<Page>(request, call).await {
                Ok(page) => {
                    self.directory().add(page, cursor.as_deref());
                    return Ok(());
                }
                Err(failure) if !public_only && lacks_private(&failure) => self.directory().lock().public_only = true,
                Err(failure) => {
                    self.directory().note(&failure);
                    return Err(failure);
                }
            }
        }
    }

    /// Reads the whole directory again, for those who come later.
    fn refresh_in_background(&self) {
        {
            let mut state = self.directory().lock();
            if state.background.is_some_and(|begun| begun.elapsed() < MISS_PAUSE) {
                return;
            }
            state.background = Some(Instant::now());
        }
        let client = self.clone();
        tokio::spawn(async move {
            let call = Call::within(BACKGROUND_LIMIT);
            let begun = Instant::now();
            while !client.directory().is_younger_than(begun) {
                let Ok(_turn) = client.directory().turn.acquire().await else {
                    return;
                };
                if let Err(failure) = client.read_on(&call).await {
                    tracing::warn!(backend = BACKEND, %failure, "the channel directory could not be read again");
                    return;
                }
            }
        });
    }
}

impl Directory {
    fn look(&self, names: &[String]) -> Look {
        let state = self.lock();
        let walked = state.walk.as_ref().map(|walk| &walk.found);
        let complete = state.complete.as_ref();
        let in_walk = names.first().and_then(|first| walked?.by_name.get(first));
        let in_complete = complete.and_then(|complete| {
            let mut channels = names.iter().filter_map(|name| complete.known.by_name.get(name));
            channels.next()
        });
        if let Some(channel) = in_walk.or(in_complete) {
            let old = complete.is_some_and(|complete| complete.at.elapsed() >= TIME_TO_LIVE);
            return Look::Found {
                channel: Arc::clone(channel),
                stale: old,
            };
        }
        if complete.is_some_and(|complete| complete.at.elapsed() < MISS_PAUSE) || names.is_empty() {
            return Look::Absent;
        }
        Look::ReadOn(state.steps)
    }

    /// Whether a page was read since; the failure where that did not succeed: who waited for it need not try it again.
    fn stepped_since(&self, steps: u64) -> Result<bool, Failure> {
        let state = self.lock();
        match &state.failed {
            Some(failure) if state.steps > steps => Err(failure.clone()),
            _ => Ok(state.steps > steps),
        }
    }

    /// The cursor of the page to read, and whether only public channels can be listed. A walk that was left for long
    /// begins anew.
    fn next_page(&self) -> (Option<String>, bool) {
        let mut state = self.lock();
        let old = state
            .walk
            .as_ref()
            .is_none_or(|walk| walk.since.elapsed() >= TIME_TO_LIVE);
        if old {
            state.walk = Some(Walk {
                found: Known::default(),
                cursor: None,
                pages: 0,
                since: Instant::now(),
            });
        }
        let cursor = state.walk.as_ref().and_then(|walk| walk.cursor.clone());
        (cursor, state.public_only)
    }

    fn add(&self, page: Page, cursor: Option<&str>) {
        let mut state = self.lock();
        state.steps += 1;
        state.failed = None;
        let Some(mut walk) = state.walk.take() else { return };
        for channel in page.channels {
            let channel = Arc::new(channel);
            if let Some(name) = &channel.name {
                walk.found.by_name.insert(name.to_lowercase(), Arc::clone(&channel));
            }
            walk.found.by_id.insert(channel.id.clone(), channel);
        }
        walk.pages += 1;
        // A vendor that gives the cursor that it was given would be asked for ever.
        let next = page.response_metadata.unwrap_or_default().next();
        match next.filter(|next| Some(next.as_str()) != cursor && walk.pages < LONGEST_WALK) {
            Some(next) => {
                walk.cursor = Some(next);
                state.walk = Some(walk);
            }
            None => {
                state.complete = Some(Complete {
                    known: walk.found,
                    at: Instant::now(),
                });
            }
        }
    }

    fn note(&self, failure: &Failure) {
        let mut state = self.lock();
        if matches!(failure.cause, Cause::Invalid { .. }) {
            // The cursor went bad while nobody walked.
            state.walk = None;
        }
        // A deadline is one caller's own; the others go on.
        if !matches!(failure.cause, Cause::TimedOut { .. }) {
            state.steps += 1;
            state.failed = Some(failure.clone());
        }
    }

    fn is_younger_than(&self, moment: Instant) -> bool {
        self.lock()
            .complete
            .as_ref()
            .is_some_and(|complete| complete.at >= moment)
    }

    fn not_found(&self, name: &str) -> Failure {
        let state = self.lock();
        let names = state.complete.iter().flat_map(|complete| complete.known.by_name.keys());
        let mut near: Vec<_> = names
            .map(|known| (strsim::jaro_winkler(name, known), known))
            .filter(|(similarity, known)| *similarity > 0.8 || known.contains(name))
            .collect();
        near.sort_by(|(a, known_a), (b, known_b)| b.total_cmp(a).then_with(|| known_a.cmp(known_b)));
        let near: Vec<_> = near
            .iter()
            .take(SUGGESTIONS)
            .map(|(_, known)| format!("#{known}"))
            .collect();
        let rule = "archived channels are not listed, private ones only after the app was invited";
        let hint = if near.is_empty() {
            rule.to_owned()
        } else {
            format!("did you mean {}? ({rule})", near.join(", "))
        };
        let what = format!("channel #{name}");
        Failure::new(BACKEND, "conversations.list", Cause::NotFound { what }).with_hint(hint)
    }

    /// No step leaves the state half changed, so that one that panicked has not spoilt it.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Both kinds of channels are asked for, and listing the private ones takes a scope of its own.
fn lacks_private(failure: &Failure) -> bool {
    matches!(&failure.cause, Cause::MissingScope { needed, .. } if needed.contains("groups:read"))
}

#[cfg(test)]
mod tests;
