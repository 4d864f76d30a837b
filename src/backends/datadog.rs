//! Datadog: typed calls.

use crate::upstream::Stack;

/// A client of Datadog.
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
