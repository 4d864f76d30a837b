//! Who we are to a backend: credentials, put on a request at the very end of the road.

use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// Credentials of one kind.
pub trait Auth: Send + Sync + 'static {
    /// Puts the credentials on the headers.
    fn apply(&self, headers: &mut HeaderMap);
}

/// `Authorization: Bearer …`.
pub struct Bearer(pub SecretString);

impl Auth for Bearer {
    fn apply(&self, headers: &mut HeaderMap) {
        insert(headers, AUTHORIZATION, &format!("Bearer {}", self.0.expose_secret()));
    }
}

/// Keys in headers of the vendor's own, one or several.
pub struct ApiKeys(pub Vec<(HeaderName, SecretString)>);

impl Auth for ApiKeys {
    fn apply(&self, headers: &mut HeaderMap) {
        for (name, key) in &self.0 {
            insert(headers, name.clone(), key.expose_secret());
        }
    }
}

/// A secret that is no header value (a line break in it) is left out: the vendor then says that it is missing.
fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(mut value) = HeaderValue::from_str(value) {
        value.set_sensitive(true);
        headers.insert(name, value);
    }
}
