//! Slack: typed calls.

use crate::upstream::Stack;

/// A client of Slack.
#[derive(Clone)]
pub struct Client {
    stack: Stack,
}

impl Client {
    /// A client on this road.
    pub fn new(stack: Stack) -> Self {
        Self { stack }
    }
}
