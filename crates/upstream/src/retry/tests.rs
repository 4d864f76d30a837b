//! What is tried again, when, and how often.

use super::*;
use crate::testing::{FakeEnd, a_read, a_write, metrics, seconds, unavailable};
use proptest::prelude::*;

fn layer(policy: Policy) -> Box<dyn Layer> {
    Box::new(Retry::new("peer", policy, Arc::new(|| 1.0), metrics()))
}

async fn attempts(end: &FakeEnd, request: Request) -> (usize, Result<Response, Failure>) {
    let call = Call::within(seconds(25));
    let result = end.road(vec![layer(Policy::default())]).run(&request, &call).await;
    assert_eq!(call.account().of("peer").retries as usize, end.count() - 1);
    (end.count(), result)
}

fn throttled(wait: u64) -> Cause {
    Cause::Throttled {
        retry_after: seconds(wait),
    }
}

#[tokio::test(start_paused = true)]
async fn repeats_a_read_and_waits_longer_each_time() {
    let end = FakeEnd::failing(vec![unavailable(), unavailable()]);
    let started = Instant::now();
    let (count, result) = attempts(&end, a_read()).await;
    assert!(result.is_ok());
    assert_eq!(count, 3);
    assert_eq!(started.elapsed(), Duration::from_millis(250 + 500));
}

#[tokio::test(start_paused = true)]
async fn repeats_a_write_only_if_it_did_not_arrive_or_may_be_repeated() {
    let refused = || Cause::Unreachable {
        reason: "refused".to_owned(),
    };
    let lost = || Cause::Interrupted {
        reason: "reset".to_owned(),
    };
    for (cause, request, expected) in [
        (refused(), a_write(), 2),
        (throttled(0), a_write(), 2),
        (lost(), a_write(), 1),
        (unavailable(), a_write(), 1),
        (lost(), a_write().idempotent(), 2),
        (lost(), a_read(), 2),
    ] {
        let (count, _) = attempts(&FakeEnd::failing(vec![cause.clone()]), request.clone()).await;
        assert_eq!(count, expected, "{cause} {:?}", request.access);
    }
}

#[tokio::test(start_paused = true)]
async fn never_repeats_what_will_not_change() {
    let open = Cause::CircuitOpen {
        retry_after: seconds(1),
    };
    let invalid = Cause::Invalid {
        message: "no".to_owned(),
    };
    let late = Cause::NotSent { waited: seconds(3) };
    for cause in [open, invalid, late] {
        assert_eq!(attempts(&FakeEnd::failing(vec![cause]), a_read()).await.0, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn says_at_once_that_it_would_take_too_long() {
    let started = Instant::now();
    let (count, result) = attempts(&FakeEnd::failing(vec![throttled(60)]), a_read()).await;
    assert_eq!(result.unwrap_err().cause, throttled(60));
    assert_eq!((count, started.elapsed()), (1, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_multiplied() {
    let end = FakeEnd::failing(vec![unavailable(); 10_000]);
    let road = end.road(vec![layer(Policy::default())]);
    let call = Call::within(seconds(25));
    let requests = (0..200).map(|_| async { road.clone().run(&a_read(), &call).await.unwrap_err() });
    futures::future::join_all(requests).await;
    // 200 of their own, 40 that their share allows, 20 spare in ten seconds.
    assert!(end.count() <= 200 + 40 + 20, "{}", end.count());
    assert!(end.count() > 200);
}

proptest! {
    #[test]
    fn a_wait_never_passes_its_bound(attempts in 1_u32..100, random in 0.0_f64..1.0) {
        let policy = Policy::default();
        let wait = policy.wait(attempts, random);
        prop_assert!(wait <= policy.longest);
        prop_assert!(wait <= policy.first.saturating_mul(1 << (attempts - 1).min(20)));
    }
}
