//! What GitHub answers, in types of ours. Every field may be missing, because only what was selected comes, and a value
//! that cannot be read costs itself and nothing around it. Names are the response keys of [`super::fields`].

#![expect(missing_docs, reason = "the fields are GitHub's, under its own names")]

pub use super::operations::lookups::{CheckConclusionState, IssueState, PullRequestState, StatusState};

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::ops::Deref;

/// A value, unless it is missing, null or not to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Loose<T>(Option<T>);

/// The elements that can be read, each with its place in GitHub's list.
#[derive(Debug, Clone, PartialEq)]
pub struct Elements<T>(Vec<(usize, T)>);

/// A repository.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Repository {
    pub name_with_owner: Loose<String>,
    pub name: Loose<String>,
    pub owner: Loose<Account>,
    pub description: Loose<String>,
    pub url: Loose<String>,
    pub stargazer_count: Loose<i32>,
    pub fork_count: Loose<i32>,
    pub open_issues: Loose<Total>,
    pub open_pull_requests: Loose<Total>,
    pub primary_language: Loose<Named>,
    pub languages: Loose<Languages>,
    pub default_branch_ref: Loose<Named>,
    pub is_archived: Loose<bool>,
    pub is_private: Loose<bool>,
    pub pushed_at: Loose<Timestamp>,
}

/// How many there are.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Total {
    pub total_count: Loose<i32>,
}

/// Something of which only the name matters.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Named {
    pub name: Loose<String>,
}

/// The languages of a repository.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Languages {
    pub edges: Elements<Language>,
}

/// One language of a repository.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Language {
    pub node: Loose<Named>,
    pub size: Loose<i32>,
}

/// A page of repositories.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RepositoryPage {
    pub repository_count: Loose<i32>,
    pub nodes: Elements<Repository>,
    pub page_info: Loose<PageInfo>,
}

/// Where a page ends.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PageInfo {
    pub end_cursor: Loose<String>,
    pub has_next_page: Loose<bool>,
}

/// A user, organisation or bot.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Account {
    pub login: Loose<String>,
    pub url: Loose<String>,
    pub display_name: Loose<String>,
}

/// An issue.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Issue {
    pub number: Loose<i32>,
    pub title: Loose<String>,
    pub issue_state: Loose<IssueState>,
    pub author: Loose<Account>,
    pub url: Loose<String>,
    pub created_at: Loose<Timestamp>,
    pub closed_at: Loose<Timestamp>,
    pub labels: Loose<Labels>,
    pub repository: Loose<Repository>,
    pub body: Loose<String>,
}

/// The labels of an issue.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Labels {
    pub nodes: Elements<Named>,
}

/// A pull request.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PullRequest {
    pub number: Loose<i32>,
    pub title: Loose<String>,
    pub pull_request_state: Loose<PullRequestState>,
    pub is_draft: Loose<bool>,
    pub author: Loose<Account>,
    pub url: Loose<String>,
    pub created_at: Loose<Timestamp>,
    pub merged_at: Loose<Timestamp>,
    pub merged_by: Loose<Account>,
    pub merge_commit: Loose<Commit>,
    pub additions: Loose<i32>,
    pub deletions: Loose<i32>,
    pub changed_files: Loose<i32>,
    pub base_ref_name: Loose<String>,
    pub head_ref_name: Loose<String>,
    pub commits: Loose<PullRequestCommits>,
    pub repository: Loose<Repository>,
    pub body: Loose<String>,
}

/// The last commit of a pull request.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PullRequestCommits {
    pub nodes: Elements<PullRequestCommit>,
}

/// A commit within a pull request.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct PullRequestCommit {
    pub commit: Loose<CheckedCommit>,
}

/// A commit, as far as its checks go.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckedCommit {
    pub status_check_rollup: Loose<Checks>,
}

/// What all checks of a commit say.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Checks {
    pub state: Loose<StatusState>,
    pub all: Loose<Total>,
    pub contexts: Loose<Contexts>,
}

/// The checks of a commit.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Contexts {
    pub nodes: Elements<Check>,
}

/// A check run, which has a conclusion, or a commit's status, which has a state.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Check {
    pub name: Loose<String>,
    pub url: Loose<String>,
    pub conclusion: Loose<CheckConclusionState>,
    pub state: Loose<StatusState>,
}

/// A commit.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Commit {
    pub oid: Loose<String>,
    pub abbreviated_oid: Loose<String>,
    pub message_headline: Loose<String>,
    pub committed_date: Loose<Timestamp>,
    pub commit_author: Loose<Named>,
    pub url: Loose<String>,
}

/// An object of any kind.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Other {
    pub url: Loose<String>,
}

impl Check {
    /// Whether it ended, and not well. What still runs, was skipped or is neutral did not fail.
    pub fn has_failed(&self) -> bool {
        use CheckConclusionState::{ACTION_REQUIRED, CANCELLED, FAILURE, STARTUP_FAILURE, TIMED_OUT};
        let run = matches!(
            &*self.conclusion,
            Some(ACTION_REQUIRED | CANCELLED | FAILURE | STARTUP_FAILURE | TIMED_OUT)
        );
        run || matches!(&*self.state, Some(StatusState::ERROR | StatusState::FAILURE))
    }
}

impl PullRequest {
    /// What the checks of its last commit say.
    pub fn checks(&self) -> Option<&Checks> {
        let commits = self.commits.as_ref()?;
        let (_, last) = commits.nodes.first()?;
        last.commit.as_ref()?.status_check_rollup.as_ref()
    }
}

impl<T: Clone> Loose<T> {
    /// A copy of it.
    pub fn value(&self) -> Option<T> {
        self.0.clone()
    }
}

impl<T> Default for Loose<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Deref for Loose<T> {
    type Target = Option<T>;

    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Loose<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(Self(T::deserialize(value).ok()))
    }
}

impl<T> Default for Elements<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Deref for Elements<T> {
    type Target = [(usize, T)];

    fn deref(&self) -> &[(usize, T)] {
        &self.0
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Elements<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Loose(values) = Loose::<Vec<Value>>::deserialize(deserializer)?;
        let values = values.unwrap_or_default().into_iter().enumerate();
        let read = |(index, value)| T::deserialize(value).ok().map(|element| (index, element));
        Ok(Self(values.filter_map(read).collect()))
    }
}
