//! Where tokens are kept between runs: a file that only its owner can read, replaced as a whole or not at all.

mod lock;

use super::lease::{Age, Token};
use super::stamp::Stamp;
use crate::Cause;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file with a token and the refresh token that gets the next one.
#[derive(Debug, Clone)]
pub struct TokenFile(PathBuf);

/// What was kept.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The token, and for how long it is good from now on.
    pub token: Token,
    /// What gets the next one; tokens that do not end have none.
    pub refresh: Option<SecretString>,
}

/// What stands in it.
#[derive(Serialize, Deserialize)]
struct Content {
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<u64>,
    /// For how many seconds the token was good when it was given out.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    /// The log-in that they go back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    log_in: Option<String>,
}

/// A name for a log-in that was just made.
pub(super) fn new_log_in() -> String {
    format!("{:016x}", fastrand::u64(..))
}

impl TokenFile {
    /// The file at this path, which need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What tells whether it is still as it was; `None` where it is not there.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        Stamp::of(&self.0).ok()
    }

    /// What was kept last; `None` where nothing was yet. [`Cause::Unauthorized`] with the path where it cannot be read.
    pub fn load(&self) -> Result<Option<Tokens>, Cause> {
        let text = match fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.trouble(&error.to_string())),
        };
        // What serde says would repeat parts of the secret.
        let content: Content = serde_json::from_str(&text).map_err(|_| self.trouble("not what was written there"))?;
        let good_for = content
            .expires_at
            .map(|at| Duration::from_secs(at.saturating_sub(now().as_secs())));
        Ok(Some(Tokens {
            token: Token {
                secret: content.access_token.into(),
                good_for,
                life: content.expires_in.map(Duration::from_secs),
                age: Age::Unknown,
                log_in: content.log_in,
            },
            refresh: content.refresh_token.map(SecretString::from),
        }))
    }

    /// Keeps these in place of what was there. When this returns they are on the disk: the vendor may have forgotten the
    /// refresh token before, so that losing this one would mean to log in anew. Whoever is killed on the way leaves the
    /// old ones as they were.
    pub fn save(&self, tokens: &Tokens) -> io::Result<()> {
        let Tokens { token, refresh } = tokens;
        let content = Content {
            access_token: token.secret.expose_secret().to_owned(),
            refresh_token: refresh.as_ref().map(|refresh| refresh.expose_secret().to_owned()),
            expires_at: token.good_for.map(|good_for| now().saturating_add(good_for).as_secs()),
            expires_in: token.life.map(|life| life.as_secs()),
            log_in: token.log_in.clone(),
        };
        let folder = self.folder();
        fs::create_dir_all(folder)?;
        // Beside it, since a rename is atomic only within one file system; and with the process in its name, since two
        // of them may share the file.
        let mut beside = self.0.clone().into_os_string();
        beside.push(format!(".{}.new", std::process::id()));
        let written = write_private(Path::new(&beside), &serde_json::to_vec(&content)?)
            .and_then(|()| fs::rename(&beside, &self.0))
            // The rename itself is on the disk only when the folder is.
            .and_then(|()| File::open(folder)?.sync_all());
        if written.is_err() {
            fs::remove_file(&beside).ok();
        }
        written
    }

    fn folder(&self) -> &Path {
        let parent = self.0.parent();
        parent
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."))
    }

    fn trouble(&self, reason: &str) -> Cause {
        Cause::Unauthorized {
            code: format!("{}: {reason}", self.0.display()),
            variables: Vec::new(),
        }
    }
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    // What a run that was killed left behind may have other permissions.
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = private().create_new(true).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// How files are opened that nobody but their owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn now() -> Duration {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
