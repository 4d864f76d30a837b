//! The examination: which backends are on, what is missing, and who the credentials are.

use super::{App, roads};
use crate::backends::{Backend, datadog, github, slack};
use crate::upstream::{Call, Cause, Failure};
use serde::Serialize;

/// What was found about one backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its name.
    pub backend: &'static str,
    /// How it is.
    pub state: State,
    /// What is missing, who the credentials are, or what went wrong.
    pub detail: String,
    /// Of which kind the credentials are, and where they come from; empty where there are none.
    pub credentials: String,
}

/// How a backend is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It answers.
    On,
    /// It answers, but something is missing.
    Partly,
    /// It has no credentials.
    Off,
    /// It has credentials, and they or the road to it do not work.
    Failing,
}

impl State {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Partly => "partly",
            Self::Off => "off",
            Self::Failing => "fails",
        }
    }
}

impl Finding {
    /// Whether nothing is wrong with it; a backend that nobody configured is not wrong.
    pub fn is_sound(&self) -> bool {
        self.state != State::Failing
    }

    fn new(backend: &'static str, state: State, detail: impl Into<String>) -> Self {
        Self {
            backend,
            state,
            detail: detail.into(),
            credentials: String::new(),
        }
    }

    fn of(failure: &Failure) -> Self {
        if let Cause::Off { variables } = &failure.cause {
            return Self::new(failure.backend, State::Off, format!("set {}", variables.join(" and ")));
        }
        let usual = match &failure.cause {
            Cause::Unauthorized { variables, .. } if !variables.is_empty() => {
                Some(format!("check {}", variables.join(" and ")))
            }
            _ => None,
        };
        let hint = failure.hint.clone().or(usual);
        let hint = hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
        Self::new(failure.backend, State::Failing, format!("{}{hint}", failure.cause))
    }
}

impl App {
    /// Asks each backend that is on who we are there; all at the same time.
    pub async fn examine(&self) -> Vec<Finding> {
        let call = Call::within(self.config.deadline);
        let (slack, github, datadog) = tokio::join!(
            slack_finding(&self.clients.slack, &call),
            github_finding(&self.clients.github, &call),
            datadog_finding(&self.clients.datadog, &call),
        );
        let mut findings = vec![slack, github, datadog];
        for finding in &mut findings {
            finding.credentials = roads::credentials(&self.config, finding.backend).join("; ");
        }
        findings
    }
}

async fn slack_finding(backend: &Backend<slack::Client>, call: &Call) -> Finding {
    let client = match backend.client() {
        Ok(client) => client,
        Err(failure) => return Finding::of(&failure),
    };
    let reader = match client.identity(call).await {
        Ok(identity) => format!("{} in {}", identity.user, identity.team),
        Err(failure) => return Finding::of(&failure),
    };
    match client.user_identity(call).await {
        Ok(identity) => Finding::new(
            slack::BACKEND,
            State::On,
            format!("{reader}; searches as {}", identity.user),
        ),
        Err(failure) => {
            let detail = format!(
                "{reader}; no search: {}",
                failure.hint.unwrap_or_else(|| failure.cause.to_string())
            );
            Finding::new(slack::BACKEND, State::Partly, detail)
        }
    }
}

async fn github_finding(backend: &Backend<github::Client>, call: &Call) -> Finding {
    let client = match backend.client() {
        Ok(client) => client,
        Err(failure) => return Finding::of(&failure),
    };
    match client.viewer(call).await {
        Ok(viewer) => {
            let points = viewer
                .points
                .map(|(left, of)| format!("; {left} of {of} points left this hour"));
            Finding::new(
                github::BACKEND,
                State::On,
                format!("{}{}", viewer.login, points.unwrap_or_default()),
            )
        }
        Err(failure) => Finding::of(&failure),
    }
}

async fn datadog_finding(backend: &Backend<datadog::Client>, call: &Call) -> Finding {
    let client = match backend.client() {
        Ok(client) => client,
        Err(failure) => return Finding::of(&failure),
    };
    match client.validate(call).await {
        Ok(()) => Finding::new(datadog::BACKEND, State::On, "the credentials work"),
        Err(failure) => Finding::of(&failure),
    }
}
