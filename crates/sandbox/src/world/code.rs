//! What is on GitHub: accounts, repositories, and in them pull requests, issues, commits, releases, discussions.

mod accounts;
mod crowd;
mod repositories;
mod told;

use super::clock::at;

#[derive(Debug)]
pub(in super::super) struct Code {
    pub(in super::super) accounts: Vec<Account>,
    pub(in super::super) repositories: Vec<Repository>,
}

#[derive(Debug)]
pub(in super::super) struct Account {
    pub(in super::super) login: String,
    pub(in super::super) name: Option<String>,
    pub(in super::super) kind: AccountKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum AccountKind {
    User,
    Organization,
    Bot,
    /// A placeholder for the author of imported work.
    Mannequin,
}

#[derive(Debug, Default)]
pub(in super::super) struct Repository {
    pub(in super::super) owner: String,
    pub(in super::super) name: String,
    pub(in super::super) description: Option<String>,
    pub(in super::super) stars: i32,
    pub(in super::super) forks: i32,
    /// Name and bytes, largest first; empty for an empty repository.
    pub(in super::super) languages: Vec<(&'static str, i32)>,
    pub(in super::super) topics: Vec<&'static str>,
    /// None for an empty repository.
    pub(in super::super) default_branch: Option<&'static str>,
    pub(in super::super) archived: bool,
    pub(in super::super) private: bool,
    /// False where the token may not see it: GitHub then says that it does not exist.
    pub(in super::super) readable: bool,
    pub(in super::super) created: i64,
    pub(in super::super) pushed: Option<i64>,
    pub(in super::super) pulls: Vec<Pull>,
    pub(in super::super) issues: Vec<Issue>,
    pub(in super::super) commits: Vec<Commit>,
    /// Tag and name.
    pub(in super::super) releases: Vec<(&'static str, &'static str)>,
    /// Number and title.
    pub(in super::super) discussions: Vec<(i32, &'static str)>,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Pull {
    pub(in super::super) number: i32,
    pub(in super::super) title: String,
    pub(in super::super) body: String,
    pub(in super::super) state: PullState,
    pub(in super::super) draft: bool,
    /// None where the account is gone.
    pub(in super::super) author: Option<String>,
    pub(in super::super) created: i64,
    pub(in super::super) closed: Option<i64>,
    pub(in super::super) merge: Option<Merge>,
    /// Lines added, lines removed, files.
    pub(in super::super) size: (i32, i32, i32),
    pub(in super::super) branch: String,
    /// The last commit's hash; the commit is in the repository's list.
    pub(in super::super) head: String,
    pub(in super::super) labels: Vec<&'static str>,
    /// Issues that merging it closes.
    pub(in super::super) closes: Vec<i32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum PullState {
    Open,
    Closed,
    Merged,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Merge {
    pub(in super::super) at: i64,
    pub(in super::super) by: Option<String>,
    pub(in super::super) commit: String,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Issue {
    pub(in super::super) number: i32,
    pub(in super::super) title: String,
    pub(in super::super) body: String,
    pub(in super::super) author: Option<String>,
    pub(in super::super) created: i64,
    pub(in super::super) closed: Option<i64>,
    pub(in super::super) labels: Vec<&'static str>,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Commit {
    pub(in super::super) oid: String,
    pub(in super::super) message: String,
    /// The name in the commit, and the account where GitHub knows it.
    pub(in super::super) author: (String, Option<String>),
    pub(in super::super) committed: i64,
    pub(in super::super) checks: Vec<Check>,
}

#[derive(Clone, Debug)]
pub(in super::super) struct Check {
    pub(in super::super) name: &'static str,
    /// None: a check run; otherwise a commit status.
    pub(in super::super) status_context: Option<&'static str>,
    pub(in super::super) outcome: Outcome,
    /// None for a commit status without a target.
    pub(in super::super) details: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Outcome {
    Success,
    Failure,
    /// Only commit statuses say so.
    Error,
    Running,
    Queued,
    Skipped,
}

/// The merge commit of #612, by which everyone names the deploy.
pub(in super::super) const BREAKING_COMMIT: &str = "9f3c1d7e5b2a4c6088d1e0f9a7b3c5d2e4f60718";

/// A commit hash that is always the same for the same words.
pub(in super::super) fn oid(words: &str) -> String {
    use sha2::{Digest as _, Sha256};
    use std::fmt::Write as _;
    Sha256::digest(words.as_bytes())
        .iter()
        .take(20)
        .fold(String::new(), |mut hash, byte| {
            // Writing to a text cannot fail.
            let _ = write!(hash, "{byte:02x}");
            hash
        })
}

pub(in super::super) fn code() -> Code {
    Code {
        accounts: accounts::accounts(),
        repositories: repositories::repositories(),
    }
}

impl Code {
    /// Logins are compared without case, as GitHub does.
    pub(in super::super) fn account(&self, login: &str) -> Option<&Account> {
        self.accounts
            .iter()
            .find(|account| account.login.eq_ignore_ascii_case(login))
    }

    /// None as well for one that the token may not see.
    pub(in super::super) fn repository(&self, owner: &str, name: &str) -> Option<&Repository> {
        self.readable().find(|repository| {
            repository.owner.eq_ignore_ascii_case(owner) && repository.name.eq_ignore_ascii_case(name)
        })
    }

    pub(in super::super) fn readable(&self) -> impl Iterator<Item = &Repository> {
        self.repositories.iter().filter(|repository| repository.readable)
    }
}

impl Repository {
    pub(in super::super) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    pub(in super::super) fn url(&self) -> String {
        format!("https://github.com/{}/{}", self.owner, self.name)
    }

    pub(in super::super) fn pull(&self, number: i32) -> Option<&Pull> {
        self.pulls.iter().find(|pull| pull.number == number)
    }

    pub(in super::super) fn issue(&self, number: i32) -> Option<&Issue> {
        self.issues.iter().find(|issue| issue.number == number)
    }

    /// By a hash or the start of one that fits a single commit.
    pub(in super::super) fn commit(&self, oid: &str) -> Option<&Commit> {
        let mut fitting = self
            .commits
            .iter()
            .filter(|commit| oid.len() >= 4 && commit.oid.starts_with(oid));
        fitting.next().filter(|_| fitting.next().is_none())
    }
}

/// Of an ordinary repository of acme.
fn repository(name: &str, description: Option<&str>, languages: &[(&'static str, i32)]) -> Repository {
    Repository {
        owner: "acme".to_owned(),
        name: name.to_owned(),
        description: description.map(str::to_owned),
        languages: languages.to_vec(),
        default_branch: Some("main"),
        readable: true,
        created: super::clock::days_before(1_500, at(8, 0)),
        pushed: Some(super::clock::days_before(2, at(15, 0))),
        ..Repository::default()
    }
}
