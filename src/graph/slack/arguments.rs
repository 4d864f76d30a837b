//! What several fields of Slack's part check in their arguments, before anything is asked of Slack.

use super::SlackChannel;
use crate::backends::names::short;
use crate::backends::slack::{BACKEND, ChannelRef, MessageRef, Permalink};
use crate::graph::failure::{graphql_error, loaders};
use async_graphql::{Context, Error};
use upstream::{Cause, Failure};

/// The most messages that a page of history or replies may be asked for.
pub(super) const MOST_MESSAGES: usize = 200;

/// A count within 1 and `most`.
pub(super) fn count(name: &'static str, value: i32, most: usize) -> Result<usize, Error> {
    let count = usize::try_from(value).ok().filter(|count| (1..=most).contains(count));
    count.ok_or_else(|| invalid(name, format!("`{name}` must be 1 to {most}, not {value}")))
}

/// The channel that an id or a name means. An id costs no request; a name is looked up in the directory.
pub(super) async fn channel(ctx: &Context<'_>, text: &str) -> Result<SlackChannel, Error> {
    match ChannelRef::parse(text).map_err(|failure| graphql_error(&failure))? {
        ChannelRef::Id(id) => Ok(SlackChannel::by_id(id)),
        ChannelRef::Person(id) => {
            let message = format!("`{id}` is a person's id, not a channel's");
            let failure = Failure::new(BACKEND, "channel", Cause::Invalid { message });
            Err(graphql_error(&failure.with_hint(
                "give a channel's id or `#name`; a direct conversation has an id of its own, such as `D0123456789`",
            )))
        }
        ChannelRef::Name(name) => {
            let found = loaders(ctx)?.slack.channel_named(&name).await;
            let channel = found.map_err(|failure| graphql_error(&failure))?;
            Ok(SlackChannel::known(&channel))
        }
    }
}

/// The message that a `ts` or a permalink names. Checked here because Slack takes a wrong `ts` for none.
pub(super) fn message(name: &'static str, text: &str) -> Result<MessageRef, Error> {
    let example = "`1355517523.000005`";
    MessageRef::parse(text).ok_or_else(|| {
        let text = short(text);
        let lost = is_number(&text).then_some(", always with six decimals: give it as text, as a result has it");
        let lost = lost.unwrap_or_default();
        let message =
            format!("`{name}` must be a message's `ts` such as {example} or its permalink, not `{text}`{lost}");
        invalid(name, message)
    })
}

/// Checks that a permalink is of this channel.
pub(super) fn same_channel(name: &'static str, permalink: Option<&Permalink>, channel: &str) -> Result<(), Error> {
    match permalink {
        Some(permalink) if permalink.channel != channel => {
            let message = format!(
                "`{name}` is the permalink of a message in `{}`, and `channel` is `{channel}`: give `channel` as `{}`, or another message",
                permalink.channel, permalink.channel
            );
            Err(invalid(name, message))
        }
        _ => Ok(()),
    }
}

fn is_number(text: &str) -> bool {
    text.trim().bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// The error of an argument that is wrong.
pub(super) fn invalid(operation: &'static str, message: String) -> Error {
    graphql_error(&Failure::new(BACKEND, operation, Cause::Invalid { message }))
}
