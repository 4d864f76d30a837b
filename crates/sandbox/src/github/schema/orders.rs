//! Enums and order inputs that several types share.

use async_graphql::{Enum, InputObject};

use super::{
    super::super::world::code::{Outcome, PullState},
    repository::Repository,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum OrderDirection {
    Asc,
    Desc,
}

/// How somebody has to do with a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum RepositoryAffiliation {
    Collaborator,
    OrganizationMember,
    Owner,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum RepositoryOrderField {
    Name,
    PushedAt,
}

#[derive(Clone, Copy, Debug, InputObject)]
pub(super) struct RepositoryOrder {
    pub(super) field: RepositoryOrderField,
    pub(super) direction: OrderDirection,
}

impl RepositoryOrder {
    pub(super) fn sort(self, repositories: &mut [Repository]) {
        match self.field {
            RepositoryOrderField::Name => repositories.sort_by(|one, other| one.0.name.cmp(&other.0.name)),
            RepositoryOrderField::PushedAt => repositories.sort_by_key(|repository| repository.0.pushed),
        }
        if self.direction == OrderDirection::Desc {
            repositories.reverse();
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum IssueState {
    Closed,
    Open,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum IssueStateReason {
    Completed,
    Duplicate,
    NotPlanned,
    Reopened,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum PullRequestState {
    Closed,
    Merged,
    Open,
}

impl From<PullState> for PullRequestState {
    fn from(state: PullState) -> Self {
        match state {
            PullState::Open => Self::Open,
            PullState::Closed => Self::Closed,
            PullState::Merged => Self::Merged,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum IssueOrderField {
    Comments,
    CreatedAt,
    UpdatedAt,
}

/// GitHub orders issues and pull requests by the same.
#[derive(Clone, Copy, Debug, InputObject)]
pub(super) struct IssueOrder {
    pub(super) field: IssueOrderField,
    pub(super) direction: OrderDirection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum PullRequestOrderField {
    CreatedAt,
    UpdatedAt,
}

/// But a commit's pull requests by this one.
#[derive(Clone, Copy, Debug, InputObject)]
pub(super) struct PullRequestOrder {
    pub(super) field: PullRequestOrderField,
    pub(super) direction: OrderDirection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum LanguageOrderField {
    Size,
}

#[derive(Clone, Copy, Debug, InputObject)]
pub(super) struct LanguageOrder {
    pub(super) field: LanguageOrderField,
    pub(super) direction: OrderDirection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum LabelOrderField {
    CreatedAt,
    Name,
}

#[derive(Clone, Copy, Debug, InputObject)]
pub(super) struct LabelOrder {
    pub(super) field: LabelOrderField,
    pub(super) direction: OrderDirection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum RepositoryVisibility {
    Internal,
    Private,
    Public,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum MergeableState {
    Conflicting,
    Mergeable,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum PullRequestReviewDecision {
    Approved,
    ChangesRequested,
    ReviewRequired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum StatusState {
    Error,
    Expected,
    Failure,
    Pending,
    Success,
}

impl From<Outcome> for StatusState {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Success | Outcome::Skipped => Self::Success,
            Outcome::Failure => Self::Failure,
            Outcome::Error => Self::Error,
            Outcome::Running | Outcome::Queued => Self::Pending,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum CheckStatusState {
    Completed,
    InProgress,
    Pending,
    Queued,
    Requested,
    Waiting,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum CheckConclusionState {
    ActionRequired,
    Cancelled,
    Failure,
    Neutral,
    Skipped,
    Stale,
    StartupFailure,
    Success,
    TimedOut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum SearchType {
    Discussion,
    Issue,
    Repository,
    User,
}
