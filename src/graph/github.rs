//! GitHub in the unified schema.

mod account;
mod commit;
mod issue;
mod object;
mod pull_request;
mod query;
mod repository;
pub(crate) mod selection;
mod state;

#[cfg(test)]
pub(crate) use selection::tests::loaders as test_loaders;

pub use account::GitHubUser;
pub use commit::Commit;
pub use issue::Issue;
pub(crate) use object::address;
pub use object::{GitHubObject, GitHubOther};
pub use pull_request::{ChecksRollup, ChecksState, FailingCheck, PullRequest};
pub use query::GitHubQuery;
pub use repository::{Repository, RepositoryConnection, RepositoryLanguage};
pub use state::GitHubState;
