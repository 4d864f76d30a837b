//! Repositories and what hangs on them: languages, branches, releases, discussions.

use std::cmp::Reverse;

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::{
    super::super::world::code,
    commit::Commit,
    failure, ids,
    interfaces::{GitObject, IssueOrPullRequest, RepositoryOwner},
    issue::{Issue, IssueConnection},
    not_found,
    orders::{IssueOrder, IssueState, LanguageOrder, OrderDirection, PullRequestState, RepositoryVisibility},
    paging::{Bounds, Page, PageInfo, connection},
    pull_request::{PullRequest, PullRequestConnection},
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
        let page = Page::cut(
            context,
            sized,
            &Bounds {
                first,
                last,
                after,
                before,
            },
        )?;
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
        Ok(Page::cut(
            context,
            all,
            &Bounds {
                first,
                last,
                after,
                before,
            },
        )?
        .into())
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
        Ok(Page::cut(
            context,
            all,
            &Bounds {
                first,
                last,
                after,
                before,
            },
        )?
        .into())
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

#[derive(Clone, Copy)]
pub(super) struct Language(&'static str);

#[Object]
impl Language {
    pub(super) async fn id(&self) -> ID {
        ids::id("LA", self.0)
    }

    pub(super) async fn name(&self) -> String {
        self.0.to_owned()
    }

    pub(super) async fn color(&self) -> Option<String> {
        match self.0 {
            "Rust" => Some("#dea584".to_owned()),
            "TypeScript" => Some("#3178c6".to_owned()),
            "Go" => Some("#00ADD8".to_owned()),
            _ => None,
        }
    }
}

/// The one connection whose edges say more than the nodes: how much of each language there is.
#[derive(SimpleObject)]
pub(super) struct LanguageConnection {
    edges: Option<Vec<Option<LanguageEdge>>>,
    nodes: Option<Vec<Option<Language>>>,
    page_info: PageInfo,
    total_count: i32,
    total_size: i32,
}

#[derive(SimpleObject)]
pub(super) struct LanguageEdge {
    cursor: String,
    node: Language,
    /// Bytes.
    size: i32,
}

impl LanguageConnection {
    fn new(page: Page<(&'static str, i32)>, total_size: i32) -> Self {
        let nodes = page.items.iter().map(|(_, (name, _))| Some(Language(name))).collect();
        let edge = |(cursor, (name, size))| {
            Some(LanguageEdge {
                cursor,
                node: Language(name),
                size,
            })
        };
        let edges = page.items.into_iter().map(edge).collect();
        Self {
            edges: Some(edges),
            nodes: Some(nodes),
            page_info: page.info,
            total_count: page.total,
            total_size,
        }
    }
}

/// A branch.
#[derive(Clone, Copy)]
pub(super) struct Ref {
    repository: &'static code::Repository,
    name: &'static str,
}

#[Object]
impl Ref {
    pub(super) async fn id(&self) -> ID {
        ids::id("REF", &format!("{}:{}", self.repository.full_name(), self.name))
    }

    pub(super) async fn name(&self) -> String {
        self.name.to_owned()
    }

    pub(super) async fn prefix(&self) -> String {
        "refs/heads/".to_owned()
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn target(&self) -> Option<GitObject> {
        let newest = self.repository.commits.iter().max_by_key(|commit| commit.committed)?;
        Some(
            Commit {
                repository: self.repository,
                commit: newest,
            }
            .into(),
        )
    }
}

#[derive(Clone, Copy)]
pub(super) struct Release {
    repository: &'static code::Repository,
    tag: &'static str,
    name: &'static str,
}

impl Release {
    pub(super) fn by_tag(repository: &'static code::Repository, wanted: &str) -> Option<Self> {
        let (tag, name) = repository.releases.iter().find(|(tag, _)| *tag == wanted)?;
        Some(Self { repository, tag, name })
    }
}

#[Object]
impl Release {
    pub(super) async fn id(&self) -> ID {
        ids::id("RE", &format!("{}:{}", self.repository.full_name(), self.tag))
    }

    pub(super) async fn name(&self) -> Option<String> {
        Some(self.name.to_owned())
    }

    pub(super) async fn tag_name(&self) -> String {
        self.tag.to_owned()
    }

    pub(super) async fn is_draft(&self) -> bool {
        false
    }

    pub(super) async fn is_prerelease(&self) -> bool {
        false
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn url(&self) -> Uri {
        Uri(format!("{}/releases/tag/{}", self.repository.url(), self.tag))
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}/releases/tag/{}", self.repository.full_name(), self.tag))
    }
}

#[derive(Clone, Copy)]
pub(super) struct Discussion {
    repository: &'static code::Repository,
    number: i32,
    title: &'static str,
}

impl Discussion {
    pub(super) fn by_number(repository: &'static code::Repository, wanted: i32) -> Option<Self> {
        let (number, title) = repository.discussions.iter().find(|(number, _)| *number == wanted)?;
        Some(Self {
            repository,
            number: *number,
            title,
        })
    }
}

#[Object]
impl Discussion {
    pub(super) async fn id(&self) -> ID {
        ids::id("D", &format!("{}#{}", self.repository.full_name(), self.number))
    }

    pub(super) async fn number(&self) -> i32 {
        self.number
    }

    pub(super) async fn title(&self) -> String {
        self.title.to_owned()
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn url(&self) -> Uri {
        Uri(format!("{}/discussions/{}", self.repository.url(), self.number))
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}/discussions/{}", self.repository.full_name(), self.number))
    }
}
