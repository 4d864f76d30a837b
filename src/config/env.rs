//! The environment, read once at the start, so that nothing else depends on the process.

use super::ConfigError;
use crate::upstream::auth::Secret;
use std::collections::HashMap;
use std::path::PathBuf;
use url::{Host, Url};

/// The environment variables.
#[derive(Clone, Default)]
pub struct Env(HashMap<String, String>);

impl Env {
    /// Those of this process.
    pub fn of_process() -> Self {
        Self(std::env::vars().collect())
    }

    /// These ones.
    pub fn of<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    /// A variable's text. One that is set to nothing counts as not set: clients that fill in `${VAR}` pass on an empty
    /// string for what they do not have.
    pub fn text(&self, name: &str) -> Option<String> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
    }

    /// A secret, from `NAME` or from the file that `NAME_FILE` names.
    pub(super) fn secret(&self, name: &str) -> Result<Option<Secret>, ConfigError> {
        let file = self.text(&format!("{name}_FILE")).map(PathBuf::from);
        match (self.text(name), file) {
            (Some(_), Some(_)) => Err(ConfigError::Twice { name: name.to_owned() }),
            (Some(value), None) => Ok(Some(Secret::from(value))),
            (None, Some(path)) => match Secret::file(path) {
                Ok(secret) => Ok(Some(secret)),
                Err(source) => Err(ConfigError::SecretFile {
                    name: name.to_owned(),
                    source,
                }),
            },
            (None, None) => Ok(None),
        }
    }

    /// A base URL: the variable's, else the file's, else the default. Plain http only to this machine, since
    /// credentials travel on it.
    pub(super) fn url(&self, name: &str, in_file: Option<&str>, default: &str) -> Result<Url, ConfigError> {
        let value = self
            .text(name)
            .or_else(|| in_file.map(str::to_owned))
            .unwrap_or_else(|| default.to_owned());
        let wrong = |reason: String| ConfigError::Url {
            name: name.to_owned(),
            value: value.clone(),
            reason,
            example: default.to_owned(),
        };
        let url = Url::parse(&value).map_err(|error| wrong(error.to_string()))?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(wrong("plain http is for this machine only".to_owned())),
            scheme => return Err(wrong(format!("`{scheme}` is not https"))),
        }
        if !url.username().is_empty() || url.password().is_some() {
            // The value is not repeated here: it holds a secret.
            return Err(ConfigError::Url {
                name: name.to_owned(),
                value: url.host_str().unwrap_or_default().to_owned(),
                reason: "a URL must not hold credentials".to_owned(),
                example: default.to_owned(),
            });
        }
        Ok(url)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
