//! The table: for each field of the unified schema, what GitHub is asked.

use Presence::{Always, WhenSelected};

/// A type of the unified schema, or a GitHub type that goes into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Whatever a URL names: its members are GitHub's types.
    Object,
    /// A repository.
    Repository,
    /// A page of repositories.
    RepositoryPage,
    /// One language of a repository.
    Language,
    /// An issue.
    Issue,
    /// A pull request.
    PullRequest,
    /// What the checks of a commit say.
    Checks,
    /// One check: its members are GitHub's types.
    Check,
    /// One check, made by an app.
    CheckRun,
    /// One check, a commit's status.
    StatusContext,
    /// A commit.
    Commit,
    /// A user, organisation or bot behind GitHub's interfaces `Actor` and `RepositoryOwner`.
    Actor,
    /// A user or organisation as such.
    Account,
    /// An account without a profile, as such.
    Bot,
}

/// One field of the unified schema, and what GitHub is asked for it.
#[derive(Debug)]
pub struct Field {
    /// The unified schema's name, or the member's type name at GitHub.
    pub name: &'static str,
    /// What GitHub is asked. `<of>` stands for what is selected below, `<first>` for how many. GitHub's names are kept as
    /// response keys, but for those that two types of one union give different types: they get a key of their own, as
    /// GraphQL's "Field Selection Merging" demands.
    pub snippet: &'static str,
    /// What `<of>` is.
    pub of: Option<Kind>,
    /// Whether it is a list, and how long.
    pub list: List,
    /// Whether it may be left out.
    pub presence: Presence,
}

/// Whether a field is a list, and how long; GitHub prices a list by what is asked for, not by what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// It is none.
    No,
    /// As long as the argument `first` says.
    First,
    /// Always so long.
    Fixed(u8),
}

/// Whether a member of a union may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Where nothing of it is selected.
    WhenSelected,
    /// Never.
    Always,
}

impl Kind {
    /// Its name in the unified schema, which type conditions go by.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Object => "GitHubObject",
            Self::Repository => "Repository",
            Self::RepositoryPage => "RepositoryConnection",
            Self::Language => "RepositoryLanguage",
            Self::Issue => "Issue",
            Self::PullRequest => "PullRequest",
            Self::Checks => "ChecksRollup",
            Self::Check | Self::CheckRun | Self::StatusContext => "FailingCheck",
            Self::Commit => "Commit",
            Self::Actor | Self::Account | Self::Bot => "GitHubUser",
        }
    }

    /// Its fields, or its members where it is several of GitHub's types.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Object => OBJECT,
            Self::Repository => REPOSITORY,
            Self::RepositoryPage => REPOSITORY_PAGE,
            Self::Language => LANGUAGE,
            Self::Issue => ISSUE,
            Self::PullRequest => PULL_REQUEST,
            Self::Checks => CHECKS,
            Self::Check => CHECK,
            Self::CheckRun => CHECK_RUN,
            Self::StatusContext => STATUS_CONTEXT,
            Self::Commit => COMMIT,
            Self::Actor => ACTOR,
            Self::Account => ACCOUNT,
            Self::Bot => BOT,
        }
    }

    /// Whether [`Kind::fields`] are members, picked by type condition and not by field name.
    pub fn is_union(self) -> bool {
        matches!(self, Self::Object | Self::Check)
    }

    /// The field of this name.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }
}

const OBJECT: &[Field] = &[
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

const REPOSITORY: &[Field] = &[
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

const REPOSITORY_PAGE: &[Field] = &[
    leaf("totalCount", "repositoryCount"),
    many(
        "nodes",
        "nodes { __typename ... on Repository { <of> } }",
        List::Fixed(1),
        Kind::Repository,
    ),
    leaf("pageInfo", "pageInfo { endCursor hasNextPage }"),
];

const LANGUAGE: &[Field] = &[leaf("name", "node { name }"), leaf("size", "size")];

const ISSUE: &[Field] = &[
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

const PULL_REQUEST: &[Field] = &[
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

const CHECKS: &[Field] = &[
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

const CHECK: &[Field] = &[
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

const CHECK_RUN: &[Field] = &[leaf("name", "name"), leaf("url", "url: detailsUrl")];

const STATUS_CONTEXT: &[Field] = &[leaf("name", "name: context"), leaf("url", "url: targetUrl")];

const COMMIT: &[Field] = &[
    leaf("oid", "oid"),
    leaf("abbreviatedOid", "abbreviatedOid"),
    leaf("messageHeadline", "messageHeadline"),
    leaf("committedDate", "committedDate"),
    leaf("authorName", "commitAuthor: author { name }"),
    leaf("url", "url"),
];

const ACTOR: &[Field] = &[
    leaf("login", "login"),
    leaf("url", "url"),
    leaf(
        "name",
        "... on User { displayName: name } ... on Organization { displayName: name }",
    ),
];

const ACCOUNT: &[Field] = &[
    leaf("login", "login"),
    leaf("url", "url"),
    leaf("name", "displayName: name"),
];

const BOT: &[Field] = &[leaf("login", "login"), leaf("url", "url")];

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
