//! The roads to the backends: where each leads, with which credentials, and what its vendor's answers mean.

pub(super) mod proof;

use crate::backends::login::LogIn;
use crate::backends::{Backend, datadog, github, slack};
use crate::config::{Chosen, Config, Credentials, Datadog, GitHub, Slack};
use crate::loaders::Clients;
use http::HeaderName;
use proof::{Gateways, InFile, Own, Proof};
use sandbox::Sandbox;
use std::collections::BTreeMap;
use upstream::auth::{ApiKeys, Bearer, Secret};
use upstream::metrics::Metrics;
use upstream::stack::Params;
use upstream::{Cause, Failure, Stack};
use url::Url;

/// The one write there is needs little of a quota that its reads use up.
const DATADOG_WRITE_SHARE: f64 = 0.005;

/// A client for each backend that has credentials. All roads are counted in the same figures.
pub(super) fn clients(config: &Config, metrics: &Metrics) -> Result<Clients, Failure> {
    Ok(Clients {
        slack: slack(config, metrics)?,
        github: github(config, metrics)?,
        datadog: datadog(config, metrics)?,
    })
}

/// The backends that are off, with the variables that would turn them on.
pub(super) fn off(clients: &Clients) -> BTreeMap<String, Vec<String>> {
    [
        clients.slack.missing(),
        clients.github.missing(),
        clients.datadog.missing(),
    ]
    .into_iter()
    .flatten()
    .map(|(backend, variables)| (backend.to_owned(), variables.iter().map(ToString::to_string).collect()))
    .collect()
}

/// Which credentials a backend has: of which kind, and from where.
pub(super) fn credentials(config: &Config, backend: &str) -> Vec<String> {
    match backend {
        slack::BACKEND => {
            let Slack {
                chosen,
                bot_token,
                user_token,
                ..
            } = &config.slack;
            let bot = used("slack.auth", chosen.auth.as_ref(), &[(slack::BOT_TOKEN, bot_token)]);
            let user = [(slack::USER_TOKEN, user_token)];
            let user = used("slack.user_auth", chosen.user_auth.as_ref(), &user);
            bot.into_iter().chain(user).chain(gateways("slack", chosen)).collect()
        }
        github::BACKEND => {
            let GitHub { chosen, token, .. } = &config.github;
            let own = used("github.auth", chosen.auth.as_ref(), &[(github::TOKEN, token)]);
            own.into_iter().chain(gateways("github", chosen)).collect()
        }
        _ => {
            let Datadog {
                chosen,
                api_key,
                app_key,
                ..
            } = &config.datadog;
            let keys = [(datadog::API_KEY, api_key), (datadog::APP_KEY, app_key)];
            let own = used("datadog.auth", chosen.auth.as_ref(), &keys);
            own.into_iter().chain(gateways("datadog", chosen)).collect()
        }
    }
}

/// What the file chooses, or else the variables; `None` where there is neither.
fn used(section: &str, chosen: Option<&Chosen>, tokens: &[(&str, &Option<Secret>)]) -> Option<String> {
    let set = tokens.iter().filter(|(_, token)| token.is_some());
    let set: Vec<_> = set.map(|(variable, _)| *variable).collect();
    match (chosen, set.join(" and ")) {
        (Some(chosen), set) if set.is_empty() => Some(format!("{} ({section} in braid.toml)", chosen.kind())),
        (Some(chosen), set) => Some(format!("{} ({section} in braid.toml, not {set})", chosen.kind())),
        (None, set) if set.is_empty() => None,
        (None, set) => Some(set),
    }
}

fn gateways(backend: &str, chosen: &Credentials) -> Vec<String> {
    let told = |gateway: &Chosen| format!("{} for a gateway ({backend}.gateway in braid.toml)", gateway.kind());
    chosen.gateway.iter().map(told).collect()
}

/// Points every backend at its stand-in, with the stand-in's credentials.
pub(super) fn to_sandbox(config: &mut Config, sandbox: &Sandbox) {
    let credentials = &sandbox.credentials;
    config.slack.api_url = sandbox.slack_api.clone();
    config.slack.bot_token = Some(Secret::from(credentials.slack_bot_token.clone()));
    config.slack.user_token = Some(Secret::from(credentials.slack_user_token.clone()));
    config.github.graphql_url = sandbox.github_graphql.clone();
    config.github.api_url = sandbox.github_api.clone();
    config.github.token = Some(Secret::from(credentials.github_token.clone()));
    config.datadog.api_url = sandbox.datadog_api.clone();
    config.datadog.api_key = Some(Secret::from(credentials.datadog_api_key.clone()));
    config.datadog.app_key = Some(Secret::from(credentials.datadog_app_key.clone()));
}

fn slack(config: &Config, metrics: &Metrics) -> Result<Backend<slack::Client>, Failure> {
    let settings = &config.slack;
    let bot = OneToken {
        backend: slack::BACKEND,
        chosen: settings.chosen.auth.as_ref(),
        key: "slack.auth in braid.toml",
        command: "braid login slack",
        token: settings.bot_token.as_ref(),
        variable: slack::BOT_TOKEN,
    };
    let user = OneToken {
        chosen: settings.chosen.user_auth.as_ref(),
        key: "slack.user_auth in braid.toml",
        command: "braid login slack --user",
        token: settings.user_token.as_ref(),
        variable: slack::USER_TOKEN,
        ..bot
    };
    let gateways = Gateways {
        chosen: &settings.chosen,
        key: "slack.gateway in braid.toml",
    };
    let road = |proof: Proof, classifier: slack::Classifier| {
        let params = Params::new(
            slack::BACKEND,
            settings.api_url.clone(),
            proof.auth,
            Box::new(classifier),
        );
        Stack::new(params.kept(proof.kept).limits(slack::limits()).metrics(metrics.clone()))
    };
    let bot = bot
        .proof(&slack_login(config, slack::Whose::Bot), &settings.api_url, &gateways)?
        .map(|proof| road(proof, slack::Classifier::bot()))
        .transpose()?;
    let user = user
        .proof(&slack_login(config, slack::Whose::User), &settings.api_url, &gateways)?
        .map(|proof| road(proof, slack::Classifier::user()))
        .transpose()?;
    if bot.is_none() && user.is_none() {
        return Ok(Backend::Off {
            backend: slack::BACKEND,
            variables: vec![slack::BOT_TOKEN],
        });
    }
    Ok(Backend::On(slack::Client::new(slack::ClientParams { bot, user })))
}

fn github(config: &Config, metrics: &Metrics) -> Result<Backend<github::Client>, Failure> {
    let settings = &config.github;
    let token = OneToken {
        backend: github::BACKEND,
        chosen: settings.chosen.auth.as_ref(),
        key: "github.auth in braid.toml",
        command: "braid login github",
        token: settings.token.as_ref(),
        variable: github::TOKEN,
    };
    let gateways = Gateways {
        chosen: &settings.chosen,
        key: "github.gateway in braid.toml",
    };
    let login = github::log_in(&settings.api_url);
    let Some(proof) = token.proof(&login, &settings.api_url, &gateways)? else {
        return Ok(Backend::Off {
            backend: github::BACKEND,
            variables: vec![github::TOKEN],
        });
    };
    let mut params = Params::new(
        github::BACKEND,
        settings.graphql_url.clone(),
        proof.auth,
        Box::new(github::Classifier),
    );
    // Nothing is written there: the last points are for reads too.
    params.write_share = 0.0;
    let stack = Stack::new(
        params
            .kept(proof.kept)
            .limits(github::limits())
            .quota(github::QUOTA)
            .metrics(metrics.clone()),
    )?;
    Ok(Backend::On(github::Client::new(stack)))
}

fn datadog(config: &Config, metrics: &Metrics) -> Result<Backend<datadog::Client>, Failure> {
    let settings = &config.datadog;
    let login = datadog_login(config);
    let own = match (&settings.chosen.auth, &settings.api_key, &settings.app_key) {
        (Some(chosen), ..) => Own::File(InFile {
            chosen,
            key: "datadog.auth in braid.toml",
            command: "braid login datadog",
            log_in: &login,
            api_url: &settings.api_url,
        }),
        (None, Some(api), Some(application)) => Own::Environment {
            auth: Box::new(ApiKeys::new([
                (HeaderName::from_static("dd-api-key"), api.clone()),
                (HeaderName::from_static("dd-application-key"), application.clone()),
            ])),
            variables: vec![datadog::API_KEY, datadog::APP_KEY],
        },
        (None, api, application) => {
            let keys = [(api, datadog::API_KEY), (application, datadog::APP_KEY)];
            let missing = keys.iter().filter(|(key, _)| key.is_none());
            return Ok(Backend::Off {
                backend: datadog::BACKEND,
                variables: missing.map(|(_, variable)| *variable).collect(),
            });
        }
    };
    let gateways = Gateways {
        chosen: &settings.chosen,
        key: "datadog.gateway in braid.toml",
    };
    let proof = proof::proof(own, &gateways).map_err(|cause| at_start(datadog::BACKEND, cause))?;
    let mut params = Params::new(
        datadog::BACKEND,
        settings.api_url.clone(),
        proof.auth,
        Box::new(datadog::Classifier),
    );
    params.write_share = DATADOG_WRITE_SHARE;
    let stack = Stack::new(params.kept(proof.kept).quota(datadog::QUOTA).metrics(metrics.clone()))?;
    let client = datadog::Client::new(stack, settings.app_url.clone());
    Ok(Backend::On(client.with_slack_account(settings.slack_account.clone())))
}

/// How somebody logs in to Slack, as it is configured.
pub(super) fn slack_login(config: &Config, whose: slack::Whose) -> LogIn {
    slack::log_in(&config.slack.api_url, whose)
}

/// How somebody logs in to Datadog, as it is configured.
pub(super) fn datadog_login(config: &Config) -> LogIn {
    datadog::log_in(&config.datadog.api_url, &config.datadog.app_url)
}

/// The credentials of a vendor that takes a single token, from the file or from the environment.
struct OneToken<'c> {
    backend: &'static str,
    chosen: Option<&'c Chosen>,
    key: &'static str,
    command: &'static str,
    token: Option<&'c Secret>,
    variable: &'static str,
}

impl OneToken<'_> {
    fn proof(&self, log_in: &LogIn, api_url: &Url, gateways: &Gateways<'_>) -> Result<Option<Proof>, Failure> {
        let own = match (self.chosen, self.token) {
            (Some(chosen), _) => Own::File(InFile {
                chosen,
                key: self.key,
                command: self.command,
                log_in,
                api_url,
            }),
            (None, Some(token)) => Own::Environment {
                auth: Box::new(Bearer::new(token.clone())),
                variables: vec![self.variable],
            },
            (None, None) => return Ok(None),
        };
        let proof = proof::proof(own, gateways).map_err(|cause| at_start(self.backend, cause))?;
        Ok(Some(proof))
    }
}

fn at_start(backend: &'static str, cause: Cause) -> Failure {
    Failure::new(backend, "start", cause)
}
