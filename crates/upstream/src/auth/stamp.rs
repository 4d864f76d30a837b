//! What tells, without reading it, whether a file is still the one that was read.

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// What changes when a file is written again, or another one is put in its place. When it was written and how long it is
/// do not tell enough: what deploys secrets gives all files one time, and keys are of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    /// How long it is, in bytes.
    pub(super) length: u64,
    #[cfg(unix)]
    inode: Inode,
}

/// Which file it is, and when anything about it was changed: unlike the time of writing, nobody can set that one back.
#[cfg(unix)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Inode {
    device: u64,
    number: u64,
    changed: (i64, i64),
}

impl Stamp {
    /// The stamp of the file at this path, behind all links.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let meta = fs::metadata(path)?;
        Ok(Self {
            modified: meta.modified().ok(),
            length: meta.len(),
            #[cfg(unix)]
            inode: Inode::of(&meta),
        })
    }
}

#[cfg(unix)]
impl Inode {
    fn of(meta: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            device: meta.dev(),
            number: meta.ino(),
            changed: (meta.ctime(), meta.ctime_nsec()),
        }
    }
}
