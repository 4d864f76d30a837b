//! Loaders for GitHub.

use crate::backends::Backend;
use crate::backends::github::Client;
use crate::upstream::Call;
use std::sync::Arc;

/// What one operation loads from GitHub.
pub struct Loader {
    client: Backend<Client>,
    call: Arc<Call>,
}

impl Loader {
    /// Loaders for one operation.
    pub fn new(client: Backend<Client>, call: Arc<Call>) -> Self {
        Self { client, call }
    }
}
