use super::*;
use crate::backends::Backend;
use crate::backends::datadog::stand_in as datadog;
use crate::backends::slack::standin as slack;
use crate::graph::failure::failure_of;
use crate::loaders::{Clients, Loaders};
use async_graphql::Request;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use upstream::Call;

/// The channels that a monitor with this message notifies, the failures beside them, and how often Slack was asked.
async fn notified(message: &str, channels: Value) -> (Value, Vec<Failure>, usize) {
    let monitor = json!({"id": 40, "name": "Load", "message": message});
    let datadog = datadog::StandIn::start(vec![("GET /api/v1/monitor/40", 200, monitor)]).await;
    let slack = slack::StandIn::start(move |seen| match seen.operation.as_str() {
        "auth.test" => json!({"ok": true, "team": "Acme", "url": "https://acme.slack.com/"}),
        _ => channels.clone(),
    })
    .await;
    let clients = Clients {
        slack: Backend::On(slack.client.clone()),
        github: Backend::Off {
            backend: "github",
            variables: Vec::new(),
        },
        datadog: datadog.client(),
    };
    let loaders = Loaders::new(&clients, Arc::new(Call::within(Duration::from_secs(5))));
    let request = Request::new("{ datadog { monitor(id: 40) { name notifies { id name } } } }").data(Arc::new(loaders));
    let response = crate::graph::builder().finish().execute(request).await;
    let failures = response.errors.iter().map(|error| failure_of(error).unwrap().clone());
    let failures = failures.collect();
    let mut data = response.data.into_json().unwrap();
    let monitor = &mut data["datadog"]["monitor"];
    assert_eq!(monitor["name"], "Load", "whatever happens to the channels");
    (
        monitor["notifies"].take(),
        failures,
        slack.seen("conversations.list").len(),
    )
}

fn directory() -> Value {
    json!({"ok": true, "channels": [{"id": "C1", "name": "incident-checkout"}, {"id": "C2", "name": "ops"}]})
}

#[tokio::test]
async fn each_channel_comes_once_and_the_directory_is_read_once() {
    let message = "@slack-acme-incident-checkout {{#is_alert}}@slack-ops{{/is_alert}} @slack-incident-checkout";
    let (channels, failures, lists) = notified(message, directory()).await;
    assert_eq!(
        channels,
        json!([{"id": "C1", "name": "incident-checkout"}, {"id": "C2", "name": "ops"}])
    );
    assert_eq!((failures, lists), (Vec::new(), 1));
}

#[tokio::test]
async fn a_handle_that_leads_nowhere_is_told_beside_those_that_lead_somewhere() {
    let (channels, failures, _) = notified("@slack-ops @slack-gone @slack-{{env}}", directory()).await;
    assert_eq!(channels, json!([{"id": "C2", "name": "ops"}]));
    let whats: Vec<_> = failures.iter().map(|failure| failure.cause.to_string()).collect();
    assert_eq!(
        whats,
        [
            "a Slack channel for `@slack-gone` not found",
            "one Slack channel for `@slack-{{env}}` not found"
        ]
    );
    assert!(failures.iter().all(|failure| failure.hint.is_some()));
}

#[tokio::test]
async fn part_of_a_name_that_is_not_there_is_no_other_channel() {
    let directory =
        json!({"ok": true, "channels": [{"id": "C1", "name": "incidents"}, {"id": "C2", "name": "alerts"}]});
    let (channels, failures, _) = notified("Errors are up. @slack-payments-incidents", directory).await;
    assert_eq!(channels, json!([]));
    let [failure] = failures.as_slice() else {
        panic!("{failures:?}")
    };
    assert_eq!(
        failure.cause.to_string(),
        "a Slack channel for `@slack-payments-incidents` not found"
    );
    let hint = failure.hint.as_ref().unwrap();
    assert!(
        hint.contains("`slack_account` under `[datadog]` in braid.toml"),
        "{hint}"
    );
}

#[tokio::test]
async fn handles_beyond_the_bound_are_not_looked_up_and_long_ones_are_shown_in_part() {
    let long = format!("@slack-{}", "a-".repeat(20_000));
    let many: Vec<_> = (0..200).map(|n| format!("@slack-gone{n}")).collect();
    let (channels, failures, lists) = notified(&format!("{long} {}", many.join(" ")), directory()).await;
    assert_eq!((channels, lists), (json!([]), 1));
    assert_eq!(
        failures.len(),
        51,
        "one for each handle that was looked up, and one for the rest"
    );
    let shown: usize = failures.iter().map(|failure| failure.cause.to_string().len()).sum();
    assert!(shown < 5_000, "{shown}");
    assert!(failures.iter().any(|failure| {
        failure.cause.to_string() == "the monitor's message has 201 Slack handles, and the first 50 are looked up"
    }));
}

#[tokio::test]
async fn channels_beyond_the_bound_are_left_out_and_named() {
    let channels: Vec<_> = (1..=12)
        .map(|n| json!({"id": format!("C{n}"), "name": format!("team-{n}")}))
        .collect();
    let message: Vec<_> = (1..=12).map(|n| format!("@slack-team-{n}")).collect();
    let (given, failures, lists) = notified(&message.join(" "), json!({"ok": true, "channels": channels})).await;
    let ids: Vec<_> = given
        .as_array()
        .unwrap()
        .iter()
        .map(|channel| channel["id"].clone())
        .collect();
    assert_eq!(ids, ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10"]);
    let [failure] = failures.as_slice() else {
        panic!("{failures:?}")
    };
    assert_eq!(
        failure.cause.to_string(),
        "the monitor's message names 12 Slack channels, and 10 are given"
    );
    assert!(
        failure.hint.as_ref().unwrap().contains("#team-11, #team-12"),
        "{failure:?}"
    );
    assert_eq!(lists, 1);
}

#[tokio::test]
async fn a_sick_slack_is_an_error_of_the_field() {
    let refusal = json!({"ok": false, "error": "invalid_auth"});
    let (channels, failures, _) = notified("@slack-ops", refusal).await;
    assert_eq!(channels, Value::Null);
    let [failure] = failures.as_slice() else {
        panic!("{failures:?}")
    };
    assert!(matches!(failure.cause, Cause::Unauthorized { .. }), "{failure}");
}
