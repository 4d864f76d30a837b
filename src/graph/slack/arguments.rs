//! What several fields of Slack's part check in their arguments, before anything is asked of Slack.

use super::SlackChannel;
use crate::backends::slack::{BACKEND, ChannelRef};
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

/// The error of an argument that is wrong.
pub(super) fn invalid(operation: &'static str, message: String) -> Error {
    graphql_error(&Failure::new(BACKEND, operation, Cause::Invalid { message }))
}
