//! The circuits on the paused clock.

use super::*;
use crate::testing::{FakeEnd, a_read, a_write, failed, good, metrics, seconds, unavailable};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn layer() -> Vec<Box<dyn Layer>> {
    vec![Box::new(Breaker::new("peer", Policy::default(), metrics()))]
}

fn call() -> Call {
    Call::within(seconds(25))
}

async fn open_until(next: &Next, request: &Request) -> Option<Duration> {
    match next.clone().run(request, &call()).await {
        Err(Failure {
            cause: Cause::CircuitOpen { retry_after },
            ..
        }) => Some(retry_after),
        _ => None,
    }
}

async fn times(next: &Next, count: usize) {
    for _ in 0..count {
        next.clone().run(&a_read(), &call()).await.ok();
    }
}

#[tokio::test(start_paused = true)]
async fn opens_after_six_in_a_row_fails_at_once_and_says_until_when() {
    let end = FakeEnd::failing(vec![unavailable(); 6]);
    let road = end.road(layer());
    times(&road, 6).await;
    assert_eq!(open_until(&road, &a_read()).await, Some(seconds(5)));
    tokio::time::advance(seconds(2)).await;
    assert_eq!(open_until(&road, &a_read()).await, Some(seconds(3)));
    // Another operation of the same backend is still tried.
    assert_eq!(open_until(&road, &a_write()).await, None);
    assert_eq!(end.count(), 7);
    tokio::time::advance(seconds(3)).await;
    assert!(road.clone().run(&a_read(), &call()).await.is_ok(), "the probe");
    assert!(road.run(&a_read(), &call()).await.is_ok(), "closed again");
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_fails_doubles_the_pause() {
    let road = FakeEnd::failing(vec![unavailable(); 7]).road(layer());
    times(&road, 6).await;
    tokio::time::advance(seconds(5)).await;
    times(&road, 1).await;
    assert_eq!(open_until(&road, &a_read()).await, Some(seconds(10)));
}

#[tokio::test(start_paused = true)]
async fn one_probe_at_a_time_and_a_cancelled_one_makes_room() {
    let slow = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&slow);
    let end = FakeEnd::new(move |request, number| {
        if number < 6 {
            return (Duration::ZERO, Err(failed(request, unavailable())));
        }
        count.fetch_add(1, Ordering::SeqCst);
        (seconds(3), Ok(good()))
    });
    let road = end.road(layer());
    times(&road, 6).await;
    tokio::time::advance(seconds(5)).await;
    let next = road.clone();
    let probe = tokio::spawn(async move { next.run(&a_read(), &call()).await });
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert!(open_until(&road, &a_read()).await.is_some());
    assert_eq!(slow.load(Ordering::SeqCst), 1);
    probe.abort();
    probe.await.unwrap_err();
    assert!(road.run(&a_read(), &call()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn neither_throttling_nor_refusals_nor_impatience_open_it() {
    for cause in [
        Cause::Throttled {
            retry_after: seconds(1),
        },
        Cause::NotFound { what: "it".to_owned() },
        Cause::NotSent { waited: seconds(22) },
        Cause::TimedOut {
            after: Duration::from_millis(100),
        },
    ] {
        let road = FakeEnd::failing(vec![cause.clone(); 50]).road(layer());
        times(&road, 50).await;
        assert_eq!(open_until(&road, &a_read()).await, None, "{cause}");
    }
}

/// Five failures, then one in which the vendor was not asked, then the sixth.
#[tokio::test(start_paused = true)]
async fn who_was_not_asked_is_not_well() {
    let text = || "x".to_owned();
    for cause in [
        Cause::Untrusted { reason: text() },
        Cause::Redirected { host: text() },
        Cause::Unauthorized {
            code: text(),
            variables: Vec::new(),
        },
    ] {
        let mut causes = vec![unavailable(); 5];
        causes.extend([cause.clone(), unavailable()]);
        let road = FakeEnd::failing(causes).road(layer());
        times(&road, 7).await;
        assert_eq!(open_until(&road, &a_read()).await, Some(seconds(5)), "{cause}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_cannot_be_reached_closes_the_road_for_all_operations() {
    let unreachable = Cause::Unreachable {
        reason: "refused".to_owned(),
    };
    let road = FakeEnd::failing(vec![unreachable; 6]).road(layer());
    times(&road, 6).await;
    assert_eq!(open_until(&road, &a_write()).await, Some(seconds(5)));
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_was_not_sent_lets_the_next_one_try() {
    let mut causes = vec![unavailable(); 6];
    causes.push(Cause::NotSent { waited: seconds(22) });
    let road = FakeEnd::failing(causes).road(layer());
    times(&road, 6).await;
    tokio::time::advance(seconds(5)).await;
    times(&road, 1).await;
    assert!(road.run(&a_read(), &call()).await.is_ok(), "open for nobody's fault");
}
