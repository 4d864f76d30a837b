//! Many who ask the same, on the paused clock.

use super::*;
use crate::layer::Road;
use crate::pace::{Governor, Limit, Pace, Params, Rate, Scope};
use crate::testing::{FakeEnd, a_read, a_write, metrics, seconds};
use futures::future::join_all;
use std::sync::atomic::Ordering;

fn layer() -> Box<dyn Layer> {
    counted(&metrics())
}

fn counted(metrics: &Metrics) -> Box<dyn Layer> {
    Box::new(Coalesce::new("peer", seconds(22), Arc::default(), metrics.clone()))
}

#[tokio::test(start_paused = true)]
async fn a_thousand_identical_reads_are_one_request() {
    let end = FakeEnd::well(seconds(1));
    let road = end.road(vec![layer()]);
    let call = Call::within(seconds(25));
    let answers = join_all((0..1000).map(|_| async { road.clone().run(&a_read(), &call).await })).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(end.count(), 1);
    assert_eq!(call.account().of("peer").joined, 999);
    // What has landed is no flight any more.
    road.run(&a_read(), &call).await.unwrap();
    assert_eq!(end.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn writes_and_other_reads_are_not_joined() {
    let end = FakeEnd::well(seconds(1));
    let road = end.road(vec![layer()]);
    let call = Call::within(seconds(25));
    let requests = [a_read(), a_read().query("page", "2"), a_write(), a_write()];
    join_all(requests.iter().map(|request| road.clone().run(request, &call))).await;
    assert_eq!(end.count(), 4);
}

#[tokio::test(start_paused = true)]
async fn one_that_gives_up_does_not_fail_the_others() {
    let end = FakeEnd::well(seconds(4));
    let road = end.road(vec![layer()]);
    let (hasty, patient) = (Call::within(seconds(2)), Call::within(seconds(25)));
    // The hasty one begins the flight, with its own deadline of 1.6 s.
    let request = a_read();
    let (hasty, patient) = tokio::join!(road.clone().run(&request, &hasty), road.clone().run(&request, &patient));
    assert!(matches!(hasty.unwrap_err().cause, Cause::TimedOut { .. }));
    assert!(patient.is_ok());
    assert_eq!(end.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_flight_is_dropped_when_the_last_one_leaves() {
    let end = FakeEnd::well(seconds(10));
    let road = end.road(vec![layer()]);
    let waiters: Vec<_> = (0..3)
        .map(|_| {
            let road = road.clone();
            tokio::spawn(async move { road.run(&a_read(), &Call::within(seconds(25))).await })
        })
        .collect();
    tokio::time::sleep(seconds(1)).await;
    for (left, waiter) in waiters.into_iter().enumerate() {
        assert_eq!(end.state().dropped.load(Ordering::SeqCst), 0, "{left} have left");
        waiter.abort();
        waiter.await.unwrap_err();
    }
    assert_eq!(end.state().dropped.load(Ordering::SeqCst), 1);
    assert_eq!(end.count(), 1);
    let call = Call::within(seconds(25));
    assert!(
        road.run(&a_read(), &call).await.is_ok(),
        "a new flight, not the dropped one"
    );
}

#[tokio::test(start_paused = true)]
async fn who_cannot_wait_for_the_limit_that_the_flight_waits_for_leaves_at_once_with_the_time() {
    let governor = Governor::new(Params {
        backend: "peer",
        limits: vec![Limit {
            scope: Scope::All,
            rate: Rate::Window {
                count: 1,
                per: seconds(12),
            },
        }],
        quota: Box::new(()),
        write_share: 0.0,
        metrics: metrics(),
    });
    let figures = metrics();
    let pace = Pace::new("peer", Arc::new(governor), 9, metrics());
    let end = FakeEnd::well(Duration::ZERO);
    let road = Road {
        layers: vec![counted(&figures), Box::new(pace)],
        end: Box::new(end.clone()),
    };
    let road = Next::new(Arc::new(road));
    let patient = Call::within(seconds(25));
    road.clone().run(&a_read(), &patient).await.unwrap();
    let started = Instant::now();
    let hasty = async {
        let hasty = Call::within(seconds(5));
        let failure = road.clone().run(&a_read(), &hasty).await.unwrap_err();
        assert_eq!(
            failure.cause,
            Cause::Throttled {
                retry_after: seconds(12)
            }
        );
        assert_eq!(started.elapsed(), Duration::ZERO);
    };
    let request = a_read();
    let (answer, ()) = tokio::join!(road.clone().run(&request, &patient), hasty);
    assert!(answer.is_ok());
    assert_eq!((started.elapsed(), end.count()), (seconds(12), 2));
    let text = figures.text();
    assert!(
        text.contains(r#"braid_limiter_refusals_total{backend="peer"} 1"#),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn who_leaves_a_flight_that_was_not_sent_yet_knows_that_it_was_not() {
    let governor = Governor::new(Params {
        backend: "peer",
        limits: Vec::new(),
        quota: Box::new(()),
        write_share: 0.0,
        metrics: metrics(),
    });
    let figures = metrics();
    let pace = Pace::new("peer", Arc::new(governor), 1, metrics());
    let end = FakeEnd::well(seconds(12));
    let road = Road {
        layers: vec![counted(&figures), Box::new(pace)],
        end: Box::new(end.clone()),
    };
    let road = Next::new(Arc::new(road));
    let (patient, hasty) = (Call::within(seconds(25)), Call::within(seconds(5)));
    let requests = [a_read(), a_read().query("page", "2")];
    let (first, second) = tokio::join!(
        road.clone().run(&requests[0], &hasty),
        road.clone().run(&requests[1], &hasty)
    );
    assert_eq!(first.unwrap_err().cause, Cause::TimedOut { after: seconds(4) });
    assert_eq!(second.unwrap_err().cause, Cause::NotSent { waited: seconds(4) });
    assert_eq!(end.count(), 1, "nor is it sent when the first one's place comes free");
    let text = figures.text();
    assert!(
        text.contains(r#"braid_limiter_refusals_total{backend="peer"} 1"#),
        "{text}"
    );
    assert!(road.run(&requests[1], &patient).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_counted_until_they_have_it_or_leave() {
    let figures = metrics();
    let waiting = || {
        let text = figures.text();
        let mut lines = text.lines();
        let line = lines.find(|line| line.starts_with("braid_upstream_waiting{"));
        line.and_then(|line| line.rsplit(' ').next()?.parse::<u32>().ok())
    };
    let road = FakeEnd::well(seconds(4)).road(vec![counted(&figures)]);
    let requests = [a_read(), a_read(), a_write()];
    let [first, second, third] = requests.map(|request| {
        let road = road.clone();
        tokio::spawn(async move { road.run(&request, &Call::within(seconds(25))).await })
    });
    tokio::time::sleep(seconds(1)).await;
    assert_eq!(waiting(), Some(3));
    first.abort();
    first.await.unwrap_err();
    assert_eq!(waiting(), Some(2));
    second.await.unwrap().unwrap();
    third.await.unwrap().unwrap();
    assert_eq!(waiting(), Some(0));
}
