//! `Authorization: Basic …`: a user name and a password (RFC 7617).

use super::{Auth, Secret, insert};
use crate::Cause;
use crate::wire::Outgoing;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderName};
use secrecy::{ExposeSecret, SecretString};

/// A user name and a password.
pub struct Basic {
    user: String,
    password: Secret,
    header: HeaderName,
}

impl Basic {
    /// Credentials of this user. A colon in the name would end it: no header can say what is meant.
    pub fn new(user: impl Into<String>, password: impl Into<Secret>) -> Result<Self, Cause> {
        let user = user.into();
        if user.contains(':') {
            return Err(Cause::Invalid {
                message: "a user name for Basic authentication cannot hold a colon".to_owned(),
            });
        }
        Ok(Self {
            user,
            password: password.into(),
            header: AUTHORIZATION,
        })
    }

    /// Puts them elsewhere than in `Authorization`, e.g. in `Proxy-Authorization` for a gateway in front of the vendor.
    #[must_use]
    pub fn placed(mut self, header: HeaderName) -> Self {
        self.header = header;
        self
    }
}

#[async_trait]
impl Auth for Basic {
    async fn apply(&self, outgoing: &mut Outgoing) -> Result<u64, Cause> {
        let (password, version) = self.password.versioned();
        let value = basic(&self.user, &password);
        insert(&mut outgoing.headers, self.header.clone(), value.expose_secret())?;
        Ok(version)
    }

    async fn renew(&self, refused: u64) -> Result<bool, Cause> {
        Ok(self.password.version() > refused)
    }

    fn identity(&self) -> u64 {
        self.password.version()
    }
}

fn basic(user: &str, password: &SecretString) -> SecretString {
    let encoded = STANDARD.encode(format!("{user}:{}", password.expose_secret()));
    SecretString::from(format!("Basic {encoded}"))
}
