//! What is remembered beyond its time: asked for again with a condition where the vendor gave an `ETag`, and given, marked as
//! out of date, where the vendor fails. Slack's messages are the shortest remembered, for five seconds.

use super::support::{Era, Peer, Reply, Setup, Stdio, structured, within};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const ETAG: &[(&str, &str)] = &[("etag", "\"v1\"")];

/// Asks again and again, as agents do, until the answer is so.
async fn asked_until(client: &mut Stdio, is_so: impl Fn(&Value) -> bool) -> Value {
    within(async {
        loop {
            let result = client
                .call("slack_get_history", json!({ "channel": "C0DEPLOYS", "limit": 1 }))
                .await;
            if is_so(&result) {
                return result;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    })
    .await
}

#[tokio::test]
async fn an_answer_is_asked_for_again_by_its_etag_and_stands_in_when_the_vendor_fails() {
    let down = Arc::new(AtomicBool::new(false));
    let is_down = Arc::clone(&down);
    let slack = Peer::start(move |seen| {
        if is_down.load(Ordering::SeqCst) {
            return Reply::Json(500, json!({ "ok": false, "error": "internal_error" }));
        }
        if seen.header("if-none-match") == "\"v1\"" {
            return Reply::Told(304, ETAG, Value::Null);
        }
        let message =
            json!({ "type": "message", "user": "USLACKBOT", "text": "all is well", "ts": "1795171500.000001" });
        Reply::Told(200, ETAG, json!({ "ok": true, "messages": [message] }))
    })
    .await;
    let setup = Setup::new().await.set("SLACK_API_URL", &slack.url);
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let histories = || slack.at("/conversations.history");
    let spent = |result: &Value, what: &str| result["_meta"]["braid/spent"]["slack"][what].as_u64();

    let first = asked_until(&mut client, |_| true).await;
    assert!(first.to_string().contains("all is well"), "{first:#}");
    // Past its time it is given while the vendor is asked behind the caller's back whether there is anything new.
    let told = asked_until(&mut client, |_| histories().len() > 1).await;
    assert_eq!(structured(&told), structured(&first));
    let conditions: Vec<_> = histories()
        .iter()
        .map(|seen| seen.header("if-none-match").to_owned())
        .collect();
    assert_eq!(conditions, ["", "\"v1\""]);
    // Nothing is: it is as good as new, for one request without a body.
    let renewed = asked_until(&mut client, |result| spent(result, "cache_age_s") < Some(5)).await;
    assert_eq!((structured(&renewed), histories().len()), (structured(&first), 2));

    down.store(true, Ordering::SeqCst);
    let old = asked_until(&mut client, |result| result.to_string().contains("out of date")).await;
    let data = structured(&old);
    assert_eq!(data["messages"], structured(&first)["messages"]);
    let problem = &data["problems"][0];
    assert_eq!(problem["backend"], "slack", "{old:#}");
    assert!(spent(&old, "stale") >= Some(1), "{old:#}");

    down.store(false, Ordering::SeqCst);
    let back = asked_until(&mut client, |result| !result.to_string().contains("out of date")).await;
    assert_eq!(structured(&back), structured(&first));
    let last = histories().pop().unwrap();
    assert_eq!(last.header("if-none-match"), "\"v1\"");
}
