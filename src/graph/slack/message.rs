//! A message: what it says, who wrote it, what hangs on it.

use super::connection::{self, SlackMessageConnection, Thread};
use super::{SlackAuthor, SlackChannel};
use crate::backends::names::short;
use crate::backends::slack::{BACKEND, Message, Names, Prose, SearchHit, Ts};
use crate::graph::edges::slack_github;
use crate::graph::failure::{graphql_error, loaders, report};
use crate::graph::github::GitHubObject;
use crate::graph::scalars::DateTime;
use async_graphql::{Context, Error, ID, Object};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use upstream::{Cause, Failure};

/// How many of the people, and how many of the channels, that a message mentions are shown by name. Each may be a request.
const MOST_NAMED: usize = 40;

/// A message, a thread reply, or a bot's post.
pub struct SlackMessage {
    channel: SlackChannel,
    message: Arc<Message>,
    permalink: Option<String>,
    /// Where it came from says whether it has replies; a search does not.
    replies_are_counted: Counted,
    /// Read when the text or the links are selected, and once for both.
    prose: OnceLock<Prose>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Yes,
    No,
}

impl SlackMessage {
    /// A message of a channel's history, of a thread, or just posted.
    pub(super) fn new(channel: SlackChannel, message: &Arc<Message>) -> Self {
        Self {
            channel,
            message: Arc::clone(message),
            permalink: None,
            replies_are_counted: Counted::Yes,
            prose: OnceLock::new(),
        }
    }

    /// A message that a search found.
    pub(super) fn found(hit: &SearchHit) -> Self {
        let found = &hit.channel;
        let channel = if found.is_im == Some(true) {
            SlackChannel::direct(&found.id)
        } else {
            SlackChannel::named(&found.id, found.name.clone())
        };
        Self {
            channel,
            message: Arc::clone(&hit.message),
            permalink: hit.permalink.clone(),
            replies_are_counted: Counted::No,
            prose: OnceLock::new(),
        }
    }

    fn prose(&self) -> &Prose {
        self.prose.get_or_init(|| Prose::of(&self.message))
    }

    /// The first message of its thread, where it may have replies: those that start no thread are not asked for any.
    fn thread_root(&self) -> Option<&Ts> {
        let message = &self.message;
        let may_have = message.reply_count.unwrap_or(0) > 0 || self.replies_are_counted == Counted::No;
        message.thread_ts.as_ref().or_else(|| may_have.then_some(&message.ts))
    }
}

/// A message, a thread reply, or a bot's post.
#[Object]
impl SlackMessage {
    /// The channel it stands in.
    async fn channel(&self) -> &SlackChannel {
        &self.channel
    }

    /// Slack's id of the message within its channel, e.g. `1355517523.000005`; a reply needs it.
    async fn ts(&self) -> ID {
        ID(self.message.ts.as_str().to_owned())
    }

    /// When it was posted.
    async fn at(&self) -> DateTime {
        DateTime(self.message.ts.at())
    }

    /// Who wrote it.
    async fn author(&self) -> Option<SlackAuthor> {
        SlackAuthor::of(&self.message)
    }

    /// The text as people read it: mentions by name, links as URLs, attachments and blocks flattened.
    async fn text(&self, ctx: &Context<'_>) -> Result<String, Error> {
        let prose = self.prose();
        let slack = &loaders(ctx)?.slack;
        let (people, channels, groups) = futures::join!(
            slack.mentioned_people(first(ctx, prose.people(), "people")),
            slack.mentioned_channels(first(ctx, prose.channels(), "channels")),
            slack.user_groups(prose.groups())
        );
        let names = Names {
            people: names(ctx, people, |user| user.shown_name().map(short)),
            channels: names(ctx, channels, |channel| channel.name.as_deref().map(short)),
            groups: names(ctx, groups, |group| group.as_ref()?.shown_name().map(short)),
        };
        Ok(prose.text(&names))
    }

    /// The `ts` of the thread's first message, where it is in a thread.
    async fn thread_ts(&self) -> Option<ID> {
        let root = self.message.thread_ts.as_ref()?;
        Some(ID(root.as_str().to_owned()))
    }

    /// How many replies its thread has, where it starts one.
    async fn reply_count(&self) -> Option<i32> {
        let count = self.message.reply_count?;
        i32::try_from(count).ok()
    }

    /// The thread's replies, oldest first, without the first message.
    async fn replies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many replies, 1 to 200.", default = 20)] limit: i32,
        #[graphql(desc = "Where to go on: the `endCursor` of the page before.")] cursor: Option<String>,
    ) -> Result<Option<SlackMessageConnection>, Error> {
        let thread = Thread {
            channel: &self.channel,
            root: self.thread_root(),
        };
        connection::replies(ctx, thread, limit, cursor.as_deref())
            .await
            .map(Some)
    }

    /// A link to the message in Slack.
    async fn permalink(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        if let Some(permalink) = &self.permalink {
            return Ok(Some(permalink.clone()));
        }
        let permalink = loaders(ctx)?
            .slack
            .permalink(self.channel.slack_id(), &self.message.ts)
            .await;
        permalink.map(Some).map_err(|failure| graphql_error(&failure))
    }

    /// The GitHub objects whose URLs stand in the text, blocks and attachments, each once, in order; at most 20.
    async fn links(&self, ctx: &Context<'_>) -> Result<Option<Vec<GitHubObject>>, Error> {
        slack_github::objects_of(ctx, &self.prose().urls()).await.map(Some)
    }
}

/// The first of those that a text mentions; that others are shown by id is reported.
fn first(ctx: &Context<'_>, mut ids: Vec<String>, kind: &'static str) -> Vec<String> {
    if ids.len() > MOST_NAMED {
        let message = format!(
            "the text mentions {} {kind}, and the first {MOST_NAMED} are shown by name",
            ids.len()
        );
        let failure = Failure::new(BACKEND, "text", Cause::Invalid { message });
        report(ctx, &failure.with_hint("the others are shown by id"));
        ids.truncate(MOST_NAMED);
    }
    ids
}

/// The names that could be had. A message without a name still says more than none, so a failure is reported beside it,
/// once; that somebody mentioned is not there (any more) is no failure of the text.
fn names<T>(
    ctx: &Context<'_>,
    answers: HashMap<String, Result<T, Failure>>,
    name: impl Fn(&T) -> Option<String>,
) -> HashMap<String, String> {
    let mut names = HashMap::new();
    let mut failures = Vec::new();
    for (id, answer) in answers {
        match answer {
            Ok(found) => names.extend(name(&found).map(|name| (id, name))),
            Err(failure) if matches!(failure.cause, Cause::NotFound { .. }) => {}
            Err(failure) => failures.push((id, failure)),
        }
    }
    if let Some((_, failure)) = failures.iter().min_by(|(a, _), (b, _)| a.cmp(b)) {
        report(ctx, failure);
    }
    names
}
