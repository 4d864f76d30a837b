//! Repositories.

use std::cmp::Reverse;

use async_graphql::{Context, ID, Object, Result};

use super::{
    super::super::world::code,
    commit::Commit,
    failure, ids,
    interfaces::{GitObject, IssueOrPullRequest, RepositoryOwner},
    issue::{Issue, IssueConnection},
    languages::{Language, LanguageConnection},
    not_found,
    orders::{IssueOrder, IssueState, LanguageOrder, OrderDirection, PullRequestState, RepositoryVisibility},
    paging::{Bounds, Page, connection},
    pull_request::{PullRequest, PullRequestConnection},
    refs::{Ref, Release},
    scalars::{DateTime, GitObjectId, GitSshRemote, Uri},
};

#[derive(Clone, Copy)]
pub(super) struct Repository(pub(super) &'static code::Repository);

connection!(RepositoryConnection, RepositoryEdge, Repository);

#[Object]
impl Repository {
    pub(super) async fn id(&self) -> ID {
        ids::id("R", &self.0.full_name())
    }

    pub(super) async fn database_id(&self) -> Option<i32> {
        None
    }

    pub(super) async fn name(&self) -> String {
        self.0.name.clone()
    }

    pub(super) async fn name_with_owner(&self) -> String {
        self.0.full_name()
    }

    pub(super) async fn owner(&self) -> Result<RepositoryOwner> {
        RepositoryOwner::by_login(&self.0.owner).ok_or_else(|| failure("INTERNAL", "Something went wrong"))
    }

    pub(super) async fn description(&self) -> Option<String> {
        self.0.description.clone()
    }

    pub(super) async fn url(&self) -> Uri {
        Uri(self.0.url())
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}", self.0.full_name()))
    }

    pub(super) async fn ssh_url(&self) -> GitSshRemote {
        GitSshRemote(format!("git@github.com:{}.git", self.0.full_name()))
    }

    pub(super) async fn homepage_url(&self) -> Option<Uri> {
        None
    }

    pub(super) async fn stargazer_count(&self) -> i32 {
        self.0.stars
    }

    pub(super) async fn fork_count(&self) -> i32 {
        self.0.forks
    }

    pub(super) async fn disk_usage(&self) -> Option<i32> {
        Some(self.0.languages.iter().map(|(_, bytes)| bytes / 1_024).sum())
    }

    pub(super) async fn is_archived(&self) -> bool {
        self.0.archived
    }

    pub(super) async fn is_disabled(&self) -> bool {
        false
    }

    pub(super) async fn is_empty(&self) -> bool {
        self.0.default_branch.is_none()
    }

    pub(super) async fn is_fork(&self) -> bool {
        false
    }

    pub(super) async fn is_locked(&self) -> bool {
        false
    }

    pub(super) async fn is_private(&self) -> bool {
        self.0.private
    }

    pub(super) async fn is_template(&self) -> bool {
        false
    }

    pub(super) async fn visibility(&self) -> RepositoryVisibility {
        if self.0.private {
            RepositoryVisibility::Private
        } else {
            RepositoryVisibility::Public
        }
    }

    pub(super) async fn has_issues_enabled(&self) -> bool {
        true
    }

    pub(super) async fn created_at(&self) -> DateTime {
        DateTime::at(self.0.created)
    }

    pub(super) async fn updated_at(&self) -> DateTime {
        DateTime::at(self.0.pushed.unwrap_or(self.0.created))
    }

    pub(super) async fn pushed_at(&self) -> Option<DateTime> {
        self.0.pushed.map(DateTime::at)
    }

    pub(super) async fn primary_language(&self) -> Option<Language> {
        self.0.languages.first().map(|(name, _)| Language(name))
    }

    pub(super) async fn languages(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
        order_by: Option<LanguageOrder>,
    ) -> Result<Option<LanguageConnection>> {
        let mut sized = self.0.languages.clone();
        // Without an order GitHub gives them as they were found, by name here.
        sized.sort_by_key(|(name, _)| *name);
        match order_by.map(|order| order.direction) {
            Some(OrderDirection::Desc) => sized.sort_by_key(|(_, bytes)| Reverse(*bytes)),
            Some(OrderDirection::Asc) => sized.sort_by_key(|(_, bytes)| *bytes),
            None => {}
        }
        let total_size = sized.iter().map(|(_, bytes)| bytes).sum();
        let page = Page::cut(context, sized, &Bounds::new(first, last, after, before))?;
        Ok(Some(LanguageConnection::new(page, total_size)))
    }

    pub(super) async fn default_branch_ref(&self) -> Option<Ref> {
        self.0.default_branch.map(|name| Ref {
            repository: self.0,
            name,
        })
    }

    #[graphql(name = "ref")]
    pub(super) async fn reference(&self, qualified_name: String) -> Option<Ref> {
        let name = qualified_name.strip_prefix("refs/heads/").unwrap_or(&qualified_name);
        self.0.default_branch.filter(|branch| *branch == name).map(|name| Ref {
            repository: self.0,
            name,
        })
    }

    pub(super) async fn object(&self, expression: Option<String>, oid: Option<GitObjectId>) -> Option<GitObject> {
        let wanted = oid.map(|oid| oid.0).or(expression)?;
        let commit = if Some(wanted.as_str()) == self.0.default_branch || wanted == "HEAD" {
            self.0.commits.iter().max_by_key(|commit| commit.committed)
        } else {
            self.0.commit(&wanted)
        };
        commit.map(|commit| {
            Commit {
                repository: self.0,
                commit,
            }
            .into()
        })
    }

    pub(super) async fn issue(&self, context: &Context<'_>, number: i32) -> Option<Issue> {
        match self.0.issue(number) {
            Some(issue) => Some(Issue {
                repository: self.0,
                issue,
            }),
            None => not_found(
                context,
                format!("Could not resolve to an Issue with the number of {number}."),
            ),
        }
    }

    pub(super) async fn pull_request(&self, context: &Context<'_>, number: i32) -> Option<PullRequest> {
        match self.0.pull(number) {
            Some(pull) => Some(PullRequest {
                repository: self.0,
                pull,
            }),
            None => not_found(
                context,
                format!("Could not resolve to a PullRequest with the number of {number}."),
            ),
        }
    }

    pub(super) async fn issue_or_pull_request(&self, context: &Context<'_>, number: i32) -> Option<IssueOrPullRequest> {
        let issue = self.0.issue(number).map(|issue| {
            Issue {
                repository: self.0,
                issue,
            }
            .into()
        });
        let pull = || {
            self.0.pull(number).map(|pull| {
                PullRequest {
                    repository: self.0,
                    pull,
                }
                .into()
            })
        };
        issue.or_else(pull).or_else(|| {
            not_found(
                context,
                format!("Could not resolve to an issue or pull request with the number of {number}."),
            )
        })
    }

    #[expect(clippy::too_many_arguments, reason = "GitHub's own list of them")]
    pub(super) async fn issues(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
        states: Option<Vec<IssueState>>,
        labels: Option<Vec<String>>,
        order_by: Option<IssueOrder>,
    ) -> Result<IssueConnection> {
        let mut all: Vec<Issue> = self
            .0
            .issues
            .iter()
            .map(|issue| Issue {
                repository: self.0,
                issue,
            })
            .collect();
        all.retain(|issue| {
            states.as_ref().is_none_or(|states| states.contains(&issue.state_now()))
                && labels
                    .as_ref()
                    .is_none_or(|wanted| wanted.iter().any(|label| issue.issue.labels.contains(&label.as_str())))
        });
        if order_by.is_some_and(|order| order.direction == OrderDirection::Desc) {
            all.reverse();
        }
        Ok(Page::cut(context, all, &Bounds::new(first, last, after, before))?.into())
    }

    #[expect(clippy::too_many_arguments, reason = "GitHub's own list of them")]
    pub(super) async fn pull_requests(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
        states: Option<Vec<PullRequestState>>,
        labels: Option<Vec<String>>,
        head_ref_name: Option<String>,
        base_ref_name: Option<String>,
        order_by: Option<IssueOrder>,
    ) -> Result<PullRequestConnection> {
        let mut all: Vec<PullRequest> = self
            .0
            .pulls
            .iter()
            .map(|pull| PullRequest {
                repository: self.0,
                pull,
            })
            .collect();
        all.retain(|PullRequest { pull, .. }| {
            states.as_ref().is_none_or(|states| states.contains(&pull.state.into()))
                && labels
                    .as_ref()
                    .is_none_or(|wanted| wanted.iter().any(|label| pull.labels.contains(&label.as_str())))
                && head_ref_name.as_ref().is_none_or(|name| pull.branch == *name)
                && base_ref_name
                    .as_deref()
                    .is_none_or(|name| Some(name) == self.0.default_branch)
        });
        if order_by.is_some_and(|order| order.direction == OrderDirection::Desc) {
            all.reverse();
        }
        Ok(Page::cut(context, all, &Bounds::new(first, last, after, before))?.into())
    }

    pub(super) async fn latest_release(&self) -> Option<Release> {
        self.0.releases.first().map(|(tag, name)| Release {
            repository: self.0,
            tag,
            name,
        })
    }

    pub(super) async fn release(&self, tag_name: String) -> Option<Release> {
        Release::by_tag(self.0, &tag_name)
    }
}
