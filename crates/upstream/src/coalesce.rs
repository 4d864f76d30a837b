//! The layer that makes one request of many: whoever asks what is being asked already waits for the same answer.
//!
//! Nobody owns a flight. All who wait for it push it on, each under its own deadline; one that gives up does not fail
//! the others, and when the last one leaves, the flight is dropped with its connection. A task of its own would have
//! been the other way; it would have to be told when nobody waits any more.

use super::call::Hold;
use super::layer::{Layer, Next};
use super::metrics::Metrics;
use super::trail::Remembered;
use super::{Access, Call, Cause, Failure, Request, Response};
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

type Answer = Result<Response, Failure>;
type Flight = Shared<BoxFuture<'static, Answer>>;

/// Makes one request of many.
pub struct Coalesce {
    backend: &'static str,
    limit: Duration,
    flights: Arc<Flights>,
    metrics: Metrics,
}

/// The requests in flight, by what is asked. Shared with the stack, which clears it when something changed.
#[derive(Default)]
pub struct Flights(Mutex<Table>);

#[derive(Default)]
struct Table {
    flights: HashMap<Arc<str>, InFlight>,
    next_id: u64,
}

struct InFlight {
    id: u64,
    flight: WeakShared<BoxFuture<'static, Answer>>,
    held: watch::Receiver<Hold>,
}

impl Coalesce {
    /// A layer whose flights may take so long, whatever the deadline of the call that began them.
    pub fn new(backend: &'static str, limit: Duration, flights: Arc<Flights>, metrics: Metrics) -> Self {
        Self {
            backend,
            limit,
            flights,
            metrics,
        }
    }

    fn board(&self, request: &Request, call: &Call, next: Next) -> (Flight, watch::Receiver<Hold>) {
        let key: Arc<str> = request.fingerprint().into();
        let mut table = self.flights.lock();
        if let Some(known) = table.flights.get(&key)
            && let Some(flight) = known.flight.upgrade()
        {
            let held = known.held.clone();
            drop(table);
            call.note(|trail| trail.remembered = Some(Remembered::Joined));
            call.account().enter(self.backend, |spent| spent.joined += 1);
            return (flight, held);
        }
        let id = table.next_id;
        table.next_id += 1;
        let landing = Landing {
            flights: Arc::clone(&self.flights),
            key: Arc::clone(&key),
            id,
        };
        let (request, call) = (request.clone(), call.shared_flight(self.limit));
        let held = call.held();
        let flight = async move {
            let _landing = landing;
            next.run(&request, &call).await
        }
        .boxed()
        .shared();
        if let Some(weak) = flight.downgrade() {
            let entry = InFlight {
                id,
                flight: weak,
                held: held.clone(),
            };
            table.flights.insert(key, entry);
        }
        (flight, held)
    }
}

#[async_trait]
impl Layer for Coalesce {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Answer {
        if request.access != Access::Read {
            let _waits = Waits::new(self);
            return next.run(request, call).await;
        }
        let (started, deadline) = (Instant::now(), call.request_deadline());
        let failed = |cause| Err(Failure::new(self.backend, request.operation, cause));
        // A flight has a limit of its own, so that nothing below would keep one from beginning that nobody can wait for.
        if call.send_by() < started {
            return failed(Cause::NotSent { waited: Duration::ZERO });
        }
        let refused = |cause| {
            self.metrics.refused(self.backend);
            failed(cause)
        };
        let (flight, mut holds) = self.board(request, call, next);
        // Only now, so that who reads the figure knows that they have joined.
        let _waits = Waits::new(self);
        tokio::pin!(flight);
        loop {
            let kept = *holds.borrow_and_update();
            // The flight may wait for a limit longer than this caller can: then it leaves at once, with the time.
            if let Hold::Until(free_at) = kept
                && free_at > call.send_by()
            {
                let retry_after = free_at.saturating_duration_since(Instant::now());
                return refused(Cause::Throttled { retry_after });
            }
            tokio::select! {
                biased;
                // Before the flight: its turn may come in this very moment, and it must not be sent for nobody.
                () = tokio::time::sleep_until(deadline) => {
                    let so_long = started.elapsed();
                    return match (flight.peek(), *holds.borrow()) {
                        (Some(answer), _) => answer.clone(),
                        (None, Hold::Free) => failed(Cause::TimedOut { after: so_long }),
                        (None, Hold::Until(_) | Hold::Turn) => refused(Cause::NotSent { waited: so_long }),
                    };
                }
                answer = &mut flight => return answer,
                Ok(()) = holds.changed() => {}
            }
        }
    }
}

/// One who waits for an answer, counted until they have it or leave.
struct Waits<'a>(&'a Coalesce);

impl<'a> Waits<'a> {
    fn new(layer: &'a Coalesce) -> Self {
        layer.metrics.waits(layer.backend, 1);
        Self(layer)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.metrics.waits(self.0.backend, -1);
    }
}

impl Flights {
    /// Lets nobody join what is in flight now: it may bring what was so before a change.
    pub fn detach(&self) {
        self.lock().flights.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a flight out of the table when it ends, be it with an answer or because all have left.
struct Landing {
    flights: Arc<Flights>,
    key: Arc<str>,
    id: u64,
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut table = self.flights.lock();
        // Another flight may have begun in its place.
        if table.flights.get(&self.key).is_some_and(|flight| flight.id == self.id) {
            table.flights.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests;
