//! What makes one backend's road differ from another's, with defaults that are safe for any vendor.

use super::Classify;
use super::auth::Auth;
use super::wire::Timeouts;
use url::Url;

/// How large an answer may be unless a backend says otherwise: a full page of Slack's directory is about one megabyte.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// What makes one backend's road differ from another's.
pub struct Params {
    /// The backend's name, e.g. `slack`.
    pub backend: &'static str,
    /// What all paths are below.
    pub base: Url,
    /// The credentials, several where a gateway stands in front.
    pub auth: Vec<Box<dyn Auth>>,
    /// What counts as a failure.
    pub classify: Box<dyn Classify>,
    /// How long the parts of an exchange may take.
    pub timeouts: Timeouts,
    /// How large an answer may be, in bytes, decompressed.
    pub body_limit: usize,
}

impl Params {
    /// The parts that every backend must give; the rest has defaults.
    pub fn new(backend: &'static str, base: Url, auth: Vec<Box<dyn Auth>>, classify: Box<dyn Classify>) -> Self {
        Self {
            backend,
            base,
            auth,
            classify,
            timeouts: Timeouts::default(),
            body_limit: BODY_LIMIT,
        }
    }

    /// Other timeouts.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Another bound for answers, in bytes.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }
}
