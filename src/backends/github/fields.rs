//! What GitHub is asked for each field of the unified schema: how a row of the [`table`] reads, and which type has which.

mod table;

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
            Self::Object => table::OBJECT,
            Self::Repository => table::REPOSITORY,
            Self::RepositoryPage => table::REPOSITORY_PAGE,
            Self::Language => table::LANGUAGE,
            Self::Issue => table::ISSUE,
            Self::PullRequest => table::PULL_REQUEST,
            Self::Checks => table::CHECKS,
            Self::Check => table::CHECK,
            Self::CheckRun => table::CHECK_RUN,
            Self::StatusContext => table::STATUS_CONTEXT,
            Self::Commit => table::COMMIT,
            Self::Actor => table::ACTOR,
            Self::Account => table::ACCOUNT,
            Self::Bot => table::BOT,
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
