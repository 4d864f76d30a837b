//! Logging in to a backend: which of its credentials somebody can log in for, and with what.

use super::roads::{self, proof};
use crate::backends::login::LogIn;
use crate::backends::{github, slack};
use crate::config::auth::Auth;
use crate::config::{Chosen, Config, ConfigError, Env};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::TcpListener;
use upstream::auth::{Login, LoginError, Scopes, TokenFile, log_in};
use url::Url;

/// Whose credentials somebody logs in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// Slack's bot.
    Slack,
    /// A user of Slack, for search.
    SlackUser,
    /// GitHub.
    GitHub,
    /// Datadog.
    Datadog,
}

/// Why nobody can log in.
#[derive(Debug, thiserror::Error)]
pub enum NoLogin {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The credentials are none that somebody logs in for.
    #[error(
        "{section} is {found}: nothing to log in for. To log in, write into braid.toml\n\n\
         [{section}]\nkind = \"oauth\"\nclient_id = \"…\"\ntoken_file = \"…\""
    )]
    NotConfigured {
        /// Where the credentials would stand.
        section: &'static str,
        /// What is there instead.
        found: String,
    },
    /// The port is taken.
    #[error("127.0.0.1:{port} cannot be listened on: {reason}; see `redirect_port` of {section}")]
    Port {
        /// Where the port stands.
        section: &'static str,
        /// The port.
        port: u16,
        /// What the system says.
        reason: String,
    },
}

/// Somebody who is about to log in.
pub struct Visit {
    login: Login,
    listener: TcpListener,
}

impl Account {
    fn section(self) -> &'static str {
        match self {
            Self::Slack => "slack.auth",
            Self::SlackUser => "slack.user_auth",
            Self::GitHub => "github.auth",
            Self::Datadog => "datadog.auth",
        }
    }

    fn chosen(self, config: &Config) -> Option<&Chosen> {
        match self {
            Self::Slack => config.slack.chosen.auth.as_ref(),
            Self::SlackUser => config.slack.chosen.user_auth.as_ref(),
            Self::GitHub => config.github.chosen.auth.as_ref(),
            Self::Datadog => config.datadog.chosen.auth.as_ref(),
        }
    }

    fn log_in(self, config: &Config) -> LogIn {
        match self {
            Self::Slack => roads::slack_login(config, slack::Whose::Bot),
            Self::SlackUser => roads::slack_login(config, slack::Whose::User),
            Self::GitHub => github::log_in(&config.github.api_url),
            Self::Datadog => roads::datadog_login(config),
        }
    }
}

impl Visit {
    /// Makes ready for a browser to come. Waits no longer than `patience` once it is under way.
    pub async fn prepare(
        account: Account,
        env: &Env,
        file: Option<&Path>,
        patience: Duration,
    ) -> Result<Self, NoLogin> {
        let config = Config::load(env, file)?;
        let section = account.section();
        let chosen = match account.chosen(&config) {
            Some(Auth::Oauth(chosen)) => chosen,
            other => {
                let found = other.map_or_else(
                    || "not there".to_owned(),
                    |chosen| format!("of kind `{}`", chosen.kind()),
                );
                return Err(NoLogin::NotConfigured { section, found });
            }
        };
        let port = chosen.redirect_port.unwrap_or_default();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(|error| NoLogin::Port {
            section,
            port,
            reason: error.to_string(),
        })?;
        let vendor = account.log_in(&config);
        let authorize_url = chosen.authorize_url.as_ref().map(|url| url.0.clone());
        let login = Login {
            client: proof::client(chosen, &vendor),
            authorize_url: authorize_url.unwrap_or(vendor.authorize_url),
            scopes: Scopes {
                parameter: vendor.scope_parameter,
                separator: vendor.scope_separator,
                names: chosen.scopes.clone(),
            },
            redirect: chosen.redirect_url.as_ref().map(|url| url.0.clone()),
            patience,
            keep_in: TokenFile::new(&chosen.token_file),
        };
        Ok(Self { login, listener })
    }

    /// Hands the page to `open`, waits for the browser to come back, and keeps the tokens: in the file that is given back.
    pub async fn run(self, open: impl FnOnce(&Url)) -> Result<PathBuf, LoginError> {
        let kept_in = self.login.keep_in.path().to_owned();
        log_in(self.login, self.listener, open).await?;
        Ok(kept_in)
    }
}
