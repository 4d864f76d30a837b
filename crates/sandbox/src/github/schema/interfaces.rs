//! GitHub's interfaces and unions, and what a URL or an id leads to.

#![expect(
    clippy::duplicated_attributes,
    reason = "several fields of an interface have one type"
)]

use async_graphql::{ID, Interface, Union};

use super::{
    accounts::{Bot, EnterpriseUserAccount, Mannequin, Organization, User},
    checks::{CheckRun, StatusCheckRollup, StatusContext},
    commit::Commit,
    issue::{Issue, Label},
    languages::Language,
    pull_request::{PullRequest, PullRequestCommit},
    refs::{Discussion, Ref, Release},
    repository::Repository,
    scalars::{GitObjectId, Uri},
};

#[derive(Clone, Interface)]
#[graphql(
    field(name = "avatar_url", ty = "Uri", arg(name = "size", ty = "Option<i32>")),
    field(name = "login", ty = "String"),
    field(name = "resource_path", ty = "Uri"),
    field(name = "url", ty = "Uri")
)]
pub(super) enum Actor {
    Bot(Bot),
    EnterpriseUserAccount(EnterpriseUserAccount),
    Mannequin(Mannequin),
    Organization(Organization),
    User(User),
}

#[derive(Clone, Interface)]
#[graphql(
    field(name = "avatar_url", ty = "Uri", arg(name = "size", ty = "Option<i32>")),
    field(name = "id", ty = "ID"),
    field(name = "login", ty = "String"),
    field(name = "resource_path", ty = "Uri"),
    field(name = "url", ty = "Uri")
)]
pub(super) enum RepositoryOwner {
    Organization(Organization),
    User(User),
}

#[derive(Clone, Interface)]
#[graphql(field(name = "resource_path", ty = "Uri"), field(name = "url", ty = "Uri"))]
pub(super) enum UniformResourceLocatable {
    Bot(Bot),
    CheckRun(CheckRun),
    Commit(Commit),
    Issue(Issue),
    Mannequin(Mannequin),
    Organization(Organization),
    PullRequest(PullRequest),
    PullRequestCommit(PullRequestCommit),
    Release(Release),
    Repository(Repository),
    User(User),
}

#[derive(Clone, Interface)]
#[graphql(field(name = "id", ty = "ID"))]
pub(super) enum Node {
    Bot(Bot),
    CheckRun(CheckRun),
    Commit(Commit),
    Discussion(Discussion),
    EnterpriseUserAccount(EnterpriseUserAccount),
    Issue(Issue),
    Label(Label),
    Language(Language),
    Mannequin(Mannequin),
    Organization(Organization),
    PullRequest(PullRequest),
    PullRequestCommit(PullRequestCommit),
    Ref(Ref),
    Release(Release),
    Repository(Repository),
    StatusCheckRollup(StatusCheckRollup),
    StatusContext(StatusContext),
    User(User),
}

#[derive(Clone, Interface)]
#[graphql(
    field(name = "abbreviated_oid", ty = "String"),
    field(name = "commit_resource_path", ty = "Uri"),
    field(name = "commit_url", ty = "Uri"),
    field(name = "id", ty = "ID"),
    field(name = "oid", ty = "GitObjectId"),
    field(name = "repository", ty = "Repository")
)]
pub(super) enum GitObject {
    Commit(Commit),
}

#[derive(Clone, Union)]
pub(super) enum IssueOrPullRequest {
    Issue(Issue),
    PullRequest(PullRequest),
}

#[derive(Clone, Union)]
pub(super) enum StatusCheckRollupContext {
    CheckRun(CheckRun),
    StatusContext(StatusContext),
}

#[derive(Clone, Union)]
pub(super) enum SearchResultItem {
    Discussion(Discussion),
    Issue(Issue),
    Organization(Organization),
    PullRequest(PullRequest),
    Repository(Repository),
    User(User),
}
