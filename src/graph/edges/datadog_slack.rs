//! A Datadog monitor's `@slack-…` handles lead to Slack channels ("Datadog docs: Slack integration; Notifications").

mod handles;

use crate::backends::clean::shortened;
use crate::backends::slack::HandleQuery;
use crate::graph::failure::{graphql_error, loaders, report};
use crate::graph::slack::SlackChannel;
use async_graphql::{Context, Error};
use futures::future::join_all;
use handles::{Handle, handles};
use std::collections::HashSet;
use upstream::{Cause, Failure};

/// How many channels are given. What a tool costs is reckoned with it: `schema/weights.graphql` has the same number.
pub const MOST_CHANNELS: usize = 10;

/// How many handles of a message are looked up. Each may take pages of the channel directory.
const MOST_HANDLES: usize = 50;

/// How many of those that are left out are named.
const NAMED: usize = 12;

/// How many characters of a handle are shown: no channel's name is longer, and a message can hold anything.
const LONGEST_SHOWN: usize = 120;

/// The Slack channels that a monitor's message names, each once, in order.
///
/// A handle that leads nowhere is reported beside the others; when Slack itself fails, so does the field, unless other
/// handles were found.
pub async fn channels_of(ctx: &Context<'_>, message: &str) -> Result<Vec<SlackChannel>, Error> {
    let mut handles = handles(message);
    if handles.len() > MOST_HANDLES {
        report(ctx, &too_many_handles(handles.len()));
        handles.truncate(MOST_HANDLES);
    }
    let loaders = loaders(ctx)?;
    let account = loaders.datadog.slack_account();
    // All of them to their end: a loader's future must not be dropped half-way.
    let answers = join_all(handles.into_iter().map(async |handle| {
        if let Handle::Variable(handle) = handle {
            return Err(Miss::Nowhere(variable(handle)));
        }
        let query = HandleQuery {
            handle: handle.text().to_owned(),
            account: account.map(str::to_owned),
        };
        match loaders.slack.channel_by_handle(query).await {
            Ok(Some(channel)) => Ok(channel),
            Ok(None) => Err(Miss::Nowhere(unknown(handle.text()))),
            Err(failure) => Err(Miss::Failed(failure)),
        }
    }))
    .await;

    let mut seen = HashSet::new();
    let (mut channels, mut failed, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for answer in answers {
        match answer {
            Ok(channel) if seen.insert(channel.id.clone()) => {
                if channels.len() < MOST_CHANNELS {
                    channels.push(SlackChannel::known(&channel));
                } else {
                    left_out.push(channel.name.clone().unwrap_or_else(|| channel.id.clone()));
                }
            }
            Ok(_again) => {}
            Err(Miss::Nowhere(failure)) => report(ctx, &failure),
            Err(Miss::Failed(failure)) => failed.push(failure),
        }
    }
    if !left_out.is_empty() {
        report(ctx, &too_many(&left_out));
    }
    match failed.first() {
        Some(failure) if channels.is_empty() => return Err(graphql_error(failure)),
        _ => failed.iter().for_each(|failure| report(ctx, failure)),
    }
    Ok(channels)
}

/// Why a handle gave no channel.
enum Miss {
    /// It names none.
    Nowhere(Failure),
    /// Slack could not be asked.
    Failed(Failure),
}

fn too_many(left_out: &[String]) -> Failure {
    let message = format!(
        "the monitor's message names {} Slack channels, and {MOST_CHANNELS} are given",
        MOST_CHANNELS + left_out.len()
    );
    let named: Vec<_> = left_out.iter().take(NAMED).map(|name| format!("#{name}")).collect();
    let more = if left_out.len() > NAMED { ", …" } else { "" };
    Failure::new("datadog", "GetMonitor", Cause::Invalid { message }).with_hint(format!(
        "the others are to be asked for by name: {}{more}",
        named.join(", ")
    ))
}

fn unknown(handle: &str) -> Failure {
    let what = format!("a Slack channel for `{}`", shortened(handle, LONGEST_SHOWN));
    let usual = "invite the app to the channel if it is private, or correct the monitor's message";
    let has_a_prefix = handle.strip_prefix("@slack-").is_some_and(|name| name.contains('-'));
    let hint = if has_a_prefix {
        format!(
            "if the handle begins with Datadog's name for this Slack workspace, set that name as `slack_account` under \
             `[datadog]` in braid.toml; otherwise {usual}"
        )
    } else {
        usual.to_owned()
    };
    Failure::new("slack", "conversations.list", Cause::NotFound { what }).with_hint(hint)
}

fn variable(handle: &str) -> Failure {
    let what = format!("one Slack channel for `{}`", shortened(handle, LONGEST_SHOWN));
    Failure::new("datadog", "GetMonitor", Cause::NotFound { what })
        .with_hint("Datadog fills in the name from the group that alerts; see the message and the failing groups")
}

fn too_many_handles(handles: usize) -> Failure {
    let message =
        format!("the monitor's message has {handles} Slack handles, and the first {MOST_HANDLES} are looked up");
    Failure::new("datadog", "GetMonitor", Cause::Invalid { message })
        .with_hint("the others stand in the monitor's message: ask for their channels by name")
}

#[cfg(test)]
mod tests;
