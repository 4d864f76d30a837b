//! The environment, read once at the start, so that nothing else depends on the process.

use super::ConfigError;
use std::collections::HashMap;
use std::path::PathBuf;
use upstream::auth::Secret;

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
}
