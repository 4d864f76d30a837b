//! Who we are to a backend: credentials, put on a request at the very end of the road, where nothing can repeat or
//! log it any more.

mod answer;
mod api_keys;
mod basic;
mod bearer;
mod endpoint;
mod github_app;
mod hmac;
mod lease;
mod login;
mod oauth;
mod place;
mod renewal;
mod rs256;
mod secret;
mod stamp;
mod token_file;

#[cfg(test)]
mod tests;

pub use api_keys::ApiKeys;
pub use basic::Basic;
pub use bearer::Bearer;
pub use github_app::GitHubApp;
pub use hmac::{Algorithm, Encoding, Hmac, Part};
pub use lease::{Age, Issuer, Leased, Token};
pub use login::{Login, LoginError, Scopes, log_in};
pub use oauth::{ClientAuth, Grant, OAuth, OAuthClient};
pub use place::Place;
pub use renewal::{Kept, Renewal};
pub use secret::{Secret, SecretError};
pub use token_file::{TokenFile, Tokens};

use super::Cause;
use super::wire::Outgoing;
use async_trait::async_trait;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};

/// Credentials of one kind.
#[async_trait]
pub trait Auth: Send + Sync + 'static {
    /// Puts the credentials on a request that is complete but for them. Gives their version, which grows whenever others
    /// take their place.
    async fn apply(&self, outgoing: &mut Outgoing) -> Result<u64, Cause>;

    /// The vendor refused what `apply` put on in this version: gets later credentials, unless there are some already.
    /// `false` where there are none, so that the request is not sent in vain once more.
    async fn renew(&self, _refused: u64) -> Result<bool, Cause> {
        Ok(false)
    }

    /// Grows whenever they may have become somebody else's. What was learned by the former ones is not true of them then.
    fn identity(&self) -> u64 {
        0
    }
}

/// Puts a secret on as a header that never shows in `Debug`. A secret that is no header value (a line break in it)
/// is a cause that does not repeat it.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), Cause> {
    let mut value = HeaderValue::from_str(value).map_err(|_| Cause::Unauthorized {
        code: format!("the secret for the header {name} holds a line break or a control character"),
        variables: Vec::new(),
    })?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}
