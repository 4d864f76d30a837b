//! The order of the layers, once, with a reason for each.

pub use super::params::Params;

use super::auth::{Auth, Renewal};
use super::breaker::Breaker;
use super::cache::{Cache, Store};
use super::coalesce::{Coalesce, Flights};
use super::deadline::Deadline;
use super::judge::Judge;
use super::layer::{Layer, Next, Road};
use super::metrics::{Measure, Metrics};
use super::pace::{Governor, Pace};
use super::retry::Retry;
use super::wire::{self, Wire};
use super::{Call, Cause, Classify, Failure, Request, Response, pace};
use std::sync::{Arc, Mutex, PoisonError};

/// The road to one backend with one set of credentials: nothing that is remembered or learned here is ever shared
/// with other credentials.
#[derive(Clone)]
pub struct Stack {
    backend: &'static str,
    auth: Arc<[Box<dyn Auth>]>,
    road: Arc<Road>,
    store: Arc<Store>,
    flights: Arc<Flights>,
    governor: Arc<Governor>,
    /// Whose credentials they were when somebody last looked.
    identity: Arc<Mutex<u64>>,
}

impl Stack {
    /// Puts the layers together, the outermost first. A [`Failure`] where the parameters cannot make a road: a base
    /// URL to which credentials may not be sent.
    pub fn new(params: Params) -> Result<Self, Failure> {
        let Params { backend, timeouts, .. } = params;
        let metrics = match params.metrics {
            Some(metrics) => metrics,
            None => Metrics::new().map_err(|error| {
                let message = error.to_string();
                Failure::new(backend, "start", Cause::Invalid { message })
            })?,
        };
        let auth: Arc<[_]> = params.auth.into();
        let classify: Arc<dyn Classify> = params.classify.into();
        let measure = || Measure {
            backend,
            metrics: metrics.clone(),
        };
        let store = Arc::new(Store::new(params.cache));
        let flights = Arc::<Flights>::default();
        let governor = Arc::new(Governor::new(pace::Params {
            backend,
            limits: params.limits,
            quota: params.quota,
            write_share: params.write_share,
            metrics: metrics.clone(),
        }));
        let layers: Vec<Box<dyn Layer>> = vec![
            // Outermost, so that a request is counted once and with all it took, also when the cache answers it.
            Box::new(measure()),
            // A hit costs no token, takes no place in a queue and cannot trip the breaker.
            Box::new(Cache::new(
                params.cache,
                Arc::clone(&store),
                Arc::clone(&classify),
                measure(),
            )),
            // Below the cache, so that all who miss at once, and refreshes, become one request that fills it once.
            Box::new(Coalesce::new(
                backend,
                timeouts.request,
                Arc::clone(&flights),
                metrics.clone(),
            )),
            // Below coalescing, so that a flight has its own limit and each who waits for it keeps theirs.
            Box::new(Deadline {
                backend,
                limit: timeouts.request,
            }),
            // Above all that an attempt must pass: each one is seen by the breaker, takes a token and gets fresh
            // credentials.
            Box::new(Retry::new(backend, params.retry, params.random, metrics.clone())),
            // Under the retry, so that it sees attempts; above the limits, so that an open one costs no token.
            Box::new(Breaker::new(backend, params.breaker, metrics.clone())),
            // The last that may wait: what passes it goes out now.
            Box::new(Pace::new(
                backend,
                Arc::clone(&governor),
                params.at_once,
                metrics.clone(),
            )),
            // Under the limits: a renewal must not queue up again behind those who wait for it.
            Box::new(Renewal {
                backend,
                auth: Arc::clone(&auth),
                kept: params.kept,
            }),
            // Above the wire there are only good answers and failures, so that no layer reads a status by itself.
            Box::new(Judge {
                backend,
                classify,
                governor: Arc::clone(&governor),
                metrics: metrics.clone(),
            }),
        ];
        // The end puts the credentials on: no layer ever holds a request with a secret in it.
        let end = Box::new(Wire::new(wire::Params {
            backend,
            base: params.base,
            auth: Arc::clone(&auth),
            timeouts,
            body_limit: params.body_limit,
        })?);
        let road = Arc::new(Road { layers, end });
        let identity = Arc::new(Mutex::new(identity(&auth)));
        Ok(Self {
            backend,
            auth,
            road,
            store,
            flights,
            governor,
            identity,
        })
    }

    /// Sends a request down the road.
    pub async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        self.identity();
        let _changed = (!request.changes.is_empty()).then(|| Detached(&self.flights));
        let result = Next::new(Arc::clone(&self.road)).run(&request, call).await;
        // Also where nothing was sent: what was learned before is what the caller has to go by.
        self.governor.tell(&request, call.account());
        result
    }

    /// Forgets all answers with this tag, e.g. `slack:channel:C1`: something told that it changed.
    pub fn invalidate(&self, tag: &str) {
        self.store.invalidate(&[tag]);
        // What is on its way may have been read before the change.
        self.flights.detach();
    }

    /// Grows when the credentials become somebody else's: a secret's file was changed, somebody logged in anew. Nothing that
    /// was remembered or learned by then holds for them, and all of it is forgotten when this returns.
    pub fn identity(&self) -> u64 {
        let mut known = self.identity.lock().unwrap_or_else(PoisonError::into_inner);
        let now = identity(&self.auth);
        if *known != now {
            *known = now;
            self.store.clear();
            self.flights.detach();
            self.governor.forget();
            tracing::info!(backend = self.backend, "other credentials: starting afresh");
        }
        now
    }

    /// The backend's name.
    pub fn backend(&self) -> &'static str {
        self.backend
    }
}

/// No identity ever goes back, so that their sum tells whether any of them has moved.
fn identity(auth: &[Box<dyn Auth>]) -> u64 {
    auth.iter().map(|auth| auth.identity()).sum()
}

/// When a write ends, however it does, nobody may join what was asked before it.
struct Detached<'a>(&'a Flights);

impl Drop for Detached<'_> {
    fn drop(&mut self) {
        self.0.detach();
    }
}

#[cfg(test)]
mod tests;
