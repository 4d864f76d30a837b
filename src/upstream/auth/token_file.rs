//! Where tokens are kept between runs: a file that only its owner can read, replaced as a whole or not at all.

use super::lease::Token;
use crate::upstream::Cause;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file with a token and the refresh token that gets the next one.
#[derive(Debug, Clone)]
pub struct TokenFile(PathBuf);

/// What stands in it.
#[derive(Serialize, Deserialize)]
struct Content {
    access_token: String,
    refresh_token: String,
    /// Seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<u64>,
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

    /// What was kept last: the token, for as long as it is good from now, and the refresh token. `None` where nothing
    /// was kept yet; [`Cause::Unauthorized`] with the path where it cannot be read.
    pub fn load(&self) -> Result<Option<(Token, SecretString)>, Cause> {
        let refused = |reason: &str| Cause::Unauthorized {
            code: format!("{}: {reason}", self.0.display()),
            variables: Vec::new(),
        };
        let text = match fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(refused(&error.to_string())),
        };
        // What serde says would repeat parts of the secret.
        let content: Content = serde_json::from_str(&text).map_err(|_| refused("not what was written there"))?;
        let good_for = content
            .expires_at
            .map(|at| Duration::from_secs(at.saturating_sub(now().as_secs())));
        let token = Token {
            secret: content.access_token.into(),
            good_for,
        };
        Ok(Some((token, content.refresh_token.into())))
    }

    /// Keeps both in place of what was there. When this returns they are on the disk: the vendor may have forgotten the
    /// refresh token before, so that losing this one would mean to log in anew.
    pub fn save(&self, token: &Token, refresh: &SecretString) -> io::Result<()> {
        let content = Content {
            access_token: token.secret.expose_secret().to_owned(),
            refresh_token: refresh.expose_secret().to_owned(),
            expires_at: token.good_for.map(|good_for| (now() + good_for).as_secs()),
        };
        let folder = self
            .0
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
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
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    // What a run that was killed left behind may have other permissions.
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn now() -> Duration {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(secret: &str) -> Token {
        Token {
            secret: secret.to_owned().into(),
            good_for: Some(Duration::from_secs(1000)),
        }
    }

    #[test]
    fn keeps_the_last_pair_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = TokenFile::new(folder.path().join("deep/tokens.json"));
        assert!(file.load().unwrap().is_none());
        file.save(&token("a1"), &"r1".to_owned().into()).unwrap();
        file.save(&token("a2"), &"r2".to_owned().into()).unwrap();
        let (kept, refresh) = file.load().unwrap().unwrap();
        assert_eq!((kept.secret.expose_secret(), refresh.expose_secret()), ("a2", "r2"));
        assert!(kept.good_for.unwrap() > Duration::from_secs(900));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(file.path()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let left = fs::read_dir(file.path().parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "nothing lies beside it");
    }

    #[test]
    fn a_broken_file_is_named_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tokens.json");
        fs::write(&path, "{\"access_token\": \"hunter2\"").unwrap();
        let cause = TokenFile::new(&path).load().unwrap_err().to_string();
        assert!(cause.contains("tokens.json") && !cause.contains("hunter2"), "{cause}");
    }
}
