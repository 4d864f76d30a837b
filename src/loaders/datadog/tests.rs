use super::*;
use crate::backends::datadog::stand_in::{Answers, StandIn};
use futures::future::join_all;
use serde_json::json;
use std::time::Duration;
use upstream::Outcome;

async fn start(answers: Answers) -> (StandIn, Loader) {
    let datadog = StandIn::start(answers).await;
    let call = Arc::new(Call::within(Duration::from_secs(5)));
    let loader = Loader::new(datadog.client(), call);
    (datadog, loader)
}

fn key(id: i64, groups: Groups) -> MonitorKey {
    MonitorKey { id, groups }
}

#[tokio::test]
async fn a_monitor_is_asked_for_once_with_all_that_is_wanted_of_it() {
    let (datadog, loader) = start(vec![("GET /api/v1/monitor/40", 200, json!({"id": 40}))]).await;
    let (with, without) = tokio::join!(
        loader.monitor(key(40, Groups::With)),
        loader.monitor(key(40, Groups::Without))
    );
    assert!(Arc::ptr_eq(&with.unwrap(), &without.unwrap()));
    assert_eq!(datadog.requests(), ["GET /api/v1/monitor/40?group_states=all"]);
}

#[tokio::test]
async fn a_later_level_asks_only_for_what_is_missing() {
    let (datadog, loader) = start(vec![("GET /api/v1/monitor/", 200, json!({"id": 40}))]).await;
    loader.monitor(key(40, Groups::With)).await.unwrap();
    loader.monitor(key(40, Groups::Without)).await.unwrap();
    assert_eq!(datadog.requests().len(), 1);

    loader.monitor(key(41, Groups::Without)).await.unwrap();
    loader.monitor(key(41, Groups::With)).await.unwrap();
    assert_eq!(
        datadog.requests()[1..],
        ["GET /api/v1/monitor/41", "GET /api/v1/monitor/41?group_states=all"]
    );
}

#[tokio::test]
async fn a_failure_stays_with_its_key() {
    let (datadog, loader) = start(vec![
        ("GET /api/v1/monitor/40", 200, json!({"id": 40})),
        ("GET /api/v1/monitor/41", 403, json!({"errors": ["Forbidden"]})),
    ])
    .await;
    let answers = join_all([40, 41, 42].map(|id| loader.monitor(key(id, Groups::Without)))).await;
    let causes: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.err().map(|failure| failure.cause))
        .collect();
    assert_eq!(causes[0], None);
    assert!(matches!(causes[1], Some(Cause::Unauthorized { .. })));
    assert!(matches!(&causes[2], Some(Cause::NotFound { what }) if what == "monitor 42"));
    assert_eq!(datadog.requests().len(), 3);
}

#[tokio::test]
async fn a_page_without_its_bad_element_is_still_a_full_page() {
    let page = json!({"monitors": [{"id": 40}, {"id": null}]});
    let (_datadog, loader) = start(vec![("GET /api/v1/monitor/search", 200, page)]).await;
    let search = |per_page| MonitorSearch {
        query: "status:alert".to_owned(),
        page: 3,
        per_page,
    };
    let full = loader.search(search(2)).await.unwrap();
    assert_eq!((full.monitors.len(), full.next), (1, Some(4)));
    let short = loader.search(search(3)).await.unwrap();
    assert_eq!((short.monitors.len(), short.next), (1, None));
}

#[tokio::test]
async fn the_page_count_says_whether_there_is_more() {
    let page = json!({"monitors": [{"id": 40}], "metadata": {"total_count": 3, "page": 1, "page_count": 3}});
    let (datadog, loader) = start(vec![("GET /api/v1/monitor/search", 200, page)]).await;
    let search = |page| MonitorSearch {
        query: "tag:\"a b\"".to_owned(),
        page,
        per_page: 1,
    };
    let middle = loader.search(search(1)).await.unwrap();
    assert_eq!((middle.total, middle.next), (Some(3), Some(2)));
    assert_eq!(loader.search(search(2)).await.unwrap().next, None);
    assert_eq!(
        datadog.requests()[0],
        "GET /api/v1/monitor/search?query=tag%3A%22a+b%22&page=1&per_page=1"
    );
}

#[tokio::test]
async fn an_answer_of_another_shape_names_what_was_expected() {
    let (_datadog, loader) = start(vec![("GET /api/v1/monitor/40", 200, json!({"name": "Load"}))]).await;
    let failure = loader.monitor(key(40, Groups::Without)).await.unwrap_err();
    assert_eq!(failure.operation, "GetMonitor");
    assert!(
        matches!(
            failure.cause,
            Cause::Malformed {
                expected: "a monitor",
                ..
            }
        ),
        "{failure}"
    );
}

#[tokio::test]
async fn a_write_whose_answer_cannot_be_read_may_have_been_carried_out() {
    let (_datadog, loader) = start(vec![("POST /api/v1/monitor", 200, json!({"ok": true}))]).await;
    let new = NewMonitor {
        name: "Load".to_owned(),
        kind: crate::backends::datadog::MonitorType::EventV2Alert,
        query: "q".to_owned(),
        message: None,
        tags: Vec::new(),
    };
    let failure = loader.create_monitor(&new).await.unwrap_err();
    assert_eq!(failure.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn a_backend_that_is_off_says_what_to_set() {
    let off = Backend::Off {
        backend: BACKEND,
        variables: vec!["DATADOG_API_KEY"],
    };
    let loader = Loader::new(off, Arc::new(Call::within(Duration::from_secs(5))));
    let failure = loader.monitor(key(40, Groups::Without)).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Off { .. }), "{failure}");
}
