//! Batching loaders, one for each kind of key, made anew for each operation: what several places of one operation ask
//! for is asked once, and together.

pub mod datadog;
pub mod github;
pub mod slack;

use crate::backends::{self, Backend};
use std::sync::Arc;
use upstream::Call;

/// The clients that all operations share.
#[derive(Clone)]
pub struct Clients {
    /// Slack.
    pub slack: Backend<backends::slack::Client>,
    /// GitHub.
    pub github: Backend<backends::github::Client>,
    /// Datadog.
    pub datadog: Backend<backends::datadog::Client>,
}

/// The loaders of one operation; resolvers find it in their context.
pub struct Loaders {
    /// Slack.
    pub slack: slack::Loader,
    /// GitHub.
    pub github: github::Loader,
    /// Datadog.
    pub datadog: datadog::Loader,
    /// The call they all work for.
    pub call: Arc<Call>,
}

impl Loaders {
    /// Loaders for one operation.
    pub fn new(clients: &Clients, call: Arc<Call>) -> Self {
        Self {
            slack: slack::Loader::new(clients.slack.clone(), Arc::clone(&call)),
            github: github::Loader::new(clients.github.clone(), Arc::clone(&call)),
            datadog: datadog::Loader::new(clients.datadog.clone(), Arc::clone(&call)),
            call,
        }
    }
}
