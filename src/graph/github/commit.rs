//! A commit.

#![expect(clippy::unused_async, reason = "async-graphql takes async methods only")]

use crate::backends::github::{Node, types};
use crate::graph::scalars::DateTime;
use async_graphql::Object;
use upstream::Failure;

/// One commit of a repository.
pub struct Commit(pub(super) Node<types::Commit>);

#[Object]
impl Commit {
    /// The full hash.
    async fn oid(&self) -> Result<String, Failure> {
        self.0.required("oid", self.0.data.oid.value())
    }

    /// The short hash.
    async fn abbreviated_oid(&self) -> Result<String, Failure> {
        self.0.required("abbreviatedOid", self.0.data.abbreviated_oid.value())
    }

    /// The first line of its message.
    async fn message_headline(&self) -> Result<String, Failure> {
        self.0.required("messageHeadline", self.0.data.message_headline.value())
    }

    /// When it was committed.
    async fn committed_date(&self) -> Result<DateTime, Failure> {
        self.0
            .required("committedDate", self.0.data.committed_date.map(DateTime))
    }

    /// Who wrote it, by the name in the commit.
    async fn author_name(&self) -> Result<Option<String>, Failure> {
        let author = self.0.data.commit_author.as_ref();
        self.0
            .optional("commitAuthor", author.and_then(|author| author.name.value()))
    }

    /// Its address.
    async fn url(&self) -> Result<String, Failure> {
        self.0.required("url", self.0.data.url.value())
    }
}
