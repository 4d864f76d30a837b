//! `Authorization: Bearer …`, with a token that somebody else keeps fresh.

use super::{Auth, Place, Secret};
use crate::Cause;
use crate::wire::Outgoing;
use async_trait::async_trait;

/// A token, as it stands in the environment or in a file.
pub struct Bearer {
    token: Secret,
    place: Place,
}

impl Bearer {
    /// Credentials of this token.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self {
            token: token.into(),
            place: Place::default(),
        }
    }

    /// Puts it elsewhere than in `Authorization`.
    #[must_use]
    pub fn placed(mut self, place: Place) -> Self {
        self.place = place;
        self
    }
}

#[async_trait]
impl Auth for Bearer {
    async fn apply(&self, outgoing: &mut Outgoing) -> Result<u64, Cause> {
        let (token, version) = self.token.versioned();
        self.place.put(&mut outgoing.headers, &token)?;
        Ok(version)
    }

    async fn renew(&self, refused: u64) -> Result<bool, Cause> {
        Ok(self.token.version() > refused)
    }

    fn identity(&self) -> u64 {
        self.token.version()
    }
}
