//! GitHub in the unified schema.

use async_graphql::{Object, SimpleObject, Union};

/// GitHub's namespace.
pub struct GitHubQuery;

#[Object(name = "GitHubQuery")]
impl GitHubQuery {
    async fn placeholder(&self) -> bool {
        true
    }
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

/// What a GitHub URL can name.
#[derive(Union)]
#[graphql(name = "GitHubObject")]
pub enum GitHubObject {
    /// Anything else.
    Other(GitHubOther),
}
