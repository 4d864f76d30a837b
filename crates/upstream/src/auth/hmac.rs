//! Signed requests: a keyed hash over the parts of a request that must not change on the way. What a gateway wants
//! signed, and how it wants to see it, is declared; what is signed is the very request that goes out.

use super::{Auth, Secret, insert};
use crate::Cause;
use crate::wire::Outgoing;
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{KeyInit, Mac};
use http::header::{HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write;
use std::time::{Duration, SystemTime};

/// A way to sign requests.
pub struct Hmac {
    /// The key.
    pub key: Secret,
    /// The hash, for the signature and for the body's.
    pub algorithm: Algorithm,
    /// How hashes are written.
    pub encoding: Encoding,
    /// The canonical string: these parts, with this between them.
    pub parts: Vec<Part>,
    /// What stands between the parts, often a line break.
    pub separator: String,
    /// The header for the signature, and what stands before it there, e.g. `v0=`.
    pub signature: (HeaderName, String),
    /// The header for the time of signing, in seconds since 1970.
    pub timestamp: Option<HeaderName>,
    /// The header that says whose key it is, and its value.
    pub key_id: Option<(HeaderName, HeaderValue)>,
}

/// The hash.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-512.
    Sha512,
}

/// How a hash is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Lower-case hexadecimal.
    #[default]
    Hex,
    /// Base64 with padding.
    Base64,
}

/// One part of the canonical string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// This text, e.g. a version.
    Text(String),
    /// The method, in capitals.
    Method,
    /// The host, with its port where it is not the usual one.
    Host,
    /// The path and the query as they are sent.
    PathAndQuery,
    /// The time of signing, in seconds since 1970.
    Timestamp,
    /// The body itself.
    Body,
    /// The hash of the body.
    BodyHash,
}

#[async_trait]
impl Auth for Hmac {
    async fn apply(&self, outgoing: &mut Outgoing) -> Result<u64, Cause> {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        self.sign(outgoing, now)
    }

    async fn renew(&self, refused: u64) -> Result<bool, Cause> {
        Ok(self.key.version() > refused)
    }

    fn identity(&self) -> u64 {
        self.key.version()
    }
}

impl Hmac {
    fn sign(&self, outgoing: &mut Outgoing, now: Duration) -> Result<u64, Cause> {
        let timestamp = now.as_secs().to_string();
        let parts = self.parts.iter().map(|part| self.bytes(part, outgoing, &timestamp));
        let canonical = parts.collect::<Vec<_>>().join(self.separator.as_bytes());
        let (key, version) = self.key.versioned();
        let signature = self.encode(&self.algorithm.keyed(key.expose_secret().as_bytes(), &canonical)?);
        let (header, prefix) = &self.signature;
        insert(&mut outgoing.headers, header.clone(), &format!("{prefix}{signature}"))?;
        if let Some(header) = &self.timestamp {
            insert(&mut outgoing.headers, header.clone(), &timestamp)?;
        }
        if let Some((header, id)) = &self.key_id {
            outgoing.headers.insert(header.clone(), id.clone());
        }
        Ok(version)
    }

    fn bytes(&self, part: &Part, outgoing: &Outgoing, timestamp: &str) -> Vec<u8> {
        let url = &outgoing.url;
        match part {
            Part::Text(text) => text.clone().into_bytes(),
            Part::Method => outgoing.method.as_str().into(),
            // The port only where it is not the usual one, as the header has it.
            Part::Host => url.authority().into(),
            Part::PathAndQuery => match url.query() {
                Some(query) => format!("{}?{query}", url.path()).into_bytes(),
                None => url.path().into(),
            },
            Part::Timestamp => timestamp.into(),
            Part::Body => outgoing.body.to_vec(),
            Part::BodyHash => self.encode(&self.algorithm.hash(&outgoing.body)).into_bytes(),
        }
    }

    fn encode(&self, hash: &[u8]) -> String {
        match self.encoding {
            Encoding::Base64 => STANDARD.encode(hash),
            Encoding::Hex => hash.iter().fold(String::new(), |mut text, byte| {
                // Writing to a string cannot fail.
                write!(text, "{byte:02x}").ok();
                text
            }),
        }
    }
}

impl Algorithm {
    fn hash(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    fn keyed(self, key: &[u8], bytes: &[u8]) -> Result<Vec<u8>, Cause> {
        let unusable = |_| super::lease::unauthorized("the key cannot be signed with");
        Ok(match self {
            Self::Sha256 => {
                let mac = hmac::Hmac::<Sha256>::new_from_slice(key).map_err(unusable)?;
                mac.chain_update(bytes).finalize().into_bytes().to_vec()
            }
            Self::Sha512 => {
                let mac = hmac::Hmac::<Sha512>::new_from_slice(key).map_err(unusable)?;
                mac.chain_update(bytes).finalize().into_bytes().to_vec()
            }
        })
    }
}
