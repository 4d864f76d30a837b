//! A pull request, and what its checks say.

#![expect(clippy::unused_async, reason = "async-graphql takes async methods only")]

use super::{Commit, GitHubState, GitHubUser, Repository};
use crate::backends::github::types::{self, StatusState};
use crate::backends::github::{Node, types::Account};
use crate::graph::scalars::DateTime;
use async_graphql::{Enum, Object, SimpleObject};
use upstream::Failure;

/// How many failing checks are listed, at most.
const MOST_FAILING: usize = 20;

/// A change to a repository, proposed to be merged.
pub struct PullRequest(pub(super) Node<types::PullRequest>);

/// What all checks of a commit say, taken together.
pub struct ChecksRollup(Node<types::Checks>);

/// What a commit's checks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ChecksState {
    /// One is required and has not reported yet.
    Expected,
    /// One could not be carried out.
    Error,
    /// One failed.
    Failure,
    /// One still runs.
    Pending,
    /// All succeeded.
    Success,
}

/// A check run or a commit status that did not succeed.
#[derive(Debug, SimpleObject)]
pub struct FailingCheck {
    /// Its name.
    name: String,
    /// Where to read more.
    url: Option<String>,
}

#[Object]
impl PullRequest {
    /// Its number within the repository.
    async fn number(&self) -> Result<i32, Failure> {
        self.0.required("number", self.0.data.number.value())
    }

    /// Its title.
    async fn title(&self) -> Result<String, Failure> {
        self.0.required("title", self.0.data.title.value())
    }

    /// Open, closed or merged.
    async fn state(&self) -> Result<GitHubState, Failure> {
        let state = self.0.data.pull_request_state.as_ref();
        self.0
            .required("pullRequestState", state.and_then(GitHubState::of_pull_request))
    }

    /// Whether it is a draft.
    async fn is_draft(&self) -> Result<bool, Failure> {
        self.0.required("isDraft", self.0.data.is_draft.value())
    }

    /// Who opened it; null where the account is gone.
    async fn author(&self) -> Result<Option<GitHubUser>, Failure> {
        self.account("author", self.0.data.author.value())
    }

    /// Its address.
    async fn url(&self) -> Result<String, Failure> {
        self.0.required("url", self.0.data.url.value())
    }

    /// When it was opened.
    async fn created_at(&self) -> Result<DateTime, Failure> {
        self.0.required("createdAt", self.0.data.created_at.map(DateTime))
    }

    /// When it was merged.
    async fn merged_at(&self) -> Result<Option<DateTime>, Failure> {
        self.0.optional("mergedAt", self.0.data.merged_at.map(DateTime))
    }

    /// Who merged it.
    async fn merged_by(&self) -> Result<Option<GitHubUser>, Failure> {
        self.account("mergedBy", self.0.data.merged_by.value())
    }

    /// The commit it became, once merged.
    async fn merge_commit(&self) -> Result<Option<Commit>, Failure> {
        let commit = self.0.data.merge_commit.value();
        let commit = commit.map(|commit| Commit(self.0.below("mergeCommit", commit)));
        self.0.optional("mergeCommit", commit)
    }

    /// How many lines it adds.
    async fn additions(&self) -> Result<i32, Failure> {
        self.0.required("additions", self.0.data.additions.value())
    }

    /// How many lines it removes.
    async fn deletions(&self) -> Result<i32, Failure> {
        self.0.required("deletions", self.0.data.deletions.value())
    }

    /// How many files it changes.
    async fn changed_files(&self) -> Result<i32, Failure> {
        self.0.required("changedFiles", self.0.data.changed_files.value())
    }

    /// The branch it goes into.
    async fn base_ref_name(&self) -> Result<String, Failure> {
        self.0.required("baseRefName", self.0.data.base_ref_name.value())
    }

    /// The branch it comes from.
    async fn head_ref_name(&self) -> Result<String, Failure> {
        self.0.required("headRefName", self.0.data.head_ref_name.value())
    }

    /// What its checks say, taken together, on its last commit; null where there are none.
    async fn checks(&self) -> Result<Option<ChecksRollup>, Failure> {
        let path = ["commits", "nodes", "0", "commit", "statusCheckRollup"];
        let checks = self.0.data.checks().cloned().map(|data| {
            let faults = path.iter().fold(self.0.faults.clone(), |faults, key| faults.below(key));
            ChecksRollup(Node { data, faults })
        });
        self.0.optional("commits", checks)
    }

    /// The repository it is in.
    async fn repository(&self) -> Result<Repository, Failure> {
        let repository = self.0.data.repository.value();
        let repository = repository.map(|repository| Repository(self.0.below("repository", repository)));
        self.0.required("repository", repository)
    }

    /// What it says, in Markdown.
    async fn body(&self) -> Result<String, Failure> {
        self.0.required("body", self.0.data.body.value())
    }
}

impl PullRequest {
    fn account(&self, key: &str, account: Option<Account>) -> Result<Option<GitHubUser>, Failure> {
        let account = account.map(|account| GitHubUser(self.0.below(key, account)));
        self.0.optional(key, account)
    }
}

#[Object]
impl ChecksRollup {
    /// The worst of them.
    async fn state(&self) -> Result<ChecksState, Failure> {
        let state = match self.0.data.state.value() {
            Some(StatusState::EXPECTED) => Some(ChecksState::Expected),
            Some(StatusState::ERROR) => Some(ChecksState::Error),
            Some(StatusState::FAILURE) => Some(ChecksState::Failure),
            Some(StatusState::PENDING) => Some(ChecksState::Pending),
            Some(StatusState::SUCCESS) => Some(ChecksState::Success),
            Some(StatusState::Other(_)) | None => None,
        };
        self.0.required("state", state)
    }

    /// How many there are.
    async fn total_count(&self) -> Result<i32, Failure> {
        let count = self.0.data.all.as_ref().and_then(|all| all.total_count.value());
        self.0.required("all", count)
    }

    /// Those that did not succeed, at most 20, among the first 100; null where the token may not read them.
    async fn failing(&self) -> Result<Option<Vec<FailingCheck>>, Failure> {
        let failing: Option<Vec<FailingCheck>> = self.0.data.contexts.as_ref().map(|contexts| {
            let failed = contexts.nodes.iter().filter(|(_, check)| check.has_failed());
            let named = failed.map(|(_, check)| FailingCheck {
                name: check.name.value().unwrap_or_else(|| "unnamed".to_owned()),
                url: check.url.value(),
            });
            named.take(MOST_FAILING).collect()
        });
        // A token without the permission gets a list of nulls, with an error for each.
        let readable = failing.filter(|failing| !failing.is_empty() || self.0.faults.at("contexts").is_none());
        self.0.optional("contexts", readable)
    }
}
