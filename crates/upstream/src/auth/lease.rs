//! A token that ends: renewed before it does, once for all who wait for it.

use super::{Auth, Place};
use crate::Cause;
use crate::wire::Outgoing;
use async_trait::async_trait;
use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A token this young is not renewed again because a request was refused: a vendor that refuses every token would be asked
/// for one by every request.
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
    /// For how long it was good when it was given out, where that is known.
    pub life: Option<Duration>,
    /// When it was given out.
    pub age: Age,
    /// The log-in that it goes back to, where that is known: what comes of another one may be another account's.
    pub log_in: Option<String>,
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
            life: good_for,
            age: Age::New,
            log_in: None,
        }
    }

    /// How long before its end it is renewed: so early, but at most a quarter of its life, or a token that lives no longer
    /// than that would be renewed by every request.
    pub fn early(&self, most: Duration) -> Duration {
        self.life.map_or(most, |life| most.min(life / 4))
    }

    /// Whether it need not be renewed yet, where that is done so early at most.
    pub fn lasts(&self, most: Duration) -> bool {
        self.good_for.is_none_or(|good_for| good_for > self.early(most))
    }
}

/// Who gives out tokens.
#[async_trait]
pub trait Issuer: Send + Sync + 'static {
    /// Gets another token than the one held so far, which has ended, is about to, or was refused. It runs to its end even
    /// if nobody waits for it any more: a refresh token that was used up and whose successor was not kept would lock
    /// everybody out.
    async fn issue(&self, held: Option<SecretString>) -> Result<Token, Cause>;

    /// A token that somebody else has put where this issuer keeps its own, since it was last looked there. Asked for by
    /// every request, so that it must cost next to nothing.
    fn news(&self) -> Option<Token> {
        None
    }
}

/// A token of this issuer, in `Authorization: Bearer …` or elsewhere.
pub struct Leased {
    issuer: Arc<dyn Issuer>,
    early: Duration,
    place: Place,
    state: Arc<Mutex<State>>,
}

/// A token, and its version.
type Versioned = (SecretString, u64);

type Renewing = Shared<BoxFuture<'static, Result<Versioned, Cause>>>;

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// Counts the tokens.
    version: u64,
    /// Counts the log-ins that they go back to.
    identity: u64,
    renewing: Option<Renewing>,
    refused: Option<(Cause, Instant)>,
}

#[derive(Clone)]
struct Held {
    token: Token,
    version: u64,
    since: Instant,
}

/// A renewal is under way while this lives: also one that panics or is cut off must make room for the next.
struct UnderWay(Arc<Mutex<State>>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        lock(&self.0).renewing = None;
    }
}

impl Leased {
    /// Tokens of this issuer, each renewed so long before it ends, or when three quarters of its life are over.
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

    async fn token(&self) -> Result<Versioned, Cause> {
        let (held, renewing) = {
            let mut state = self.state();
            let held = state.held.clone().filter(|held| !held.left().is_zero());
            if let Some(held) = held.as_ref().filter(|held| held.left() > held.token.early(self.early)) {
                return Ok(held.versioned());
            }
            match (state.refusal(), held) {
                (Some(_), Some(held)) => return Ok(held.versioned()),
                (Some(cause), None) => return Err(cause),
                (None, held) => (held, self.renewing(&mut state)),
            }
        };
        match (renewing.await, held) {
            // Renewal is early so that a vendor's bad minute does no harm.
            (Err(_), Some(held)) if !held.left().is_zero() => Ok(held.versioned()),
            (result, _) => result,
        }
    }

    /// The state, with what somebody else got meanwhile taken up: whoever has just logged in is not to wait for it.
    fn state(&self) -> MutexGuard<'_, State> {
        let mut state = lock(&self.state);
        if let Some(token) = self.issuer.news().filter(|token| !state.holds(token)) {
            state.hold(token);
        }
        state
    }

    /// The renewal under way, or a new one.
    fn renewing(&self, state: &mut State) -> Renewing {
        if let Some(renewing) = &state.renewing {
            return renewing.clone();
        }
        let (issuer, shared) = (Arc::clone(&self.issuer), Arc::clone(&self.state));
        let held = state.held.as_ref().map(|held| held.token.secret.clone());
        let before = state.version;
        let task = tokio::spawn(async move {
            let _under_way = UnderWay(Arc::clone(&shared));
            let result = issuer.issue(held).await;
            let mut state = lock(&shared);
            // Somebody logged in meanwhile: what was got for the log-in before must not take that one's place.
            if let Some(newer) = state.held.as_ref().filter(|held| held.version > before) {
                return Ok(newer.versioned());
            }
            match result {
                Ok(token) => Ok(state.hold(token)),
                Err(cause) => {
                    let refused = matches!(cause, Cause::Unauthorized { .. });
                    state.refused = refused.then(|| (cause.clone(), Instant::now()));
                    Err(cause)
                }
            }
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
    async fn apply(&self, outgoing: &mut Outgoing) -> Result<u64, Cause> {
        let (token, version) = self.token().await?;
        self.place.put(&mut outgoing.headers, &token)?;
        Ok(version)
    }

    async fn renew(&self, refused: u64) -> Result<bool, Cause> {
        let renewing = {
            let mut state = self.state();
            let held = state.held.as_ref();
            if held.is_some_and(|held| held.version > refused || held.is_young()) {
                return Ok(true);
            }
            if state.refusal().is_some() {
                return Ok(false);
            }
            self.renewing(&mut state)
        };
        renewing.await.map(|_| true)
    }

    /// A renewal leaves the account as it is; another log-in may be another account's.
    fn identity(&self) -> u64 {
        self.state().identity
    }
}

impl State {
    /// The issuer's last word, where that was a refusal a moment ago.
    fn refusal(&self) -> Option<Cause> {
        let (cause, since) = self.refused.as_ref()?;
        (since.elapsed() < REFUSED).then(|| cause.clone())
    }

    fn holds(&self, token: &Token) -> bool {
        let held = self.held.as_ref();
        held.is_some_and(|held| held.token.secret.expose_secret() == token.secret.expose_secret())
    }

    /// Puts a token in the place of the one held so far.
    fn hold(&mut self, token: Token) -> Versioned {
        // One that came from elsewhere and says of no log-in may be anybody's.
        let is_anybodys = token.age == Age::Unknown && token.log_in.is_none();
        let held = self.held.as_ref();
        if held.is_some_and(|held| is_anybodys || held.token.log_in != token.log_in) {
            self.identity += 1;
        }
        self.version += 1;
        self.refused = None;
        let held = Held {
            token,
            version: self.version,
            since: Instant::now(),
        };
        self.held.insert(held).versioned()
    }
}

impl Held {
    fn versioned(&self) -> Versioned {
        (self.token.secret.clone(), self.version)
    }

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
