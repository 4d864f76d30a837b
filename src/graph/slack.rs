//! Slack in the unified schema.

mod arguments;
mod author;
mod channel;
mod connection;
mod message;
mod mutation;
mod query;
#[cfg(test)]
mod tests;
mod user;

pub use author::SlackAuthor;
pub use channel::SlackChannel;
pub use connection::SlackMessageConnection;
pub use message::SlackMessage;
pub use mutation::SlackMutation;
pub use query::{SlackQuery, SlackSearchSort};
pub use user::SlackUser;
