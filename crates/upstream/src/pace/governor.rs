//! All limits of one backend's credentials: which gates a request passes, and what the vendor's answers teach them.

use super::gate::{Gate, Pass};
use super::{Limit, Scope};
use crate::account::Account;
use crate::metrics::Metrics;
use crate::quota::{Quota, ReadQuota, retry_after};
use crate::{Call, Cause, Request, Response};
use lru::LruCache;
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// How many gates are kept: one for each operation, and for each channel that is posted to.
const GATES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4095);

/// Which gate: a declared limit by its place in the list, or one that the vendor told of by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Declared(usize, Option<&'static str>, Option<String>),
    Told(String),
}

/// All limits of one backend's credentials.
pub struct Governor {
    backend: &'static str,
    limits: Vec<Limit>,
    quota: Box<dyn ReadQuota>,
    /// The share of a told limit that reads leave to writes.
    write_share: f64,
    gates: Mutex<LruCache<Key, Arc<Gate>>>,
    /// The vendor's name of the limit that an operation falls under, as answers told it.
    names: Mutex<HashMap<&'static str, String>>,
    /// How often all that was learned was forgotten.
    epoch: AtomicU64,
    metrics: Metrics,
}

/// What a governor is made of.
pub struct Params {
    /// The backend's name.
    pub backend: &'static str,
    /// The declared limits.
    pub limits: Vec<Limit>,
    /// The reader of quota headers.
    pub quota: Box<dyn ReadQuota>,
    /// The share of a told limit that reads leave to writes, e.g. 0.02.
    pub write_share: f64,
    /// Where it is counted.
    pub metrics: Metrics,
}

impl Governor {
    /// A governor that has learned nothing yet.
    pub fn new(params: Params) -> Self {
        Self {
            backend: params.backend,
            limits: params.limits,
            quota: params.quota,
            write_share: params.write_share.clamp(0.0, 0.5),
            gates: Mutex::new(LruCache::new(GATES)),
            names: Mutex::default(),
            epoch: AtomicU64::default(),
            metrics: params.metrics,
        }
    }

    /// Lets the request through all its limits, in order. `Err` with the time to come back where that is after the
    /// deadline; nothing is used up then, as all gates are asked before the first is passed.
    pub(super) async fn admit(&self, request: &Request, call: &Call) -> Result<Vec<Pass>, Instant> {
        let gates = self.gates(request);
        let free_at = gates.iter().map(|gate| gate.free_at(request.access)).max();
        if let Some(free_at) = free_at.filter(|free_at| *free_at > call.send_by()) {
            return Err(free_at);
        }
        let mut passes: Vec<Pass> = Vec::with_capacity(gates.len());
        for gate in gates {
            passes.push(gate.pass(request.access, call).await?);
        }
        Ok(passes)
    }

    /// Learns from an answer, good or bad.
    pub fn learn(&self, request: &Request, response: &Response) {
        let Some(quota) = self.quota.read(request, response) else {
            return;
        };
        let name = match &quota.bucket {
            Some(name) => {
                self.names().insert(request.operation, name.clone());
                name.clone()
            }
            None => self.told_name(request),
        };
        self.gate(Key::Told(name.clone()), None)
            .learn(&quota, self.kept_for_writes(&quota));
        self.metrics.quota_left(self.backend, &name, quota.remaining);
    }

    /// Enters what the vendor last said is left of the limit that this request falls under, whether or not it was sent.
    pub fn tell(&self, request: &Request, account: &Account) {
        let name = self.told_name(request);
        let gate = self.lock().peek(&Key::Told(name.clone())).cloned();
        let left = gate.and_then(|gate| gate.left());
        account.enter(self.backend, |spent| {
            if let Some(left) = left {
                spent.quota.insert(name, left);
            }
        });
    }

    /// Closes the limit that the vendor said was passed, for as long as it said. A fault with `Retry-After` (a 503 in
    /// maintenance) counts as well: coming back sooner is what it asked not to do.
    pub fn heed(&self, request: &Request, response: &Response, cause: &Cause) {
        let wait = match cause {
            Cause::Throttled { retry_after } => Some(*retry_after),
            Cause::Unavailable { .. } => retry_after(&response.headers),
            _ => None,
        };
        let Some(wait) = wait.map(|wait| wait.min(crate::quota::LONGEST)) else {
            return;
        };
        // Where a finer limit is declared, it is the one that was passed: one busy channel must not silence the rest.
        let finer = (0..self.limits.len())
            .filter_map(|at| self.declared_key(at, request))
            .find(|key| matches!(key, Key::Declared(_, _, Some(_))));
        let key = finer.unwrap_or_else(|| Key::Told(self.told_name(request)));
        self.gate(key, None).close(wait);
    }

    /// Forgets what the limits of other credentials were, and how far they were used up. Who waits at a gate of theirs
    /// waits on: it has its own deadline.
    pub fn forget(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
        self.gates.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How often that was: an answer to a request that was sent in an earlier epoch is not to be learned from.
    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::SeqCst)
    }

    fn gates(&self, request: &Request) -> Vec<Arc<Gate>> {
        let declared = self.limits.iter().enumerate().filter_map(|(at, limit)| {
            let key = self.declared_key(at, request)?;
            Some(self.gate(key, Some(limit)))
        });
        let told = self.gate(Key::Told(self.told_name(request)), None);
        declared.chain([told]).collect()
    }

    fn declared_key(&self, at: usize, request: &Request) -> Option<Key> {
        match self.limits.get(at)?.scope {
            Scope::All => Some(Key::Declared(at, None, None)),
            Scope::Operation(operations) => {
                operations
                    .contains(&request.operation)
                    .then_some(Key::Declared(at, Some(request.operation), None))
            }
            Scope::Bucket(operations) => operations.contains(&request.operation).then(|| {
                let bucket = request.bucket.clone().unwrap_or_default();
                Key::Declared(at, Some(request.operation), Some(bucket))
            }),
        }
    }

    fn gate(&self, key: Key, limit: Option<&Limit>) -> Arc<Gate> {
        let mut gates = self.lock();
        if let Some(gate) = gates.get(&key) {
            return Arc::clone(gate);
        }
        let rate = match (&key, limit) {
            (_, Some(limit)) => Some(limit.rate),
            (Key::Declared(at, ..), None) => self.limits.get(*at).map(|limit| limit.rate),
            (Key::Told(_), None) => None,
        };
        if gates.len() == gates.cap().get() {
            make_room(&mut gates);
        }
        let gate = Arc::new(Gate::new(rate));
        gates.put(key, Arc::clone(&gate));
        gate
    }

    fn told_name(&self, request: &Request) -> String {
        let known = self.names().get(request.operation).cloned();
        known.unwrap_or_else(|| self.quota.bucket(request))
    }

    fn kept_for_writes(&self, quota: &Quota) -> u64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a limit, which is far below 2^52 and not negative"
        )]
        quota.limit.map_or(0, |limit| (limit as f64 * self.write_share) as u64)
    }

    fn lock(&self) -> MutexGuard<'_, LruCache<Key, Arc<Gate>>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn names(&self) -> MutexGuard<'_, HashMap<&'static str, String>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets go of the oldest gate where nothing is counted or waited for; where there is none, the map's own rule takes
/// the oldest, whose limit the vendor then enforces by itself.
fn make_room(gates: &mut LruCache<Key, Arc<Gate>>) {
    let idle = gates
        .iter()
        .rev()
        .find(|(_, gate)| gate.is_idle())
        .map(|(key, _)| key.clone());
    if let Some(key) = idle {
        gates.pop(&key);
    }
}
