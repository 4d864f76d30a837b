//! `braid.toml`, exactly as it stands: every key optional, unknown keys refused. Secrets are not taken here.

use super::{ConfigError, ResultMode};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    /// `[slack]`
    pub slack: Slack,
    /// `[github]`
    pub github: GitHub,
    /// `[datadog]`
    pub datadog: Datadog,
    /// `[call]`
    pub call: Call,
    /// `[results]`
    pub results: Results,
    /// `[tools]`
    pub tools: Tools,
    /// `[http]`
    pub http: Http,
}

/// `[slack]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Slack {
    /// Where Slack's Web API is; `SLACK_API_URL` wins.
    pub api_url: Option<String>,
}

/// `[github]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GitHub {
    /// Where the GraphQL API is; `GITHUB_GRAPHQL_URL` wins.
    pub graphql_url: Option<String>,
    /// Where the REST API is; `GITHUB_API_URL` wins.
    pub api_url: Option<String>,
}

/// `[datadog]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Datadog {
    /// The site, e.g. `datadoghq.eu`; `DATADOG_SITE` wins.
    pub site: Option<String>,
    /// Where the API is, where it is not the site's; `DATADOG_API_URL` wins.
    pub api_url: Option<String>,
    /// Where people look at monitors, where it is not the site's; `DATADOG_APP_URL` wins.
    pub app_url: Option<String>,
}

/// `[call]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Call {
    /// How long a tool call may take, in words: `"25s"`, `"1m 30s"`.
    #[serde(deserialize_with = "span")]
    pub deadline: Option<Duration>,
}

/// `[results]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Results {
    /// `"both"` or `"text"`.
    pub mode: ResultMode,
    /// How many bytes of text a result may have, 1,000 to 1,000,000.
    #[serde(deserialize_with = "budget")]
    pub budget: usize,
}

impl Default for Results {
    /// Copilot replaces a text of more than 8,192 characters by a file that the model must then read.
    fn default() -> Self {
        Self {
            mode: ResultMode::default(),
            budget: 8_000,
        }
    }
}

/// `[tools]`: what a tool may cost at most; what is left out is not bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tools {
    /// Upstream requests of a call.
    pub requests: Option<u64>,
    /// Tokens of a result.
    pub result_tokens: Option<u64>,
    /// What backends meter, e.g. `"github points" = 5`, by the names that `braid check` uses.
    pub units: BTreeMap<String, u64>,
}

/// `[http]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Hosts that clients may call the server by, beside the loopback names.
    pub allowed_hosts: Vec<String>,
    /// Origins that pages may call it from, beside loopback ones.
    pub allowed_origins: Vec<String>,
}

impl File {
    /// Reads the file that is named, or `braid.toml` where it is there.
    pub fn find(named: Option<&Path>) -> Result<Self, ConfigError> {
        match named {
            Some(path) => Self::read(path),
            None if Path::new("braid.toml").is_file() => Self::read(Path::new("braid.toml")),
            None => Ok(Self::default()),
        }
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        Self::parse(path, &text)
    }

    /// Reads a file's text.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            let key = text
                .lines()
                .nth(line - 1)
                .and_then(|line| line.split_once('='))
                .map(|(key, _)| key.trim());
            let message = match key {
                Some(key) if !error.message().contains(key) => format!("{key}: {}", error.message()),
                _ => error.message().to_owned(),
            };
            ConfigError::Invalid {
                path: path.to_owned(),
                line,
                column,
                message,
            }
        })
    }
}

fn span<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let span: jiff::SignedDuration = text.parse().map_err(|_| {
        serde::de::Error::custom(format!(
            "`{text}` is no span of time, expected e.g. \"25s\" or \"1m 30s\""
        ))
    })?;
    Duration::try_from(span)
        .ok()
        .filter(|span| (Duration::from_secs(1)..=Duration::from_secs(600)).contains(span))
        .map(Some)
        .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is out of range, expected \"1s\" to \"10m\"")))
}

fn budget<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let bytes = usize::deserialize(deserializer)?;
    if (1_000..=1_000_000).contains(&bytes) {
        Ok(bytes)
    } else {
        Err(serde::de::Error::custom(format!(
            "{bytes} is out of range, expected 1000 to 1000000 bytes"
        )))
    }
}
