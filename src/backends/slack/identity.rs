//! Who the tokens are, and what they may do, for `braid doctor`.

use super::answer;
use super::client::{Client, reading};
use serde::Deserialize;
use upstream::{Call, Failure, Response};

/// Who a token is [auth.test].
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// The workspace's name.
    pub team: String,
    /// The workspace's address, e.g. `https://acme.slack.com/`.
    pub url: String,
    /// The user or bot's handle.
    pub user: String,
    /// Its scopes, where Slack lists them.
    #[serde(skip)]
    pub scopes: Option<Vec<String>>,
}

impl Client {
    /// Who the reading token is.
    pub async fn identity(&self, call: &Call) -> Result<Identity, Failure> {
        let request = reading("auth.test");
        identity(&self.exchange(request, call).await?)
    }

    /// Who the searching token is; the failure that says what to set where there is none.
    pub async fn user_identity(&self, call: &Call) -> Result<Identity, Failure> {
        let request = reading("auth.test");
        identity(&self.exchange_as_user(request, call).await?)
    }
}

/// Every answer lists the token's scopes in `X-OAuth-Scopes` ("Using the Slack Web API").
fn identity(response: &Response) -> Result<Identity, Failure> {
    let scopes = response.header("x-oauth-scopes").map(|list| {
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    });
    let identity: Identity = answer::read(&reading("auth.test"), response)?;
    Ok(Identity { scopes, ..identity })
}
