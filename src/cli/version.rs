//! What `braid --version` prints: the release, the commit it was built from, and the protocol revisions it speaks.

use crate::mcp;
use std::sync::LazyLock;

/// The commit that the build script found; empty where the sources are no Git checkout and `BRAID_COMMIT` is not set.
const COMMIT: &str = env!("BRAID_COMMIT");

static SHORT: LazyLock<String> = LazyLock::new(|| {
    let release = env!("CARGO_PKG_VERSION");
    if COMMIT.is_empty() {
        release.to_owned()
    } else {
        format!("{release} ({COMMIT})")
    }
});

static LONG: LazyLock<String> = LazyLock::new(|| {
    let revisions: Vec<_> = mcp::revisions().collect();
    format!("{}\nMCP {}", short(), revisions.join(", "))
});

/// `0.1.0 (1a2b3c4d5)`, for `-V`.
pub(super) fn short() -> &'static str {
    &SHORT
}

/// The same and the MCP revisions, for `--version`.
pub(super) fn long() -> &'static str {
    &LONG
}
