//! What is given again, on the paused clock.

use super::*;
use crate::testing::{ByStatus, FakeEnd, a_read, a_write, failed, good, metrics, seconds, unavailable};
use std::sync::Mutex;

struct Setup {
    end: FakeEnd,
    road: Next,
    store: Arc<Store>,
}

fn setup(end: FakeEnd) -> Setup {
    let store = Arc::new(Store::new(Policy::default()));
    let measure = Measure {
        backend: "peer",
        metrics: metrics(),
    };
    let layer = Cache::new(Policy::default(), Arc::clone(&store), Arc::new(ByStatus), measure);
    let road = end.road(vec![Box::new(layer)]);
    Setup { end, road, store }
}

fn cached() -> Request {
    a_read().fresh_for(seconds(100), vec!["peer:thing:1".to_owned()])
}

impl Setup {
    /// The result, and how many requests reached the end so far.
    async fn send(&self, request: Request) -> (Result<Response, Failure>, usize, Call) {
        let call = Call::within(seconds(25));
        let result = self.road.clone().run(&request, &call).await;
        // Lets a refresh in the background run.
        tokio::time::sleep(Duration::from_millis(1)).await;
        (result, self.end.count(), call)
    }
}

#[tokio::test(start_paused = true)]
async fn gives_a_fresh_answer_again_and_says_how_old_it_is() {
    let setup = setup(FakeEnd::well(Duration::ZERO));
    setup.send(cached()).await.0.unwrap();
    tokio::time::advance(seconds(99)).await;
    let (result, count, call) = setup.send(cached()).await;
    assert!(result.is_ok());
    assert_eq!(count, 1);
    let spent = call.account().of("peer");
    assert_eq!(
        (spent.cache_hits, spent.cache_age.unwrap().as_secs(), spent.stale),
        (1, 99, 0)
    );
    assert_eq!(setup.send(cached().query("page", "2")).await.1, 2);
    assert_eq!(
        setup.send(a_read()).await.1,
        3,
        "nothing said that it may be remembered"
    );
}

#[tokio::test(start_paused = true)]
async fn refreshes_once_behind_the_back_of_those_who_ask() {
    let setup = setup(FakeEnd::well(Duration::ZERO));
    setup.send(cached()).await.0.unwrap();
    tokio::time::advance(seconds(120)).await;
    let calls = (0..10).map(|_| setup.send(cached()));
    let results = futures::future::join_all(calls).await;
    assert!(results.iter().all(|(result, ..)| result.is_ok()));
    assert_eq!(setup.end.count(), 2);
    let (_, count, call) = setup.send(cached()).await;
    assert_eq!((count, call.account().of("peer").cache_age.unwrap().as_secs()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_is_better_than_an_outage_and_is_marked() {
    let end = FakeEnd::new(|request, number| {
        let result = if number == 0 {
            Ok(good())
        } else {
            Err(failed(request, unavailable()))
        };
        (Duration::ZERO, result)
    });
    let setup = setup(end);
    setup.send(cached()).await.0.unwrap();
    tokio::time::advance(seconds(300)).await;
    let (result, count, call) = setup.send(cached()).await;
    assert!(result.is_ok());
    assert_eq!((count, call.account().of("peer").stale), (2, 1));
    let stale = call.account().stale();
    let [Stale { age, failure }] = stale.as_slice() else {
        panic!("{stale:?}")
    };
    assert_eq!((age.as_secs(), failure.cause.clone()), (300, unavailable()));
    tokio::time::advance(seconds(700)).await;
    assert!(setup.send(cached()).await.0.is_err(), "too old by now");
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_is_not_shown_any_longer() {
    let gone = || Cause::NotFound { what: "it".to_owned() };
    let end = FakeEnd::new(move |request, number| {
        let result = if number == 0 {
            Ok(good())
        } else {
            Err(failed(request, gone()))
        };
        (Duration::ZERO, result)
    });
    let setup = setup(end);
    setup.send(cached()).await.0.unwrap();
    tokio::time::advance(seconds(300)).await;
    assert_eq!(setup.send(cached()).await.0.unwrap_err().cause, gone());
    // And is not looked for again at once.
    assert_eq!(
        (setup.send(cached()).await.0.unwrap_err().cause, setup.end.count()),
        (gone(), 2)
    );
    tokio::time::advance(seconds(5)).await;
    assert_eq!(setup.send(cached()).await.1, 3);
}

#[tokio::test(start_paused = true)]
async fn forgets_exactly_what_changed() {
    let setup = setup(FakeEnd::well(Duration::ZERO));
    let other = || {
        a_read()
            .query("id", "2")
            .fresh_for(seconds(100), vec!["peer:thing:2".to_owned()])
    };
    setup.send(cached()).await.0.unwrap();
    setup.send(other()).await.0.unwrap();
    setup.store.invalidate(&["peer:thing:1"]);
    assert_eq!(setup.send(other()).await.1, 2);
    assert_eq!(setup.send(cached()).await.1, 3);
    // A write says what it changes.
    setup
        .send(a_write().changing(vec!["peer:thing:1".to_owned()]))
        .await
        .0
        .unwrap();
    assert_eq!(setup.send(cached()).await.1, 5);
    assert_eq!(setup.send(other()).await.1, 5);
}

#[tokio::test(start_paused = true)]
async fn asks_only_whether_there_is_anything_new() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let end = FakeEnd::new(move |request, number| {
        let condition = request.headers.iter().find(|(name, _)| name == IF_NONE_MATCH);
        log.lock()
            .unwrap()
            .push(condition.map(|(_, value)| value.to_str().unwrap().to_owned()));
        let mut response = good();
        response.headers.insert(ETAG, http::HeaderValue::from_static("\"v1\""));
        if number > 0 {
            response.status = StatusCode::NOT_MODIFIED;
            response.body = bytes::Bytes::new();
        }
        (Duration::ZERO, Ok(response))
    });
    let setup = setup(end);
    setup.send(cached()).await.0.unwrap();
    tokio::time::advance(seconds(300)).await;
    let answer = setup.send(cached()).await.0.unwrap();
    assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, &b"{}"[..]));
    assert_eq!(*asked.lock().unwrap(), [None, Some("\"v1\"".to_owned())]);
    tokio::time::advance(seconds(50)).await;
    assert_eq!(setup.send(cached()).await.1, 2, "as fresh as if it had come anew");
}

#[tokio::test(start_paused = true)]
async fn what_an_answer_is_worth_decides_how_long_it_is_remembered() {
    struct ByBody;
    impl Classify for ByBody {
        fn classify(&self, _: &Request, _: &Response) -> Result<(), crate::Refusal> {
            Ok(())
        }
        fn worth(&self, request: &Request, _: &Response) -> Worth {
            match request.query.first().map(|(_, worth)| worth.as_str()) {
                Some("brief") => Worth::Brief,
                Some("nothing") => Worth::Nothing,
                _ => Worth::Lasting,
            }
        }
    }
    let end = FakeEnd::well(Duration::ZERO);
    let store = Arc::new(Store::new(Policy::default()));
    let measure = Measure {
        backend: "peer",
        metrics: metrics(),
    };
    let layer = Cache::new(Policy::default(), Arc::clone(&store), Arc::new(ByBody), measure);
    let road = end.road(vec![Box::new(layer)]);
    let setup = Setup { end, road, store };
    let asked = |worth: &str| cached().query("worth", worth);
    for (worth, requests) in [("lasting", [1, 1, 1]), ("brief", [1, 1, 2]), ("nothing", [1, 2, 3])] {
        let before = setup.end.count();
        let mut counts = [0; 3];
        for (count, wait) in counts.iter_mut().zip([0, 4, 6]) {
            tokio::time::advance(seconds(wait)).await;
            *count = setup.send(asked(worth)).await.1 - before;
        }
        assert_eq!(counts, requests, "{worth}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_caller_went_away_makes_stale_what_it_may_have_changed() {
    let setup = setup(FakeEnd::well(seconds(1)));
    setup.send(cached()).await.0.unwrap();
    let write = a_write().changing(vec!["peer:thing:1".to_owned()]);
    let given_up = tokio::time::timeout(Duration::from_millis(500), setup.send(write)).await;
    assert!(given_up.is_err());
    let (_, count, call) = setup.send(cached()).await;
    assert_eq!((count, call.account().of("peer").cache_hits), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_brings_nothing_worth_remembering_is_not_the_last_one() {
    struct OnceWorthless;
    impl Classify for OnceWorthless {
        fn classify(&self, _: &Request, _: &Response) -> Result<(), crate::Refusal> {
            Ok(())
        }
        fn worth(&self, _: &Request, response: &Response) -> Worth {
            if response.body == "in part" {
                Worth::Nothing
            } else {
                Worth::Lasting
            }
        }
    }
    let end = FakeEnd::new(|_, number| {
        let mut response = good();
        if number == 1 {
            response.body = bytes::Bytes::from_static(b"in part");
        }
        (Duration::ZERO, Ok(response))
    });
    let store = Arc::new(Store::new(Policy::default()));
    let measure = Measure {
        backend: "peer",
        metrics: metrics(),
    };
    let layer = Cache::new(Policy::default(), Arc::clone(&store), Arc::new(OnceWorthless), measure);
    let road = end.road(vec![Box::new(layer)]);
    let setup = Setup { end, road, store };
    setup.send(cached()).await.0.unwrap();
    tokio::time::advance(seconds(110)).await;
    assert_eq!(setup.send(cached()).await.1, 2, "refreshed, with an answer in part");
    let (result, count, _) = setup.send(cached()).await;
    assert_eq!((&result.unwrap().body[..], count), (&b"{}"[..], 3), "and once more");
    let (_, count, call) = setup.send(cached()).await;
    assert_eq!((count, call.account().of("peer").cache_age.unwrap().as_secs()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn an_old_answer_is_better_than_none_where_there_is_no_time_to_ask() {
    let end = FakeEnd::new(|request, number| {
        let result = match number {
            0 => Ok(good()),
            _ => Err(failed(request, Cause::NotSent { waited: seconds(22) })),
        };
        (Duration::ZERO, result)
    });
    let setup = setup(end);
    setup.send(cached()).await.0.unwrap();
    tokio::time::advance(seconds(300)).await;
    let (result, _, call) = setup.send(cached()).await;
    assert!(result.is_ok());
    assert_eq!(call.account().of("peer").stale, 1);
}
