//! Renewal on the paused clock.

use super::*;
use crate::testing::seconds;
use futures::future::join_all;
use secrecy::ExposeSecret;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone, Default)]
struct Counting {
    issued: Arc<AtomicUsize>,
    fails_from: Option<usize>,
    life: Option<Duration>,
}

#[async_trait]
impl Issuer for Counting {
    async fn issue(&self, _held: Option<SecretString>) -> Result<Token, Cause> {
        tokio::time::sleep(seconds(1)).await;
        let number = self.issued.fetch_add(1, Ordering::SeqCst);
        if self.fails_from.is_some_and(|from| number >= from) {
            return Err(unauthorized("down"));
        }
        let life = self.life.unwrap_or(seconds(100));
        Ok(Token::new(format!("token-{number}"), Some(life)))
    }
}

async fn shown(leased: &Leased) -> String {
    leased.token().await.unwrap().0.expose_secret().to_owned()
}

#[tokio::test(start_paused = true)]
async fn many_who_wait_cause_one_renewal_and_it_comes_early() {
    let issuer = Counting::default();
    let leased = Leased::new(issuer.clone(), seconds(20));
    let tokens = join_all((0..100).map(|_| shown(&leased))).await;
    assert!(tokens.iter().all(|token| token == "token-0"));
    tokio::time::advance(seconds(79)).await;
    assert_eq!(shown(&leased).await, "token-0");
    tokio::time::advance(seconds(2)).await;
    assert_eq!(shown(&leased).await, "token-1");
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn one_who_leaves_does_not_stop_the_renewal() {
    let issuer = Counting::default();
    let leased = Arc::new(Leased::new(issuer.clone(), seconds(20)));
    let waiting = tokio::spawn({
        let leased = Arc::clone(&leased);
        async move { leased.token().await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    waiting.abort();
    tokio::time::sleep(seconds(1)).await;
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 1);
    assert_eq!(shown(&leased).await, "token-0");
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_leaves_the_token_that_is_still_good() {
    let issuer = Counting {
        fails_from: Some(1),
        ..Counting::default()
    };
    let leased = Leased::new(issuer, seconds(20));
    shown(&leased).await;
    tokio::time::advance(seconds(85)).await;
    assert_eq!(shown(&leased).await, "token-0");
    tokio::time::advance(seconds(20)).await;
    assert!(leased.token().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn many_refusals_of_one_token_renew_it_once() {
    let issuer = Counting::default();
    let leased = Leased::new(issuer.clone(), seconds(20));
    shown(&leased).await;
    tokio::time::advance(seconds(10)).await;
    let renewals = join_all((0..10).map(|_| leased.renew(1))).await;
    assert!(renewals.into_iter().all(|renewed| renewed == Ok(true)));
    // However late the refusal of the first one comes.
    tokio::time::advance(seconds(50)).await;
    assert_eq!(leased.renew(1).await, Ok(true), "there is a newer one already");
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_not_asked_for_again_at_once() {
    let issuer = Counting {
        fails_from: Some(0),
        ..Counting::default()
    };
    let leased = Leased::new(issuer.clone(), seconds(20));
    assert!(leased.token().await.is_err());
    assert_eq!(leased.renew(0).await, Ok(false), "there is nothing to try again with");
    assert!(leased.token().await.is_err());
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 1);
    // Somebody may have logged in by then.
    tokio::time::advance(seconds(6)).await;
    assert!(leased.token().await.is_err());
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 2);
}

/// One that lives no longer than it would be renewed early.
#[tokio::test(start_paused = true)]
async fn a_short_life_is_used_for_three_quarters() {
    let issuer = Counting {
        life: Some(seconds(60)),
        ..Counting::default()
    };
    let leased = Leased::new(issuer.clone(), seconds(300));
    for _ in 0..44 {
        assert_eq!(shown(&leased).await, "token-0");
        tokio::time::advance(seconds(1)).await;
    }
    tokio::time::advance(seconds(2)).await;
    assert_eq!(shown(&leased).await, "token-1");
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 2);
}

/// An issuer that somebody else may put tokens beside, and that fails in the worst way where it is asked.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<Token>>>);

impl Shelf {
    fn put(&self, secret: &str, log_in: &str) {
        let token = Token {
            log_in: Some(log_in.to_owned()).filter(|log_in| !log_in.is_empty()),
            age: Age::Unknown,
            ..Token::new(secret, Some(seconds(100)))
        };
        self.0.lock().unwrap().push(token);
    }
}

#[async_trait]
impl Issuer for Shelf {
    async fn issue(&self, held: Option<SecretString>) -> Result<Token, Cause> {
        tokio::time::sleep(seconds(1)).await;
        let held = held.expect("panics where nothing is held");
        Ok(Token {
            log_in: Some("one".to_owned()),
            ..Token::new(format!("{}+", held.expose_secret()), Some(seconds(100)))
        })
    }

    fn news(&self) -> Option<Token> {
        self.0.lock().unwrap().pop()
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_panics_or_is_cut_off_is_not_waited_for_ever_after() {
    let shelf = Shelf::default();
    let leased = Leased::new(shelf.clone(), seconds(20));
    for _ in 0..2 {
        let cause = leased.token().await.unwrap_err().to_string();
        assert!(cause.contains("cut off"), "{cause}");
        assert!(lock(&leased.state).renewing.is_none());
    }
    shelf.put("a", "one");
    assert_eq!(shown(&leased).await, "a");
    tokio::time::advance(seconds(85)).await;
    assert_eq!(shown(&leased).await, "a+");
}

#[tokio::test(start_paused = true)]
async fn a_log_in_counts_at_once_and_a_renewal_is_none() {
    let shelf = Shelf::default();
    let leased = Leased::new(shelf.clone(), seconds(20));
    assert!(leased.token().await.is_err());
    shelf.put("a", "one");
    assert_eq!((shown(&leased).await.as_str(), leased.identity()), ("a", 0));
    tokio::time::advance(seconds(85)).await;
    assert_eq!((shown(&leased).await.as_str(), leased.identity()), ("a+", 0));
    shelf.put("b", "two");
    assert_eq!((leased.identity(), shown(&leased).await.as_str()), (1, "b"));
    shelf.put("c", "two");
    assert_eq!(
        (leased.identity(), shown(&leased).await.as_str()),
        (1, "c"),
        "renewed elsewhere"
    );
    shelf.put("d", "");
    assert_eq!(
        (leased.identity(), shown(&leased).await.as_str()),
        (2, "d"),
        "anybody's"
    );
}

/// The renewal was for the log-in before, and ends after the new one.
#[tokio::test(start_paused = true)]
async fn a_renewal_under_way_does_not_take_a_log_ins_place() {
    let shelf = Shelf::default();
    let leased = Arc::new(Leased::new(shelf.clone(), seconds(20)));
    shelf.put("a", "one");
    shown(&leased).await;
    tokio::time::advance(seconds(85)).await;
    let waiting = tokio::spawn({
        let leased = Arc::clone(&leased);
        async move { shown(&leased).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    shelf.put("b", "two");
    assert_eq!(shown(&leased).await, "b");
    assert_eq!(waiting.await.unwrap(), "b");
    assert_eq!((shown(&leased).await.as_str(), leased.identity()), ("b", 1));
}
