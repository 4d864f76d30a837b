//! Slack: typed calls, what it calls an error, how it names and writes things.
//!
//! `client` holds the roads and the caches; `conversations`, `people`, `user_groups`, `chat` and `search` are its
//! methods; `directory` finds channels by name, `handles` by Datadog's handles. `prose` makes a message into text, from `mrkdwn`, `blocks` and `attachments`.

mod answer;
mod attachments;
mod blocks;
mod bots;
mod chat;
mod classify;
mod client;
mod conversations;
mod directory;
mod handles;
mod identity;
mod limits;
mod login;
mod mentions;
mod missing;
mod mrkdwn;
mod people;
mod permalink;
mod prose;
mod reference;
mod search;
#[cfg(test)]
pub(crate) mod standin;
mod threads;
mod types;
mod user_groups;

pub use chat::{Post, Posted};
pub use classify::Classifier;
pub use client::{Client, ClientParams};
pub use conversations::{HistoryQuery, MessagePage, RepliesQuery, behind};
pub use handles::HandleQuery;
pub use identity::Identity;
pub use limits::limits;
pub use login::{Whose, log_in};
pub use mrkdwn::unescape;
pub use people::{SLACKBOT, Wanted};
pub use permalink::{MessageRef, Permalink};
pub use prose::{Names, Prose};
pub use reference::ChannelRef;
pub use search::{SearchHit, SearchPage, SearchQuery, SearchSort};
pub use threads::MessageKey;
pub use types::{Channel, Message, Note, Profile, Ts, User, said};
pub use user_groups::{UserGroup, UserGroups};

/// The name that failures, metrics and problems carry.
pub const BACKEND: &str = "slack";

/// The variable that holds the bot token.
pub const BOT_TOKEN: &str = "SLACK_BOT_TOKEN";

/// The scopes that only a user token has.
pub const USER_SCOPES: [&str; 1] = ["search:read"];

/// The variable that holds the user token.
pub const USER_TOKEN: &str = "SLACK_USER_TOKEN";
