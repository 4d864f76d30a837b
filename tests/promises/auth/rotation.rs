//! Rotated tokens: one renewal for all who wait, in all processes; the successor is on the disk before it is needed.

use super::rotating::{Rotating, State};
use super::{examined, host};
use crate::promises::support::{Era, Server, Setup, Stdio, eventually, failure};
use serde_json::{Value, json};
use std::path::Path;

async fn rotated() -> (Setup, Rotating) {
    let setup = Setup::new().await;
    let slack = Rotating::start(&setup).await;
    let api = setup.sandbox.slack_api.to_string();
    let setup = setup
        .unset("SLACK_BOT_TOKEN")
        .unset("SLACK_USER_TOKEN")
        .set("SLACK_API_URL", &api.replace(&host(&api), &slack.peer.url))
        .set("SLACK_CLIENT_SECRET", "client-secret-9")
        .file("first", "r0\n")
        .file(
            "braid.toml",
            "[slack.auth]\nkind = \"oauth\"\nclient_id = \"123.456\"\nclient_secret = \"env:SLACK_CLIENT_SECRET\"\n\
             refresh_token = \"file:first\"\ntoken_file = \"kept/slack.json\"\n",
        );
    (setup, slack)
}

fn kept(setup: &Setup) -> Value {
    let path = setup.folder().join("kept/slack.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn history() -> Value {
    json!({ "channel": "C0DEPLOYS" })
}

#[tokio::test]
async fn one_renewal_serves_all_and_is_kept_for_the_next_run() {
    let (setup, slack) = rotated().await;
    let server = Server::start(&setup).await;
    let calls = ["C0DEPLOYS", "C0INCIDENT", "#deploys", "#incident-checkout", "#general"];
    let calls = calls.map(|channel| {
        server.modern(
            "tools/call",
            json!({ "name": "slack_get_history", "arguments": { "channel": channel, "limit": 1 } }),
        )
    });
    for answer in futures::future::join_all(calls).await {
        assert_eq!(answer.message()["result"]["isError"], false, "{answer:?}");
    }
    assert_eq!(slack.exchanges(), 1);
    assert_eq!(kept(&setup)["refresh_token"], "r1");
    #[cfg(unix)]
    for name in ["slack.json", "slack.json.lock"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(setup.folder().join("kept").join(name)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let found = examined(&setup, "slack").await;
    assert_eq!(found["state"], "partly", "there is no user token: {found:#}");
    assert_eq!(found["credentials"], "oauth (slack.auth in braid.toml)");
    assert_eq!(slack.exchanges(), 1, "the next run takes what is kept");
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_and_the_call_made_again() {
    let (setup, slack) = rotated().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    assert_eq!(client.call("slack_get_history", history()).await["isError"], false);
    // Another run holds what this one kept, and finds it revoked.
    "revoked".clone_into(&mut slack.state().token);
    let run = setup.run(&["call", "slack_get_history", "channel=C0DEPLOYS"]).await;
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert_eq!((slack.exchanges(), &kept(&setup)["refresh_token"]), (2, &json!("r2")));
}

#[tokio::test]
async fn processes_that_share_the_file_use_a_refresh_token_once() {
    let (setup, slack) = rotated().await;
    let run = || setup.run(&["call", "slack_get_history", "channel=C0DEPLOYS"]);
    let (one, other, third) = tokio::join!(run(), run(), run());
    for run in [one, other, third] {
        assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    }
    assert_eq!(slack.exchanges(), 1);
}

/// Slack has used the refresh token up, and the process that asked dies before it hears of the next one.
async fn died_in_between(vendor: impl FnOnce(&mut State)) -> (Setup, Rotating) {
    let (setup, slack) = rotated().await;
    assert_eq!(examined(&setup, "slack").await["state"], "partly");
    {
        let mut state = slack.state();
        "revoked".clone_into(&mut state.token);
        state.falls_silent = true;
        vendor(&mut state);
    }
    let mut child = setup
        .command(&["call", "slack_get_history", "channel=C0DEPLOYS"])
        .spawn()
        .unwrap();
    eventually(|| slack.exchanges() == 2).await;
    child.kill().await.unwrap();
    slack.state().falls_silent = false;
    assert_eq!(
        kept(&setup)["refresh_token"],
        "r1",
        "the old one is still there, and whole"
    );
    (setup, slack)
}

#[tokio::test]
async fn a_process_that_dies_in_between_leaves_the_old_one_to_be_used_again() {
    let (setup, slack) = died_in_between(|vendor| vendor.is_lenient = true).await;
    let run = setup.run(&["call", "slack_get_history", "channel=C0DEPLOYS"]).await;
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert_eq!((slack.exchanges(), &kept(&setup)["refresh_token"]), (3, &json!("r3")));
}

#[tokio::test]
async fn where_the_old_one_is_not_taken_again_somebody_must_log_in() {
    let (setup, _slack) = died_in_between(|_strict| {}).await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client.call("slack_get_history", history()).await;
    let text = failure(&result);
    assert!(
        text.contains("credentials refused") && text.to_lowercase().contains("log in with `braid login slack`"),
        "{text}"
    );
}

/// A file that cannot be written is found out before the refresh token is used up.
#[tokio::test]
async fn nothing_is_used_up_where_nothing_can_be_kept() {
    let (setup, slack) = rotated().await;
    let setup = setup.file("kept", "a file where the folder should be");
    let run = setup.run(&["call", "slack_get_history", "channel=C0DEPLOYS"]).await;
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("tokens cannot be kept there"), "{}", run.stdout);
    assert_eq!(slack.exchanges(), 0);
    assert!(Path::new(&setup.folder().join("kept")).is_file());
}
