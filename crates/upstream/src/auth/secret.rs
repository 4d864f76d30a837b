//! A secret and where it comes from: a value, or a file that is read again when it changes.

use super::stamp::Stamp;
use secrecy::{ExposeSecret, SecretString};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

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
    /// How often it became another one.
    version: u64,
    stamp: Stamp,
    trouble_told: bool,
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
            version: 0,
            stamp,
            trouble_told: false,
        });
        Ok(Self(Source::File(Arc::new(Watched { path, state }))))
    }

    /// The secret as it is now. Where the file has vanished or cannot be read, the last good one, and one warning:
    /// a deployment that swaps its secrets does so by removing the old file first.
    pub fn current(&self) -> SecretString {
        self.versioned().0
    }

    /// The secret as it is now, and how often it has become another one since the start. Each who was refused compares
    /// that with the one that it used: a mark that somebody takes away would help only the first of them.
    pub fn versioned(&self) -> (SecretString, u64) {
        match &self.0 {
            Source::Value(secret) => (secret.clone(), 0),
            Source::File(file) => file.refreshed(),
        }
    }

    /// How often it has become another one since the start.
    pub fn version(&self) -> u64 {
        match &self.0 {
            Source::Value(_) => 0,
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
    /// The secret and its version. Looks at the file's stamp each time: that costs about a microsecond, and needs neither
    /// a watcher nor a wait until it has noticed.
    fn refreshed(&self) -> (SecretString, u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match Stamp::of(&self.path) {
            Ok(stamp) if stamp == state.stamp && !state.trouble_told => {}
            Ok(_) => match read(&self.path) {
                Ok((secret, stamp)) => {
                    let changed = secret.expose_secret() != state.secret.expose_secret();
                    *state = State {
                        secret,
                        version: state.version + u64::from(changed),
                        stamp,
                        trouble_told: false,
                    };
                }
                Err(reason) => self.warn_once(&mut state, &reason),
            },
            Err(error) => self.warn_once(&mut state, &error.to_string()),
        }
        (state.secret.clone(), state.version)
    }

    fn warn_once(&self, state: &mut State, reason: &str) {
        if !state.trouble_told {
            tracing::warn!(path = %self.path.display(), reason, "keeping the last good secret");
            state.trouble_told = true;
        }
    }
}

fn read(path: &Path) -> Result<(SecretString, Stamp), String> {
    // The stamp before the content: a write in between is then noticed at the next look.
    let stamp = Stamp::of(path).map_err(|error| error.to_string())?;
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
        assert_eq!((secret.version(), secret.version()), (1, 1), "whoever asks is told");
        assert_eq!(shown(&secret), "the second");
        fs::write(&path, "the second").unwrap();
        assert_eq!(secret.version(), 1, "written again, and the same");

        fs::remove_file(&path).unwrap();
        assert_eq!(shown(&secret), "the second");
        fs::write(&path, "").unwrap();
        assert_eq!(shown(&secret), "the second");
        fs::write(&path, "third").unwrap();
        assert_eq!(shown(&secret), "third");
    }

    /// As Kubernetes swaps secrets: a link is put on another folder, whose files may have one time and one length.
    #[cfg(unix)]
    #[test]
    fn another_file_of_the_same_time_and_length_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let (current, next) = (dir.path().join("current"), dir.path().join("next"));
        for (folder, text) in [("v1", "one"), ("v2", "two")] {
            let path = dir.path().join(folder).join("token");
            fs::create_dir(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        }
        std::os::unix::fs::symlink(dir.path().join("v1"), &current).unwrap();
        let secret = Secret::file(current.join("token")).unwrap();
        assert_eq!(shown(&secret), "one");
        std::os::unix::fs::symlink(dir.path().join("v2"), &next).unwrap();
        fs::rename(&next, &current).unwrap();
        assert_eq!(shown(&secret), "two");
    }

    #[test]
    fn a_file_that_was_never_there_is_an_error_without_a_secret() {
        let error = Secret::file("/nowhere/token").unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/token: "), "{error}");
        assert_eq!(format!("{:?}", Secret::from("hunter2")).find("hunter2"), None);
    }
}
