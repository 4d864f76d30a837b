//! The values that `braid.toml` has for credentials, each refused with what was expected. None of them is a secret.

use http::HeaderName;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TE, TRANSFER_ENCODING,
    UPGRADE, USER_AGENT,
};
use serde::de::{Deserialize, Deserializer, Error};
use std::cmp::Ordering;
use std::path::PathBuf;
use upstream::auth::Part;
use upstream::wire::base_refusal;
use url::Url;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// In this variable, or in the file that the variable with `_FILE` names.
    Env(String),
    /// In this file.
    File(PathBuf),
}

/// The value itself is never repeated: somebody may have written the secret there.
impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        let (place, name) = value.as_str().and_then(|text| text.split_once(':')).unwrap_or_default();
        match (place, name.trim()) {
            ("env", name) if !name.is_empty() => Ok(Self::Env(name.to_owned())),
            ("file", path) if !path.is_empty() => Ok(Self::File(path.into())),
            _ => Err(D::Error::custom(
                "expected where the secret is, \"env:NAME\" or \"file:PATH\": no secret may stand in this file",
            )),
        }
    }
}

/// A header that credentials may stand in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header(pub HeaderName);

impl Default for Header {
    fn default() -> Self {
        Self(AUTHORIZATION)
    }
}

impl Header {
    /// A header known at compile time, in lower case.
    pub fn fixed(name: &'static str) -> Self {
        Self(HeaderName::from_static(name))
    }
}

impl Ord for Header {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.as_str().cmp(other.0.as_str())
    }
}

impl PartialOrd for Header {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let name: HeaderName = text
            .parse()
            .map_err(|_| D::Error::custom(format!("`{text}` is no header, expected e.g. \"Proxy-Authorization\"")))?;
        // What the request itself is made of.
        let taken = [
            ACCEPT,
            ACCEPT_ENCODING,
            CONNECTION,
            CONTENT_LENGTH,
            CONTENT_TYPE,
            HOST,
            TE,
            TRANSFER_ENCODING,
            UPGRADE,
            USER_AGENT,
        ];
        if taken.contains(&name) {
            return Err(D::Error::custom(format!(
                "`{text}` belongs to the request itself, expected a header for credentials, e.g. \"Proxy-Authorization\""
            )));
        }
        Ok(Self(name))
    }
}

/// A URL that secrets may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenUrl(pub Url);

impl<'de> Deserialize<'de> for TokenUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected =
            |reason: String| D::Error::custom(format!("{reason}; expected e.g. \"https://auth.example/token\""));
        let text = String::deserialize(deserializer)?;
        // The text is not repeated: it may be the very thing that holds a password.
        let url = Url::parse(&text).map_err(|error| expected(format!("no URL: {error}")))?;
        match base_refusal(&url) {
            Some(reason) => Err(expected(reason)),
            None => Ok(Self(url)),
        }
    }
}

/// The parts of a request that are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign(pub Vec<Part>);

impl Default for Sign {
    /// All that must not change on the way, and when it was signed.
    fn default() -> Self {
        Self(vec![Part::Method, Part::PathAndQuery, Part::Timestamp, Part::BodyHash])
    }
}

impl<'de> Deserialize<'de> for Sign {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = Vec::<String>::deserialize(deserializer)?;
        if words.is_empty() {
            return Err(D::Error::custom("expected at least one part to sign"));
        }
        let parts = words.iter().map(|word| part(word).ok_or(word));
        let parts = parts.collect::<Result<Vec<_>, _>>().map_err(|word| {
            D::Error::custom(format!(
                "`{word}` is no part of a request, expected `method`, `host`, `path` (with its query), `timestamp`, \
                 `body`, `body_hash` or `text:…`"
            ))
        })?;
        Ok(Self(parts))
    }
}

fn part(word: &str) -> Option<Part> {
    Some(match word {
        "method" => Part::Method,
        "host" => Part::Host,
        "path" => Part::PathAndQuery,
        "timestamp" => Part::Timestamp,
        "body" => Part::Body,
        "body_hash" => Part::BodyHash,
        word => Part::Text(word.strip_prefix("text:")?.to_owned()),
    })
}
