//! One renewal at a time among all processes that share a file of tokens: a refresh token that is good for one use must
//! not be used by two of them.

use super::TokenFile;
use crate::Cause;
use std::fs::{File, TryLockError};
use std::io;
use std::time::Duration;
use tokio::time::Instant;

/// How often it is looked whether the other one has finished. The system could wake us, but only by blocking a thread.
const PAUSE: Duration = Duration::from_millis(50);

/// Longer than a token endpoint may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Held while a renewal is under way. The system lets it go with the process, however that ends.
#[derive(Debug)]
pub(in crate::auth) struct Lock {
    _file: File,
}

impl TokenFile {
    /// Waits until nobody else renews the tokens. It also finds out whether anything can be kept at all, while the old
    /// refresh token is still good: [`Cause::Unauthorized`] with the path where nothing can.
    pub(in crate::auth) async fn lock(&self) -> Result<Lock, Cause> {
        // Beside the tokens and never removed: the file itself is replaced by each write, and a lock on a file that is
        // gone keeps nobody out.
        let mut path = self.path().as_os_str().to_owned();
        path.push(".lock");
        let unkept = |error: io::Error| self.trouble(&format!("tokens cannot be kept there: {error}"));
        std::fs::create_dir_all(self.folder()).map_err(unkept)?;
        let file = super::private()
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(unkept)?;
        let until = Instant::now() + PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::WouldBlock) if Instant::now() < until => tokio::time::sleep(PAUSE).await,
                Err(TryLockError::WouldBlock) => {
                    let waited = PATIENCE.as_secs();
                    let reason = format!(
                        "{}: another process has been renewing the token for {waited} s",
                        self.path().display()
                    );
                    return Err(Cause::Unreachable { reason });
                }
                Err(TryLockError::Error(error)) => return Err(unkept(error)),
            }
        }
    }
}
