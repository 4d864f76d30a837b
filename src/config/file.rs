//! `braid.toml`, exactly as it stands: every key optional, unknown keys refused. Secrets are not taken here.

mod kinds;
pub mod values;

use super::auth::Auth;
use super::{ConfigError, ResultMode};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Spanned;
use toml::de::DeTable;
use values::Named;

/// Credentials, and where they stand.
pub type Section = Spanned<Auth<Spanned<Named>>>;

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
    /// The file itself, to point at what turns out to be wrong when it is put together with the environment.
    #[serde(skip)]
    pub source: Source,
}

/// A file and its text.
#[derive(Debug, Default)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    text: String,
}

/// `[slack]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Slack {
    /// Where Slack's Web API is; `SLACK_API_URL` wins.
    pub api_url: Option<Spanned<String>>,
    /// `[slack.auth]`: instead of `SLACK_BOT_TOKEN`.
    pub auth: Option<Section>,
    /// `[slack.user_auth]`: instead of `SLACK_USER_TOKEN`.
    pub user_auth: Option<Section>,
    /// `[[slack.gateway]]`: what a gateway in front of Slack wants beside.
    pub gateway: Vec<Section>,
}

/// `[github]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GitHub {
    /// Where the GraphQL API is; `GITHUB_GRAPHQL_URL` wins.
    pub graphql_url: Option<Spanned<String>>,
    /// Where the REST API is; `GITHUB_API_URL` wins.
    pub api_url: Option<Spanned<String>>,
    /// `[github.auth]`: instead of `GITHUB_TOKEN`.
    pub auth: Option<Section>,
    /// `[[github.gateway]]`: what a gateway in front of GitHub wants beside.
    pub gateway: Vec<Section>,
}

/// `[datadog]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Datadog {
    /// The site, e.g. `datadoghq.eu`; `DATADOG_SITE` wins.
    pub site: Option<Spanned<String>>,
    /// Where the API is, where it is not the site's; `DATADOG_API_URL` wins.
    pub api_url: Option<Spanned<String>>,
    /// Where people look at monitors, where it is not the site's; `DATADOG_APP_URL` wins.
    pub app_url: Option<Spanned<String>>,
    /// The name that Datadog has for the Slack workspace: `acme` where monitors say `@slack-acme-incidents`.
    #[serde(deserialize_with = "account")]
    pub slack_account: Option<String>,
    /// `[datadog.auth]`: instead of `DATADOG_API_KEY` and `DATADOG_APP_KEY`.
    pub auth: Option<Section>,
    /// `[[datadog.gateway]]`: what a gateway in front of Datadog wants beside.
    pub gateway: Vec<Section>,
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
    pub allowed_hosts: Vec<Spanned<String>>,
    /// Origins that pages may call it from, beside loopback ones.
    pub allowed_origins: Vec<Spanned<String>>,
}

impl File {
    /// Reads the file that is named, or `braid.toml` where it is there.
    pub fn find(named: Option<&Path>) -> Result<Self, ConfigError> {
        let usual = Path::new("braid.toml");
        match named {
            Some(path) => Self::read(path),
            None if usual.is_file() => Self::read(usual),
            None => Ok(Self::default()),
        }
    }

    /// The file without the credentials that it chooses.
    #[must_use]
    pub fn without_credentials(self) -> Self {
        Self {
            slack: Slack {
                api_url: self.slack.api_url,
                ..Slack::default()
            },
            github: GitHub {
                graphql_url: self.github.graphql_url,
                api_url: self.github.api_url,
                ..GitHub::default()
            },
            datadog: Datadog {
                site: self.datadog.site,
                api_url: self.datadog.api_url,
                app_url: self.datadog.app_url,
                slack_account: self.datadog.slack_account,
                ..Datadog::default()
            },
            ..self
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
        let source = Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let unreadable = |error: &toml::de::Error| source.fault(error.span().unwrap_or_default(), error.message());
        let mut table = DeTable::parse(text).map_err(|error| unreadable(&error))?;
        kinds::sort(table.get_mut()).map_err(|(place, fault)| source.fault(place, &fault))?;
        let file = Self::deserialize(toml::Deserializer::from(table)).map_err(|error| unreadable(&error))?;
        Ok(Self { source, ..file })
    }
}

impl Source {
    /// What is wrong at a place of the file, with the line's key where the message does not name it.
    pub fn fault(&self, place: Range<usize>, message: &str) -> ConfigError {
        let before = self.text.get(..place.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let key = self
            .text
            .lines()
            .nth(line - 1)
            .and_then(|line| line.split_once('='))
            .map(|(key, _)| key.trim());
        let message = match key {
            Some(key) if !message.contains(&format!("`{key}`")) && !message.contains(&format!(".{key}: ")) => {
                format!("{key}: {message}")
            }
            _ => message.to_owned(),
        };
        ConfigError::Invalid {
            path: self.path.clone(),
            line,
            column,
            message,
        }
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

/// Also as it begins a handle, `@slack-acme-`.
fn account<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let name = text.trim().trim_start_matches("@slack-").trim_end_matches('-');
    if name.is_empty() {
        return Err(serde::de::Error::custom(format!(
            "`{text}` names no Slack account; give the name that stands in monitors' handles, e.g. \"acme\" for \
             `@slack-acme-incidents`"
        )));
    }
    Ok(Some(name.to_owned()))
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
