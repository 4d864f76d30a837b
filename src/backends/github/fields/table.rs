//! The table: for each field of the unified schema, what GitHub is asked.

use super::Presence::{self, Always, WhenSelected};
use super::{Field, Kind, List};

pub(super) const OBJECT: &[Field] = &[
    member(
        "Repository",
        "... on Repository { <of> }",
        Kind::Repository,
        WhenSelected,
    ),
    member("Issue", "... on Issue { <of> }", Kind::Issue, WhenSelected),
    member(
        "PullRequest",
        "... on PullRequest { <of> }",
        Kind::PullRequest,
        WhenSelected,
    ),
    member("Commit", "... on Commit { <of> }", Kind::Commit, WhenSelected),
    member("User", "... on User { <of> }", Kind::Account, WhenSelected),
    member(
        "Organization",
        "... on Organization { <of> }",
        Kind::Account,
        WhenSelected,
    ),
    member("Bot", "... on Bot { <of> }", Kind::Bot, WhenSelected),
    member("Mannequin", "... on Mannequin { <of> }", Kind::Bot, WhenSelected),
];

pub(super) const REPOSITORY: &[Field] = &[
    leaf("nameWithOwner", "nameWithOwner"),
    leaf("name", "name"),
    one("owner", "owner { __typename <of> }", Kind::Actor),
    leaf("description", "description"),
    leaf("url", "url"),
    leaf("stargazerCount", "stargazerCount"),
    leaf("forkCount", "forkCount"),
    // A bound although only the count is read: "Every connection needs `first` or `last`" [Rate limits and query limits].
    leaf(
        "openIssueCount",
        "openIssues: issues(first: 1, states: OPEN) { totalCount }",
    ),
    leaf(
        "openPullRequestCount",
        "openPullRequests: pullRequests(first: 1, states: OPEN) { totalCount }",
    ),
    leaf("primaryLanguage", "primaryLanguage { name }"),
    many(
        "languages",
        "languages(first: <first>, orderBy: {field: SIZE, direction: DESC}) { edges { <of> } }",
        List::First,
        Kind::Language,
    ),
    leaf("defaultBranch", "defaultBranchRef { name }"),
    leaf("isArchived", "isArchived"),
    leaf("isPrivate", "isPrivate"),
    leaf("pushedAt", "pushedAt"),
    // A look-up of its own, which needs to know the repository.
    leaf("pullRequest", "nameWithOwner"),
];

pub(super) const REPOSITORY_PAGE: &[Field] = &[
    leaf("totalCount", "repositoryCount"),
    many(
        "nodes",
        "nodes { __typename ... on Repository { <of> } }",
        List::Fixed(1),
        Kind::Repository,
    ),
    leaf("pageInfo", "pageInfo { endCursor hasNextPage }"),
];

pub(super) const LANGUAGE: &[Field] = &[leaf("name", "node { name }"), leaf("size", "size")];

pub(super) const ISSUE: &[Field] = &[
    leaf("number", "number"),
    leaf("title", "title"),
    leaf("state", "issueState: state"),
    one("author", "author { __typename <of> }", Kind::Actor),
    leaf("url", "url"),
    leaf("createdAt", "createdAt"),
    leaf("closedAt", "closedAt"),
    list("labels", "labels(first: <first>) { nodes { name } }"),
    one("repository", "repository { <of> }", Kind::Repository),
    leaf("body", "body"),
];

pub(super) const PULL_REQUEST: &[Field] = &[
    leaf("number", "number"),
    leaf("title", "title"),
    leaf("state", "pullRequestState: state"),
    leaf("isDraft", "isDraft"),
    one("author", "author { __typename <of> }", Kind::Actor),
    leaf("url", "url"),
    leaf("createdAt", "createdAt"),
    leaf("mergedAt", "mergedAt"),
    one("mergedBy", "mergedBy { __typename <of> }", Kind::Actor),
    one("mergeCommit", "mergeCommit { <of> }", Kind::Commit),
    leaf("additions", "additions"),
    leaf("deletions", "deletions"),
    leaf("changedFiles", "changedFiles"),
    leaf("baseRefName", "baseRefName"),
    leaf("headRefName", "headRefName"),
    one(
        "checks",
        "commits(last: 1) { nodes { commit { statusCheckRollup { <of> } } } }",
        Kind::Checks,
    ),
    one("repository", "repository { <of> }", Kind::Repository),
    leaf("body", "body"),
];

pub(super) const CHECKS: &[Field] = &[
    leaf("state", "state"),
    leaf("totalCount", "all: contexts(first: 1) { totalCount }"),
    // They cannot be filtered at GitHub; a hundred is its largest page.
    many(
        "failing",
        "contexts(first: 100) { nodes { __typename <of> } }",
        List::Fixed(100),
        Kind::Check,
    ),
];

pub(super) const CHECK: &[Field] = &[
    member(
        "CheckRun",
        "... on CheckRun { conclusion <of> }",
        Kind::CheckRun,
        Always,
    ),
    member(
        "StatusContext",
        "... on StatusContext { state <of> }",
        Kind::StatusContext,
        Always,
    ),
];

pub(super) const CHECK_RUN: &[Field] = &[leaf("name", "name"), leaf("url", "url: detailsUrl")];

pub(super) const STATUS_CONTEXT: &[Field] = &[leaf("name", "name: context"), leaf("url", "url: targetUrl")];

pub(super) const COMMIT: &[Field] = &[
    leaf("oid", "oid"),
    leaf("abbreviatedOid", "abbreviatedOid"),
    leaf("messageHeadline", "messageHeadline"),
    leaf("committedDate", "committedDate"),
    leaf("authorName", "commitAuthor: author { name }"),
    leaf("url", "url"),
];

pub(super) const ACTOR: &[Field] = &[
    leaf("login", "login"),
    leaf("url", "url"),
    leaf(
        "name",
        "... on User { displayName: name } ... on Organization { displayName: name }",
    ),
];

pub(super) const ACCOUNT: &[Field] = &[
    leaf("login", "login"),
    leaf("url", "url"),
    leaf("name", "displayName: name"),
];

pub(super) const BOT: &[Field] = &[leaf("login", "login"), leaf("url", "url")];

const fn leaf(name: &'static str, snippet: &'static str) -> Field {
    Field {
        name,
        snippet,
        of: None,
        list: List::No,
        presence: WhenSelected,
    }
}

const fn one(name: &'static str, snippet: &'static str, of: Kind) -> Field {
    Field {
        of: Some(of),
        ..leaf(name, snippet)
    }
}

const fn list(name: &'static str, snippet: &'static str) -> Field {
    Field {
        list: List::First,
        ..leaf(name, snippet)
    }
}

const fn many(name: &'static str, snippet: &'static str, list: List, of: Kind) -> Field {
    Field {
        list,
        ..one(name, snippet, of)
    }
}

const fn member(name: &'static str, snippet: &'static str, of: Kind, presence: Presence) -> Field {
    Field {
        presence,
        ..one(name, snippet, of)
    }
}
