//! Where a token stands in a request: `Authorization: Bearer …` for a vendor, a header of its own for a gateway in front.

use super::insert;
use crate::Cause;
use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderName};
use secrecy::{ExposeSecret, SecretString};

/// A header, and what stands before the token there.
#[derive(Debug, Clone)]
pub struct Place {
    header: HeaderName,
    scheme: String,
}

impl Default for Place {
    fn default() -> Self {
        Self::new(AUTHORIZATION, "Bearer")
    }
}

impl Place {
    /// This header, with this word before the token; with an empty one the token stands alone.
    pub fn new(header: HeaderName, scheme: impl Into<String>) -> Self {
        Self {
            header,
            scheme: scheme.into(),
        }
    }

    pub(super) fn put(&self, headers: &mut HeaderMap, token: &SecretString) -> Result<(), Cause> {
        let token = token.expose_secret();
        if self.scheme.is_empty() {
            insert(headers, self.header.clone(), token)
        } else {
            insert(headers, self.header.clone(), &format!("{} {token}", self.scheme))
        }
    }
}
