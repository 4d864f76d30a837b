//! One message, and the thread that it is in.
//!
//! A reply is posted under its thread's first message: the `ts` of another reply starts a thread that nobody sees
//! [chat.postMessage: `thread_ts`]. Which thread a message is in never changes, so that whatever was read here before is
//! not asked for again.

use super::client::{Client, reading};
use super::conversations::{MESSAGES_TIME_TO_LIVE, Page, tag};
use super::{BACKEND, Message, Ts};
use lru::LruCache;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use upstream::{Call, Cause, Failure};

/// How many messages' threads are kept.
const KEPT: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();

const REPLIES: &str = "conversations.replies";

/// A message to look up.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageKey {
    /// The channel's id.
    pub channel: String,
    /// Its `ts`.
    pub ts: Ts,
    /// The first message of its thread, where that is known.
    pub root: Option<Ts>,
}

/// The first messages of threads, by channel and by the `ts` of a message in them.
pub(super) struct Threads(Mutex<LruCache<(String, Ts), Ts>>);

impl Default for Threads {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Threads {
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn find(&self, channel: &str, ts: &Ts) -> Option<Ts> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(channel.to_owned(), ts.clone())).cloned()
    }

    /// Keeps where messages belong. One that does not say it starts its own thread: Slack says it of every reply, but not
    /// in search matches, which therefore must not come here.
    pub(super) fn keep<'m>(&self, channel: &str, messages: impl IntoIterator<Item = &'m Message>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for message in messages {
            let root = message.root().clone();
            known.put((channel.to_owned(), message.ts.clone()), root);
        }
    }
}

impl Client {
    /// The message of this `ts`, a reply or not.
    pub async fn message(&self, key: &MessageKey, call: &Call) -> Result<Arc<Message>, Failure> {
        let root = key.root.clone().or_else(|| self.threads().find(&key.channel, &key.ts));
        let found = match self.seek(key, root.as_ref().unwrap_or(&key.ts), call).await? {
            Sought::InThread(root) if root != key.ts => match self.seek(key, &root, call).await? {
                Sought::Found(message) => Some(message),
                Sought::InThread(_) | Sought::Nowhere => None,
            },
            Sought::Found(message) => Some(message),
            Sought::InThread(_) | Sought::Nowhere => None,
        };
        let message = found.ok_or_else(|| not_found(key))?;
        self.threads().keep(&key.channel, [&*message]);
        Ok(message)
    }

    /// The first message of the thread that this message is in, or would start.
    pub async fn thread_root(&self, key: &MessageKey, call: &Call) -> Result<Ts, Failure> {
        if let Some(root) = self.threads().find(&key.channel, &key.ts) {
            return Ok(root);
        }
        Ok(self.message(key, call).await?.root().clone())
    }

    /// Looks for a message among those of a thread. Its first message comes along in any case, and of a message that is
    /// in no thread it is the only one ("Retrieving messages"). Asked for a thread by the `ts` of a reply, Slack gives
    /// that reply alone, or the thread.
    async fn seek(&self, key: &MessageKey, root: &Ts, call: &Call) -> Result<Sought, Failure> {
        let request = reading(REPLIES)
            .query("channel", &key.channel)
            .query("ts", root.as_str())
            .query("oldest", key.ts.as_str())
            .query("latest", key.ts.as_str())
            .query("inclusive", "true")
            .query("limit", "2")
            .fresh_for(MESSAGES_TIME_TO_LIVE, vec![tag(&key.channel)]);
        let page: Page = self.ask(request, call).await.map_err(|failure| match failure.cause {
            Cause::NotFound { .. } if failure.hint.is_none() => not_found(key),
            _ => failure,
        })?;
        let mut thread = None;
        for message in page.messages {
            if message.ts == key.ts {
                return Ok(Sought::Found(Arc::new(message)));
            }
            thread = thread.or(message.thread_ts);
        }
        Ok(thread.map_or(Sought::Nowhere, Sought::InThread))
    }
}

enum Sought {
    Found(Arc<Message>),
    /// Not in the answer, which is about this thread.
    InThread(Ts),
    Nowhere,
}

fn not_found(key: &MessageKey) -> Failure {
    let what = format!("message {} in channel {}", key.ts.as_str(), key.channel);
    Failure::new(BACKEND, REPLIES, Cause::NotFound { what })
        .with_hint("take `channel` and `ts` from one and the same message, or give its permalink")
}

#[cfg(test)]
mod tests;
