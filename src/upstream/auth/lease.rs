//! A token that ends: renewed before it does, once for all who wait for it.

use super::{Auth, insert};
use crate::upstream::Cause;
use crate::upstream::wire::Outgoing;
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use http::header::AUTHORIZATION;
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A token this young is not renewed again because a request was refused: it was sent with the one before.
const YOUNG: Duration = Duration::from_secs(5);

/// A token and when it ends.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token.
    pub secret: SecretString,
    /// For how long it is good; `None`: until it is refused.
    pub good_for: Option<Duration>,
}

impl Token {
    /// Whether it is good for longer than this.
    pub fn lasts(&self, time: Duration) -> bool {
        self.good_for.is_none_or(|good_for| good_for > time)
    }
}

/// Who gives out tokens.
#[async_trait]
pub trait Issuer: Send + Sync + 'static {
    /// Gets another token than the one held so far, which has ended, is about to, or was refused. It runs to its end even if nobody waits for it any more: a refresh token that was used up
    /// and whose successor was not kept would lock everybody out.
    async fn issue(&self, held: Option<SecretString>) -> Result<Token, Cause>;
}

/// `Authorization: Bearer …` with a token of this issuer.
pub struct Leased {
    issuer: Arc<dyn Issuer>,
    early: Duration,
    state: Arc<Mutex<State>>,
}

type Renewing = Shared<BoxFuture<'static, Result<SecretString, Cause>>>;

#[derive(Default)]
struct State {
    held: Option<Held>,
    renewing: Option<Renewing>,
}

#[derive(Clone)]
struct Held {
    token: Token,
    since: Instant,
}

impl Leased {
    /// Tokens of this issuer, each renewed so long before it ends.
    pub fn new(issuer: impl Issuer, early: Duration) -> Self {
        Self {
            issuer: Arc::new(issuer),
            early,
            state: Arc::default(),
        }
    }

    async fn token(&self) -> Result<SecretString, Cause> {
        let (held, renewing) = {
            let mut state = lock(&self.state);
            let held = state.held.clone().filter(|held| !held.left().is_zero());
            if let Some(held) = held.as_ref().filter(|held| held.left() > self.early) {
                return Ok(held.token.secret.clone());
            }
            (held, self.renewing(&mut state))
        };
        match (renewing.await, held) {
            // Renewal is early so that a vendor's bad minute does no harm.
            (Err(_), Some(held)) if !held.left().is_zero() => Ok(held.token.secret),
            (result, _) => result,
        }
    }

    /// The renewal under way, or a new one.
    fn renewing(&self, state: &mut State) -> Renewing {
        if let Some(renewing) = &state.renewing {
            return renewing.clone();
        }
        let (issuer, shared) = (Arc::clone(&self.issuer), Arc::clone(&self.state));
        let held = state.held.as_ref().map(|held| held.token.secret.clone());
        let task = tokio::spawn(async move {
            let result = issuer.issue(held).await;
            let mut state = lock(&shared);
            state.renewing = None;
            let token = result?;
            state.held = Some(Held {
                token: token.clone(),
                since: Instant::now(),
            });
            Ok(token.secret)
        });
        let renewing = task
            .map(|ended| ended.unwrap_or_else(|_| Err(unauthorized("the renewal was cut off"))))
            .boxed()
            .shared();
        state.renewing = Some(renewing.clone());
        renewing
    }
}

#[async_trait]
impl Auth for Leased {
    async fn apply(&self, outgoing: &mut Outgoing) -> Result<(), Cause> {
        let token = self.token().await?;
        insert(
            &mut outgoing.headers,
            AUTHORIZATION,
            &format!("Bearer {}", token.expose_secret()),
        )
    }

    async fn renew(&self) -> Result<bool, Cause> {
        let renewing = {
            let mut state = lock(&self.state);
            if state.held.as_ref().is_some_and(|held| held.since.elapsed() < YOUNG) {
                return Ok(true);
            }
            self.renewing(&mut state)
        };
        renewing.await.map(|_| true)
    }
}

impl Held {
    fn left(&self) -> Duration {
        match self.token.good_for {
            Some(good_for) => good_for.saturating_sub(self.since.elapsed()),
            None => Duration::MAX,
        }
    }
}

/// A token endpoint's refusal, or what stands for one.
pub(super) fn unauthorized(code: impl Into<String>) -> Cause {
    Cause::Unauthorized {
        code: code.into(),
        variables: Vec::new(),
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
