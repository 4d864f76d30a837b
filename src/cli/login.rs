//! `braid login`: a person agrees in a browser, and the tokens that come of it are kept.

use super::{Common, Done, Verdict, output};
use crate::app::{Account, Visit};
use crate::config::Env;
use clap::{Args, ValueEnum};
use std::io::Write as _;
use std::time::Duration;

/// Who logs in where.
#[derive(Debug, Args)]
pub(super) struct Request {
    /// The backend
    backend: Backend,
    /// For a user's token, which Slack's search needs, instead of the bot's
    #[arg(long)]
    user: bool,
    /// How long to wait for the browser, e.g. `90s`, `10m`
    #[arg(long, value_name = "SPAN", default_value = "5m", value_parser = span)]
    wait: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Backend {
    Slack,
    Github,
    Datadog,
}

/// Logs in. The page is printed and not opened: the browser may be on another machine, with a tunnel to the port.
pub(super) async fn run(common: &Common, request: Request) -> Done {
    if common.sandbox {
        return Err("the sandbox needs no log-in: leave out --sandbox".to_owned());
    }
    let account = match (request.backend, request.user) {
        (Backend::Slack, false) => Account::Slack,
        (Backend::Slack, true) => Account::SlackUser,
        (_, true) => return Err("--user is for slack: only there a user's token is apart from the app's".to_owned()),
        (Backend::Github, false) => Account::GitHub,
        (Backend::Datadog, false) => Account::Datadog,
    };
    let visit = Visit::prepare(account, &Env::of_process(), common.config.as_deref(), request.wait)
        .await
        .map_err(|error| error.to_string())?;
    let open = |page: &url::Url| {
        let _nobody_listens = writeln!(
            std::io::stderr(),
            "Open this page in a browser on this machine, and agree there:\n\n  {page}\n"
        );
    };
    match visit.run(open).await {
        Ok(kept_in) if common.json => output::print_json(&serde_json::json!({ "token_file": kept_in })),
        Ok(kept_in) => output::print(&format!("Logged in. The tokens are kept in {}.", kept_in.display())),
        Err(error) => {
            output::complain(&format!("not logged in: {error}"));
            return Ok(Verdict::Fault);
        }
    }
    Ok(Verdict::Well)
}

fn span(text: &str) -> Result<Duration, String> {
    let span: jiff::SignedDuration = text.parse().map_err(|_| "expected e.g. 90s or 10m".to_owned())?;
    Duration::try_from(span).map_err(|_| "expected e.g. 90s or 10m".to_owned())
}
