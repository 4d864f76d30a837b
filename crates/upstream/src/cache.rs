//! The layer that remembers answers: fresh ones are given again, older ones while a new one is fetched behind the
//! caller's back or when the backend is down, and what was not found is not looked for again at once.

mod store;

pub use store::Store;

use super::layer::{Layer, Next};
use super::metrics::Measure;
use super::request::Freshness;
use super::trail::Remembered;
use super::{Access, Call, Cause, Classify, Failure, Request, Response, Stale, Worth};
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
            // For each road, of which there are four.
            bytes: 16 * 1024 * 1024,
            while_revalidate: Duration::from_secs(60),
            if_error: Duration::from_secs(10 * 60),
            not_found: Duration::from_secs(5),
            refresh_limit: Duration::from_secs(22),
        }
    }
}

/// Remembers answers.
pub struct Cache {
    policy: Policy,
    store: Arc<Store>,
    classify: Arc<dyn Classify>,
    /// Refreshes behind a caller's back do not pass the outermost layer; they are counted and logged all the same.
    measure: Arc<Measure>,
}

impl Cache {
    /// A layer over this store; `classify` says which answers are worth remembering.
    pub fn new(policy: Policy, store: Arc<Store>, classify: Arc<dyn Classify>, measure: Measure) -> Self {
        Self {
            policy,
            store,
            classify,
            measure: Arc::new(measure),
        }
    }

    /// Everything that one look-up needs, owned: a refresh outlives the call that began it.
    fn lookup(&self, key: String, (request, freshness): (&Request, &Freshness), next: Next) -> Lookup {
        Lookup {
            key: key.into(),
            ttl: freshness.ttl,
            tags: freshness.tags.as_slice().into(),
            request: request.clone(),
            policy: self.policy,
            store: Arc::clone(&self.store),
            classify: Arc::clone(&self.classify),
            next,
        }
    }

    fn give(&self, call: &Call, entry: &Entry, from: Remembered) -> Result<Response, Failure> {
        call.note(|trail| trail.remembered = Some(from));
        let age = entry.age();
        call.account().enter(self.measure.backend, |spent| spent.cache_hit(age));
        entry.answer()
    }
}

#[async_trait]
impl Layer for Cache {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let Some(freshness) = request.freshness.as_ref().filter(|_| request.access == Access::Read) else {
            let _changed = Changed {
                store: &self.store,
                tags: &request.changes,
            };
            return next.run(request, call).await;
        };
        let key = request.fingerprint();
        let known = match self.store.find(&key) {
            Found::Fresh(entry) => return self.give(call, &entry, Remembered::Hit),
            Found::Usable { entry, refresh } => {
                if refresh {
                    // One for each entry: the store hands out the duty once.
                    let lookup = self.lookup(key, (request, freshness), next);
                    tokio::spawn(lookup.refresh(Arc::clone(&entry), Arc::clone(&self.measure)));
                }
                return self.give(call, &entry, Remembered::Hit);
            }
            Found::Old(entry) => Some(entry),
            Found::Nothing => None,
        };
        call.note(|trail| trail.remembered = Some(Remembered::Miss));
        let lookup = self.lookup(key, (request, freshness), next);
        match (lookup.fetch(known.clone(), call, None).await, known) {
            (Err(failure), Some(entry)) if serves_old(&failure.cause) && entry.is_good() => {
                let age = entry.age();
                // The caller gets an answer, so that nobody above tells of the failure. Those who joined another's flight,
                // and those who came after the breaker had opened, know of nothing new.
                if call.trail().attempts > 0 && failure.cause.is_sickness() {
                    tracing::warn!(
                        backend = failure.backend,
                        operation = failure.operation,
                        outcome = failure.cause.class(),
                        age_s = age.as_secs(),
                        "upstream request failed, and an old answer was given"
                    );
                }
                call.account().enter_stale(Stale { age, failure });
                self.give(call, &entry, Remembered::Stale)
            }
            (result, _) => result,
        }
    }
}

/// Forgets what a write changes when it ends, however it does: one that failed, or whose caller went away, may have been
/// carried out.
struct Changed<'a> {
    store: &'a Store,
    tags: &'a [String],
}

impl Drop for Changed<'_> {
    fn drop(&mut self) {
        self.store.invalidate(self.tags);
    }
}

/// Whether an old answer is better than this failure. Where the vendor answered, its word counts: what is gone or was
/// forbidden since must not be shown any longer.
fn serves_old(cause: &Cause) -> bool {
    let unasked = matches!(
        cause,
        Cause::Throttled { .. } | Cause::CircuitOpen { .. } | Cause::NotSent { .. }
    );
    unasked || cause.is_sickness()
}

/// One look-up.
struct Lookup {
    key: Arc<str>,
    ttl: Duration,
    tags: Arc<[String]>,
    request: Request,
    policy: Policy,
    store: Arc<Store>,
    classify: Arc<dyn Classify>,
    next: Next,
}

impl Lookup {
    async fn refresh(self, known: Arc<Entry>, measure: Arc<Measure>) {
        let store = Arc::clone(&self.store);
        let key = Arc::clone(&self.key);
        let call = Call::background(self.policy.refresh_limit);
        // A failure, or an answer that is not worth remembering, leaves the entry as it is until it is too old.
        self.fetch(Some(known), &call, Some(&measure)).await.ok();
        store.give_back_refresh(&key);
    }

    /// Fetches, asking only whether there is anything new where that can be asked, and remembers.
    async fn fetch(
        self,
        known: Option<Arc<Entry>>,
        call: &Call,
        measure: Option<&Measure>,
    ) -> Result<Response, Failure> {
        let Self {
            key,
            ttl,
            tags,
            mut request,
            policy,
            store,
            classify,
            next,
        } = self;
        let known = known.filter(|entry| entry.is_good());
        if let Some(etag) = known.as_ref().and_then(|entry| entry.etag()) {
            request.headers.push((IF_NONE_MATCH, etag));
        }
        let began = store.generation();
        let result = match measure {
            Some(measure) => measure.handle(&request, call, next).await,
            None => next.run(&request, call).await,
        };
        let brief = policy.not_found.min(ttl);
        let (answer, ttl) = match result {
            Ok(response) if response.status == StatusCode::NOT_MODIFIED => match known {
                Some(entry) => (entry.answer(), ttl),
                None => (Ok(response), Duration::ZERO),
            },
            Err(failure) if matches!(failure.cause, Cause::NotFound { .. }) => (Err(failure), brief),
            // What failed for a reason that passes, or that the credentials decide, is asked again next time.
            Err(failure) => return Err(failure),
            Ok(response) => {
                let ttl = match classify.worth(&request, &response) {
                    Worth::Lasting => ttl,
                    Worth::Brief => brief,
                    Worth::Nothing => Duration::ZERO,
                };
                (Ok(response), ttl)
            }
        };
        if !ttl.is_zero() {
            store.remember(&key, Entry::new(&answer, ttl, tags), began);
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
