//! `Authorization: Bearer …`, with a token that somebody else keeps fresh.

use super::{Auth, Secret, insert};
use crate::upstream::Cause;
use crate::upstream::wire::Outgoing;
use async_trait::async_trait;
use http::header::AUTHORIZATION;
use secrecy::ExposeSecret;

/// A token, as it stands in the environment or in a file.
pub struct Bearer(Secret);

impl Bearer {
    /// Credentials of this token.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self(token.into())
    }
}

#[async_trait]
impl Auth for Bearer {
    async fn apply(&self, outgoing: &mut Outgoing) -> Result<(), Cause> {
        let token = self.0.current();
        insert(
            &mut outgoing.headers,
            AUTHORIZATION,
            &format!("Bearer {}", token.expose_secret()),
        )
    }

    async fn renew(&self) -> Result<bool, Cause> {
        Ok(self.0.changed_since_used())
    }
}
