//! The roads to the backends: where each leads, with which credentials, and what its vendor's answers mean.

use crate::backends::{Backend, datadog, github, slack};
use crate::config::Config;
use crate::loaders::Clients;
use crate::upstream::auth::{ApiKeys, Auth, Bearer, Secret};
use crate::upstream::metrics::Metrics;
use crate::upstream::stack::Params;
use crate::upstream::{Failure, Stack};
use http::HeaderName;
use sandbox::Sandbox;
use std::collections::BTreeMap;

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
    let road = |token: &Secret, classifier: slack::Classifier| {
        let auth: Vec<Box<dyn Auth>> = vec![Box::new(Bearer::new(token.clone()))];
        let params = Params::new(slack::BACKEND, settings.api_url.clone(), auth, Box::new(classifier));
        Stack::new(params.limits(slack::limits()).metrics(metrics.clone()))
    };
    let bot = settings
        .bot_token
        .as_ref()
        .map(|token| road(token, slack::Classifier::bot()))
        .transpose()?;
    let user = settings
        .user_token
        .as_ref()
        .map(|token| road(token, slack::Classifier::user()))
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
    let Some(token) = &config.github.token else {
        return Ok(Backend::Off {
            backend: github::BACKEND,
            variables: vec![github::TOKEN],
        });
    };
    let auth: Vec<Box<dyn Auth>> = vec![Box::new(Bearer::new(token.clone()))];
    let mut params = Params::new(
        github::BACKEND,
        config.github.graphql_url.clone(),
        auth,
        Box::new(github::Classifier),
    );
    // Nothing is written there: the last points are for reads too.
    params.write_share = 0.0;
    let stack = Stack::new(
        params
            .limits(github::limits())
            .quota(github::QUOTA)
            .metrics(metrics.clone()),
    )?;
    Ok(Backend::On(github::Client::new(stack)))
}

fn datadog(config: &Config, metrics: &Metrics) -> Result<Backend<datadog::Client>, Failure> {
    let settings = &config.datadog;
    let keys = [
        (&settings.api_key, datadog::API_KEY),
        (&settings.app_key, datadog::APP_KEY),
    ];
    let (Some(api), Some(application)) = (&settings.api_key, &settings.app_key) else {
        let variables = keys
            .iter()
            .filter(|(key, _)| key.is_none())
            .map(|(_, variable)| *variable)
            .collect();
        return Ok(Backend::Off {
            backend: datadog::BACKEND,
            variables,
        });
    };
    let keys = ApiKeys::new([
        (HeaderName::from_static("dd-api-key"), api.clone()),
        (HeaderName::from_static("dd-application-key"), application.clone()),
    ]);
    let mut params = Params::new(
        datadog::BACKEND,
        settings.api_url.clone(),
        vec![Box::new(keys)],
        Box::new(datadog::Classifier),
    );
    params.write_share = DATADOG_WRITE_SHARE;
    let stack = Stack::new(params.quota(datadog::QUOTA).metrics(metrics.clone()))?;
    Ok(Backend::On(datadog::Client::new(stack, settings.app_url.clone())))
}
