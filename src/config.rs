//! What the program was told, by the environment and by `braid.toml`: read once, checked whole, secrets kept secret.
//!
//! Two stages: [`file::File`] is exactly what stands in `braid.toml`, [`Config`] is what the program works with.

mod addresses;
pub mod auth;
pub mod credentials;
pub mod env;
pub mod error;
pub mod file;

pub use credentials::{Chosen, Credentials};
pub use env::Env;
pub use error::ConfigError;
pub use file::values::Header;

use addresses::{Address, Addresses};
use credentials::{Given, Reader};
use file::File;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;
use upstream::auth::Secret;
use url::Url;

/// Everything the program works with.
#[derive(Debug, Clone)]
pub struct Config {
    /// Slack.
    pub slack: Slack,
    /// GitHub.
    pub github: GitHub,
    /// Datadog.
    pub datadog: Datadog,
    /// How long a tool call may take (default 25 s).
    pub deadline: Duration,
    /// What a result looks like.
    pub results: Results,
    /// What a tool may cost.
    pub tools: file::Tools,
    /// Who may talk to the HTTP server.
    pub http: Http,
}

/// What reaches Slack.
#[derive(Debug, Clone)]
pub struct Slack {
    /// `SLACK_API_URL`.
    pub api_url: Url,
    /// `SLACK_BOT_TOKEN`.
    pub bot_token: Option<Secret>,
    /// `SLACK_USER_TOKEN`.
    pub user_token: Option<Secret>,
    /// What the file chooses: it wins, since a token in the environment may be there for others.
    pub chosen: Credentials,
}

/// What reaches GitHub.
#[derive(Debug, Clone)]
pub struct GitHub {
    /// `GITHUB_GRAPHQL_URL`.
    pub graphql_url: Url,
    /// `GITHUB_API_URL`.
    pub api_url: Url,
    /// `GITHUB_TOKEN`.
    pub token: Option<Secret>,
    /// What the file chooses: it wins, since a token in the environment may be there for others.
    pub chosen: Credentials,
}

/// What reaches Datadog.
#[derive(Debug, Clone)]
pub struct Datadog {
    /// `DATADOG_API_URL`, else made from `DATADOG_SITE`.
    pub api_url: Url,
    /// Where people look at monitors.
    pub app_url: Url,
    /// The Slack workspace's name in `@slack-…` handles.
    pub slack_account: Option<String>,
    /// `DATADOG_API_KEY`.
    pub api_key: Option<Secret>,
    /// `DATADOG_APP_KEY`.
    pub app_key: Option<Secret>,
    /// What the file chooses: it wins, since a token in the environment may be there for others.
    pub chosen: Credentials,
}

/// What a result looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Results {
    /// Structured content beside the text, or the text alone.
    pub mode: ResultMode,
    /// How many bytes of text a result may have.
    pub budget: usize,
}

/// Whether a result carries structured content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResultMode {
    /// Structured content, and the same as text.
    #[default]
    Both,
    /// Text alone; no output schemas are listed.
    Text,
}

/// Who may talk to the HTTP server.
#[derive(Debug, Clone)]
pub struct Http {
    /// `BRAID_TOKEN`: a bearer token for every route.
    pub token: Option<Secret>,
    /// Hosts beside the loopback names.
    pub allowed_hosts: Vec<String>,
    /// Origins beside the loopback ones.
    pub allowed_origins: Vec<String>,
}

impl Config {
    /// Reads the environment, and the file where one is named or `braid.toml` is there.
    pub fn load(env: &Env, named: Option<&Path>) -> Result<Self, ConfigError> {
        Self::from_parts(env, &File::find(named)?)
    }

    /// The same for the stand-ins, which take none of the credentials that the file chooses: their secrets need not be
    /// there.
    pub fn load_for_sandbox(env: &Env, named: Option<&Path>) -> Result<Self, ConfigError> {
        Self::from_parts(env, &File::find(named)?.without_credentials())
    }

    fn from_parts(env: &Env, file: &File) -> Result<Self, ConfigError> {
        let addresses = Addresses {
            env,
            source: &file.source,
        };
        let site = addresses.site(file.datadog.site.as_ref())?;
        let mut reader = Reader {
            env,
            source: &file.source,
            token_files: BTreeMap::new(),
        };
        Ok(Self {
            slack: Slack {
                api_url: addresses.url(Address {
                    variable: "SLACK_API_URL",
                    key: "slack.api_url",
                    in_file: file.slack.api_url.as_ref(),
                    usual: "https://slack.com/api",
                })?,
                bot_token: env.secret("SLACK_BOT_TOKEN")?,
                user_token: env.secret("SLACK_USER_TOKEN")?,
                chosen: reader.read(Given {
                    backend: "slack",
                    auth: file.slack.auth.as_ref(),
                    user_auth: file.slack.user_auth.as_ref(),
                    gateway: &file.slack.gateway,
                    usual: &["authorization"],
                })?,
            },
            github: GitHub {
                graphql_url: addresses.url(Address {
                    variable: "GITHUB_GRAPHQL_URL",
                    key: "github.graphql_url",
                    in_file: file.github.graphql_url.as_ref(),
                    usual: "https://api.github.com/graphql",
                })?,
                api_url: addresses.url(Address {
                    variable: "GITHUB_API_URL",
                    key: "github.api_url",
                    in_file: file.github.api_url.as_ref(),
                    usual: "https://api.github.com",
                })?,
                token: env.secret("GITHUB_TOKEN")?,
                chosen: reader.read(Given {
                    backend: "github",
                    auth: file.github.auth.as_ref(),
                    user_auth: None,
                    gateway: &file.github.gateway,
                    usual: &["authorization"],
                })?,
            },
            datadog: Datadog {
                api_url: addresses.url(Address {
                    variable: "DATADOG_API_URL",
                    key: "datadog.api_url",
                    in_file: file.datadog.api_url.as_ref(),
                    usual: &format!("https://api.{site}"),
                })?,
                app_url: addresses.url(Address {
                    variable: "DATADOG_APP_URL",
                    key: "datadog.app_url",
                    in_file: file.datadog.app_url.as_ref(),
                    usual: &app_url(&site),
                })?,
                slack_account: file.datadog.slack_account.clone(),
                api_key: env.secret("DATADOG_API_KEY")?,
                app_key: env.secret("DATADOG_APP_KEY")?,
                chosen: reader.read(Given {
                    backend: "datadog",
                    auth: file.datadog.auth.as_ref(),
                    user_auth: None,
                    gateway: &file.datadog.gateway,
                    usual: &["dd-api-key", "dd-application-key"],
                })?,
            },
            deadline: file.call.deadline.unwrap_or(Duration::from_secs(25)),
            results: Results {
                mode: file.results.mode,
                budget: file.results.budget,
            },
            tools: file.tools.clone(),
            http: Http {
                token: env.secret("BRAID_TOKEN")?,
                allowed_hosts: addresses.hosts(&file.http.allowed_hosts)?,
                allowed_origins: addresses.origins(&file.http.allowed_origins)?,
            },
        })
    }
}

/// Where people look at monitors. A site with a subdomain of its own (`us3.datadoghq.com`) is its own address, the others
/// stand below `app.` ("Datadog docs: Getting Started with Datadog Sites").
fn app_url(site: &str) -> String {
    if site.matches('.').count() > 1 {
        format!("https://{site}")
    } else {
        format!("https://app.{site}")
    }
}

#[cfg(test)]
mod tests;
