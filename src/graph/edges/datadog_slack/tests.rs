use super::Handle::{Fixed, Variable};
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
    let slack = slack::StandIn::start(move |_| channels.clone()).await;
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

#[test]
fn handles_end_where_a_name_ends() {
    let cases = [
        ("Look: @slack-incidents", vec![Fixed("@slack-incidents")]),
        (
            "@slack-acme-incident-checkout @pagerduty-x",
            vec![Fixed("@slack-acme-incident-checkout")],
        ),
        (
            "{{#is_alert}}Bad! @slack-incidents{{/is_alert}}{{#is_recovery}}@slack-ok{{/is_recovery}}",
            vec![Fixed("@slack-incidents"), Fixed("@slack-ok")],
        ),
        ("Tell @slack-incidents.", vec![Fixed("@slack-incidents")]),
        (
            "(@slack-a,@slack-b)\n@slack-a",
            vec![Fixed("@slack-a"), Fixed("@slack-b")],
        ),
        ("@slack-störung!", vec![Fixed("@slack-störung")]),
        ("@slack-old.name, please", vec![Fixed("@slack-old.name")]),
        ("@slack-incidents<!here>", vec![Fixed("@slack-incidents")]),
        ("mail ada@slack-hq.example", vec![]),
        (
            "-@slack-ops, _@slack-deploys_",
            vec![Fixed("@slack-ops"), Fixed("@slack-deploys_")],
        ),
        (
            "@slack-ops@slack-deploys",
            vec![Fixed("@slack-ops"), Fixed("@slack-deploys")],
        ),
        ("@slack-acme-#deploys and @slack-#", vec![Fixed("@slack-acme-#deploys")]),
        ("@slack- and @slack", vec![]),
        ("@slack-a{{else}}@slack-b", vec![Fixed("@slack-a"), Fixed("@slack-b")]),
    ];
    for (message, expected) in cases {
        assert_eq!(handles(message), expected, "{message}");
    }
}

#[test]
fn a_handle_with_a_variable_names_no_channel_yet() {
    assert_eq!(
        handles("@slack-{{service.name}}-alerts @slack-team-{{ env }} @slack-{{broken"),
        [
            Variable("@slack-{{service.name}}-alerts"),
            Variable("@slack-team-{{ env }}")
        ]
    );
}
