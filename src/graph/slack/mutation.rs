//! Slack's writes: what is wrong with a message is said before it is sent.

use super::arguments::{self, invalid};
use super::{SlackChannel, SlackMessage};
use crate::backends::slack::{ChannelRef, MessageKey, MessageRef, Post, Ts};
use crate::graph::failure::{graphql_error, loaders};
use async_graphql::{Context, Error, ID, Object};
use std::sync::Arc;
use upstream::{Cause, Failure};

/// Slack cuts off what is longer [chat.postMessage, "Truncating content"].
const LONGEST_TEXT: usize = 40_000;

const POST_MESSAGE: &str = "chat.postMessage";

/// Slack's writes.
pub struct SlackMutation;

/// What can be changed in Slack.
#[Object]
impl SlackMutation {
    /// Post a message to a Slack channel, or a reply to a thread.
    async fn slack_send_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Channel id (`C0123456789`) or `#name`.")] channel: String,
        #[graphql(desc = "The message, in Slack's mrkdwn; at most 40,000 characters.")] text: String,
        #[graphql(
            desc = "The `ts` or the permalink of the message to reply to, or of any reply in its thread; leave out to start a new thread."
        )]
        thread_ts: Option<ID>,
    ) -> Result<Option<SlackMessage>, Error> {
        let thread = thread_ts.as_ref().map(|text| arguments::message("thread_ts", text));
        let thread = thread.transpose()?;
        check(&text)?;
        let destination = Destination::of(ctx, &channel).await?;
        let thread_ts = match &thread {
            Some(message) => Some(destination.thread(ctx, message).await?),
            None => None,
        };
        let post = Post {
            channel: destination.into_argument(),
            text,
            thread_ts,
        };
        let posted = loaders(ctx)?.slack.post(&post).await;
        let posted = posted.map_err(|failure| graphql_error(&failure))?;
        let channel = SlackChannel::by_id(posted.channel);
        Ok(Some(SlackMessage::new(channel, &Arc::new(posted.message))))
    }
}

fn check(text: &str) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(invalid(
            POST_MESSAGE,
            "`text` is empty: a message must say something".to_owned(),
        ));
    }
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        let message = format!("`text` has {length} characters, more than the {LONGEST_TEXT} Slack takes: split it");
        return Err(invalid(POST_MESSAGE, message));
    }
    Ok(())
}

/// Where a message goes.
enum Destination {
    /// A channel, by id.
    Channel(String),
    /// A person, by id.
    Person(String),
    /// A public channel, by name: its id could not be looked up.
    Name(String),
}

impl Destination {
    /// The id behind a name. Where the directory cannot be read, the name goes as it is: Slack takes that for public
    /// channels. Where it can and the name is not in it, nothing is sent.
    async fn of(ctx: &Context<'_>, channel: &str) -> Result<Self, Error> {
        let name = match ChannelRef::parse(channel).map_err(|failure| graphql_error(&failure))? {
            ChannelRef::Id(id) => return Ok(Self::Channel(id)),
            ChannelRef::Person(id) => return Ok(Self::Person(id)),
            ChannelRef::Name(name) => name,
        };
        match loaders(ctx)?.slack.channel_named(&name).await {
            Ok(channel) => Ok(Self::Channel(channel.id.clone())),
            Err(failure) if matches!(failure.cause, Cause::MissingScope { .. } | Cause::Throttled { .. }) => {
                Ok(Self::Name(name))
            }
            Err(failure) => Err(graphql_error(&failure)),
        }
    }

    /// The first message of the thread to reply in. Slack takes a `ts` that is no message's, or a reply's, without a word,
    /// and shows the message to nobody; so what cannot be looked up is not sent.
    async fn thread(&self, ctx: &Context<'_>, message: &MessageRef) -> Result<Ts, Error> {
        let channel = self.with_threads()?;
        let permalink = message.permalink.as_ref();
        arguments::same_channel("thread_ts", permalink, channel)?;
        let root = permalink.and_then(|permalink| permalink.root.clone());
        let key = MessageKey {
            channel: channel.to_owned(),
            ts: message.ts.clone(),
            root: root.clone(),
        };
        match loaders(ctx)?.slack.thread_root(&key).await {
            Ok(first) => Ok(first),
            // Whoever may post and not read has a permalink from Slack itself, which tells replies from other messages.
            Err(Failure {
                cause: Cause::MissingScope { .. },
                ..
            }) if permalink.is_some() => Ok(root.unwrap_or(key.ts)),
            Err(failure) => Err(graphql_error(&explained(failure))),
        }
    }

    fn with_threads(&self) -> Result<&str, Error> {
        let message = match self {
            Self::Channel(id) => return Ok(id),
            Self::Person(id) => format!(
                "`channel` is the person `{id}`, and a thread is in a conversation: give its id, `D…`, which the result of a message to that person has as `channel`"
            ),
            Self::Name(name) => format!(
                "the id of `#{name}` cannot be looked up now, and a reply needs it: give `channel` as `C0123456789`"
            ),
        };
        Err(invalid(POST_MESSAGE, message))
    }

    fn into_argument(self) -> String {
        match self {
            Self::Channel(id) | Self::Person(id) => id,
            Self::Name(name) => format!("#{name}"),
        }
    }
}

/// Why a reply was not sent, where it is the look-up of its thread that failed.
fn explained(failure: Failure) -> Failure {
    match &failure.cause {
        Cause::MissingScope { needed, .. } => {
            let hint = format!(
                "the message to reply to cannot be looked up without the scope {needed}, and nothing was sent: give its permalink as `thread_ts`, or add the scope"
            );
            failure.with_hint(hint)
        }
        _ => failure,
    }
}
