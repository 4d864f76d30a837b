//! Posting, and the addresses of messages.

use super::answer::lenient;
use super::client::{Client, reading};
use super::conversations::tag;
use super::{BACKEND, Message, Ts, said, search};
use http::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::Duration;
use upstream::{Body, Call, Cause, Failure, Outcome, Request};

/// A message's address does not change.
const PERMALINK_TIME_TO_LIVE: Duration = Duration::from_secs(86_400);

const POST_MESSAGE: &str = "chat.postMessage";

/// A message to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The channel's id, or `#name` of a public one.
    pub channel: String,
    /// The text, in mrkdwn.
    pub text: String,
    /// The message to reply to.
    pub thread_ts: Option<Ts>,
}

/// A message that was posted.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The id of the channel it went to; what was asked for where Slack does not say it.
    pub channel: String,
    /// The message as Slack keeps it; as it was sent where Slack does not show it.
    pub message: Message,
}

/// Slack's own types promise none of these, and a post that was carried out must not fail for what its answer lacks.
#[derive(Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "lenient")]
    channel: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    ts: Option<Ts>,
    #[serde(default, deserialize_with = "lenient")]
    message: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Permalink {
    permalink: String,
}

impl Client {
    /// Posts a message. About one a second and channel is allowed ("Rate limits"), so the channel is the finer key.
    pub async fn post_message(&self, post: &Post, call: &Call) -> Result<Posted, Failure> {
        let mut body = json!({"channel": post.channel, "text": post.text});
        if let (Some(thread_ts), Some(fields)) = (&post.thread_ts, body.as_object_mut()) {
            fields.insert("thread_ts".to_owned(), thread_ts.as_str().into());
        }
        let request = Request::write(POST_MESSAGE, Method::POST, format!("/{POST_MESSAGE}"))
            .body(Body::Json(body))
            .bucket(&post.channel)
            .changing(changes(&post.channel));
        let answer: Answer = self.ask(request, call).await?;
        let posted = answer.about(post);
        // Slack says where a message went that was sent to a name or to a person.
        if let Ok(posted) = &posted {
            self.changed(&changes(&posted.channel));
            self.threads().keep(&posted.channel, [&posted.message]);
        }
        posted
    }

    /// A message's address in Slack.
    pub async fn permalink(&self, channel: &str, ts: &Ts, call: &Call) -> Result<String, Failure> {
        let request = reading("chat.getPermalink")
            .query("channel", channel)
            .query("message_ts", ts.as_str())
            .fresh_for(PERMALINK_TIME_TO_LIVE, vec![tag(channel)]);
        let Permalink { permalink } = self.ask(request, call).await?;
        Ok(permalink)
    }
}

/// What a message in this channel makes stale.
fn changes(channel: &str) -> Vec<String> {
    vec![tag(channel), search::TAG.to_owned()]
}

impl Answer {
    /// What was posted. A message is told by its `ts`, so that an answer without any leaves open which one it became.
    fn about(self, post: &Post) -> Result<Posted, Failure> {
        let mut fields = self.message.unwrap_or_else(|| {
            let text = ("text".to_owned(), Value::from(post.text.as_str()));
            let thread_ts = post.thread_ts.as_ref().map(|ts| Value::from(ts.as_str()));
            let thread_ts = thread_ts.map(|ts| ("thread_ts".to_owned(), ts));
            std::iter::once(text).chain(thread_ts).collect()
        });
        if let Some(ts) = &self.ts {
            fields.insert("ts".to_owned(), ts.as_str().into());
        }
        let message = serde_json::from_value(Value::Object(fields)).map_err(|_| nameless())?;
        let channel = said(self.channel.as_deref()).unwrap_or(&post.channel).to_owned();
        Ok(Posted { channel, message })
    }
}

fn nameless() -> Failure {
    let cause = Cause::Malformed {
        expected: "the `ts` of the message",
        got: "`ok` without it".to_owned(),
    };
    Failure::new(BACKEND, POST_MESSAGE, cause)
        .with_hint("Slack took the message but did not say its `ts`: read the channel before posting it again")
        .with_outcome(Outcome::Unknown)
}
