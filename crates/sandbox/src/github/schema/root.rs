//! The root: look-ups by name, by URL, by id, and search.

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use super::{
    super::{
        super::world::{
            code::{self, AccountKind},
            world,
        },
        cost::Cost,
        quota::Quota,
        token::Grant,
    },
    accounts::{Organization, User},
    commit::Commit,
    failure, ids,
    interfaces::{Node, RepositoryOwner, UniformResourceLocatable},
    issue::Issue,
    not_found,
    orders::SearchType,
    paging::Bounds,
    pull_request::PullRequest,
    refs::{Discussion, Release},
    repository::Repository,
    scalars::{DateTime, Uri},
    search::{self, SearchResultItemConnection},
};

pub(in super::super) struct Query;

/// More ids than these are refused in one go.
const MOST_IDS: usize = 100;

#[Object]
impl Query {
    async fn repository(
        &self,
        context: &Context<'_>,
        owner: String,
        name: String,
        #[graphql(default_with = "Some(true)")] follow_renames: Option<bool>,
    ) -> Option<Repository> {
        let _ = follow_renames;
        let repository = world().code.repository(&owner, &name);
        match repository.filter(|repository| sees(context, repository)) {
            Some(repository) => Some(Repository(repository)),
            None => not_found(
                context,
                format!("Could not resolve to a Repository with the name '{owner}/{name}'."),
            ),
        }
    }

    async fn repository_owner(&self, login: String) -> Option<RepositoryOwner> {
        RepositoryOwner::by_login(&login)
    }

    async fn user(&self, context: &Context<'_>, login: String) -> Option<User> {
        match world()
            .code
            .account(&login)
            .filter(|account| account.kind == AccountKind::User)
        {
            Some(account) => Some(User(account)),
            None => not_found(
                context,
                format!("Could not resolve to a User with the login of '{login}'."),
            ),
        }
    }

    async fn organization(&self, context: &Context<'_>, login: String) -> Option<Organization> {
        match world()
            .code
            .account(&login)
            .filter(|account| account.kind == AccountKind::Organization)
        {
            Some(account) => Some(Organization(account)),
            None => not_found(
                context,
                format!("Could not resolve to an Organization with the login of '{login}'."),
            ),
        }
    }

    async fn viewer(&self) -> Result<User> {
        world()
            .code
            .account("mona")
            .map(User)
            .ok_or_else(|| failure("INTERNAL", "Something went wrong"))
    }

    /// Null, without an error, for what is not there: unlike the look-ups by name.
    async fn resource(&self, context: &Context<'_>, url: Uri) -> Option<UniformResourceLocatable> {
        resource(context, &url.0)
    }

    async fn node(&self, context: &Context<'_>, id: ID) -> Option<Node> {
        node(&id).or_else(|| unresolved(context, &id))
    }

    async fn nodes(&self, context: &Context<'_>, ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        if ids.len() > MOST_IDS {
            let text = format!(
                "You may not provide more than {MOST_IDS} node ids; you provided {}.",
                ids.len()
            );
            return Err(failure("ARGUMENT_LIMIT", text));
        }
        Ok(ids
            .iter()
            .map(|id| node(id).or_else(|| unresolved(context, id)))
            .collect())
    }

    #[expect(clippy::too_many_arguments, reason = "GitHub's own list of them")]
    async fn search(
        &self,
        context: &Context<'_>,
        query: String,
        #[graphql(name = "type")] kind: SearchType,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
    ) -> Result<SearchResultItemConnection> {
        search::search(context, &query, kind, &Bounds::new(first, last, after, before))
    }

    async fn rate_limit(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(false)")] dry_run: Option<bool>,
    ) -> Result<Option<RateLimit>> {
        let _ = dry_run;
        let (quota, cost) = (context.data::<Quota>()?, context.data::<Cost>()?);
        let whole = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        Ok(Some(RateLimit {
            cost: whole(cost.points()),
            limit: whole(quota.limit),
            node_count: i32::try_from(cost.nodes).unwrap_or(i32::MAX),
            remaining: whole(quota.remaining()),
            reset_at: DateTime::at(quota.hour().reset),
            used: whole(quota.hour().used),
        }))
    }
}

#[derive(SimpleObject)]
struct RateLimit {
    cost: i32,
    limit: i32,
    node_count: i32,
    remaining: i32,
    reset_at: DateTime,
    used: i32,
}

/// Whether the token may see this repository.
pub(super) fn sees(context: &Context<'_>, repository: &code::Repository) -> bool {
    context.data::<Grant>().is_ok_and(|grant| grant.sees(repository))
}

fn unresolved<T>(context: &Context<'_>, id: &ID) -> Option<T> {
    not_found(
        context,
        format!("Could not resolve to a node with the global id of '{}'", id.as_str()),
    )
}

/// What a github.com address names; what stands below a pull request or behind a `#` does not matter.
fn resource(context: &Context<'_>, url: &str) -> Option<UniformResourceLocatable> {
    let path = url
        .strip_prefix("https://github.com/")
        .or_else(|| url.strip_prefix("http://github.com/"))?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (owner, name, rest) = match parts.as_slice() {
        [] => return None,
        [login] => {
            let account = world().code.account(login)?;
            return match account.kind {
                AccountKind::User => Some(User(account).into()),
                AccountKind::Organization => Some(Organization(account).into()),
                AccountKind::Bot | AccountKind::Mannequin => None,
            };
        }
        [owner, name, rest @ ..] => (owner, name, rest),
    };
    let repository = world().code.repository(owner, name)?;
    if !sees(context, repository) {
        return None;
    }
    match rest {
        [] => Some(Repository(repository).into()),
        // GitHub leads from either address to the thing that has the number.
        ["pull" | "issues", number, ..] => issue_or_pull(repository, number.parse().ok()?),
        ["commit", oid] => Some(
            Commit {
                repository,
                commit: repository.commit(oid)?,
            }
            .into(),
        ),
        ["releases", "tag", tag] => Some(Release::by_tag(repository, tag)?.into()),
        _ => None,
    }
}

fn issue_or_pull(repository: &'static code::Repository, number: i32) -> Option<UniformResourceLocatable> {
    let issue = repository.issue(number).map(|issue| Issue { repository, issue }.into());
    issue.or_else(|| {
        repository
            .pull(number)
            .map(|pull| PullRequest { repository, pull }.into())
    })
}

fn node(id: &str) -> Option<Node> {
    let (kind, path) = ids::read(id)?;
    let repository = |name: &str| {
        name.split_once('/')
            .and_then(|(owner, name)| world().code.repository(owner, name))
    };
    let numbered = || {
        let (name, number) = path.split_once('#')?;
        Some((repository(name)?, number.parse::<i32>().ok()?))
    };
    match kind {
        "U" => world().code.account(&path).map(|account| User(account).into()),
        "O" => world().code.account(&path).map(|account| Organization(account).into()),
        "R" => repository(&path).map(|repository| Repository(repository).into()),
        "I" => numbered().and_then(|(repository, number)| {
            Some(
                Issue {
                    repository,
                    issue: repository.issue(number)?,
                }
                .into(),
            )
        }),
        "PR" => numbered().and_then(|(repository, number)| {
            Some(
                PullRequest {
                    repository,
                    pull: repository.pull(number)?,
                }
                .into(),
            )
        }),
        "D" => numbered().and_then(|(repository, number)| Some(Discussion::by_number(repository, number)?.into())),
        "C" => {
            let (name, oid) = path.split_once('@')?;
            let repository = repository(name)?;
            Some(
                Commit {
                    repository,
                    commit: repository.commit(oid)?,
                }
                .into(),
            )
        }
        _ => None,
    }
}
