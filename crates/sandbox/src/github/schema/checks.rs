//! What CI says of a commit: check runs and commit statuses, and both rolled up.

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::{
    super::super::world::code::{Check, Outcome},
    commit::Commit,
    ids,
    interfaces::{Actor, StatusCheckRollupContext},
    orders::{CheckConclusionState, CheckStatusState, StatusState},
    paging::{Bounds, Page, PageInfo},
    repository::Repository,
    scalars::{DateTime, Uri},
};

/// All checks of a commit, taken together.
#[derive(Clone, Copy)]
pub(super) struct StatusCheckRollup(Commit);

impl StatusCheckRollup {
    /// None where nothing was reported.
    pub(super) fn of(commit: Commit) -> Option<Self> {
        (!commit.commit.checks.is_empty()).then_some(Self(commit))
    }
}

#[Object]
impl StatusCheckRollup {
    pub(super) async fn id(&self) -> ID {
        ids::id(
            "SCR",
            &format!("{}@{}", self.0.repository.full_name(), self.0.commit.oid),
        )
    }

    pub(super) async fn commit(&self) -> Option<Commit> {
        Some(self.0)
    }

    /// One that failed outweighs those that are still running.
    pub(super) async fn state(&self) -> StatusState {
        let states: Vec<StatusState> = self.0.commit.checks.iter().map(|check| check.outcome.into()).collect();
        let worst = [StatusState::Failure, StatusState::Error, StatusState::Pending];
        match worst.into_iter().find(|state| states.contains(state)) {
            Some(StatusState::Error) | None if states.contains(&StatusState::Error) => StatusState::Failure,
            Some(state) => state,
            None => StatusState::Success,
        }
    }

    pub(super) async fn contexts(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
    ) -> Result<StatusCheckRollupContextConnection> {
        let checks = &self.0.commit.checks;
        let all: Vec<StatusCheckRollupContext> = checks
            .iter()
            .map(|check| match check.status_context {
                None => CheckRun { commit: self.0, check }.into(),
                Some(name) => StatusContext {
                    commit: self.0,
                    check,
                    name,
                }
                .into(),
            })
            .collect();
        let statuses = checks.iter().filter(|check| check.status_context.is_some()).count();
        let page = Page::cut(context, all, &Bounds::new(first, last, after, before))?;
        Ok(StatusCheckRollupContextConnection {
            check_run_count: i32::try_from(checks.len() - statuses).unwrap_or(i32::MAX),
            status_context_count: i32::try_from(statuses).unwrap_or(i32::MAX),
            total_count: page.total,
            nodes: Some(page.items.iter().map(|(_, node)| Some(node.clone())).collect()),
            edges: Some(
                page.items
                    .into_iter()
                    .map(|(cursor, node)| {
                        Some(StatusCheckRollupContextEdge {
                            cursor,
                            node: Some(node),
                        })
                    })
                    .collect(),
            ),
            page_info: page.info,
        })
    }
}

#[derive(SimpleObject)]
pub(super) struct StatusCheckRollupContextConnection {
    check_run_count: i32,
    edges: Option<Vec<Option<StatusCheckRollupContextEdge>>>,
    nodes: Option<Vec<Option<StatusCheckRollupContext>>>,
    page_info: PageInfo,
    status_context_count: i32,
    total_count: i32,
}

#[derive(SimpleObject)]
pub(super) struct StatusCheckRollupContextEdge {
    cursor: String,
    node: Option<StatusCheckRollupContext>,
}

#[derive(Clone, Copy)]
pub(super) struct CheckRun {
    commit: Commit,
    check: &'static Check,
}

#[Object]
impl CheckRun {
    pub(super) async fn id(&self) -> ID {
        ids::id("CR", &format!("{}:{}", self.commit.commit.oid, self.check.name))
    }

    pub(super) async fn name(&self) -> String {
        self.check.name.to_owned()
    }

    pub(super) async fn status(&self) -> CheckStatusState {
        match self.check.outcome {
            Outcome::Running => CheckStatusState::InProgress,
            Outcome::Queued => CheckStatusState::Queued,
            _ => CheckStatusState::Completed,
        }
    }

    /// Null until it is completed.
    pub(super) async fn conclusion(&self) -> Option<CheckConclusionState> {
        match self.check.outcome {
            Outcome::Success => Some(CheckConclusionState::Success),
            Outcome::Failure | Outcome::Error => Some(CheckConclusionState::Failure),
            Outcome::Skipped => Some(CheckConclusionState::Skipped),
            Outcome::Running | Outcome::Queued => None,
        }
    }

    pub(super) async fn started_at(&self) -> Option<DateTime> {
        (self.check.outcome != Outcome::Queued).then(|| DateTime::at(self.commit.commit.committed + 60))
    }

    pub(super) async fn completed_at(&self) -> Option<DateTime> {
        let running = matches!(self.check.outcome, Outcome::Running | Outcome::Queued);
        (!running).then(|| DateTime::at(self.commit.commit.committed + 600))
    }

    pub(super) async fn details_url(&self) -> Option<Uri> {
        self.check.details.clone().map(Uri)
    }

    pub(super) async fn summary(&self) -> Option<String> {
        None
    }

    pub(super) async fn title(&self) -> Option<String> {
        (self.check.outcome == Outcome::Failure).then(|| "3 tests failed".to_owned())
    }

    pub(super) async fn is_required(&self, pull_request_id: Option<ID>, pull_request_number: Option<i32>) -> bool {
        let _ = (pull_request_id, pull_request_number);
        self.check.name != "docs"
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.commit.repository)
    }

    pub(super) async fn permalink(&self) -> Uri {
        Uri(self.check.details.clone().unwrap_or_default())
    }

    pub(super) async fn url(&self) -> Uri {
        Uri(self.check.details.clone().unwrap_or_default())
    }

    pub(super) async fn resource_path(&self) -> Uri {
        let details = self.check.details.as_deref().unwrap_or_default();
        Uri(details.trim_start_matches("https://github.com").to_owned())
    }
}

/// A commit status, the older way to report.
#[derive(Clone, Copy)]
pub(super) struct StatusContext {
    commit: Commit,
    check: &'static Check,
    name: &'static str,
}

#[Object]
impl StatusContext {
    pub(super) async fn id(&self) -> ID {
        ids::id("SC", &format!("{}:{}", self.commit.commit.oid, self.name))
    }

    pub(super) async fn context(&self) -> String {
        self.name.to_owned()
    }

    pub(super) async fn state(&self) -> StatusState {
        self.check.outcome.into()
    }

    pub(super) async fn description(&self) -> Option<String> {
        (self.check.outcome == Outcome::Error).then(|| "The provider did not answer".to_owned())
    }

    pub(super) async fn target_url(&self) -> Option<Uri> {
        self.check.details.clone().map(Uri)
    }

    pub(super) async fn created_at(&self) -> DateTime {
        DateTime::at(self.commit.commit.committed + 30)
    }

    pub(super) async fn creator(&self) -> Option<Actor> {
        Actor::by_login(Some("github-actions"))
    }

    pub(super) async fn commit(&self) -> Option<Commit> {
        Some(self.commit)
    }

    pub(super) async fn is_required(&self, pull_request_id: Option<ID>, pull_request_number: Option<i32>) -> bool {
        let _ = (pull_request_id, pull_request_number);
        false
    }
}
