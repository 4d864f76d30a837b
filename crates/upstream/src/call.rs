//! What all upstream requests of one tool call share: the deadline, the account of what was spent, the place in a trace.

use super::account::Account;
use super::trace;
use super::trail::SharedTrail;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Kept back from every request, so that what is ready can still be returned with problems for the rest.
const RESERVE: Duration = Duration::from_secs(2);

/// Less than any answer takes: what is sent with less time left is sent for nothing, and a write whose answer nobody waits
/// for is worse than nothing.
const LEAST: Duration = Duration::from_millis(50);

/// What keeps a request from being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Hold {
    /// Nothing, or it was sent.
    #[default]
    Free,
    /// A limit, until then.
    Until(Instant),
    /// Those before it: how long that takes, nobody knows.
    Turn,
}

/// One tool call or GraphQL request, as the road sees it. Made anew for each, shared by its requests.
#[derive(Debug, Clone)]
pub struct Call {
    deadline: Instant,
    reserve: Duration,
    account: Arc<Account>,
    context: trace::Context,
    trail: SharedTrail,
    hold: watch::Sender<Hold>,
}

impl Call {
    /// A call that has so long from now.
    pub fn within(limit: Duration) -> Self {
        Self {
            deadline: Instant::now() + limit,
            // A call of a second or two could do nothing at all if the whole reserve were taken from it.
            reserve: RESERVE.min(limit / 5),
            account: Arc::default(),
            context: trace::Context::default(),
            trail: SharedTrail::default(),
            hold: watch::Sender::default(),
        }
    }

    /// As part of a trace.
    #[must_use]
    pub fn traced(mut self, context: trace::Context) -> Self {
        self.context = context;
        self
    }

    /// When it must be over.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How long is left.
    pub fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// When a request of it must have its answer: the deadline less what is kept back to return the rest.
    pub fn request_deadline(&self) -> Instant {
        self.deadline.checked_sub(self.reserve).unwrap_or(self.deadline)
    }

    /// How long a request of it still has.
    pub fn request_left(&self) -> Duration {
        self.request_deadline().saturating_duration_since(Instant::now())
    }

    /// When a request of it must be sent at the latest: after that it cannot be answered in time.
    pub fn send_by(&self) -> Instant {
        let deadline = self.request_deadline();
        deadline.checked_sub(LEAST).unwrap_or(deadline)
    }

    /// What it cost so far.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Where it belongs in a trace.
    pub fn context(&self) -> &trace::Context {
        &self.context
    }

    /// The same call, for one request with a trail of its own.
    pub(super) fn for_one_request(&self) -> Self {
        Self {
            trail: SharedTrail::default(),
            ..self.clone()
        }
    }

    pub(super) fn shared_trail(&self) -> &SharedTrail {
        &self.trail
    }

    /// The same call, for requests that are worth no more than this long.
    #[must_use]
    pub fn at_most(&self, limit: Duration) -> Self {
        self.until(self.request_deadline().min(Instant::now() + limit))
    }

    /// The same call, for a request that must be over sooner.
    pub(super) fn until(&self, deadline: Instant) -> Self {
        Self {
            deadline,
            reserve: Duration::ZERO,
            ..self.clone()
        }
    }

    /// A request that several calls wait for: it has a limit of its own, and is on the account of this one, in its trace
    /// and on its trail.
    pub(super) fn shared_flight(&self, limit: Duration) -> Self {
        Self {
            deadline: Instant::now() + limit,
            reserve: Duration::ZERO,
            hold: watch::Sender::default(),
            ..self.clone()
        }
    }

    /// A request that nobody waits for, with an account of its own: it serves later calls, not this one.
    pub(super) fn background(limit: Duration) -> Self {
        Self {
            reserve: Duration::ZERO,
            ..Self::within(limit)
        }
    }

    /// Says what keeps it, so that those who cannot wait so long can leave now, and all know that nothing was sent.
    pub(super) fn hold(&self, hold: Hold) {
        self.hold
            .send_if_modified(|known| std::mem::replace(known, hold) != hold);
    }

    /// What keeps it.
    pub(super) fn held(&self) -> watch::Receiver<Hold> {
        self.hold.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn keeps_two_seconds_back_to_return_the_rest() {
        let call = Call::within(Duration::from_secs(25));
        assert_eq!(call.left(), Duration::from_secs(25));
        assert_eq!(call.request_left(), Duration::from_secs(23));
        tokio::time::advance(Duration::from_secs(24)).await;
        assert_eq!(call.request_left(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_part_of_it_ends_sooner_and_never_later() {
        let call = Call::within(Duration::from_secs(25));
        assert_eq!(
            call.at_most(Duration::from_secs(5)).request_left(),
            Duration::from_secs(5)
        );
        assert_eq!(
            call.at_most(Duration::from_secs(60)).request_left(),
            Duration::from_secs(23)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn leaves_most_of_a_short_call_to_its_requests() {
        assert_eq!(
            Call::within(Duration::from_secs(1)).request_left(),
            Duration::from_millis(800)
        );
    }
}
