//! A Datadog monitor's `@slack-…` handles lead to Slack channels ("Datadog docs: Slack integration; Notifications").

use crate::graph::failure::{graphql_error, loaders, report};
use crate::graph::slack::SlackChannel;
use async_graphql::{Context, Error};
use futures::future::join_all;
use std::collections::HashSet;
use upstream::{Cause, Failure};

const PREFIX: &str = "@slack-";

/// How many channels are given. What a tool costs is reckoned with it: `schema/weights.graphql` has the same number.
pub const MOST_CHANNELS: usize = 10;

/// How many of those that are left out are named.
const NAMED: usize = 12;

/// The Slack channels that a monitor's message names, each once, in order.
///
/// A handle that leads nowhere is reported beside the others; when Slack itself fails, so does the field, unless other
/// handles were found.
pub async fn channels_of(ctx: &Context<'_>, message: &str) -> Result<Vec<SlackChannel>, Error> {
    let slack = &loaders(ctx)?.slack;
    // All of them to their end: a loader's future must not be dropped half-way.
    let answers = join_all(handles(message).into_iter().map(async |handle| match handle {
        // `@slack-acme-#deploys` is written too.
        Handle::Fixed(handle) => match slack.channel_by_handle(&handle.replacen("-#", "-", 1)).await {
            Ok(Some(channel)) => Ok(channel),
            Ok(None) => Err(Miss::Nowhere(unknown(handle))),
            Err(failure) => Err(Miss::Failed(failure)),
        },
        Handle::Variable(handle) => Err(Miss::Nowhere(variable(handle))),
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
    let what = format!("a Slack channel for `{handle}`");
    Failure::new("slack", "conversations.list", Cause::NotFound { what }).with_hint(
        "it may be private, archived or in another workspace: invite the app to it, or mend the monitor's message",
    )
}

fn variable(handle: &str) -> Failure {
    let what = format!("one Slack channel for `{handle}`");
    Failure::new("datadog", "GetMonitor", Cause::NotFound { what })
        .with_hint("Datadog fills in the name from the group that alerts; see the message and the failing groups")
}

/// A handle in a message, from `@` on.
#[derive(Debug, PartialEq, Eq, Hash, Clone, Copy)]
enum Handle<'a> {
    /// `@slack-incidents`
    Fixed(&'a str),
    /// `@slack-{{service.name}}`: filled in when the monitor notifies.
    Variable(&'a str),
}

/// The handles in a message, each once, in order.
fn handles(message: &str) -> Vec<Handle<'_>> {
    let mut seen = HashSet::new();
    message
        .match_indices(PREFIX)
        .filter(|(at, _)| !message.get(..*at).is_some_and(is_mailbox))
        .filter_map(|(at, _)| handle(message.get(at..)?))
        .filter(|handle| seen.insert(*handle))
        .collect()
}

/// Whether this is what stands before the `@` of an e-mail address such as `ada@slack-hq.example`, and not another handle.
fn is_mailbox(mut before: &str) -> bool {
    while before.ends_with(char::is_alphanumeric) {
        match before.trim_end_matches(is_of_name).strip_suffix('@') {
            Some(earlier) => before = earlier,
            None => return true,
        }
    }
    false
}

/// The handle at the start of `text`. It ends where no channel's name goes on: at white space, punctuation, or a tag that
/// closes a block (`{{/is_alert}}`). A full stop or hyphen at the very end belongs to the sentence.
fn handle(text: &str) -> Option<Handle<'_>> {
    let mut end = PREFIX.len();
    let mut is_variable = false;
    loop {
        let rest = text.get(end..)?;
        if let Some(length) = variable_length(rest) {
            is_variable = true;
            end += length;
        } else if let Some(next) = rest.chars().next().filter(|next| is_of_name(*next)) {
            end += next.len_utf8();
        } else if rest.starts_with('#') && text.get(..end)?.ends_with('-') {
            end += 1;
        } else {
            break;
        }
    }
    let handle = text.get(..end)?.trim_end_matches(['.', '-', '#']);
    let named = handle.len() > PREFIX.len();
    named.then_some(if is_variable {
        Handle::Variable(handle)
    } else {
        Handle::Fixed(handle)
    })
}

/// The length of a variable such as `{{service.name}}`; `{{#…}}`, `{{^…}}`, `{{/…}}` and `{{else}}` are blocks.
fn variable_length(text: &str) -> Option<usize> {
    let (name, _) = text.strip_prefix("{{")?.split_once("}}")?;
    let is_block = name.trim_start().starts_with(['#', '^', '/', '!']) || name.trim() == "else";
    (!is_block).then_some(name.len() + 4)
}

/// Slack's names hold letters of any script, digits, `-` and `_`, older ones also `.`.
fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_' | '.')
}

#[cfg(test)]
mod tests;
