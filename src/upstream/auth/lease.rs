//! A token that ends: renewed before it does, once for all who wait for it.

use super::{Auth, Place};
use crate::upstream::Cause;
use crate::upstream::wire::Outgoing;
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use secrecy::SecretString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A token this young is not renewed again because a request was refused: it was sent with the one before.
const YOUNG: Duration = Duration::from_secs(5);

/// How long a refusal of the issuer counts: who asks again and again with what was refused gets locked out.
const REFUSED: Duration = Duration::from_secs(5);

/// A token and when it ends.
#[derive(Debug, Clone)]
pub struct Token {
    /// The token.
    pub secret: SecretString,
    /// For how long it is good; `None`: until it is refused.
    pub good_for: Option<Duration>,
    /// When it was given out.
    pub age: Age,
}

/// When a token was given out, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Just now.
    New,
    /// Before, to an earlier run or another process: it may have been revoked since.
    Unknown,
}

impl Token {
    /// A token that was given out just now.
    pub fn new(secret: impl Into<SecretString>, good_for: Option<Duration>) -> Self {
        Self {
            secret: secret.into(),
            good_for,
            age: Age::New,
        }
    }

    /// Whether it is good for longer than this.
    pub fn lasts(&self, time: Duration) -> bool {
        self.good_for.is_none_or(|good_for| good_for > time)
    }
}

/// Who gives out tokens.
#[async_trait]
pub trait Issuer: Send + Sync + 'static {
    /// Gets another token than the one held so far, which has ended, is about to, or was refused. It runs to its end even
    /// if nobody waits for it any more: a refresh token that was used up and whose successor was not kept would lock
    /// everybody out.
    async fn issue(&self, held: Option<SecretString>) -> Result<Token, Cause>;
}

/// A token of this issuer, in `Authorization: Bearer …` or elsewhere.
pub struct Leased {
    issuer: Arc<dyn Issuer>,
    early: Duration,
    place: Place,
    state: Arc<Mutex<State>>,
}

type Renewing = Shared<BoxFuture<'static, Result<SecretString, Cause>>>;

#[derive(Default)]
struct State {
    held: Option<Held>,
    renewing: Option<Renewing>,
    refused: Option<(Cause, Instant)>,
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
            place: Place::default(),
            state: Arc::default(),
        }
    }

    /// Puts the token elsewhere than in `Authorization`.
    #[must_use]
    pub fn placed(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    async fn token(&self) -> Result<SecretString, Cause> {
        let (held, renewing) = {
            let mut state = lock(&self.state);
            let held = state.held.clone().filter(|held| !held.left().is_zero());
            if let Some(held) = held.as_ref().filter(|held| held.left() > self.early) {
                return Ok(held.token.secret.clone());
            }
            match (state.refusal(), held) {
                (Some(_), Some(held)) => return Ok(held.token.secret),
                (Some(cause), None) => return Err(cause),
                (None, held) => (held, self.renewing(&mut state)),
            }
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
            state.refused = match &result {
                Err(cause @ Cause::Unauthorized { .. }) => Some((cause.clone(), Instant::now())),
                _ => None,
            };
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
        self.place.put(&mut outgoing.headers, &token)
    }

    async fn renew(&self) -> Result<bool, Cause> {
        let renewing = {
            let mut state = lock(&self.state);
            if state.held.as_ref().is_some_and(Held::is_young) {
                return Ok(true);
            }
            if state.refusal().is_some() {
                return Ok(false);
            }
            self.renewing(&mut state)
        };
        renewing.await.map(|_| true)
    }
}

impl State {
    /// The issuer's last word, where that was a refusal a moment ago.
    fn refusal(&self) -> Option<Cause> {
        let (cause, since) = self.refused.as_ref()?;
        (since.elapsed() < REFUSED).then(|| cause.clone())
    }
}

impl Held {
    fn is_young(&self) -> bool {
        self.token.age == Age::New && self.since.elapsed() < YOUNG
    }

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
