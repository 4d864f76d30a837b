//! How it stands with an issue or a pull request.

use crate::backends::github::types::{IssueState, PullRequestState};
use async_graphql::Enum;

/// How it stands with an issue or a pull request. One type for both, so that one selection can ask both for their
/// `state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "GitHubState")]
pub enum GitHubState {
    /// There is something left to do.
    Open,
    /// It is done, or will not be done.
    Closed,
    /// Only pull requests are merged.
    Merged,
}

impl GitHubState {
    /// From GitHub's word for an issue; `None` where it is one that we do not know.
    pub(super) fn of_issue(state: &IssueState) -> Option<Self> {
        match state {
            IssueState::OPEN => Some(Self::Open),
            IssueState::CLOSED => Some(Self::Closed),
            IssueState::Other(_) => None,
        }
    }

    /// From GitHub's word for a pull request; `None` where it is one that we do not know.
    pub(super) fn of_pull_request(state: &PullRequestState) -> Option<Self> {
        match state {
            PullRequestState::OPEN => Some(Self::Open),
            PullRequestState::CLOSED => Some(Self::Closed),
            PullRequestState::MERGED => Some(Self::Merged),
            PullRequestState::Other(_) => None,
        }
    }
}
