//! Keys in headers of the vendor's own, one or several, e.g. `DD-API-KEY` and `DD-APPLICATION-KEY`.

use super::{Auth, Secret, insert};
use crate::Cause;
use crate::wire::Outgoing;
use async_trait::async_trait;
use http::header::HeaderName;
use secrecy::ExposeSecret;

/// Keys by header.
pub struct ApiKeys(Vec<(HeaderName, Secret)>);

impl ApiKeys {
    /// Credentials of these keys.
    pub fn new<S: Into<Secret>>(keys: impl IntoIterator<Item = (HeaderName, S)>) -> Self {
        Self(keys.into_iter().map(|(name, key)| (name, key.into())).collect())
    }
}

#[async_trait]
impl Auth for ApiKeys {
    async fn apply(&self, outgoing: &mut Outgoing) -> Result<u64, Cause> {
        let mut versions = 0;
        for (name, key) in &self.0 {
            let (key, version) = key.versioned();
            insert(&mut outgoing.headers, name.clone(), key.expose_secret())?;
            versions += version;
        }
        Ok(versions)
    }

    async fn renew(&self, refused: u64) -> Result<bool, Cause> {
        Ok(self.identity() > refused)
    }

    /// No version ever goes back, so that their sum tells whether any of them has moved.
    fn identity(&self) -> u64 {
        self.0.iter().map(|(_, key)| key.version()).sum()
    }
}
