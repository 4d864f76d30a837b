//! What can be looked up at GitHub.

use super::fields::Kind;
use super::link;
use super::wanted::Wanted;

/// One thing to look up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lookup {
    /// A repository by owner and name.
    Repository {
        /// The user or organisation.
        owner: String,
        /// The repository's name.
        name: String,
    },
    /// A pull request by number.
    PullRequest {
        /// The repository's owner.
        owner: String,
        /// The repository's name.
        name: String,
        /// The pull request's number.
        number: i32,
    },
    /// An issue by number.
    Issue {
        /// The repository's owner.
        owner: String,
        /// The repository's name.
        name: String,
        /// The issue's number.
        number: i32,
    },
    /// Whatever a URL names; the URL as [`link::canonical`] gives it.
    Resource {
        /// The URL.
        url: String,
    },
    /// A page of a repository search.
    SearchRepositories {
        /// GitHub's search syntax.
        query: String,
        /// How many, 1 to 100.
        first: u8,
        /// GitHub's cursor of the page before.
        after: Option<String>,
    },
}

/// A look-up, and what is wanted of what it finds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask {
    /// What to look up.
    pub lookup: Lookup,
    /// What is wanted of it, as a [`Wanted`] of [`Lookup::kind`].
    pub wanted: Wanted,
}

impl Lookup {
    /// What it gives.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Repository { .. } => Kind::Repository,
            Self::PullRequest { .. } => Kind::PullRequest,
            Self::Issue { .. } => Kind::Issue,
            Self::Resource { .. } => Kind::Object,
            Self::SearchRepositories { .. } => Kind::RepositoryPage,
        }
    }

    /// GitHub's type of what it gives, where it is only one: also the member of [`Kind::Object`] that it is.
    pub fn type_name(&self) -> Option<&'static str> {
        match self {
            Self::Repository { .. } => Some("Repository"),
            Self::PullRequest { .. } => Some("PullRequest"),
            Self::Issue { .. } => Some("Issue"),
            Self::Resource { .. } => None,
            Self::SearchRepositories { .. } => Some("SearchResultItemConnection"),
        }
    }

    /// The same for look-ups of the same object: its path at github.com, or the search.
    pub fn identity(&self) -> String {
        match self {
            Self::Repository { owner, name } => format!("{owner}/{name}").to_lowercase(),
            Self::PullRequest { owner, name, number } => format!("{owner}/{name}/pull/{number}").to_lowercase(),
            Self::Issue { owner, name, number } => format!("{owner}/{name}/issues/{number}").to_lowercase(),
            Self::Resource { url } => link::identity(url),
            Self::SearchRepositories { query, first, after } => {
                format!("search {first} {} {query}", after.as_deref().unwrap_or_default())
            }
        }
    }

    /// What people call it.
    pub fn what(&self) -> String {
        match self {
            Self::Repository { owner, name } => format!("repository {owner}/{name}"),
            Self::PullRequest { owner, name, number } => format!("pull request {owner}/{name}#{number}"),
            Self::Issue { owner, name, number } => format!("issue {owner}/{name}#{number}"),
            Self::Resource { url } => url.clone(),
            Self::SearchRepositories { query, .. } => format!("repository search `{query}`"),
        }
    }
}

impl Ask {
    /// How many nodes GitHub counts for it, at most.
    pub fn nodes(&self) -> usize {
        let of_one = 1 + self.wanted.nodes();
        match &self.lookup {
            Lookup::SearchRepositories { first, .. } => usize::from(*first) * of_one,
            _ => of_one,
        }
    }
}
