//! What is remembered: bounded by entries and by bytes, the least lately used goes first, and tags say what must go
//! when something changes.

use super::Policy;
use crate::{Failure, Response};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, ETAG};
use http::{HeaderMap, HeaderName, HeaderValue};
use lru::LruCache;
use std::collections::{HashMap, HashSet, VecDeque};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What an entry costs beside what is counted: its places in the map and the list, its own fields, its headers' table.
const OVERHEAD: usize = 1_000;

/// What each of its tags costs beside its text, where nothing else carries it.
const TAG_OVERHEAD: usize = 200;

/// The headers that are remembered with an answer. The others tell of the exchange (quota, dates, ids), which is over,
/// and would be most of the memory.
const KEPT: [HeaderName; 2] = [CONTENT_TYPE, ETAG];

/// How many changes are remembered, to tell whether an answer that was asked for before one is still true.
const CHANGES: usize = 256;

/// What is remembered. Shared by the layer and by the stack, which is told of changes.
pub struct Store {
    policy: Policy,
    state: Mutex<State>,
}

struct State {
    entries: LruCache<Arc<str>, Slot>,
    bytes: usize,
    tagged: HashMap<String, HashSet<Arc<str>>>,
    generation: u64,
    changes: VecDeque<(u64, String)>,
    /// When all was forgotten last.
    cleared: u64,
}

struct Slot {
    entry: Arc<Entry>,
    size: usize,
    refreshing: bool,
}

/// An answer, good or "not found", and since when it is known.
pub(super) struct Entry {
    answer: Result<Response, Failure>,
    since: Instant,
    ttl: Duration,
    tags: Arc<[String]>,
}

/// What was found.
pub(super) enum Found {
    /// Nothing, or nothing that may still be used.
    Nothing,
    /// An answer within its time.
    Fresh(Arc<Entry>),
    /// One that may be given while a new one is fetched; by this caller, where `refresh` says so.
    Usable { entry: Arc<Entry>, refresh: bool },
    /// One for the case that the backend fails.
    Old(Arc<Entry>),
}

impl Entry {
    pub(super) fn new(answer: &Result<Response, Failure>, ttl: Duration, tags: Arc<[String]>) -> Self {
        Self {
            answer: answer.as_ref().map(compact).map_err(Failure::clone),
            since: Instant::now(),
            ttl,
            tags,
        }
    }

    pub(super) fn age(&self) -> Duration {
        self.since.elapsed()
    }

    pub(super) fn answer(&self) -> Result<Response, Failure> {
        self.answer.clone()
    }

    pub(super) fn is_good(&self) -> bool {
        self.answer.is_ok()
    }

    fn size(&self, key: &str) -> usize {
        let tags: usize = self.tags.iter().map(|tag| 2 * tag.len() + TAG_OVERHEAD).sum();
        let answer = match &self.answer {
            Ok(response) => {
                let headers = response.headers.iter();
                let headers: usize = headers
                    .map(|(name, value)| name.as_str().len() + value.len() + 32)
                    .sum();
                response.body.len() + headers
            }
            Err(failure) => failure.to_string().len() + failure.hint.as_ref().map_or(0, String::len),
        };
        OVERHEAD + key.len() + tags + answer
    }
}

/// An answer as it is remembered, copied: a body grows in steps while it arrives and would keep all of the last one, and
/// header values are slices of the connection's read buffer, of which the smallest keeps eight kilobytes.
fn compact(response: &Response) -> Response {
    let mut headers = HeaderMap::with_capacity(KEPT.len());
    for name in KEPT {
        let value = response.headers.get(&name).map(HeaderValue::as_bytes);
        if let Some(Ok(copy)) = value.map(HeaderValue::from_bytes) {
            headers.insert(name, copy);
        }
    }
    Response {
        headers,
        body: Bytes::copy_from_slice(&response.body),
        status: response.status,
    }
}

impl Store {
    /// An empty store.
    pub fn new(policy: Policy) -> Self {
        let entries = NonZeroUsize::new(policy.entries).unwrap_or(NonZeroUsize::MIN);
        Self {
            policy,
            state: Mutex::new(State {
                entries: LruCache::new(entries),
                bytes: 0,
                tagged: HashMap::new(),
                generation: 0,
                changes: VecDeque::new(),
                cleared: 0,
            }),
        }
    }

    /// Forgets all that carries one of these tags, also what is being fetched just now.
    pub fn invalidate<T: AsRef<str>>(&self, tags: &[T]) {
        if tags.is_empty() {
            return;
        }
        let mut state = self.lock();
        for tag in tags.iter().map(AsRef::as_ref) {
            state.generation += 1;
            let generation = state.generation;
            if state.changes.len() == CHANGES {
                state.changes.pop_front();
            }
            state.changes.push_back((generation, tag.to_owned()));
            for key in state.tagged.remove(tag).unwrap_or_default() {
                state.forget(&key);
            }
        }
    }

    /// Forgets everything, also what is being fetched just now.
    pub fn clear(&self) {
        let mut state = self.lock();
        state.generation += 1;
        state.cleared = state.generation;
        state.entries.clear();
        state.tagged.clear();
        state.bytes = 0;
    }

    /// How much it holds: entries and bytes.
    pub fn size(&self) -> (usize, usize) {
        let state = self.lock();
        (state.entries.len(), state.bytes)
    }

    pub(super) fn find(&self, key: &str) -> Found {
        let mut state = self.lock();
        let Some(slot) = state.entries.get_mut(key) else {
            return Found::Nothing;
        };
        let (entry, age) = (Arc::clone(&slot.entry), slot.entry.age());
        let ttl = entry.ttl;
        if age < ttl {
            Found::Fresh(entry)
        } else if !entry.is_good() || age >= ttl + self.policy.if_error.max(self.policy.while_revalidate) {
            state.forget(key);
            Found::Nothing
        } else if age < ttl + ttl.min(self.policy.while_revalidate) {
            let refresh = !std::mem::replace(&mut slot.refreshing, true);
            Found::Usable { entry, refresh }
        } else {
            Found::Old(entry)
        }
    }

    /// Counts changes; what is asked for now is true if none of its tags changes until it is there.
    pub(super) fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// Remembers an answer that was asked for at this generation, unless it has become untrue since, or is so large
    /// that it would push out everything else.
    pub(super) fn remember(&self, key: &Arc<str>, entry: Entry, began: u64) {
        let size = entry.size(key);
        let mut state = self.lock();
        // What is there then was asked for later than this.
        if state.changed_since(began, &entry.tags) {
            return;
        }
        state.forget(key);
        if size > self.policy.bytes / 4 {
            return;
        }
        while state.bytes + size > self.policy.bytes || state.entries.len() >= state.entries.cap().get() {
            let Some(oldest) = state.entries.peek_lru().map(|(key, _)| Arc::clone(key)) else {
                break;
            };
            state.forget(&oldest);
        }
        for tag in entry.tags.iter() {
            state.tagged.entry(tag.clone()).or_default().insert(Arc::clone(key));
        }
        state.bytes += size;
        let slot = Slot {
            entry: Arc::new(entry),
            size,
            refreshing: false,
        };
        state.entries.put(Arc::clone(key), slot);
    }

    /// A refresh ended: where it brought nothing to remember, the next one to ask may try again.
    pub(super) fn give_back_refresh(&self, key: &Arc<str>) {
        if let Some(slot) = self.lock().entries.peek_mut(key) {
            slot.refreshing = false;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget(&mut self, key: &str) {
        let Some(slot) = self.entries.pop(key) else {
            return;
        };
        self.bytes -= slot.size;
        for tag in slot.entry.tags.iter() {
            if let Some(keys) = self.tagged.get_mut(tag) {
                keys.remove(key);
                if keys.is_empty() {
                    self.tagged.remove(tag);
                }
            }
        }
    }

    fn changed_since(&self, began: u64, tags: &[String]) -> bool {
        // So many changes since that the first ones are forgotten: then it is not known to be true.
        let forgotten = self.changes.front().is_some_and(|(oldest, _)| *oldest > began + 1);
        let mut changed = self.changes.iter().filter(|(generation, _)| *generation > began);
        began < self.cleared || forgotten || changed.any(|(_, tag)| tags.contains(tag))
    }
}

#[cfg(test)]
mod tests;
