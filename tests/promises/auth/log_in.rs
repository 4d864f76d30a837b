//! `braid login`, with the test as the browser and a vendor that checks everything it is sent.

use super::rotating::Rotating;
use super::{count, host};
use crate::promises::support::{Peer, Reply, Run, Setup, client, within};
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
