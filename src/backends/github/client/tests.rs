//! Many look-ups in few requests, and fewer at a time where GitHub cannot take them.

use super::super::lookup::Lookup;
use super::super::testing::{Peer, Reply};
use super::super::wanted::Wanted;
use super::*;
use std::time::Duration;

fn asks(count: usize) -> Vec<Ask> {
    let ask = |number| Ask {
        lookup: Lookup::Resource {
            url: format!("https://github.com/acme/checkout/pull/{number}"),
        },
        wanted: Wanted::default(),
    };
    (0..count).map(ask).collect()
}

fn object(url: &str) -> Value {
    json!({ "__typename": "PullRequest", "url": url })
}

async fn look_up(peer: &Peer, asks: &[Ask]) -> Vec<Verdict> {
    let call = Call::within(Duration::from_secs(25));
    peer.client.look_up(asks, &call).await
}

fn sizes(peer: &Peer) -> Vec<usize> {
    peer.seen().iter().map(|seen| seen.lookups().len()).collect()
}

fn all_data(seen: &super::super::testing::Seen) -> Value {
    let lookups = seen.lookups();
    let data = lookups
        .iter()
        .enumerate()
        .map(|(index, url)| (format!("l{index}"), object(url)));
    json!({ "data": data.collect::<serde_json::Map<_, _>>() })
}

#[tokio::test]
async fn two_hundred_things_are_one_request_and_verdicts_keep_the_order() {
    let peer = Peer::of_objects(object).await;
    let asks = asks(200);
    let verdicts = look_up(&peer, &asks).await;
    assert_eq!(sizes(&peer), [200]);
    for (ask, verdict) in asks.iter().zip(verdicts) {
        let Lookup::Resource { url } = &ask.lookup else {
            panic!()
        };
        assert_eq!(verdict.unwrap().fields.get("url"), Some(&json!(url)));
    }
}

#[tokio::test]
async fn more_are_split() {
    let peer = Peer::of_objects(object).await;
    let verdicts = look_up(&peer, &asks(2050)).await;
    assert_eq!(verdicts.iter().filter(|verdict| verdict.is_ok()).count(), 2050);
    let mut sizes = sizes(&peer);
    sizes.sort_unstable();
    assert_eq!(sizes, [50, 1000, 1000]);
}

#[test]
fn a_batch_keeps_within_the_node_budget_unless_one_thing_breaks_it_alone() {
    let search = |first| {
        let mut wanted = Wanted::default();
        let mut of = Wanted::default();
        of.add(
            super::super::Kind::Repository.field("languages").unwrap(),
            100,
            Wanted::default(),
        );
        wanted.add(super::super::Kind::RepositoryPage.field("nodes").unwrap(), 0, of);
        Ask {
            lookup: Lookup::SearchRepositories {
                query: "x".to_owned(),
                first,
                after: None,
            },
            wanted,
        }
    };
    let lengths = |asks: &[Ask]| split(asks).iter().map(|batch| batch.len()).collect::<Vec<_>>();
    assert_eq!(lengths(&[search(90), search(90), search(90)]), [2, 1]);
    assert!(search(100).nodes() * 3 > MOST_NODES);
    assert_eq!(lengths(&[]), [] as [usize; 0]);
}

#[tokio::test]
async fn a_batch_that_is_too_much_is_halved_until_it_passes() {
    let peer = Peer::start(|seen| {
        if seen.lookups().len() > 13 {
            Reply::status(502, "<html>Unicorn!</html>")
        } else {
            Reply::json(&all_data(seen))
        }
    })
    .await;
    let verdicts = look_up(&peer, &asks(50)).await;
    assert_eq!(verdicts.iter().filter(|verdict| verdict.is_ok()).count(), 50);
    assert_eq!(sizes(&peer), [50, 25, 13, 13, 13, 11]);
}

#[tokio::test]
async fn a_github_that_is_down_is_asked_few_times_more() {
    let peer = Peer::start(|_| Reply::status(504, "")).await;
    let verdicts = look_up(&peer, &asks(100)).await;
    for verdict in &verdicts {
        let failure = verdict.as_ref().unwrap_err();
        assert!(
            matches!(failure.cause, Cause::Unavailable { status: 504, .. }),
            "{failure}"
        );
    }
    assert_eq!(verdicts.len(), 100);
    let ones = sizes(&peer).into_iter().filter(|size| *size == 1).count();
    assert!(peer.seen().len() - ones <= 7, "{:?}", sizes(&peer));
}

#[tokio::test]
async fn one_heavy_thing_fails_for_itself() {
    let heavy = "https://github.com/acme/checkout/pull/2";
    let peer = Peer::start(move |seen| {
        if seen.lookups().iter().any(|url| url == heavy) {
            Reply::status(502, "")
        } else {
            Reply::json(&all_data(seen))
        }
    })
    .await;
    let verdicts = look_up(&peer, &asks(4)).await;
    let well: Vec<bool> = verdicts.iter().map(Result::is_ok).collect();
    assert_eq!(well, [true, true, false, true]);
}

#[tokio::test]
async fn a_limit_is_not_met_with_more_requests() {
    let peer = Peer::start(|_| Reply::status(403, "").header("retry-after", "38")).await;
    let verdicts = look_up(&peer, &asks(100)).await;
    assert!(verdicts.iter().all(|verdict| matches!(
        verdict.as_ref().unwrap_err().cause,
        Cause::Throttled { retry_after } if retry_after.as_secs() == 38
    )));
    assert_eq!(sizes(&peer), [100]);
}

#[tokio::test]
async fn what_one_look_up_took_along_is_asked_again_without_it() {
    let bad = "https://github.com/acme/checkout/pull/1";
    let peer = Peer::start(move |seen| match seen.lookups().iter().position(|url| url == bad) {
        Some(index) => Reply::json(&json!({
            "data": null,
            "errors": [{ "type": "FORBIDDEN", "path": [format!("l{index}")], "message": "no" }],
        })),
        None => Reply::json(&all_data(seen)),
    })
    .await;
    let verdicts = look_up(&peer, &asks(3)).await;
    let well: Vec<bool> = verdicts.iter().map(Result::is_ok).collect();
    assert_eq!(well, [true, false, true]);
    assert_eq!(sizes(&peer), [3, 2]);
}

#[tokio::test]
async fn the_viewer_is_asked_with_a_fixed_document() {
    let peer = Peer::start(|_| {
        Reply::json(&json!({ "data": {
            "viewer": { "login": "mona" },
            "rateLimit": { "limit": 5000, "remaining": 4987, "resetAt": "2026-11-20T11:00:00Z" },
        } }))
    })
    .await;
    let viewer = peer.client.viewer(&Call::within(Duration::from_secs(5))).await.unwrap();
    assert_eq!(
        viewer,
        Viewer {
            login: "mona".to_owned(),
            points: Some((4987, 5000)),
            reset_at: Some("2026-11-20T11:00:00Z".to_owned()),
            scopes: None,
        }
    );
}
