//! What is known of the channels, and how far the walk through Slack's list has come. No requests here.

use super::Page;
use crate::backends::names;
use crate::backends::slack::{BACKEND, Channel};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use upstream::paging::{Course, Position};
use upstream::{Cause, Failure};

/// No walk is longer; a workspace with more channels is known in part.
const LONGEST_WALK: usize = 1000;

/// How long a register is as good as new. Older ones still answer, and are read again in the background.
const TIME_TO_LIVE: Duration = Duration::from_secs(600);

/// How long a register knows what is not there, and how soon a walk in the background may follow another.
const PAUSE: Duration = Duration::from_secs(30);

/// How many names a failure suggests.
const SUGGESTIONS: usize = 3;

/// The channels that are known, and where to read on.
#[derive(Default)]
pub(super) struct Register {
    state: Mutex<State>,
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
    course: Course,
    since: Instant,
}

#[derive(Default)]
struct Known {
    by_name: HashMap<String, Arc<Channel>>,
    by_id: HashMap<String, Arc<Channel>>,
}

/// What a look at the directory tells.
pub(super) enum Look {
    /// It is there; `stale` where the directory should be read again in the background.
    Found { channel: Arc<Channel>, stale: bool },
    /// It is not there.
    Absent,
    /// More has to be read; so many steps were made up to now.
    ReadOn(u64),
}

impl Register {
    pub(super) fn look(&self, names: &[String]) -> Look {
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
        if complete.is_some_and(|complete| complete.at.elapsed() < PAUSE) || names.is_empty() {
            return Look::Absent;
        }
        Look::ReadOn(state.steps)
    }

    /// Forgets all channels. A page that is on its way finds no walk that it belongs to, and is dropped.
    pub(super) fn forget(&self) {
        let mut state = self.lock();
        *state = State {
            steps: state.steps + 1,
            ..State::default()
        };
    }

    /// Whether a page was read since; the failure where that did not succeed: who waited for it need not try it again.
    pub(super) fn stepped_since(&self, steps: u64) -> Result<bool, Failure> {
        let state = self.lock();
        match &state.failed {
            Some(failure) if state.steps > steps => Err(failure.clone()),
            _ => Ok(state.steps > steps),
        }
    }

    /// Where the page to read begins, and whether only public channels can be listed. A walk that was left for long
    /// begins anew.
    pub(super) fn next_page(&self) -> (Option<Position>, bool) {
        let mut state = self.lock();
        let old = state
            .walk
            .as_ref()
            .is_none_or(|walk| walk.since.elapsed() >= TIME_TO_LIVE);
        if old {
            state.walk = Some(Walk {
                found: Known::default(),
                course: Course::new(None, LONGEST_WALK),
                since: Instant::now(),
            });
        }
        let position = state.walk.as_ref().and_then(|walk| walk.course.position().cloned());
        (position, state.public_only)
    }

    /// Takes in the page that was read. A failure where it leads back to one that was read before; what was found stays
    /// known in part, and who asks again reads that page again.
    pub(super) fn add(&self, page: Page) -> Result<(), Failure> {
        let mut state = self.lock();
        state.steps += 1;
        state.failed = None;
        let Some(mut walk) = state.walk.take() else {
            return Ok(());
        };
        for channel in page.channels {
            let channel = Arc::new(channel);
            if let Some(name) = &channel.name {
                walk.found.by_name.insert(names::key(name), Arc::clone(&channel));
            }
            walk.found.by_id.insert(channel.id.clone(), channel);
        }
        match walk.course.go_on(page.response_metadata.unwrap_or_default().position()) {
            Ok(true) => state.walk = Some(walk),
            Ok(false) => {
                state.complete = Some(Complete {
                    known: walk.found,
                    at: Instant::now(),
                });
            }
            Err(circle) => {
                let failure = Failure::new(BACKEND, "conversations.list", circle);
                state.walk = Some(walk);
                state.failed = Some(failure.clone());
                return Err(failure);
            }
        }
        Ok(())
    }

    pub(super) fn note(&self, failure: &Failure) {
        let mut state = self.lock();
        if matches!(failure.cause, Cause::Invalid { .. }) {
            // Its cursor may be what is wrong.
            state.walk = None;
        }
        // A deadline is one caller's own; the others go on.
        if !matches!(failure.cause, Cause::TimedOut { .. } | Cause::NotSent { .. }) {
            state.steps += 1;
            state.failed = Some(failure.clone());
        }
    }

    /// The walk's cursor went bad: its next page is the first again.
    pub(super) fn begin_anew(&self) {
        self.lock().walk = None;
    }

    /// Private channels cannot be listed; only the public ones from now on.
    pub(super) fn settle_for_public(&self) {
        self.lock().public_only = true;
    }

    /// Whether a walk in the background may begin; if so, it counts as begun.
    pub(super) fn begin_background(&self) -> bool {
        let mut state = self.lock();
        let may = state.background.is_none_or(|begun| begun.elapsed() >= PAUSE);
        if may {
            state.background = Some(Instant::now());
        }
        may
    }

    /// The channel of this id, where it was read of late.
    pub(super) fn by_id(&self, id: &str) -> Option<Arc<Channel>> {
        let state = self.lock();
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

    /// Whether a whole walk ended after this moment.
    pub(super) fn is_younger_than(&self, moment: Instant) -> bool {
        self.lock()
            .complete
            .as_ref()
            .is_some_and(|complete| complete.at >= moment)
    }

    /// Whether all channels were read once.
    pub(super) fn is_complete(&self) -> bool {
        self.lock().complete.is_some()
    }

    /// Whether the last whole walk was long ago.
    pub(super) fn is_stale(&self) -> bool {
        let state = self.lock();
        let complete = state.complete.as_ref();
        complete.is_some_and(|complete| complete.at.elapsed() >= TIME_TO_LIVE)
    }

    /// The names that are known, those of an unfinished walk too, in order.
    pub(super) fn names(&self) -> Vec<String> {
        let state = self.lock();
        let walked = state.walk.iter().flat_map(|walk| walk.found.by_name.keys());
        let complete = state.complete.iter().flat_map(|complete| complete.known.by_name.keys());
        let names: BTreeSet<&String> = walked.chain(complete).collect();
        names.into_iter().cloned().collect()
    }

    pub(super) fn not_found(&self, name: &str) -> Failure {
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
