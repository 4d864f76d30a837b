//! The layer that remembers answers: fresh ones are given again, older ones while a new one is fetched behind the
//! caller's back or when the backend is down, and what was not found is not looked for again at once.

mod store;

pub use store::Store;

use super::layer::{Layer, Next};
use super::metrics::Metrics;
use super::request::Freshness;
use super::{Access, Call, Cause, Failure, Request, Response};
use async_trait::async_trait;
use http::StatusCode;
use http::header::{ETAG, IF_NONE_MATCH};
use std::sync::Arc;
use std::time::Duration;
use store::{Entry, Found};

/// How much is remembered, and how long beyond its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// So many answers at most.
    pub entries: usize,
    /// So many bytes at most, keys and headers included.
    pub bytes: usize,
    /// An answer may be given for so long after its time, at most as long again as that, while a new one is fetched.
    pub while_revalidate: Duration,
    /// And for so long where the backend fails.
    pub if_error: Duration,
    /// For how long it is remembered that something was not found.
    pub not_found: Duration,
    /// How long a refresh behind the caller's back may take.
    pub refresh_limit: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            entries: 10_000,
            bytes: 32 * 1024 * 1024,
            while_revalidate: Duration::from_secs(60),
            if_error: Duration::from_secs(10 * 60),
            not_found: Duration::from_secs(5),
            refresh_limit: Duration::from_secs(22),
        }
    }
}

/// Remembers answers.
pub struct Cache {
    backend: &'static str,
    policy: Policy,
    store: Arc<Store>,
    metrics: Metrics,
}

impl Cache {
    /// A layer over this store.
    pub fn new(backend: &'static str, policy: Policy, store: Arc<Store>, metrics: Metrics) -> Self {
        Self {
            backend,
            policy,
            store,
            metrics,
        }
    }

    /// Everything that one look-up needs, owned: a refresh outlives the call that began it.
    fn lookup(&self, request: &Request, freshness: &Freshness, next: Next) -> Lookup {
        Lookup {
            key: request.fingerprint().into(),
            ttl: freshness.ttl,
            tags: freshness.tags.as_slice().into(),
            request: request.clone(),
            policy: self.policy,
            store: Arc::clone(&self.store),
            next,
        }
    }

    fn hit(&self, call: &Call, entry: &Entry, result: &'static str) -> Result<Response, Failure> {
        self.metrics.looked_up(self.backend, result);
        call.account().enter(self.backend, |spent| spent.cache_hit(entry.age()));
        entry.answer()
    }
}

#[async_trait]
impl Layer for Cache {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let Some(freshness) = request.freshness.as_ref().filter(|_| request.access == Access::Read) else {
            let result = next.run(request, call).await;
            // Also after a failure: a write whose outcome is unknown may have been carried out.
            self.store.invalidate(&request.changes);
            return result;
        };
        let lookup = self.lookup(request, freshness, next);
        let known = match self.store.find(&lookup.key) {
            Found::Fresh(entry) => return self.hit(call, &entry, "hit"),
            Found::Usable { entry, refresh } => {
                if refresh {
                    // One for each entry: the store hands out the duty once.
                    tokio::spawn(lookup.refresh(Arc::clone(&entry)));
                }
                return self.hit(call, &entry, "hit");
            }
            Found::Old(entry) => Some(entry),
            Found::Nothing => None,
        };
        self.metrics.looked_up(self.backend, "miss");
        match (lookup.fetch(known.clone(), call).await, known) {
            (Err(failure), Some(entry)) if serves_old(&failure.cause) && entry.is_good() => {
                call.account().enter(self.backend, |spent| spent.stale += 1);
                self.hit(call, &entry, "stale")
            }
            (result, _) => result,
        }
    }
}

/// Whether an old answer is better than this failure. Where the vendor answered, its word counts: what is gone or was
/// forbidden since must not be shown any longer.
fn serves_old(cause: &Cause) -> bool {
    cause.is_sickness() || matches!(cause, Cause::Throttled { .. } | Cause::CircuitOpen { .. })
}

/// One look-up.
struct Lookup {
    key: Arc<str>,
    ttl: Duration,
    tags: Arc<[String]>,
    request: Request,
    policy: Policy,
    store: Arc<Store>,
    next: Next,
}

impl Lookup {
    async fn refresh(self, known: Arc<Entry>) {
        let store = Arc::clone(&self.store);
        let key = Arc::clone(&self.key);
        let call = Call::background(self.policy.refresh_limit);
        // A failure leaves the entry as it is until it is too old; the road below has counted and logged it.
        if self.fetch(Some(known), &call).await.is_err() {
            store.give_back_refresh(&key);
        }
    }

    /// Fetches, asking only whether there is anything new where that can be asked, and remembers.
    async fn fetch(self, known: Option<Arc<Entry>>, call: &Call) -> Result<Response, Failure> {
        let Self {
            key,
            ttl,
            tags,
            mut request,
            policy,
            store,
            next,
        } = self;
        let known = known.filter(|entry| entry.is_good());
        if let Some(etag) = known.as_ref().and_then(|entry| entry.etag()) {
            request.headers.push((IF_NONE_MATCH, etag));
        }
        let began = store.generation();
        let result = next.run(&request, call).await;
        let (answer, ttl) = match result {
            Ok(response) if response.status == StatusCode::NOT_MODIFIED => match known {
                Some(entry) => (entry.answer(), ttl),
                None => (Ok(response), Duration::ZERO),
            },
            Err(failure) if matches!(failure.cause, Cause::NotFound { .. }) => {
                (Err(failure), policy.not_found.min(ttl))
            }
            // What failed for a reason that passes, or that the credentials decide, is asked again next time.
            Err(failure) => return Err(failure),
            Ok(response) => (Ok(response), ttl),
        };
        if !ttl.is_zero() {
            store.remember(&key, Entry::new(answer.clone(), ttl, tags), began);
        }
        answer
    }
}

impl Entry {
    fn etag(&self) -> Option<http::HeaderValue> {
        self.answer().ok()?.headers.get(ETAG).cloned()
    }
}

#[cfg(test)]
mod tests;
