//! Loaders for Slack.

use crate::backends::Backend;
use crate::backends::slack::{Channel, Client};
use crate::upstream::{Call, Failure};
use std::sync::Arc;

/// What one operation loads from Slack.
pub struct Loader {
    client: Backend<Client>,
    call: Arc<Call>,
}

impl Loader {
    /// Loaders for one operation.
    pub fn new(client: Backend<Client>, call: Arc<Call>) -> Self {
        Self { client, call }
    }

    /// The channel that a Datadog handle such as `@slack-acme-incidents` names, where there is one.
    pub async fn channel_by_handle(&self, _handle: &str) -> Result<Option<Arc<Channel>>, Failure> {
        Ok(None)
    }
}
