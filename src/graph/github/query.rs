//! GitHub's namespace: what can be asked of it first.

use super::repository::SEARCH;
use super::selection::{self, LONGEST, list_length};
use super::{GitHubObject, Issue, PullRequest, Repository, RepositoryConnection};
use crate::backends::github::{Ask, BACKEND, Kind, Lookup, link};
use crate::graph::failure::loaders;
use crate::graph::paging::position;
use async_graphql::{Context, Object, Result};
use upstream::{Cause, Failure};

/// GitHub's namespace.
pub struct GitHubQuery;

#[Object(name = "GitHubQuery")]
impl GitHubQuery {
    /// A repository by owner and name.
    async fn repository(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user or organisation, e.g. `rust-lang`.")] owner: String,
        #[graphql(desc = "The repository's name, e.g. `cargo`.")] name: String,
    ) -> Result<Option<Repository>> {
        let mut asks = vec![Ask {
            wanted: selection::wanted(ctx, Kind::Repository)?,
            lookup: Lookup::Repository {
                owner: owner.clone(),
                name: name.clone(),
            },
        }];
        // Its pull requests are looked up in the same request; their own fields then find them known.
        asks.extend(selection::pull_requests(ctx)?.into_iter().map(|(number, wanted)| Ask {
            lookup: Lookup::PullRequest {
                owner: owner.clone(),
                name: name.clone(),
                number,
            },
            wanted,
        }));
        let answers = loaders(ctx)?.github.load_many(asks).await;
        match answers.into_iter().next() {
            Some(found) => Ok(Some(Repository(found?.node()))),
            None => Ok(None),
        }
    }

    /// Repositories that match a search, best first.
    async fn search_repositories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "GitHub's search syntax, e.g. `http client language:rust stars:>1000`.")] query: String,
        #[graphql(desc = "How many repositories, 1 to 100.", default = 10)] first: i32,
        #[graphql(desc = "Where to go on: the `next_cursor` of the page before.")] cursor: Option<String>,
    ) -> Result<Option<RepositoryConnection>> {
        let begun = position(BACKEND, SEARCH, cursor.as_deref())?;
        // What was had of the page is asked for again, since GitHub's cursors stand at the ends of pages.
        let had = u8::try_from(begun.skip).unwrap_or(LONGEST);
        let ask = Ask {
            lookup: Lookup::SearchRepositories {
                query,
                first: list_length(first)?.saturating_add(had).min(LONGEST),
                after: begun.vendor,
            },
            wanted: selection::wanted(ctx, Kind::RepositoryPage)?,
        };
        let found = loaders(ctx)?.github.load(ask).await?;
        Ok(Some(RepositoryConnection {
            page: found.node(),
            skip: begun.skip,
        }))
    }

    /// A pull request by number.
    async fn pull_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The repository's owner.")] owner: String,
        #[graphql(desc = "The repository's name.")] name: String,
        #[graphql(desc = "The pull request's number.")] number: i32,
    ) -> Result<Option<PullRequest>> {
        let ask = Ask {
            lookup: Lookup::PullRequest { owner, name, number },
            wanted: selection::wanted(ctx, Kind::PullRequest)?,
        };
        let found = loaders(ctx)?.github.load(ask).await?;
        Ok(Some(PullRequest(found.node())))
    }

    /// An issue by number.
    async fn issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The repository's owner.")] owner: String,
        #[graphql(desc = "The repository's name.")] name: String,
        #[graphql(desc = "The issue's number.")] number: i32,
    ) -> Result<Option<Issue>> {
        let ask = Ask {
            lookup: Lookup::Issue { owner, name, number },
            wanted: selection::wanted(ctx, Kind::Issue)?,
        };
        let found = loaders(ctx)?.github.load(ask).await?;
        Ok(Some(Issue(found.node())))
    }

    /// Any GitHub object by its URL.
    async fn object(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A github.com URL of a repository, issue, pull request, commit, user or the like.")]
        url: String,
    ) -> Result<Option<GitHubObject>> {
        let url = link::canonical(&url).ok_or_else(|| not_an_object(&url))?;
        let ask = Ask {
            lookup: Lookup::Resource { url: url.clone() },
            wanted: selection::wanted(ctx, Kind::Object)?,
        };
        let found = loaders(ctx)?.github.load(ask).await?;
        Ok(Some(GitHubObject::new(&found, &url)))
    }
}

fn not_an_object(url: &str) -> Failure {
    let message = format!(
        "`{url}` names no GitHub object: give the https://github.com URL of a repository, issue, pull request, commit, \
         release or account"
    );
    Failure::new(BACKEND, "lookup", Cause::Invalid { message })
}
