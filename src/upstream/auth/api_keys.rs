//! Keys in headers of the vendor's own, one or several, e.g. `DD-API-KEY` and `DD-APPLICATION-KEY`.

use super::{Auth, Secret, insert};
use crate::upstream::Cause;
use crate::upstream::wire::Outgoing;
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
    async fn apply(&self, outgoing: &mut Outgoing) -> Result<(), Cause> {
        for (name, key) in &self.0 {
            insert(&mut outgoing.headers, name.clone(), key.current().expose_secret())?;
        }
        Ok(())
    }

    async fn renew(&self) -> Result<bool, Cause> {
        Ok(self.0.iter().any(|(_, key)| key.changed_since_used()))
    }
}
