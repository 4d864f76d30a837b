//! What makes one backend's road differ from another's, with defaults that are safe for any vendor.

use super::auth::{Auth, Kept};
use super::metrics::Metrics;
use super::pace::Limit;
use super::quota::ReadQuota;
use super::retry::Random;
use super::wire::Timeouts;
use super::{Classify, breaker, cache, retry};
use std::sync::Arc;
use url::Url;

/// How large an answer may be unless a backend says otherwise: a full page of Slack's directory is about one megabyte.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// How many requests may be under way at once unless a backend says otherwise. GitHub refuses more than a hundred
/// ("Rate limits for the GraphQL API"), and counts those of the same user's other programs too. Each road has its own: a backend
/// with two sets of credentials, as Slack, may have twice as many.
const AT_ONCE: usize = 90;

/// The share of a vendor's quota that reads leave to writes.
const WRITE_SHARE: f64 = 0.02;

/// What makes one backend's road differ from another's.
pub struct Params {
    /// The backend's name, e.g. `slack`.
    pub backend: &'static str,
    /// What all paths are below.
    pub base: Url,
    /// The credentials, several where a gateway stands in front; applied in order, so what signs comes last.
    pub auth: Vec<Box<dyn Auth>>,
    /// Where the credentials are kept; `None`: where the classifier says.
    pub kept: Option<Kept>,
    /// What counts as a failure.
    pub classify: Box<dyn Classify>,
    /// What the quota headers mean.
    pub quota: Box<dyn ReadQuota>,
    /// The limits that are known before the vendor has told any.
    pub limits: Vec<Limit>,
    /// How many requests may be under way at once.
    pub at_once: usize,
    /// The share of a told limit that reads leave to writes.
    pub write_share: f64,
    /// How long the parts of an exchange may take.
    pub timeouts: Timeouts,
    /// How large an answer may be, in bytes, decompressed.
    pub body_limit: usize,
    /// How it is tried again.
    pub retry: retry::Policy,
    /// When it is not tried any more.
    pub breaker: breaker::Policy,
    /// What is remembered.
    pub cache: cache::Policy,
    /// Where it is counted; `None`: nowhere that can be read.
    pub metrics: Option<Metrics>,
    /// Where jitter comes from.
    pub random: Random,
}

impl Params {
    /// The parts that every backend must give; the rest has defaults.
    pub fn new(backend: &'static str, base: Url, auth: Vec<Box<dyn Auth>>, classify: Box<dyn Classify>) -> Self {
        Self {
            backend,
            base,
            auth,
            kept: None,
            classify,
            quota: Box::new(()),
            limits: Vec::new(),
            at_once: AT_ONCE,
            write_share: WRITE_SHARE,
            timeouts: Timeouts::default(),
            body_limit: BODY_LIMIT,
            retry: retry::Policy::default(),
            breaker: breaker::Policy::default(),
            cache: cache::Policy::default(),
            metrics: None,
            random: Arc::new(fastrand::f64),
        }
    }

    /// Where the credentials are kept, where the classifier cannot know it.
    #[must_use]
    pub fn kept(mut self, kept: Option<Kept>) -> Self {
        self.kept = kept;
        self
    }

    /// What the quota headers mean, e.g. a [`QuotaHeaders`](super::quota::QuotaHeaders).
    #[must_use]
    pub fn quota(mut self, quota: impl ReadQuota) -> Self {
        self.quota = Box::new(quota);
        self
    }

    /// The limits that are known before the vendor has told any.
    #[must_use]
    pub fn limits(mut self, limits: Vec<Limit>) -> Self {
        self.limits = limits;
        self
    }

    /// How many requests may be under way at once, at least one.
    #[must_use]
    pub fn at_once(mut self, requests: usize) -> Self {
        self.at_once = requests;
        self
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

    /// Another way to try again.
    #[must_use]
    pub fn retry(mut self, policy: retry::Policy) -> Self {
        self.retry = policy;
        self
    }

    /// Another time to give up.
    #[must_use]
    pub fn breaker(mut self, policy: breaker::Policy) -> Self {
        self.breaker = policy;
        self
    }

    /// Other bounds for what is remembered.
    #[must_use]
    pub fn cache(mut self, policy: cache::Policy) -> Self {
        self.cache = policy;
        self
    }

    /// Where it is counted: one [`Metrics`] for all roads of a process.
    #[must_use]
    pub fn metrics(mut self, metrics: Metrics) -> Self {
        self.metrics = Some(metrics);
        self
    }

    /// Where jitter comes from: numbers from 0 up to 1.
    #[must_use]
    pub fn random(mut self, random: Random) -> Self {
        self.random = random;
        self
    }
}
