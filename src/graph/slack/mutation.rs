//! Slack's writes: what is wrong with a message is said before it is sent.

use super::arguments::invalid;
use super::{SlackChannel, SlackMessage};
use crate::backends::slack::{ChannelRef, Post, Ts};
use crate::graph::failure::{graphql_error, loaders};
use async_graphql::{Context, Error, ID, Object};
use std::sync::Arc;
use upstream::Cause;

/// Slack cuts off what is longer [chat.postMessage, "Truncating content"].
const LONGEST_TEXT: usize = 40_000;

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
        #[graphql(desc = "The `ts` of the message to reply to; leave out to start a new one.")] thread_ts: Option<ID>,
    ) -> Result<Option<SlackMessage>, Error> {
        let thread_ts = thread_ts.as_ref().map(|ts| thread(ts)).transpose()?;
        check(&text)?;
        let post = Post {
            channel: destination(ctx, &channel).await?,
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
            "chat.postMessage",
            "`text` is empty: a message must say something".to_owned(),
        ));
    }
    let length = text.chars().count();
    if length > LONGEST_TEXT {
        let message = format!("`text` has {length} characters, more than the {LONGEST_TEXT} Slack takes: split it");
        return Err(invalid("chat.postMessage", message));
    }
    Ok(())
}

/// Checked here because Slack takes a wrong one for none and starts a new thread.
fn thread(ts: &str) -> Result<Ts, Error> {
    let wrong = || {
        let message = format!("`thread_ts` must be a message's `ts` such as `1355517523.000005`, not `{ts}`");
        invalid("chat.postMessage", message)
    };
    Ts::parse(ts.trim())
        .filter(|ts| ts.as_str().contains('.'))
        .ok_or_else(wrong)
}

/// The id behind a name. Where the directory cannot be read, the name goes as it is: Slack takes that for public channels.
/// Where it can and the name is not in it, nothing is sent.
async fn destination(ctx: &Context<'_>, channel: &str) -> Result<String, Error> {
    let name = match ChannelRef::parse(channel).map_err(|failure| graphql_error(&failure))? {
        ChannelRef::Id(id) | ChannelRef::Person(id) => return Ok(id),
        ChannelRef::Name(name) => name,
    };
    match loaders(ctx)?.slack.channel_named(&name).await {
        Ok(channel) => Ok(channel.id.clone()),
        Err(failure) if matches!(failure.cause, Cause::MissingScope { .. } | Cause::Throttled { .. }) => {
            Ok(format!("#{name}"))
        }
        Err(failure) => Err(graphql_error(&failure)),
    }
}
