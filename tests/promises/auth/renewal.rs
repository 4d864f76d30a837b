//! Which credentials are used, what happens when they are refused, and where they never go.

use super::{a_repository, count, examined, host};
use crate::promises::support::{Era, Peer, Reply, Setup, Stdio, failure};
use serde_json::json;

const BEARER: &str = "[github.auth]\nkind = \"bearer\"\ntoken = \"file:secrets/token\"\n";

fn client_credentials(token_url: &str) -> String {
    format!(
        "[github.auth]\nkind = \"client_credentials\"\ntoken_url = \"{token_url}\"\nclient_id = \"braid\"\n\
         client_secret = \"env:CLIENT_SECRET\"\n"
    )
}

#[tokio::test]
async fn the_file_wins_over_the_environment() {
    let setup = Setup::new().await;
    let right = setup.sandbox.credentials.github_token.clone();
    let setup = setup
        .set("GITHUB_TOKEN", "ghp_somebody-elses")
        .file("secrets/token", &right)
        .file("braid.toml", BEARER);
    let found = examined(&setup, "github").await;
    assert_eq!(found["state"], "on", "{found:#}");
    assert_eq!(
        found["credentials"],
        "bearer (github.auth in braid.toml, not GITHUB_TOKEN)"
    );
    let text = setup.run(&["doctor"]).await.stdout;
    assert!(text.contains("by SLACK_BOT_TOKEN; SLACK_USER_TOKEN"), "{text}");
}

#[tokio::test]
async fn a_secrets_file_is_read_again_and_its_loss_is_told_once() {
    let setup = Setup::new().await.unset("GITHUB_TOKEN");
    let right = setup.sandbox.credentials.github_token.clone();
    let setup = setup.file("secrets/token", "ghp_wrong").file("braid.toml", BEARER);
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client.call("github_get_repo", a_repository()).await;
    let text = failure(&result).to_lowercase();
    assert!(text.contains("check github.auth in braid.toml"), "{text}");
    let setup = setup.file("secrets/token", &right);
    assert_eq!(client.call("github_get_repo", a_repository()).await["isError"], false);
    std::fs::remove_file(setup.folder().join("secrets/token")).unwrap();
    for name in ["shipping", "pricing", "handbook"] {
        let result = client
            .call("github_get_repo", json!({ "owner": "acme", "name": name }))
            .await;
        assert!(!result.to_string().contains("credentials refused"), "{result:#}");
    }
    client.hang_up();
    let run = client.ended().await;
    let told = run.stderr.matches("keeping the last good secret").count();
    assert_eq!(told, 1, "{}", run.stderr);
}

#[tokio::test]
async fn a_refusal_leads_to_one_renewal_and_one_more_try() {
    let setup = Setup::new().await.set("CLIENT_SECRET", "s3cret-client");
    let graphql = setup.sandbox.github_graphql.to_string();
    let right = setup.sandbox.credentials.github_token.clone();
    let (behind, path) = (host(&graphql), url::Url::parse(&graphql).unwrap().path().to_owned());
    let peer = Peer::start(move |seen| match (seen.path(), seen.header("authorization")) {
        ("/token", _) => Reply::Json(200, json!({ "access_token": "t-good", "expires_in": 3600 })),
        ("/refusing", _) => Reply::Json(401, json!({ "message": "Bad credentials" })),
        (_, "Bearer t-good") => Reply::ForwardAs(behind.clone(), right.clone()),
        _ => Reply::Json(401, json!({ "message": "Bad credentials" })),
    })
    .await;
    let setup = setup
        .unset("GITHUB_TOKEN")
        .set("GITHUB_GRAPHQL_URL", &format!("{}{path}", peer.url))
        .file("braid.toml", &client_credentials(&format!("{}/token", peer.url)));
    let run = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=checkout"])
        .await;
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert_eq!((count(&peer, "/token"), count(&peer, &path)), (1, 1));
    let setup = setup.set("GITHUB_GRAPHQL_URL", &format!("{}/refusing", peer.url));
    let run = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=checkout"])
        .await;
    assert_eq!(run.code, Some(1));
    assert!(
        run.stdout.contains("credentials refused (Bad credentials)")
            && run.stdout.to_lowercase().contains("check github.auth in braid.toml"),
        "{}",
        run.stdout
    );
    assert!(!run.stdout.contains("t-good") && !run.stdout.contains("s3cret-client"));
    assert_eq!(count(&peer, "/refusing"), 2, "once, and once more");
}

/// The client's secret goes to the token endpoint that is configured, and nowhere else.
#[tokio::test]
async fn a_token_endpoint_that_sends_us_on_is_not_followed() {
    let elsewhere = Peer::start(|_| Reply::Json(200, json!({ "access_token": "t-stolen" }))).await;
    let target = format!("{}/token", elsewhere.url);
    let endpoint = Peer::start(move |_| Reply::To(target.clone())).await;
    let setup = Setup::new()
        .await
        .set("CLIENT_SECRET", "s3cret-client")
        .file("braid.toml", &client_credentials(&format!("{}/token", endpoint.url)));
    let run = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=checkout"])
        .await;
    assert_eq!(run.code, Some(1));
    let host = &elsewhere.url;
    assert!(
        run.stdout
            .contains(&format!("redirected to {host} by the token endpoint, not followed")),
        "{}",
        run.stdout
    );
    assert!(elsewhere.seen().is_empty());
    assert!(setup.sandbox.requests(sandbox::Vendor::GitHub).is_empty());
}

#[tokio::test]
async fn a_wrong_table_stops_the_start_with_its_place() {
    let setup = Setup::new()
        .await
        .set("CLIENT_SECRET", "s3cret-client")
        .file("conf/other.toml", &client_credentials("http://auth.example/token"));
    for command in [
        ["serve", "--listen=127.0.0.1:0"],
        ["doctor", "--json"],
        ["login", "github"],
    ] {
        let run = setup
            .run(&[&command[..], &["--config", "conf/other.toml"]].concat())
            .await;
        assert_eq!(run.code, Some(2), "{command:?}: {run:?}");
        assert!(
            run.stderr
                .contains("conf/other.toml:3:13: token_url: plain http to auth.example"),
            "{}",
            run.stderr
        );
    }
}

/// A team's file names secrets that somebody who only wants to try it does not have.
#[tokio::test]
async fn the_sandbox_needs_none_of_the_files_secrets() {
    let setup = Setup::new().await.unset("GITHUB_TOKEN").file("braid.toml", BEARER);
    let call = ["call", "github_get_repo", "owner=acme", "name=checkout"];
    let run = setup.run(&call).await;
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("braid.toml:3:9: github.auth.token: "),
        "{}",
        run.stderr
    );
    let run = setup.run(&[&call[..], &["--sandbox"]].concat()).await;
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
}

/// The vendor's token endpoint has a fault of its own: worth another try, and no reason to change anything.
#[tokio::test]
async fn a_sick_token_endpoint_is_tried_again() {
    let tries = std::sync::atomic::AtomicUsize::new(0);
    let setup = Setup::new().await.set("CLIENT_SECRET", "s3cret-client");
    let right = setup.sandbox.credentials.github_token.clone();
    let endpoint = Peer::start(move |_| match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => Reply::Html(503, "<html>busy</html>"),
        _ => Reply::Json(200, json!({ "access_token": right, "expires_in": 3600 })),
    })
    .await;
    let setup = setup.file("braid.toml", &client_credentials(&format!("{}/token", endpoint.url)));
    let run = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=checkout"])
        .await;
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert_eq!(endpoint.seen().len(), 2);
}
