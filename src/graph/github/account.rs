//! A user, an organisation or a bot.

#![expect(clippy::unused_async, reason = "async-graphql takes async methods only")]

use crate::backends::github::{Node, types};
use async_graphql::Object;
use upstream::Failure;

/// A user, an organisation or a bot.
pub struct GitHubUser(pub(super) Node<types::Account>);

#[Object(name = "GitHubUser")]
impl GitHubUser {
    /// The login.
    async fn login(&self) -> Result<String, Failure> {
        self.0.required("login", self.0.data.login.value())
    }

    /// The profile's address.
    async fn url(&self) -> Result<String, Failure> {
        self.0.required("url", self.0.data.url.value())
    }

    /// The name on the profile, where there is one (users and organisations).
    async fn name(&self) -> Result<Option<String>, Failure> {
        let name = self.0.data.display_name.value();
        self.0.optional("displayName", name)
    }
}
