//! Limits on the paused clock: in order, within the deadline, never over.

use super::*;
use crate::quota::{Quota, ReadQuota};
use crate::testing::{FakeEnd, a_read, a_write, good, metrics, seconds};
use crate::{Outcome, Request, Response};
use futures::future::join_all;
use http::Method;
use proptest::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Tells what a test put into it.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Option<Quota>>>);

impl ReadQuota for Told {
    fn read(&self, _request: &Request, _response: &Response) -> Option<Quota> {
        self.0.lock().unwrap().clone()
    }
}

fn governor(limits: Vec<Limit>, quota: impl ReadQuota) -> Arc<Governor> {
    Arc::new(Governor::new(Params {
        backend: "peer",
        limits,
        quota: Box::new(quota),
        write_share: 0.02,
        metrics: metrics(),
    }))
}

fn layer(governor: &Arc<Governor>, at_once: usize) -> Vec<Box<dyn Layer>> {
    vec![Box::new(Pace::new("peer", Arc::clone(governor), at_once, metrics()))]
}

fn window(count: u32, per: u64, scope: Scope) -> Limit {
    Limit {
        scope,
        rate: Rate::Window {
            count,
            per: seconds(per),
        },
    }
}

fn told(remaining: u64, reset: u64) -> Quota {
    Quota {
        bucket: Some("shared".to_owned()),
        limit: Some(100),
        remaining,
        reset: seconds(reset),
    }
}

fn wait_of(result: Result<Response, Failure>) -> Duration {
    match result.unwrap_err().cause {
        Cause::Throttled { retry_after } => retry_after,
        cause => panic!("{cause:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn lets_through_what_the_window_allows_and_refuses_the_rest_at_once_with_the_time() {
    let end = FakeEnd::well(Duration::ZERO);
    let road = end.road(layer(&governor(vec![window(10, 10, Scope::All)], ()), 90));
    let started = Instant::now();
    let requests = (0..40).map(|_| async {
        let call = Call::within(seconds(25));
        let result = road.clone().run(&a_read(), &call).await;
        (result, started.elapsed())
    });
    let results = join_all(requests).await;
    // 23 s of a call's 25 are for requests: windows at 0, 10 and 20 s.
    let (good, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(|(result, _)| result.is_ok());
    assert_eq!((good.len(), end.count()), (30, 30));
    assert_eq!(good.last().unwrap().1, seconds(20));
    for (result, when) in refused {
        assert_eq!(when, Duration::ZERO);
        assert_eq!(wait_of(result), seconds(30));
    }
}

#[tokio::test(start_paused = true)]
async fn goes_in_the_order_of_arrival() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&order);
    let end = FakeEnd::new(move |request, _| {
        log.lock().unwrap().push(request.path.clone());
        (Duration::ZERO, Ok(good()))
    });
    let road = end.road(layer(&governor(vec![window(2, 1, Scope::All)], ()), 90));
    let call = Call::within(seconds(25));
    join_all((0..20).map(|number| {
        let request = Request::read("things.get", Method::GET, format!("/{number:02}"));
        let (road, call) = (road.clone(), call.clone());
        async move { road.run(&request, &call).await.unwrap() }
    }))
    .await;
    let order = order.lock().unwrap();
    assert!(order.is_sorted(), "{order:?}");
}

#[tokio::test(start_paused = true)]
async fn one_that_gives_up_leaves_its_place_to_the_next() {
    let end = FakeEnd::well(Duration::ZERO);
    let road = end.road(layer(&governor(vec![window(1, 10, Scope::All)], ()), 90));
    let call = Call::within(seconds(25));
    road.clone().run(&a_read(), &call).await.unwrap();
    let (first, second) = ((road.clone(), call.clone()), (road, call));
    let first = tokio::spawn(async move { first.0.run(&a_read(), &first.1).await });
    tokio::task::yield_now().await;
    let started = Instant::now();
    let second = tokio::spawn(async move { second.0.run(&a_read(), &second.1).await });
    tokio::time::sleep(seconds(1)).await;
    first.abort();
    second.await.unwrap().unwrap();
    assert_eq!(started.elapsed(), seconds(10));
}

#[tokio::test(start_paused = true)]
async fn buckets_of_one_operation_do_not_stand_in_each_others_way() {
    let scope = Scope::Bucket(&["things.make"]);
    let end = FakeEnd::well(Duration::ZERO);
    let road = end.road(layer(&governor(vec![window(1, 10, scope)], ()), 90));
    let call = Call::within(seconds(5));
    for channel in ["C1", "C2"] {
        road.clone().run(&a_write().bucket(channel), &call).await.unwrap();
    }
    assert_eq!(
        wait_of(road.clone().run(&a_write().bucket("C1"), &call).await),
        seconds(10)
    );
    // Another operation is not limited by it.
    road.run(&a_read(), &call).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn learns_that_nothing_is_left_and_when_there_will_be() {
    let (reader, call) = (Told::default(), Call::within(seconds(25)));
    let governor = governor(Vec::new(), reader.clone());
    *reader.0.lock().unwrap() = Some(told(0, 15));
    governor.learn(&a_read(), &good());
    governor.tell(&a_read(), call.account());
    assert_eq!(call.account().of("peer").quota["shared"].remaining, 0);
    let end = FakeEnd::well(Duration::ZERO);
    let road = end.road(layer(&governor, 90));
    let started = Instant::now();
    road.clone().run(&a_read(), &call).await.unwrap();
    assert_eq!(started.elapsed(), seconds(15));
    // A shorter call is told when to come back instead.
    governor.learn(&a_read(), &good());
    assert_eq!(
        wait_of(road.run(&a_read(), &Call::within(seconds(5))).await),
        seconds(15)
    );
}

#[tokio::test(start_paused = true)]
async fn does_not_send_more_at_once_than_is_left_and_keeps_the_last_for_writes() {
    let (reader, call) = (Told::default(), Call::within(seconds(5)));
    let governor = governor(Vec::new(), reader.clone());
    *reader.0.lock().unwrap() = Some(told(5, 60));
    governor.learn(&a_read(), &good());
    governor.learn(&a_write(), &good());
    let end = FakeEnd::well(seconds(1));
    let road = end.road(layer(&governor, 90));
    let reads = join_all((0..10).map(|_| async { road.clone().run(&a_read(), &call).await })).await;
    // 2 of the 100 are kept for writes.
    assert_eq!(reads.iter().filter(|result| result.is_ok()).count(), 3);
    *reader.0.lock().unwrap() = Some(told(2, 60));
    governor.learn(&a_read(), &good());
    assert!(road.clone().run(&a_read(), &call).await.is_err());
    assert!(road.run(&a_write(), &call).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_overtaken_answer_does_not_give_back_what_is_gone() {
    let (reader, call) = (Told::default(), Call::within(seconds(5)));
    let governor = governor(Vec::new(), reader.clone());
    for remaining in [2, 40] {
        *reader.0.lock().unwrap() = Some(told(remaining, 60));
        governor.learn(&a_read(), &good());
    }
    let road = FakeEnd::well(Duration::ZERO).road(layer(&governor, 90));
    assert!(road.run(&a_read(), &call).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn heeds_the_vendor_also_for_those_who_wait_already() {
    let governor = governor(vec![window(1, 3, Scope::All)], ());
    let end = FakeEnd::well(Duration::ZERO);
    let road = end.road(layer(&governor, 90));
    let call = Call::within(seconds(25));
    road.clone().run(&a_read(), &call).await.unwrap();
    let waiting = tokio::spawn(async move { road.run(&a_read(), &call).await });
    tokio::time::sleep(seconds(1)).await;
    let cause = Cause::Throttled {
        retry_after: seconds(600),
    };
    // It waits at the declared gate and meets the closed one behind it.
    governor.heed(&a_read(), &good(), &cause);
    assert_eq!(wait_of(waiting.await.unwrap()), seconds(598));
    assert_eq!(end.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_more_than_so_many_are_under_way() {
    let end = FakeEnd::well(Duration::from_millis(100));
    let road = end.road(layer(&governor(Vec::new(), ()), 7));
    let call = Call::within(seconds(25));
    join_all((0..1000).map(|_| async { road.clone().run(&a_read(), &call).await.unwrap() })).await;
    assert_eq!(end.state().at_once.load(Ordering::SeqCst), 7);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_different_ones_stay_within_the_limits() {
    let rate = Rate::Bucket {
        burst: 50,
        count: 50,
        per: seconds(1),
    };
    let limit = Limit {
        scope: Scope::All,
        rate,
    };
    let end = FakeEnd::well(Duration::from_millis(30));
    let road = end.road(layer(&governor(vec![limit], ()), 90));
    join_all((0..1000).map(|_| async { road.clone().run(&a_read(), &Call::within(seconds(25))).await.unwrap() })).await;
    let arrivals = end.state().arrivals.lock().unwrap().clone();
    assert_eq!(arrivals.len(), 1000);
    for (at, time) in arrivals.iter().enumerate() {
        let within = arrivals[at..]
            .iter()
            .take_while(|other| **other < *time + seconds(1))
            .count();
        assert!(within <= 100, "{within} in the second after request {at}");
    }
}

/// A road of this layer alone, and a governor that was told so; both kinds know that they share the limit.
fn road_told(quota: Quota, end: &FakeEnd) -> (Next, Arc<Governor>) {
    let governor = governor(Vec::new(), Told(Arc::new(Mutex::new(Some(quota)))));
    for request in [a_read(), a_write()] {
        governor.learn(&request, &good());
    }
    (end.road(layer(&governor, 90)), governor)
}

#[tokio::test(start_paused = true)]
async fn a_write_passes_by_reads_that_wait_for_the_renewal() {
    let end = FakeEnd::well(Duration::ZERO);
    // 2 of the 100 are kept for writes.
    let (road, _) = road_told(told(2, 10), &end);
    let (call, started) = (Call::within(seconds(25)), Instant::now());
    let asking = |page: &str| {
        let (road, call, request) = (road.clone(), call.clone(), a_read().query("page", page));
        tokio::spawn(async move { road.run(&request, &call).await })
    };
    let waiting = [asking("1"), asking("2"), asking("3")];
    tokio::time::sleep(seconds(1)).await;
    assert_eq!(end.count(), 0, "they leave the last ones to writes");
    road.clone().run(&a_write(), &call).await.unwrap();
    assert_eq!((started.elapsed(), end.count()), (seconds(1), 1));
    for one in waiting {
        one.await.unwrap().unwrap();
    }
    assert_eq!((started.elapsed(), end.count()), (seconds(10), 4));
}

#[tokio::test(start_paused = true)]
async fn a_write_with_little_time_is_not_refused_for_the_reads_before_it() {
    let end = FakeEnd::well(Duration::ZERO);
    let (road, _) = road_told(told(2, 10), &end);
    let patient = Call::within(seconds(25));
    let waiting = {
        let road = road.clone();
        tokio::spawn(async move { road.run(&a_read(), &patient).await })
    };
    tokio::time::sleep(seconds(1)).await;
    assert!(road.run(&a_write(), &Call::within(seconds(2))).await.is_ok());
    waiting.abort();
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_left_at_all_a_write_waits_its_turn() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&order);
    let end = FakeEnd::new(move |request, _| {
        log.lock().unwrap().push(request.path.clone());
        (Duration::ZERO, Ok(good()))
    });
    let (road, _) = road_told(told(0, 10), &end);
    let requests = [
        Request::read("things.get", Method::GET, "/1"),
        Request::write("things.make", Method::POST, "/2"),
        Request::read("things.get", Method::GET, "/3"),
        Request::write("things.make", Method::POST, "/4"),
    ];
    let call = Call::within(seconds(25));
    join_all(requests.iter().map(|request| road.clone().run(request, &call))).await;
    assert_eq!(*order.lock().unwrap(), ["/1", "/2", "/3", "/4"]);
}

#[tokio::test(start_paused = true)]
async fn a_write_takes_its_turn_behind_reads_that_wait_for_a_declared_limit() {
    let end = FakeEnd::well(Duration::ZERO);
    let road = end.road(layer(&governor(vec![window(1, 5, Scope::All)], ()), 90));
    let (call, started) = (Call::within(seconds(25)), Instant::now());
    road.clone().run(&a_read(), &call).await.unwrap();
    let requests = (a_read(), a_write());
    let times = async |request| {
        road.clone().run(request, &call).await.unwrap();
        started.elapsed()
    };
    let times = tokio::join!(times(&requests.0), times(&requests.1));
    assert_eq!(times, (seconds(5), seconds(10)));
}

#[tokio::test(start_paused = true)]
async fn what_is_left_is_told_also_to_those_who_are_refused() {
    let end = FakeEnd::well(Duration::ZERO);
    let (road, governor) = road_told(told(0, 30), &end);
    let call = Call::within(seconds(5));
    tokio::time::advance(Duration::from_millis(1_500)).await;
    assert!(road.run(&a_read(), &call).await.is_err());
    governor.tell(&a_read(), call.account());
    let left = call.account().of("peer").quota["shared"];
    assert_eq!((left.remaining, left.limit, left.reset_s), (0, Some(100), Some(29)));
    tokio::time::advance(seconds(60)).await;
    governor.tell(&a_read(), call.account());
    assert_eq!(call.account().of("peer").quota["shared"].reset_s, Some(0));
}

#[tokio::test(start_paused = true)]
async fn what_has_waited_until_its_time_is_up_is_not_sent() {
    // Both have 8 s, and the place comes free when those are over.
    let end = FakeEnd::well(seconds(8));
    let figures = metrics();
    let pace = Pace::new("peer", governor(Vec::new(), ()), 1, figures.clone());
    let road = end.road(vec![Box::new(pace)]);
    for request in [a_write(), a_read()] {
        let (call, before) = (Call::within(seconds(10)), end.count());
        let (first, second) = tokio::join!(road.clone().run(&request, &call), road.clone().run(&request, &call));
        assert!(first.is_ok());
        let failure = second.unwrap_err();
        let waited = Duration::from_millis(7_950);
        assert_eq!(
            (failure.cause, failure.outcome),
            (Cause::NotSent { waited }, Outcome::NotDone)
        );
        assert_eq!(end.count() - before, 1);
    }
    let text = figures.text();
    assert!(
        text.contains(r#"braid_limiter_refusals_total{backend="peer"} 2"#),
        "{text}"
    );
    assert!(
        text.contains(r#"braid_limiter_wait_seconds_count{backend="peer"} 2"#),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_write_that_cannot_be_answered_in_time_as_things_go_is_not_sent() {
    let end = FakeEnd::well(seconds(5));
    let road = end.road(layer(&governor(Vec::new(), ()), 8));
    let request = a_write();
    let eight = |call: Call| {
        let (road, request) = (road.clone(), request.clone());
        async move { join_all((0..8).map(|_| road.clone().run(&request, &call))).await }
    };
    // It takes 5 s of their 8 s: who comes after eight others has 3 s left.
    let call = Call::within(seconds(10));
    let other = a_read();
    let (first, late, lucky) = tokio::join!(
        eight(call.clone()),
        road.clone().run(&request, &call),
        road.clone().run(&other, &call)
    );
    assert!(first.iter().all(Result::is_ok));
    assert_eq!(late.unwrap_err().cause, Cause::NotSent { waited: seconds(5) });
    assert!(lucky.is_ok(), "a read may be lucky");
    // Who has the time is not kept from it.
    assert!(road.clone().run(&request, &Call::within(seconds(10))).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_counted_also_where_its_caller_went_away() {
    let figures = metrics();
    let pace = Pace::new("peer", governor(Vec::new(), ()), 1, figures.clone());
    let road = FakeEnd::well(seconds(8)).road(vec![Box::new(pace)]);
    let call = Call::within(seconds(25));
    let (request, other) = (a_read(), a_read());
    let given_up = tokio::time::timeout(seconds(3), road.clone().run(&other, &call));
    let (first, given_up) = tokio::join!(road.clone().run(&request, &call), given_up);
    assert!(first.is_ok() && given_up.is_err());
    let text = figures.text();
    assert!(
        text.contains(r#"braid_limiter_wait_seconds_sum{backend="peer"} 3"#),
        "{text}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_limit_holds_and_nobody_waits_past_their_deadline(
        count in 1_u32..5,
        per in 1_u64..20,
        callers in prop::collection::vec((0_u64..3_000, 1_u64..30), 1..25),
    ) {
        let clock = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let (arrivals, refused) = clock.block_on(async {
            let end = FakeEnd::well(Duration::ZERO);
            let road = end.road(layer(&governor(vec![window(count, per, Scope::All)], ()), 100));
            let calls = callers.iter().map(|(after, limit)| {
                let road = road.clone();
                async move {
                    tokio::time::sleep(Duration::from_millis(*after)).await;
                    let call = Call::within(seconds(*limit));
                    let result = road.run(&a_read(), &call).await;
                    assert!(Instant::now() <= call.request_deadline());
                    // Who is refused is told a time that they could not have waited for.
                    result.err().map(|failure| Instant::now() + wait_of(Err(failure)) > call.send_by())
                }
            });
            let refused: Vec<bool> = join_all(calls).await.into_iter().flatten().collect();
            (end.state().arrivals.lock().unwrap().clone(), refused)
        });
        prop_assert_eq!(arrivals.len() + refused.len(), callers.len());
        prop_assert!(refused.into_iter().all(|rightly| rightly));
        for pair in arrivals.windows(count as usize + 1) {
            prop_assert!(pair[count as usize] - pair[0] >= seconds(per));
        }
    }
}
