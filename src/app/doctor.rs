//! The examination: which backends are on, what is missing, who the credentials are, and whether they may do what the
//! tools need.

mod scopes;

use super::{App, roads};
use crate::backends::{Backend, datadog, github, slack};
use scopes::Needs;
use serde::Serialize;
use upstream::{Call, Cause, Failure};

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
    /// The scopes that its credentials lack, each with the tools that need it.
    #[serde(skip_serializing_if = "Needs::is_empty")]
    pub lacks: Needs,
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
            lacks: Needs::new(),
        }
    }

    /// The same, with the scopes that its credentials lack.
    fn lacking(mut self, lacks: Needs) -> Self {
        if !lacks.is_empty() {
            self.detail = format!("{}; lacks {}", self.detail, scopes::told(&lacks));
            self.state = State::Partly;
            self.lacks = lacks;
        }
        self
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
        let catalog = self.tools.catalog();
        let needs = |backend| scopes::needed(&catalog, backend);
        let (slack, github, datadog) = tokio::join!(
            slack_finding(&self.clients.slack, needs(slack::BACKEND), &call),
            github_finding(&self.clients.github, needs(github::BACKEND), &call),
            datadog_finding(&self.clients.datadog, needs(datadog::BACKEND), &call),
        );
        let mut findings = vec![slack, github, datadog];
        for finding in &mut findings {
            finding.credentials = roads::credentials(&self.config, finding.backend).join("; ");
        }
        findings
    }
}

/// Some scopes only a user token can have; the others are those of the token that reads, which is the bot's where there
/// is one.
async fn slack_finding(backend: &Backend<slack::Client>, needs: Needs, call: &Call) -> Finding {
    let client = match backend.client() {
        Ok(client) => client,
        Err(failure) => return Finding::of(&failure),
    };
    let reader = match client.identity(call).await {
        Ok(identity) => identity,
        Err(failure) => return Finding::of(&failure),
    };
    let who = format!("{} in {}", reader.user, reader.team);
    let (of_user, of_reader): (Needs, Needs) = needs
        .into_iter()
        .partition(|(scope, _)| slack::USER_SCOPES.contains(&scope.as_str()));
    let lacks =
        |needs: &Needs, has: Option<Vec<String>>| has.map(|has| scopes::lacking(needs, &has)).unwrap_or_default();
    let mut lacking = lacks(&of_reader, reader.scopes);
    match client.user_identity(call).await {
        Ok(searcher) => {
            lacking.extend(lacks(&of_user, searcher.scopes));
            let detail = format!("{who}; searches as {}", searcher.user);
            Finding::new(slack::BACKEND, State::On, detail).lacking(lacking)
        }
        Err(failure) => {
            let reason = failure.hint.unwrap_or_else(|| failure.cause.to_string());
            let detail = format!("{who}; no search: {reason}");
            Finding::new(slack::BACKEND, State::Partly, detail).lacking(lacking)
        }
    }
}

async fn github_finding(backend: &Backend<github::Client>, needs: Needs, call: &Call) -> Finding {
    let client = match backend.client() {
        Ok(client) => client,
        Err(failure) => return Finding::of(&failure),
    };
    let viewer = match client.viewer(call).await {
        Ok(viewer) => viewer,
        Err(failure) => return Finding::of(&failure),
    };
    let points = viewer
        .points
        .map(|(left, of)| format!("; {left} of {of} points left this hour"));
    let detail = format!("{}{}", viewer.login, points.unwrap_or_default());
    if let Some(has) = viewer.scopes {
        Finding::new(github::BACKEND, State::On, detail).lacking(scopes::lacking(&needs, &has))
    } else {
        let detail = format!("{detail}; a token of this kind does not list what it may do");
        Finding::new(github::BACKEND, State::On, detail)
    }
}

/// Datadog lists a key's permissions only to keys that may manage users, so they are named and not compared.
async fn datadog_finding(backend: &Backend<datadog::Client>, needs: Needs, call: &Call) -> Finding {
    let client = match backend.client() {
        Ok(client) => client,
        Err(failure) => return Finding::of(&failure),
    };
    let failure = match client.validate(call).await {
        Ok(()) if needs.is_empty() => return Finding::new(datadog::BACKEND, State::On, "both keys work"),
        Ok(()) => {
            let names: Vec<_> = needs.into_keys().collect();
            let detail = format!(
                "both keys work; what they may do cannot be asked for: the tools that are on need {}",
                names.join(", ")
            );
            return Finding::new(datadog::BACKEND, State::On, detail);
        }
        Err(failure) => failure,
    };
    let mut finding = Finding::of(&failure);
    let is_refusal = matches!(
        failure.cause,
        Cause::Unauthorized { .. } | Cause::MissingScope { .. } | Cause::Forbidden { .. }
    );
    // Which of the two keys it is, Datadog says for one of them alone.
    if is_refusal && client.validate_api_key(call).await.is_ok() {
        finding.detail = format!(
            "{}; the API key alone is valid, so it is the application key",
            finding.detail
        );
    }
    finding
}
