//! Posting, and the addresses of messages.

use super::client::{Client, reading};
use super::conversations::tag;
use super::{Message, Ts};
use crate::upstream::{Body, Call, Failure, Request};
use http::Method;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// A message's address does not change.
const PERMALINK_TIME_TO_LIVE: Duration = Duration::from_secs(86_400);

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
#[derive(Debug, Clone, Deserialize)]
pub struct Posted {
    /// The id of the channel it went to.
    pub channel: String,
    /// The message as Slack keeps it.
    pub message: Message,
}

#[derive(Deserialize)]
struct Permalink {
    permalink: String,
}

impl Client {
    /// Posts a message. About one a second and channel is allowed [Rate limits], so the channel is the finer key.
    pub async fn post_message(&self, post: &Post, call: &Call) -> Result<Posted, Failure> {
        let mut body = json!({"channel": post.channel, "text": post.text});
        if let (Some(thread_ts), Some(fields)) = (&post.thread_ts, body.as_object_mut()) {
            fields.insert("thread_ts".to_owned(), thread_ts.as_str().into());
        }
        let operation = "chat.postMessage";
        let request = Request::write(operation, Method::POST, format!("/{operation}"))
            .body(Body::Json(body))
            .bucket(&post.channel);
        self.ask(request, call).await
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
