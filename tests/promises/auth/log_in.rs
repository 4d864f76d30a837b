//! `braid login`, with the test as the browser and a vendor that checks everything it is sent.

use super::rotating::Rotating;
use super::{count, host};
use crate::promises::support::{Era, Peer, Reply, Run, Setup, Stdio, client, eventually, failure, within};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStderr};

/// A log-in that waits for its browser.
struct Waiting {
    child: Child,
    lines: Lines<BufReader<ChildStderr>>,
    /// The page that a person is asked to open.
    page: url::Url,
}

impl Waiting {
    async fn start(setup: &Setup, arguments: &[&str]) -> Self {
        let mut child = setup.command(&[&["login"], arguments].concat()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let page = loop {
            let line = within(lines.next_line()).await.unwrap().expect("it prints a page");
            if let Ok(page) = line.trim().parse() {
                break page;
            }
        };
        Self { child, lines, page }
    }

    /// Opens the page, and gives where the vendor sends the browser.
    async fn agreed(&self) -> url::Url {
        let answer = within(client().get(self.page.clone()).send()).await.unwrap();
        answer.headers()["location"].to_str().unwrap().parse().unwrap()
    }

    async fn ended(mut self) -> Run {
        let mut stderr = String::new();
        while let Some(line) = within(self.lines.next_line()).await.unwrap() {
            stderr.push_str(&line);
            stderr.push('\n');
        }
        let mut stdout = String::new();
        let out = self.child.stdout.as_mut().unwrap();
        within(out.read_to_string(&mut stdout)).await.unwrap();
        let code = within(self.child.wait()).await.unwrap().code();
        Run { code, stdout, stderr }
    }
}

async fn browse(url: url::Url) -> (u16, String) {
    let answer = within(client().get(url).send()).await.unwrap();
    (answer.status().as_u16(), within(answer.text()).await.unwrap())
}

fn with(url: &url::Url, query: &[(&str, &str)]) -> url::Url {
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(query);
    url
}

fn value(url: &url::Url, name: &str) -> String {
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

fn section(name: &str) -> String {
    format!(
        "[slack.{name}]\nkind = \"oauth\"\nclient_id = \"123.456\"\nclient_secret = \"env:SLACK_CLIENT_SECRET\"\n\
         scopes = [\"channels:read\", \"search:read\"]\ntoken_file = \"{name}.json\"\n"
    )
}

async fn slack() -> (Setup, Rotating) {
    let setup = Setup::new().await;
    let slack = Rotating::start(&setup).await;
    let api = setup.sandbox.slack_api.to_string();
    let setup = setup
        .unset("SLACK_BOT_TOKEN")
        .unset("SLACK_USER_TOKEN")
        .set("SLACK_API_URL", &api.replace(&host(&api), &slack.peer.url))
        .set("SLACK_CLIENT_SECRET", "client-secret-9")
        .file("braid.toml", &(section("auth") + &section("user_auth")));
    (setup, slack)
}

#[tokio::test]
async fn a_bot_logs_in_and_is_used() {
    let (setup, slack) = slack().await;
    let before = setup.run(&["call", "slack_get_history", "channel=C0DEPLOYS"]).await;
    assert!(
        before.stdout.contains("nobody has logged in")
            && before.stdout.to_lowercase().contains("log in with `braid login slack`"),
        "{}",
        before.stdout
    );
    let waiting = Waiting::start(&setup, &["slack"]).await;
    assert_eq!(waiting.page.path(), "/oauth/v2/authorize");
    assert_eq!(value(&waiting.page, "scope"), "channels:read,search:read");
    assert!(!waiting.page.as_str().contains("client-secret-9"));
    let back = waiting.agreed().await;
    assert_eq!((back.host_str(), back.path()), (Some("127.0.0.1"), "/callback"));
    // Anything on the machine can knock.
    assert_eq!(browse(back.join("/favicon.ico").unwrap()).await.0, 404);
    let forged = with(&back, &[("code", "the-code"), ("state", "forged")]);
    assert_eq!(browse(forged).await.0, 400);
    let silent = tokio::net::TcpStream::connect(("127.0.0.1", back.port().unwrap()))
        .await
        .unwrap();
    assert_eq!(browse(back).await.0, 200);
    drop(silent);
    let run = waiting.ended().await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(run.stdout.contains("auth.json"), "{}", run.stdout);
    assert!(!run.stdout.contains("xoxe") && !run.stderr.contains("xoxe"), "{run:?}");
    let call = setup.run(&["call", "slack_get_history", "channel=C0DEPLOYS"]).await;
    assert_eq!(call.code, Some(0), "{}{}", call.stdout, call.stderr);
    assert_eq!(slack.exchanges(), 1);
}

/// The server ran before anybody had logged in, and runs on: nobody waits for it to notice, and what the next log-in
/// gives, which may be another account's, is used at once although the token before is still good.
#[tokio::test]
async fn a_server_that_runs_takes_a_log_in_up() {
    let (setup, slack) = slack().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let history = || json!({ "channel": "C0DEPLOYS" });
    let result = client.call("slack_get_history", history()).await;
    let text = failure(&result).to_lowercase();
    assert!(text.contains("log in with `braid login slack`"), "{text}");
    for number in 1..3 {
        let waiting = Waiting::start(&setup, &["slack"]).await;
        browse(waiting.agreed().await).await;
        assert_eq!(waiting.ended().await.code, Some(0));
        let before = slack.peer.at("/api/conversations.history").len();
        let result = client.call("slack_get_history", history()).await;
        assert_eq!(result["isError"], false, "log-in {number}: {result:#}");
        let asked = slack.peer.at("/api/conversations.history").split_off(before);
        // Not even what was remembered for the one before is given.
        let proofs: Vec<_> = asked.iter().map(|seen| seen.header("authorization")).collect();
        assert_eq!(proofs, [format!("Bearer xoxe.xoxb-{number}")]);
    }
    assert_eq!(slack.exchanges(), 2, "a code for each log-in, and no renewal");
}

/// A user's scopes have a parameter of their own at Slack, and their token a place of its own.
#[tokio::test]
async fn a_user_of_slack_logs_in_to_search() {
    let (setup, slack) = slack().await;
    slack.state().is_users = true;
    let waiting = Waiting::start(&setup, &["slack", "--user", "--json"]).await;
    assert_eq!(value(&waiting.page, "user_scope"), "channels:read,search:read");
    assert_eq!(value(&waiting.page, "scope"), "");
    browse(waiting.agreed().await).await;
    let run = waiting.ended().await;
    let told: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(told["token_file"].as_str().unwrap().ends_with("user_auth.json"));
    let search = setup.run(&["call", "slack_search", "query=checkout"]).await;
    assert_eq!(search.code, Some(0), "{}{}", search.stdout, search.stderr);
}

/// GitHub refuses under 200, gives tokens that do not end, and is told the client's secret in the form.
#[tokio::test]
async fn github_has_its_own_forms() {
    let setup = Setup::new().await;
    let right = setup.sandbox.credentials.github_token.clone();
    let github = Peer::start(move |seen| {
        let asked = seen.form();
        match seen.path() {
            "/login/oauth/authorize" => Reply::To(format!("{}?code=c1&state={}", asked["redirect_uri"], asked["state"])),
            "/login/oauth/access_token" if seen.header("accept") != "application/json" => Reply::Html(200, "access_token=x"),
            "/login/oauth/access_token" if asked["client_secret"] != "right-secret" => Reply::Json(
                200,
                json!({ "error": "incorrect_client_credentials", "error_description": "They are incorrect.", "error_uri": "/x" }),
            ),
            _ => Reply::Json(200, json!({ "access_token": right, "token_type": "bearer", "scope": "repo,gist" })),
        }
    })
    .await;
    let mut setup = setup
        .set("GITHUB_API_URL", &github.url)
        .set("GITHUB_SECRET", "wrong")
        .unset("GITHUB_TOKEN")
        .file(
            "braid.toml",
            "[github.auth]\nkind = \"oauth\"\nclient_id = \"Iv1\"\nclient_secret = \"env:GITHUB_SECRET\"\ntoken_file = \"gh.json\"\n",
        );
    let waiting = Waiting::start(&setup, &["github"]).await;
    browse(waiting.agreed().await).await;
    let run = waiting.ended().await;
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr
            .contains("not logged in: no token for the code: credentials refused (incorrect_client_credentials)"),
        "{}",
        run.stderr
    );
    assert!(!setup.folder().join("gh.json").exists());
    setup = setup.set("GITHUB_SECRET", "right-secret");
    let waiting = Waiting::start(&setup, &["github"]).await;
    browse(waiting.agreed().await).await;
    assert_eq!(waiting.ended().await.code, Some(0));
    let call = setup
        .run(&["call", "github_get_repo", "owner=acme", "name=checkout"])
        .await;
    assert_eq!(call.code, Some(0), "{}{}", call.stdout, call.stderr);
    assert_eq!(
        count(&github, "/login/oauth/access_token"),
        2,
        "a token that does not end is not renewed"
    );
}

/// Datadog has the page on its site and the tokens at its API, wants the client's secret in the form, and takes the token in
/// place of both keys.
#[tokio::test]
async fn datadog_has_its_own_forms() {
    let datadog = Peer::start(|seen| {
        let asked = seen.form();
        match seen.path() {
            "/oauth2/v1/authorize" => {
                assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
                Reply::To(format!("{}?code=c1&state={}", asked["redirect_uri"], asked["state"]))
            }
            "/oauth2/v1/token" if asked["client_secret"] != "dd-secret" || asked["client_id"] != "dd-client" => {
                Reply::Json(401, json!({ "error": "invalid_client" }))
            }
            "/oauth2/v1/token" => {
                let given = if asked["grant_type"] == "authorization_code" { asked["code"].as_str() } else { "r1" };
                assert!(given == "c1" || asked["refresh_token"] == "r1", "{asked:?}");
                let life = if given == "c1" { 1 } else { 3600 };
                Reply::Json(
                    200,
                    json!({ "access_token": format!("dd-{given}"), "refresh_token": "r1", "token_type": "Bearer", "expires_in": life }),
                )
            }
            _ if !seen.header("dd-api-key").is_empty() || !seen.header("dd-application-key").is_empty() => {
                Reply::Json(403, json!({ "errors": ["no keys are wanted"] }))
            }
            "/api/v1/query" if seen.header("authorization").starts_with("Bearer dd-") => {
                Reply::Json(200, json!({ "status": "ok", "series": [] }))
            }
            _ => Reply::Json(401, json!({ "errors": ["Unauthorized"] })),
        }
    })
    .await;
    let setup = Setup::new()
        .await
        .set("DATADOG_API_URL", &datadog.url)
        .set("DATADOG_APP_URL", &datadog.url)
        .set("DATADOG_SECRET", "dd-secret")
        .file(
            "braid.toml",
            "[datadog.auth]\nkind = \"oauth\"\nclient_id = \"dd-client\"\nclient_secret = \"env:DATADOG_SECRET\"\n\
             scopes = [\"timeseries_query\", \"monitors_read\"]\ntoken_file = \"dd.json\"\n",
        );
    let waiting = Waiting::start(&setup, &["datadog"]).await;
    assert_eq!(value(&waiting.page, "scope"), "timeseries_query monitors_read");
    browse(waiting.agreed().await).await;
    let run = waiting.ended().await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        !run.stdout.contains("dd-c1") && !run.stderr.contains("dd-c1"),
        "{run:?}"
    );
    // The first token lives for a second, so that one of the calls renews it.
    let call = ["call", "datadog_query_metrics", "query=avg:system.load.1{*}"];
    eventually(|| kept_for(&setup, "dd.json").is_some_and(|left| left <= 0)).await;
    for _ in 0..2 {
        let call = setup.run(&call).await;
        assert_eq!(call.code, Some(0), "{}{}", call.stdout, call.stderr);
    }
    let proofs: Vec<_> = datadog
        .at("/api/v1/query")
        .iter()
        .map(|seen| seen.header("authorization").to_owned())
        .collect();
    assert_eq!(proofs, ["Bearer dd-r1", "Bearer dd-r1"]);
    assert_eq!(count(&datadog, "/oauth2/v1/token"), 2, "the code, and one renewal");
}

/// For how many seconds a kept token is still good.
fn kept_for(setup: &Setup, file: &str) -> Option<i64> {
    let text = std::fs::read_to_string(setup.path(file)).ok()?;
    let kept: Value = serde_json::from_str(&text).ok()?;
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Some(kept["expires_at"].as_i64()? - i64::try_from(now.as_secs()).unwrap())
}

#[tokio::test]
async fn who_does_not_agree_or_does_not_come_back_is_told_so() {
    let (setup, slack) = slack().await;
    let waiting = Waiting::start(&setup, &["slack"]).await;
    let back = waiting.agreed().await;
    let state = value(&back, "state");
    let refused = [
        ("error", "access_denied"),
        ("error_description", "Not\ntoday"),
        ("state", &state),
    ];
    browse(with(&back, &refused)).await;
    let run = waiting.ended().await;
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("not logged in: refused: access_denied: Nottoday"),
        "{}",
        run.stderr
    );
    let waiting = Waiting::start(&setup, &["slack", "--wait", "1s"]).await;
    let run = waiting.ended().await;
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("no browser came back within 1 s"), "{}", run.stderr);
    assert_eq!(slack.exchanges(), 0);
}

#[tokio::test]
async fn a_backend_that_nobody_logs_in_for_says_what_to_write() {
    let setup = Setup::new().await.file(
        "braid.toml",
        "[slack.auth]\nkind = \"bearer\"\ntoken = \"env:SLACK_BOT_TOKEN\"\n",
    );
    for (arguments, said) in [
        (["login", "github"], "github.auth is not there"),
        (["login", "slack"], "slack.auth is of kind `bearer`"),
        (["login", "jira"], "jira"),
    ] {
        let run = setup.run(&arguments).await;
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
    let run = setup.run(&["login", "github"]).await;
    assert!(run.stderr.contains("[github.auth]\nkind = \"oauth\""), "{}", run.stderr);
    let sandbox = setup.run(&["login", "github", "--sandbox"]).await;
    assert_eq!(sandbox.code, Some(2));
}
