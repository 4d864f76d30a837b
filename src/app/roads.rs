//! The roads to the backends: where each leads, with which credentials, and what its vendor's answers mean.

use crate::backends::{Backend, datadog, github, slack};
use crate::config::Config;
use crate::loaders::Clients;
use crate::sandbox::Sandbox;
use crate::upstream::auth::{ApiKeys, Auth, Bearer, Secret};
use crate::upstream::stack::Params;
use crate::upstream::{Classify, Failure, Stack};
use http::HeaderName;
use std::collections::BTreeMap;
use url::Url;

/// A client for each backend that has credentials.
pub(super) fn clients(config: &Config) -> Result<Clients, Failure> {
    Ok(Clients {
        slack: slack(config)?,
        github: github(config)?,
        datadog: datadog(config)?,
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

fn slack(config: &Config) -> Result<Backend<slack::Client>, Failure> {
    let road = |token: &Option<Secret>, classifier| match token {
        Some(token) => bearer(slack::BACKEND, &config.slack.api_url, token, classifier).map(Some),
        None => Ok(None),
    };
    let bot = road(&config.slack.bot_token, slack::Classifier::bot())?;
    let user = road(&config.slack.user_token, slack::Classifier::user())?;
    if bot.is_none() && user.is_none() {
        return Ok(Backend::Off {
            backend: slack::BACKEND,
            variables: vec![slack::BOT_TOKEN],
        });
    }
    Ok(Backend::On(slack::Client::new(slack::ClientParams { bot, user })))
}

fn github(config: &Config) -> Result<Backend<github::Client>, Failure> {
    let Some(token) = &config.github.token else {
        return Ok(Backend::Off {
            backend: github::BACKEND,
            variables: vec![github::TOKEN],
        });
    };
    let road = bearer(github::BACKEND, &config.github.graphql_url, token, github::Classifier)?;
    Ok(Backend::On(github::Client::new(road)))
}

fn datadog(config: &Config) -> Result<Backend<datadog::Client>, Failure> {
    let settings = &config.datadog;
    let (Some(api_key), Some(app_key)) = (&settings.api_key, &settings.app_key) else {
        let missing = [
            (&settings.api_key, "DATADOG_API_KEY"),
            (&settings.app_key, "DATADOG_APP_KEY"),
        ];
        let variables = missing
            .into_iter()
            .filter(|(key, _)| key.is_none())
            .map(|(_, variable)| variable)
            .collect();
        return Ok(Backend::Off {
            backend: datadog::BACKEND,
            variables,
        });
    };
    let keys = ApiKeys::new([
        (HeaderName::from_static("dd-api-key"), api_key.clone()),
        (HeaderName::from_static("dd-application-key"), app_key.clone()),
    ]);
    let road = road(datadog::BACKEND, &settings.api_url, Box::new(keys), datadog::Classifier)?;
    Ok(Backend::On(datadog::Client::new(road, settings.app_url.clone())))
}

fn bearer(backend: &'static str, base: &Url, token: &Secret, classify: impl Classify) -> Result<Stack, Failure> {
    road(backend, base, Box::new(Bearer::new(token.clone())), classify)
}

fn road(backend: &'static str, base: &Url, auth: Box<dyn Auth>, classify: impl Classify) -> Result<Stack, Failure> {
    Stack::new(Params::new(backend, base.clone(), vec![auth], Box::new(classify)))
}
