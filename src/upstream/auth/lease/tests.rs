//! Renewal on the paused clock.

use super::*;
use crate::upstream::testing::seconds;
use futures::future::join_all;
use secrecy::ExposeSecret;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone, Default)]
struct Counting {
    issued: Arc<AtomicUsize>,
    fails_from: Option<usize>,
}

#[async_trait]
impl Issuer for Counting {
    async fn issue(&self, _held: Option<SecretString>) -> Result<Token, Cause> {
        tokio::time::sleep(seconds(1)).await;
        let number = self.issued.fetch_add(1, Ordering::SeqCst);
        if self.fails_from.is_some_and(|from| number >= from) {
            return Err(unauthorized("down"));
        }
        Ok(Token::new(format!("token-{number}"), Some(seconds(100))))
    }
}

async fn shown(leased: &Leased) -> String {
    leased.token().await.unwrap().expose_secret().to_owned()
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
    let renewals = join_all((0..10).map(|_| leased.renew())).await;
    assert!(renewals.into_iter().all(|renewed| renewed == Ok(true)));
    assert_eq!(leased.renew().await, Ok(true), "it is new already");
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
    assert_eq!(leased.renew().await, Ok(false), "there is nothing to try again with");
    assert!(leased.token().await.is_err());
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 1);
    // Somebody may have logged in by then.
    tokio::time::advance(seconds(6)).await;
    assert!(leased.token().await.is_err());
    assert_eq!(issuer.issued.load(Ordering::SeqCst), 2);
}
