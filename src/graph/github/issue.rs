//! An issue.

#![expect(clippy::unused_async, reason = "async-graphql takes async methods only")]

use super::selection::{DEFAULT_FIRST, list_length};
use super::{GitHubState, GitHubUser, Repository};
use crate::backends::github::{Node, types};
use crate::graph::scalars::DateTime;
use async_graphql::Object;
use upstream::Failure;

/// Something to be done in a repository, or talked about.
pub struct Issue(pub(super) Node<types::Issue>);

#[Object]
impl Issue {
    /// Its number within the repository.
    async fn number(&self) -> Result<i32, Failure> {
        self.0.required("number", self.0.data.number.value())
    }

    /// Its title.
    async fn title(&self) -> Result<String, Failure> {
        self.0.required("title", self.0.data.title.value())
    }

    /// Open or closed.
    async fn state(&self) -> Result<GitHubState, Failure> {
        let state = self.0.data.issue_state.as_ref().and_then(GitHubState::of_issue);
        self.0.required("issueState", state)
    }

    /// Who opened it; null where the account is gone.
    async fn author(&self) -> Result<Option<GitHubUser>, Failure> {
        let author = self.0.data.author.value();
        let author = author.map(|author| GitHubUser(self.0.below("author", author)));
        self.0.optional("author", author)
    }

    /// Its address.
    async fn url(&self) -> Result<String, Failure> {
        self.0.required("url", self.0.data.url.value())
    }

    /// When it was opened.
    async fn created_at(&self) -> Result<DateTime, Failure> {
        self.0.required("createdAt", self.0.data.created_at.map(DateTime))
    }

    /// When it was closed.
    async fn closed_at(&self) -> Result<Option<DateTime>, Failure> {
        self.0.optional("closedAt", self.0.data.closed_at.map(DateTime))
    }

    /// The names of its labels.
    async fn labels(
        &self,
        #[graphql(desc = "How many labels, 1 to 100.", default_with = "DEFAULT_FIRST")] first: i32,
    ) -> Result<Vec<String>, Failure> {
        // More may have come, where the same issue was selected elsewhere with more.
        let length = usize::from(list_length(first)?);
        let labels = self.0.data.labels.as_ref().map(|labels| {
            let names = labels.nodes.iter().filter_map(|(_, label)| label.name.value());
            names.take(length).collect()
        });
        Ok(self.0.optional("labels", labels)?.unwrap_or_default())
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
