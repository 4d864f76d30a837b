//! Conversations: one channel, its messages, a thread's replies.

use super::answer::{PageMetadata, lenient, list};
use super::client::{Client, reading};
use super::{Channel, Message, Ts, mentions};
use futures::{StreamExt, stream};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use upstream::{Call, Failure, Request};

/// How long a channel's description is good.
const CHANNEL_TIME_TO_LIVE: Duration = Duration::from_secs(300);

/// How long messages are given again: long enough for the several calls of one question, too short for anybody to take
/// a conversation for quiet that is not. What is posted here makes them stale at once.
pub(super) const MESSAGES_TIME_TO_LIVE: Duration = Duration::from_secs(5);

/// How many channels are asked for at once.
const CONCURRENCY: usize = 8;

/// How many pages are asked for to fill one of ours.
const MOST_PAGES: usize = 10;

/// Begins a cursor of ours that is a `ts` where Slack's own would skip messages; Slack's are Base64 and hold no colon.
const FROM_TS: &str = "ts:";

/// Which messages of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HistoryQuery {
    /// The channel's id.
    pub channel: String,
    /// At most how many.
    pub limit: usize,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// Which replies of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepliesQuery {
    /// The channel's id.
    pub channel: String,
    /// The thread's first message.
    pub root: Ts,
    /// At most how many.
    pub limit: usize,
    /// Where to go on.
    pub cursor: Option<String>,
}

/// A page of messages.
#[derive(Debug, Clone)]
pub struct MessagePage {
    /// The messages, none twice.
    pub messages: Vec<Arc<Message>>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Why there are fewer than asked for, where a later request failed after an earlier one had given some.
    pub shortfall: Option<Failure>,
}

#[derive(Deserialize)]
struct Info {
    channel: Channel,
}

#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(default, deserialize_with = "list")]
    pub(super) messages: Vec<Message>,
    #[serde(default, deserialize_with = "lenient")]
    has_more: Option<bool>,
    #[serde(default)]
    response_metadata: Option<PageMetadata>,
}

/// How many messages to collect, from where.
struct Wanted<'a> {
    count: usize,
    cursor: Option<&'a str>,
    /// The argument that makes a list go on behind a `ts`.
    behind: &'static str,
}

impl Client {
    /// The channel of this id.
    pub async fn channel(&self, id: &str, call: &Call) -> Result<Arc<Channel>, Failure> {
        if let Some(channel) = self.channel_in_directory(id) {
            return Ok(channel);
        }
        let request = reading("conversations.info")
            .query("channel", id)
            .query("include_num_members", "true")
            .fresh_for(CHANNEL_TIME_TO_LIVE, vec![tag(id)]);
        let Info { channel } = self.ask(request, call).await?;
        Ok(Arc::new(channel))
    }

    /// The channels of these ids, which texts only mention, each or why not: looked up within bounds, and one that is not
    /// found not again for a while.
    pub async fn mentioned_channels(
        &self,
        ids: &[String],
        call: &Call,
    ) -> HashMap<String, Result<Arc<Channel>, Failure>> {
        let mut answers = HashMap::with_capacity(ids.len());
        let mut unknown = Vec::new();
        for id in ids {
            let known = self.channel_in_directory(id).map(Ok);
            match known.or_else(|| self.missing().find(id).map(Err)) {
                Some(answer) => drop(answers.insert(id.clone(), answer)),
                None => unknown.push(id.clone()),
            }
        }
        let count = unknown.len();
        for id in unknown.drain(mentions::MOST.min(count)..) {
            answers.insert(id, Err(mentions::too_many("conversations.info", count)));
        }
        let briefly = &mentions::briefly(call);
        let asked = unknown.into_iter().map(|id| async move {
            let answer = self.channel(&id, briefly).await;
            self.missing().note(&id, &answer);
            (id, answer)
        });
        let mut asked = stream::iter(asked.collect::<Vec<_>>()).buffer_unordered(CONCURRENCY);
        while let Some((id, answer)) = asked.next().await {
            answers.insert(id, answer);
        }
        answers
    }

    /// A channel's messages, newest first.
    pub async fn history(&self, query: &HistoryQuery, call: &Call) -> Result<MessagePage, Failure> {
        let request = reading("conversations.history")
            .query("channel", &query.channel)
            .fresh_for(MESSAGES_TIME_TO_LIVE, vec![tag(&query.channel)]);
        let wanted = Wanted {
            count: query.limit,
            cursor: query.cursor.as_deref(),
            behind: "latest",
        };
        let mut page = self.collect(&request, &wanted, call).await?;
        if page.messages.len() > query.limit {
            // More than was asked for, and Slack's cursor points behind all of them.
            page.messages.truncate(query.limit);
            page.next = page.messages.last().map(|last| behind(last.ts.as_str()));
        }
        self.threads()
            .keep(&query.channel, page.messages.iter().map(AsRef::as_ref));
        Ok(page)
    }

    /// A thread's replies, oldest first, without its first message. Slack gives that one along, on the first page always
    /// and often on later ones, and counts it.
    pub async fn replies(&self, query: &RepliesQuery, call: &Call) -> Result<MessagePage, Failure> {
        let request = reading("conversations.replies")
            .query("channel", &query.channel)
            .query("ts", query.root.as_str())
            .fresh_for(MESSAGES_TIME_TO_LIVE, vec![tag(&query.channel)]);
        let wanted = Wanted {
            count: query.limit + usize::from(query.cursor.is_none()),
            cursor: query.cursor.as_deref(),
            behind: "oldest",
        };
        let mut page = self.collect(&request, &wanted, call).await?;
        page.messages.retain(|message| message.ts != query.root);
        if page.messages.len() > query.limit {
            page.messages.truncate(query.limit);
            page.next = page.messages.last().map(|last| behind(last.ts.as_str()));
        }
        self.threads()
            .keep(&query.channel, page.messages.iter().map(AsRef::as_ref));
        Ok(page)
    }

    /// Asks until there are as many as wanted: pages may hold fewer than their limit ("Pagination").
    async fn collect(&self, request: &Request, wanted: &Wanted<'_>, call: &Call) -> Result<MessagePage, Failure> {
        let mut page = MessagePage {
            messages: Vec::new(),
            next: wanted.cursor.map(str::to_owned),
            shortfall: None,
        };
        let mut seen = HashSet::new();
        let mut given = 0;
        for _ in 0..MOST_PAGES {
            let mut request = request.clone().query("limit", (wanted.count - given).to_string());
            if let Some(cursor) = &page.next {
                request = match cursor.strip_prefix(FROM_TS) {
                    Some(ts) => request.query(wanted.behind, ts),
                    None => request.query("cursor", cursor),
                };
            }
            let answer: Page = match self.ask(request, call).await {
                Ok(answer) => answer,
                Err(failure) if page.messages.is_empty() => return Err(failure),
                // What came is worth more than the failure, and the cursor leads on to the rest.
                Err(failure) => {
                    page.shortfall = Some(failure);
                    return Ok(page);
                }
            };
            given += answer.messages.len();
            // There may be more and yet no cursor that leads there.
            let behind_last = answer.messages.last().filter(|_| answer.has_more == Some(true));
            let behind_last = behind_last.map(|last| behind(last.ts.as_str()));
            let new = answer
                .messages
                .into_iter()
                .filter(|message| seen.insert(message.ts.clone()));
            page.messages.extend(new.map(Arc::new));
            let next = answer.response_metadata.unwrap_or_default().next().or(behind_last);
            let repeated = next.is_some() && next == page.next;
            page.next = next.filter(|_| !repeated);
            if page.next.is_none() || given >= wanted.count {
                break;
            }
        }
        Ok(page)
    }
}

/// The cursor of what comes behind a message: the messages before it in a history, those after it in a thread.
pub fn behind(ts: &str) -> String {
    format!("{FROM_TS}{ts}")
}

/// What an answer about this channel tells about, for whoever makes it stale.
pub(super) fn tag(channel: &str) -> String {
    format!("slack:channel:{channel}")
}
