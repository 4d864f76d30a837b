//! A secret and where it comes from: a value, or a file that is read again when it changes.

use secrecy::{ExposeSecret, SecretString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

/// How large a secret may be: a private key is some kilobytes, anything larger is the wrong file.
const LIMIT: u64 = 64 * 1024;

/// A secret. Clones share what they know of the file.
#[derive(Debug, Clone)]
pub struct Secret(Source);

#[derive(Debug, Clone)]
enum Source {
    Value(SecretString),
    File(Arc<Watched>),
}

/// Why a secret's file cannot be used at the start.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct SecretError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

#[derive(Debug)]
struct Watched {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    secret: SecretString,
    stamp: Stamp,
    trouble_told: bool,
}

/// What changes when a file is written again. The length helps where two writes fall into one tick of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

impl Secret {
    /// A secret that is read again from this file when it changes. White space around it is not part of it.
    pub fn file(path: impl Into<PathBuf>) -> Result<Self, SecretError> {
        let path = path.into();
        let (secret, stamp) = read(&path).map_err(|reason| SecretError {
            path: path.clone(),
            reason,
        })?;
        let state = Mutex::new(State {
            secret,
            stamp,
            trouble_told: false,
        });
        Ok(Self(Source::File(Arc::new(Watched { path, state }))))
    }

    /// The secret as it is now. Where the file has vanished or cannot be read, the last good one, and one warning:
    /// a deployment that swaps its secrets does so by removing the old file first.
    pub fn current(&self) -> SecretString {
        match &self.0 {
            Source::Value(secret) => secret.clone(),
            Source::File(file) => file.refreshed().0,
        }
    }

    /// Whether another secret has come since [`Secret::current`] was last asked, i.e. whether trying again can help.
    pub fn changed_since_used(&self) -> bool {
        match &self.0 {
            Source::Value(_) => false,
            Source::File(file) => file.refreshed().1,
        }
    }
}

impl<S: Into<String>> From<S> for Secret {
    fn from(value: S) -> Self {
        Self(Source::Value(SecretString::from(value.into())))
    }
}

impl Watched {
    /// The secret, and whether it is another one than before. Looks at the file's stamp each time: that costs about
    /// a microsecond, and needs neither a watcher nor a wait until it has noticed.
    fn refreshed(&self) -> (SecretString, bool) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = false;
        match stamp(&self.path) {
            Ok(stamp) if stamp == state.stamp && !state.trouble_told => {}
            Ok(_) => match read(&self.path) {
                Ok((secret, stamp)) => {
                    changed = secret.expose_secret() != state.secret.expose_secret();
                    *state = State {
                        secret,
                        stamp,
                        trouble_told: false,
                    };
                }
                Err(reason) => self.warn_once(&mut state, &reason),
            },
            Err(reason) => self.warn_once(&mut state, &reason),
        }
        (state.secret.clone(), changed)
    }

    fn warn_once(&self, state: &mut State, reason: &str) {
        if !state.trouble_told {
            tracing::warn!(path = %self.path.display(), reason, "keeping the last good secret");
            state.trouble_told = true;
        }
    }
}

fn stamp(path: &Path) -> Result<Stamp, String> {
    let meta = fs::metadata(path).map_err(|error| error.to_string())?;
    Ok(Stamp {
        modified: meta.modified().ok(),
        length: meta.len(),
    })
}

fn read(path: &Path) -> Result<(SecretString, Stamp), String> {
    // The stamp before the content: a write in between is then noticed at the next look.
    let stamp = stamp(path)?;
    if stamp.length > LIMIT {
        return Err(format!("larger than {LIMIT} bytes"));
    }
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let secret = text.trim();
    if secret.is_empty() {
        return Err("empty".to_owned());
    }
    Ok((SecretString::from(secret.to_owned()), stamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(secret: &Secret) -> String {
        secret.current().expose_secret().to_owned()
    }

    #[test]
    fn follows_its_file_and_survives_its_loss() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        fs::write(&path, "first\n").unwrap();
        let secret = Secret::file(&path).unwrap();
        assert_eq!(shown(&secret), "first");

        fs::write(&path, "the second\n").unwrap();
        assert!(secret.changed_since_used());
        assert!(!secret.changed_since_used());
        assert_eq!(shown(&secret), "the second");

        fs::remove_file(&path).unwrap();
        assert_eq!(shown(&secret), "the second");
        fs::write(&path, "").unwrap();
        assert_eq!(shown(&secret), "the second");
        fs::write(&path, "third").unwrap();
        assert_eq!(shown(&secret), "third");
    }

    #[test]
    fn a_file_that_was_never_there_is_an_error_without_a_secret() {
        let error = Secret::file("/nowhere/token").unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/token: "), "{error}");
        assert_eq!(format!("{:?}", Secret::from("hunter2")).find("hunter2"), None);
    }
}
