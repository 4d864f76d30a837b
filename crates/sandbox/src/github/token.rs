//! What the token may do, and what answers say of it ("GitHub: Scopes for OAuth apps").

use super::super::{GithubToken, Options, reply::Reply, world::code::Repository};

const SCOPES: [&str; 2] = ["read:org", "repo"];

/// What the token may do.
#[derive(Clone)]
pub(super) struct Grant {
    scopes: Vec<&'static str>,
    kind: GithubToken,
}

impl Grant {
    pub(super) fn new(options: &Options) -> Self {
        let mut scopes = SCOPES.to_vec();
        scopes.retain(|scope| !options.github_lacks.iter().any(|lack| lack == scope));
        Self {
            scopes,
            kind: options.github_token,
        }
    }

    /// Private repositories are not there without the scope.
    pub(super) fn sees(&self, repository: &Repository) -> bool {
        !repository.private || self.scopes.contains(&"repo")
    }

    pub(super) fn headers(&self, reply: Reply) -> Reply {
        match self.kind {
            GithubToken::Classic => reply.with("x-oauth-scopes", self.scopes.join(", ")),
            GithubToken::FineGrained => reply,
        }
    }
}
