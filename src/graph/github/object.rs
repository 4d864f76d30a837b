//! Whatever a GitHub URL names.

use super::{Commit, GitHubUser, Issue, PullRequest, Repository};
use crate::backends::github::{Found, types};
use async_graphql::{SimpleObject, Union};

/// What a GitHub URL can name.
#[derive(Union)]
#[graphql(name = "GitHubObject")]
#[expect(
    clippy::large_enum_variant,
    reason = "a list of links is short and lives as long as its answer"
)]
pub enum GitHubObject {
    /// A repository.
    Repository(Repository),
    /// An issue.
    Issue(Issue),
    /// A pull request.
    PullRequest(PullRequest),
    /// A commit.
    Commit(Commit),
    /// A user, an organisation or a bot.
    User(GitHubUser),
    /// Anything else.
    Other(GitHubOther),
}

/// A GitHub object of a kind that is not described further here.
#[derive(SimpleObject)]
#[graphql(name = "GitHubOther")]
pub struct GitHubOther {
    /// GitHub's name for its kind, e.g. `Release`.
    pub kind: String,
    /// Its address.
    pub url: String,
}

impl GitHubObject {
    /// From what was looked up. `asked` stands in where GitHub gives no address.
    pub(crate) fn new(found: &Found, asked: &str) -> Self {
        match found.type_name.as_str() {
            "Repository" => Self::Repository(Repository(found.node())),
            "Issue" => Self::Issue(Issue(found.node())),
            "PullRequest" => Self::PullRequest(PullRequest(found.node())),
            "Commit" => Self::Commit(Commit(found.node())),
            "User" | "Organization" | "Bot" | "Mannequin" => Self::User(GitHubUser(found.node())),
            kind => Self::Other(GitHubOther {
                kind: kind.to_owned(),
                url: address(found).unwrap_or_else(|| asked.to_owned()),
            }),
        }
    }

    /// Its type in the schema.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self {
            Self::Repository(_) => "Repository",
            Self::Issue(_) => "Issue",
            Self::PullRequest(_) => "PullRequest",
            Self::Commit(_) => "Commit",
            Self::User(_) => "GitHubUser",
            Self::Other(_) => "GitHubOther",
        }
    }
}

/// The object's own address at GitHub, which tells objects apart.
pub(crate) fn address(found: &Found) -> Option<String> {
    found.node::<types::Other>().data.url.value()
}
