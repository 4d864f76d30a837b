//! A repository, its languages, and pages of repositories.

#![expect(clippy::unused_async, reason = "async-graphql takes async methods only")]

use super::selection::{self, DEFAULT_FIRST, list_length};
use super::{GitHubUser, PullRequest};
use crate::backends::github::types::RepositoryPage;
use crate::backends::github::{Ask, Kind, Lookup, Node, types};
use crate::graph::failure::loaders;
use crate::graph::paging::PageInfo;
use crate::graph::scalars::DateTime;
use async_graphql::{Context, Object, Result};
use upstream::Failure;

/// The list whose cursors a repository search gives.
pub(super) const SEARCH: &str = "github.search";

/// A repository: its code, and what is said and done about it.
pub struct Repository(pub(super) Node<types::Repository>);

/// One language of a repository.
pub struct RepositoryLanguage(types::Language);

/// A page of repositories.
pub struct RepositoryConnection {
    pub(super) page: Node<RepositoryPage>,
    /// How many of its repositories were had already.
    pub(super) skip: usize,
}

#[Object]
impl Repository {
    /// Owner and name, e.g. `rust-lang/cargo`.
    async fn name_with_owner(&self) -> Result<String, Failure> {
        self.0.required("nameWithOwner", self.0.data.name_with_owner.value())
    }

    /// The name without the owner.
    async fn name(&self) -> Result<String, Failure> {
        self.0.required("name", self.0.data.name.value())
    }

    /// Who owns it.
    async fn owner(&self) -> Result<GitHubUser, Failure> {
        let owner = self.0.data.owner.value();
        let owner = owner.map(|owner| GitHubUser(self.0.below("owner", owner)));
        self.0.required("owner", owner)
    }

    /// What it is, in its own words.
    async fn description(&self) -> Result<Option<String>, Failure> {
        self.0.optional("description", self.0.data.description.value())
    }

    /// Its address.
    async fn url(&self) -> Result<String, Failure> {
        self.0.required("url", self.0.data.url.value())
    }

    /// How many people starred it.
    async fn stargazer_count(&self) -> Result<i32, Failure> {
        self.0.required("stargazerCount", self.0.data.stargazer_count.value())
    }

    /// How many forks it has.
    async fn fork_count(&self) -> Result<i32, Failure> {
        self.0.required("forkCount", self.0.data.fork_count.value())
    }

    /// How many issues are open.
    async fn open_issue_count(&self) -> Result<i32, Failure> {
        let count = self
            .0
            .data
            .open_issues
            .as_ref()
            .and_then(|open| open.total_count.value());
        self.0.required("openIssues", count)
    }

    /// How many pull requests are open.
    async fn open_pull_request_count(&self) -> Result<i32, Failure> {
        let count = self
            .0
            .data
            .open_pull_requests
            .as_ref()
            .and_then(|open| open.total_count.value());
        self.0.required("openPullRequests", count)
    }

    /// The language most of it is written in.
    async fn primary_language(&self) -> Result<Option<String>, Failure> {
        let language = self.0.data.primary_language.as_ref();
        self.0
            .optional("primaryLanguage", language.and_then(|language| language.name.value()))
    }

    /// Its languages, largest first.
    async fn languages(
        &self,
        #[graphql(desc = "How many languages, 1 to 100.", default_with = "DEFAULT_FIRST")] first: i32,
    ) -> Result<Vec<RepositoryLanguage>, Failure> {
        // More may have come, where the same repository was selected elsewhere with more.
        let length = usize::from(list_length(first)?);
        let languages = self.0.data.languages.as_ref().map(|languages| {
            let languages = languages.edges.iter().take(length);
            languages
                .map(|(_, language)| RepositoryLanguage(language.clone()))
                .collect()
        });
        Ok(self.0.optional("languages", languages)?.unwrap_or_default())
    }

    /// The default branch's name.
    async fn default_branch(&self) -> Result<Option<String>, Failure> {
        let branch = self.0.data.default_branch_ref.as_ref();
        self.0
            .optional("defaultBranchRef", branch.and_then(|branch| branch.name.value()))
    }

    /// Whether it is archived.
    async fn is_archived(&self) -> Result<bool, Failure> {
        self.0.required("isArchived", self.0.data.is_archived.value())
    }

    /// Whether only invited people see it.
    async fn is_private(&self) -> Result<bool, Failure> {
        self.0.required("isPrivate", self.0.data.is_private.value())
    }

    /// When something was last pushed.
    async fn pushed_at(&self) -> Result<Option<DateTime>, Failure> {
        self.0.optional("pushedAt", self.0.data.pushed_at.map(DateTime))
    }

    /// A pull request by number.
    async fn pull_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pull request's number.")] number: i32,
    ) -> Result<Option<PullRequest>> {
        let full_name = self.0.required("nameWithOwner", self.0.data.name_with_owner.value())?;
        let (owner, name) = full_name.split_once('/').unwrap_or_default();
        let ask = Ask {
            lookup: Lookup::PullRequest {
                owner: owner.to_owned(),
                name: name.to_owned(),
                number,
            },
            wanted: selection::wanted(ctx, Kind::PullRequest)?,
        };
        let found = loaders(ctx)?.github.load(ask).await?;
        Ok(Some(PullRequest(found.node())))
    }
}

#[Object]
impl RepositoryLanguage {
    /// Its name.
    async fn name(&self) -> Result<String, Failure> {
        let name = self.0.node.as_ref().and_then(|node| node.name.value());
        Node::<()>::default().required("node", name)
    }

    /// How many bytes of it there are.
    async fn size(&self) -> Result<i32, Failure> {
        Node::<()>::default().required("size", self.0.size.value())
    }
}

#[Object]
impl RepositoryConnection {
    /// How many match in all; GitHub gives at most the first 1,000.
    async fn total_count(&self) -> Result<i32, Failure> {
        self.page
            .required("repositoryCount", self.page.data.repository_count.value())
    }

    /// The repositories of this page.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<Repository> {
        let faults = self.page.faults.below("nodes");
        let known = |index: &usize| self.page.data.nodes.iter().any(|(known, _)| known == index);
        // One that may not be seen (single sign-on) is null at GitHub; the list goes on without it, but says so.
        if let Some(failure) = faults.hiding(known) {
            let error = async_graphql::Error::from(failure.clone()).into_server_error(ctx.item.pos);
            ctx.add_error(ctx.set_error_path(error));
        }
        let repository = |(index, data): &(usize, types::Repository)| {
            let faults = faults.below(&index.to_string());
            Repository(Node {
                data: data.clone(),
                faults,
            })
        };
        let left = self.page.data.nodes.iter().skip(self.skip);
        left.map(repository).collect()
    }

    /// Where this page ends.
    async fn page_info(&self) -> PageInfo {
        let info = self.page.data.page_info.as_ref();
        let more = info.is_some_and(|info| info.has_next_page.value() == Some(true));
        let cursor = info.filter(|_| more).and_then(|info| info.end_cursor.as_deref());
        PageInfo::next(SEARCH, cursor)
    }
}
