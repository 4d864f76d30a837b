//! Pull requests and their commits.

use async_graphql::{Context, ID, Object, Result};

use super::{
    super::super::world::code,
    checks::StatusCheckRollup,
    commit::Commit,
    failure, ids,
    interfaces::Actor,
    issue::{self, Issue, IssueConnection, LabelConnection},
    orders::{IssueOrder, LabelOrder, MergeableState, PullRequestReviewDecision, PullRequestState},
    paging::{Bounds, Page, connection},
    repository::Repository,
    scalars::{BigInt, DateTime, GitObjectId, Html, Uri},
};

#[derive(Clone, Copy)]
pub(super) struct PullRequest {
    pub(super) repository: &'static code::Repository,
    pub(super) pull: &'static code::Pull,
}

connection!(PullRequestConnection, PullRequestEdge, PullRequest);
connection!(PullRequestCommitConnection, PullRequestCommitEdge, PullRequestCommit);

impl PullRequest {
    fn path(self) -> String {
        format!("/{}/pull/{}", self.repository.full_name(), self.pull.number)
    }

    fn head(self) -> Option<Commit> {
        let commit = self.repository.commit(&self.pull.head)?;
        Some(Commit {
            repository: self.repository,
            commit,
        })
    }

    fn last_change(self) -> i64 {
        self.pull.closed.unwrap_or(self.pull.created)
    }
}

#[Object]
impl PullRequest {
    pub(super) async fn id(&self) -> ID {
        ids::id("PR", &format!("{}#{}", self.repository.full_name(), self.pull.number))
    }

    pub(super) async fn full_database_id(&self) -> Option<BigInt> {
        Some(BigInt((3_000_000_000 + i64::from(self.pull.number)).to_string()))
    }

    pub(super) async fn number(&self) -> i32 {
        self.pull.number
    }

    pub(super) async fn title(&self) -> String {
        self.pull.title.clone()
    }

    #[graphql(name = "titleHTML")]
    pub(super) async fn title_html(&self) -> Html {
        Html::of(&self.pull.title)
    }

    pub(super) async fn body(&self) -> String {
        self.pull.body.clone()
    }

    pub(super) async fn body_text(&self) -> String {
        self.pull.body.clone()
    }

    pub(super) async fn state(&self) -> PullRequestState {
        self.pull.state.into()
    }

    pub(super) async fn is_draft(&self) -> bool {
        self.pull.draft
    }

    pub(super) async fn is_cross_repository(&self) -> bool {
        false
    }

    pub(super) async fn author(&self) -> Option<Actor> {
        Actor::by_login(self.pull.author.as_deref())
    }

    pub(super) async fn url(&self) -> Uri {
        Uri::page(&self.path())
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(self.path())
    }

    pub(super) async fn created_at(&self) -> DateTime {
        DateTime::at(self.pull.created)
    }

    pub(super) async fn updated_at(&self) -> DateTime {
        DateTime::at(self.last_change())
    }

    pub(super) async fn closed(&self) -> bool {
        self.pull.closed.is_some()
    }

    pub(super) async fn closed_at(&self) -> Option<DateTime> {
        self.pull.closed.map(DateTime::at)
    }

    pub(super) async fn merged(&self) -> bool {
        self.pull.merge.is_some()
    }

    pub(super) async fn merged_at(&self) -> Option<DateTime> {
        self.pull.merge.as_ref().map(|merge| DateTime::at(merge.at))
    }

    pub(super) async fn merged_by(&self) -> Option<Actor> {
        Actor::by_login(self.pull.merge.as_ref()?.by.as_deref())
    }

    pub(super) async fn merge_commit(&self) -> Option<Commit> {
        let commit = self.repository.commit(&self.pull.merge.as_ref()?.commit)?;
        Some(Commit {
            repository: self.repository,
            commit,
        })
    }

    pub(super) async fn mergeable(&self) -> MergeableState {
        if self.pull.closed.is_some() {
            MergeableState::Unknown
        } else {
            MergeableState::Mergeable
        }
    }

    pub(super) async fn additions(&self) -> i32 {
        self.pull.size.0
    }

    pub(super) async fn deletions(&self) -> i32 {
        self.pull.size.1
    }

    pub(super) async fn changed_files(&self) -> i32 {
        self.pull.size.2
    }

    pub(super) async fn base_ref_name(&self) -> String {
        self.repository.default_branch.unwrap_or_default().to_owned()
    }

    pub(super) async fn head_ref_name(&self) -> String {
        self.pull.branch.clone()
    }

    pub(super) async fn head_ref_oid(&self) -> GitObjectId {
        GitObjectId(self.pull.head.clone())
    }

    pub(super) async fn head_repository(&self) -> Option<Repository> {
        Some(Repository(self.repository))
    }

    pub(super) async fn locked(&self) -> bool {
        false
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn review_decision(&self) -> Option<PullRequestReviewDecision> {
        match self.pull.number {
            617 => Some(PullRequestReviewDecision::Approved),
            616 => Some(PullRequestReviewDecision::ReviewRequired),
            _ => None,
        }
    }

    /// Of the last commit; null where nothing was ever reported on it.
    pub(super) async fn status_check_rollup(&self) -> Option<StatusCheckRollup> {
        StatusCheckRollup::of(self.head()?)
    }

    pub(super) async fn commits(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
    ) -> Result<PullRequestCommitConnection> {
        let all = self
            .head()
            .map(|commit| PullRequestCommit { pull: *self, commit })
            .into_iter()
            .collect();
        Ok(Page::cut(context, all, &Bounds::new(first, last, after, before))?.into())
    }

    pub(super) async fn labels(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
        #[graphql(default_with = "issue::label_order()")] order_by: Option<LabelOrder>,
    ) -> Result<Option<LabelConnection>> {
        let all = issue::labels(self.repository, &self.pull.labels, order_by);
        Ok(Some(
            Page::cut(context, all, &Bounds::new(first, last, after, before))?.into(),
        ))
    }

    #[expect(clippy::too_many_arguments, reason = "GitHub's own list of them")]
    pub(super) async fn closing_issues_references(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
        #[graphql(default_with = "Some(false)")] user_linked_only: Option<bool>,
        order_by: Option<IssueOrder>,
    ) -> Result<Option<IssueConnection>> {
        if order_by.is_some() || user_linked_only == Some(true) {
            return Err(failure("UNPROCESSABLE", "the sandbox knows one order only"));
        }
        let numbers = self.pull.closes.iter();
        let all = numbers.filter_map(|number| {
            Some(Issue {
                repository: self.repository,
                issue: self.repository.issue(*number)?,
            })
        });
        Ok(Some(
            Page::cut(context, all.collect(), &Bounds::new(first, last, after, before))?.into(),
        ))
    }
}

/// A commit as a part of a pull request.
#[derive(Clone, Copy)]
pub(super) struct PullRequestCommit {
    pull: PullRequest,
    commit: Commit,
}

#[Object]
impl PullRequestCommit {
    pub(super) async fn id(&self) -> ID {
        ids::id("PURC", &format!("{}:{}", self.pull.path(), self.commit.commit.oid))
    }

    pub(super) async fn commit(&self) -> Commit {
        self.commit
    }

    pub(super) async fn pull_request(&self) -> PullRequest {
        self.pull
    }

    pub(super) async fn url(&self) -> Uri {
        Uri::page(&format!("{}/commits/{}", self.pull.path(), self.commit.commit.oid))
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("{}/commits/{}", self.pull.path(), self.commit.commit.oid))
    }
}
