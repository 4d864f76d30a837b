//! Who the tokens are, for `braid doctor`.

use super::client::{Client, reading};
use crate::upstream::{Call, Failure};
use serde::Deserialize;

/// Who a token is [auth.test].
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// The workspace's name.
    pub team: String,
    /// The user or bot's handle.
    pub user: String,
}

impl Client {
    /// Who the reading token is.
    pub async fn identity(&self, call: &Call) -> Result<Identity, Failure> {
        self.ask(reading("auth.test"), call).await
    }

    /// Who the searching token is; the failure that says what to set where there is none.
    pub async fn user_identity(&self, call: &Call) -> Result<Identity, Failure> {
        self.ask_as_user(reading("auth.test"), call).await
    }
}
