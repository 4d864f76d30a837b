//! Stand-ins for Slack, GitHub and Datadog that speak real HTTP on loopback: `braid --sandbox` and the test suites
//! run against them through the same clients, sockets and layers as against the vendors.
//!
//! They tell one story ([`world`]): a shop's checkout breaks after a deploy. They enforce what the vendors enforce
//! (credentials, scopes, arguments, content types, page and rate limits) and answer in the vendors' shapes. Their data
//! is the same at every start; what is posted or created lives as long as the [`Sandbox`].
//!
//! Everything that arrives is recorded ([`Sandbox::requests`]), and anything can be made to fail ([`Sandbox::inject`]).
//! By hand, on each stand-in:
//! - `GET /_sandbox/requests` lists what arrived, as JSON; `DELETE` forgets it.
//! - `POST /_sandbox/faults` takes one [`Fault`] as JSON, e.g. fail the next two reads of a channel:
//!   `{"operation": "conversations.history", "times": 2, "effect": {"kind": "status", "status": 503}}`;
//!   `GET` lists the pending ones, `DELETE` removes them all. The effects' names and fields are [`Effect`]'s, in `snake_case`.

mod datadog;
mod fault;
mod front;
mod github;
mod line;
mod options;
mod record;
mod reply;
mod slack;
mod world;

#[cfg(test)]
mod tests;

use std::{io, net::SocketAddr, sync::Arc};

use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;

pub use fault::{Effect, Fault, GithubError, LimitForm, RetryAfter};
pub use options::{GithubToken, Options, SlackApp, SlackRates};
pub use record::{Outcome, Recorded};

use front::Front;
use record::Journal;

/// A value of the story for an argument, which is written after its field (`issue.number`): what to call a tool with to see
/// something.
pub fn example(argument: &str) -> Option<&'static str> {
    Some(match argument.rsplit('.').next()? {
        "id" => "40",
        "owner" => "acme",
        "name" | "query" => "checkout",
        "login" => "mona",
        "number" if argument.starts_with("issue") => "615",
        "number" => "617",
        "channel" => "#incident-checkout",
        "url" => "https://github.com/acme/checkout/pull/617",
        _ => return None,
    })
}

/// Whose stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vendor {
    /// Slack's Web API.
    Slack,
    /// GitHub's GraphQL API, and the little of its REST API that the story needs.
    GitHub,
    /// Datadog's v1 API.
    Datadog,
}

/// What the stand-ins take as proof. The values are the same at every start and open nothing else.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Slack's bot token (`xoxb-…`).
    pub slack_bot_token: String,
    /// Slack's user token (`xoxp-…`), which searching needs.
    pub slack_user_token: String,
    /// GitHub's personal access token.
    pub github_token: String,
    /// Datadog's `DD-API-KEY`.
    pub datadog_api_key: String,
    /// Datadog's `DD-APPLICATION-KEY`.
    pub datadog_app_key: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            slack_bot_token: "xoxb-sandbox-bot".to_owned(),
            slack_user_token: "xoxp-sandbox-user".to_owned(),
            github_token: "ghp_sandbox".to_owned(),
            datadog_api_key: "sandbox-datadog-api-key".to_owned(),
            datadog_app_key: "sandbox-datadog-application-key".to_owned(),
        }
    }
}

/// Three running stand-ins. Dropping it closes their sockets.
#[derive(Debug)]
pub struct Sandbox {
    /// What `SLACK_API_URL` would be; methods are below it.
    pub slack_api: Url,
    /// What `GITHUB_GRAPHQL_URL` would be.
    pub github_graphql: Url,
    /// What `GITHUB_API_URL` would be.
    pub github_api: Url,
    /// What `DATADOG_API_URL` would be.
    pub datadog_api: Url,
    /// What the stand-ins take as proof.
    pub credentials: Credentials,
    slack: Arc<Journal>,
    github: Arc<Journal>,
    datadog: Arc<Journal>,
    _stop: DropGuard,
}

/// Starts the three stand-ins, each on a free port of 127.0.0.1.
///
/// # Errors
/// When a port cannot be bound.
pub async fn start(options: Options) -> io::Result<Sandbox> {
    let credentials = Credentials::default();
    let stop = CancellationToken::new();
    let (slack, slack_at) = Front::start(slack::Slack::new(&options, &credentials), &stop).await?;
    let (github, github_at) = Front::start(github::GitHub::new(&options, &credentials), &stop).await?;
    let (datadog, datadog_at) = Front::start(datadog::Datadog::new(&options, &credentials), &stop).await?;
    Ok(Sandbox {
        slack_api: address(slack_at, "/api")?,
        github_graphql: address(github_at, "/graphql")?,
        github_api: address(github_at, "")?,
        datadog_api: address(datadog_at, "")?,
        credentials,
        slack,
        github,
        datadog,
        _stop: stop.drop_guard(),
    })
}

impl Sandbox {
    /// What arrived so far, in the order of arrival.
    pub fn requests(&self, vendor: Vendor) -> Vec<Recorded> {
        self.journal(vendor).requests()
    }

    /// Forgets what arrived so far, at all three.
    pub fn clear_requests(&self) {
        for journal in [&self.slack, &self.github, &self.datadog] {
            journal.clear_requests();
        }
    }

    /// How many requests are being answered now.
    pub fn in_flight(&self, vendor: Vendor) -> usize {
        self.journal(vendor).in_flight()
    }

    /// The most requests that were being answered at the same time since the start.
    pub fn most_in_flight(&self, vendor: Vendor) -> usize {
        self.journal(vendor).most_in_flight()
    }

    /// From now on, makes requests fail as `fault` says. Faults are tried in the order in which they came; each request
    /// meets at most one.
    pub fn inject(&self, vendor: Vendor, fault: Fault) {
        self.journal(vendor).inject(fault);
    }

    /// Forgets the faults that are still waiting, at all three.
    pub fn clear_faults(&self) {
        for journal in [&self.slack, &self.github, &self.datadog] {
            journal.clear_faults();
        }
    }

    fn journal(&self, vendor: Vendor) -> &Journal {
        match vendor {
            Vendor::Slack => &self.slack,
            Vendor::GitHub => &self.github,
            Vendor::Datadog => &self.datadog,
        }
    }
}

fn address(at: SocketAddr, path: &str) -> io::Result<Url> {
    Url::parse(&format!("http://{at}{path}")).map_err(io::Error::other)
}
