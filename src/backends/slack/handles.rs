//! Datadog's handles: which channel `@slack-…` means.
//!
//! A handle is `@slack-<channel>` or `@slack-<account>-<channel>` ("Datadog docs: Slack integration"). Both names may
//! hold hyphens, and no endpoint lists the accounts. The whole name is tried first; a prefix is dropped only if it is
//! known to be the account's name. Anything else would be a guess, and could show another channel than the one that is
//! notified.

use super::client::{Client, reading};
use super::{Channel, Identity};
use crate::backends::names;
use std::sync::Arc;
use std::time::Duration;
use upstream::{Call, Failure};
use url::Url;

/// The longest name of a channel ("Slack help: Guidelines for channel names"). Longer ones are not looked for.
const LONGEST_NAME: usize = 80;

/// How long the workspace's name is used.
const TIME_TO_LIVE: Duration = Duration::from_secs(3600);

/// A handle, and what Datadog calls this workspace where the configuration says so.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HandleQuery {
    /// The handle, e.g. `@slack-acme-incidents` or `@slack-acme-#incidents`.
    pub handle: String,
    /// `[datadog] slack_account`.
    pub account: Option<String>,
}

/// The workspace that the token belongs to [auth.test].
#[derive(Debug, Clone, PartialEq, Eq)]
struct Workspace {
    /// E.g. `Acme Corporation`.
    name: String,
    /// E.g. `acme` of `https://acme.slack.com/`.
    domain: Option<String>,
}

/// What stands in a handle after `@slack-`.
#[derive(Debug, PartialEq, Eq)]
enum Parts<'a> {
    /// A channel, perhaps after an account's name.
    Undivided(&'a str),
    /// An account and a channel, divided by `#`.
    Divided(&'a str, &'a str),
}

impl Client {
    /// The channel that a handle names, where there is one. Slack is asked for the workspace's name only if no channel
    /// has the whole name.
    pub async fn channel_by_handle(&self, query: &HandleQuery, call: &Call) -> Result<Option<Arc<Channel>>, Failure> {
        let name = names::key(query.handle.trim().trim_start_matches('@'));
        let parts = parts(name.strip_prefix("slack-").unwrap_or(&name));
        if let Parts::Undivided(whole) = parts
            && let Some(channel) = self.channel_of_these(&[whole], call).await?
        {
            return Ok(Some(channel));
        }
        if let Parts::Undivided(whole) = parts
            && !whole.contains('-')
        {
            return Ok(None);
        }
        let configured: Vec<_> = query.account.iter().flat_map(|account| spellings(account)).collect();
        if let Some(channel) = self.channel_of_these(&parts.after(&configured), call).await? {
            return Ok(Some(channel));
        }
        let workspace = self.workspace(call).await?;
        let known = workspace.domain.iter().chain([&workspace.name]);
        let known: Vec<_> = known.flat_map(|name| spellings(name)).collect();
        self.channel_of_these(&parts.after(&known), call).await
    }

    async fn channel_of_these(&self, names: &[&str], call: &Call) -> Result<Option<Arc<Channel>>, Failure> {
        let can_be = |name: &&&str| !name.is_empty() && name.chars().nth(LONGEST_NAME).is_none();
        let names: Vec<_> = names.iter().filter(can_be).map(|name| (*name).to_owned()).collect();
        if names.is_empty() {
            return Ok(None);
        }
        self.first_channel_named(&names, call).await
    }

    async fn workspace(&self, call: &Call) -> Result<Workspace, Failure> {
        let request = reading("auth.test").fresh_for(TIME_TO_LIVE, vec!["slack:workspace".to_owned()]);
        self.ask::<Identity>(request, call).await.map(Workspace::from)
    }
}

impl Parts<'_> {
    /// The names that are left when one of these accounts is dropped, the longest first: of two accounts that fit, the
    /// shorter one leaves the more exact name.
    fn after(&self, accounts: &[String]) -> Vec<&str> {
        let mut left: Vec<_> = accounts
            .iter()
            .filter_map(|account| match self {
                Parts::Undivided(whole) => whole.strip_prefix(account.as_str())?.strip_prefix('-'),
                Parts::Divided(before, channel) => (before == account).then_some(*channel),
            })
            .collect();
        left.sort_by_key(|name| std::cmp::Reverse(name.len()));
        left.dedup();
        left
    }
}

impl From<Identity> for Workspace {
    fn from(identity: Identity) -> Self {
        let url = Url::parse(&identity.url).ok();
        let host = url.as_ref().and_then(Url::host_str);
        Self {
            domain: host.and_then(|host| host.split('.').next()).map(str::to_owned),
            name: identity.team,
        }
    }
}

/// `acme-#deploys` is an account and a channel, `#deploys` is a channel alone.
fn parts(name: &str) -> Parts<'_> {
    match name.split_once("-#") {
        Some((account, channel)) => Parts::Divided(account, channel),
        None => Parts::Undivided(name.trim_start_matches('#')),
    }
}

/// How an account's name can be written in a handle, which holds no blanks.
fn spellings(name: &str) -> Vec<String> {
    let name = names::key(name);
    let words: Vec<_> = name.split_whitespace().collect();
    let mut spellings: Vec<_> = ["-", "_", ""].map(|between| words.join(between)).into();
    spellings.retain(|spelling| !spelling.is_empty());
    spellings.dedup();
    spellings
}

#[cfg(test)]
mod tests;
