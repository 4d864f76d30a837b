//! `search`: repositories, issues with pull requests, and users, by GitHub's search language as far as people use it.

mod query;

use std::cmp::Reverse;

use async_graphql::{Context, Result, SimpleObject};

use super::{
    super::super::world::{code::AccountKind, world},
    accounts::{Organization, User},
    interfaces::SearchResultItem,
    issue::Issue,
    orders::SearchType,
    paging::{Bounds, Page, PageInfo},
    pull_request::PullRequest,
    repository::Repository,
    root::sees,
};
use query::Query;

/// However many match, no more can be paged through.
const REACHABLE: usize = 1_000;

#[derive(SimpleObject, Default)]
#[expect(clippy::struct_field_names, reason = "GitHub's own names")]
struct Counts {
    code_count: i32,
    discussion_count: i32,
    issue_count: i32,
    repository_count: i32,
    user_count: i32,
    wiki_count: i32,
}

#[derive(SimpleObject)]
pub(super) struct SearchResultItemConnection {
    #[graphql(flatten)]
    counts: Counts,
    edges: Option<Vec<Option<SearchResultItemEdge>>>,
    nodes: Option<Vec<Option<SearchResultItem>>>,
    page_info: PageInfo,
}

#[derive(SimpleObject)]
pub(super) struct SearchResultItemEdge {
    cursor: String,
    node: Option<SearchResultItem>,
}

pub(super) fn search(
    context: &Context<'_>,
    text: &str,
    kind: SearchType,
    bounds: &Bounds,
) -> Result<SearchResultItemConnection> {
    let query = Query::parse(text);
    let mut found: Vec<SearchResultItem> = match kind {
        SearchType::Repository => repositories(context, &query),
        SearchType::Issue => issues(context, &query),
        SearchType::User => users(&query),
        // The story has one, which nobody looks for.
        SearchType::Discussion => Vec::new(),
    };
    let total = i32::try_from(found.len()).unwrap_or(i32::MAX);
    found.truncate(REACHABLE);
    let mut counts = Counts::default();
    match kind {
        SearchType::Repository => counts.repository_count = total,
        SearchType::Issue => counts.issue_count = total,
        SearchType::User => counts.user_count = total,
        SearchType::Discussion => counts.discussion_count = total,
    }
    let page = Page::cut(context, found, bounds)?;
    Ok(SearchResultItemConnection {
        counts,
        nodes: Some(page.items.iter().map(|(_, node)| Some(node.clone())).collect()),
        edges: Some(
            page.items
                .into_iter()
                .map(|(cursor, node)| {
                    Some(SearchResultItemEdge {
                        cursor,
                        node: Some(node),
                    })
                })
                .collect(),
        ),
        page_info: page.info,
    })
}

fn repositories(context: &Context<'_>, query: &Query) -> Vec<SearchResultItem> {
    let mut found: Vec<_> = world()
        .code
        .readable()
        .filter(|repository| sees(context, repository))
        .filter(|repository| query.fits_repository(repository))
        .collect();
    // Best match first: names before descriptions, then stars.
    found.sort_by_key(|repository| (!query.names(&repository.name), Reverse(repository.stars)));
    match query.sort() {
        Some("stars" | "stars-desc") => found.sort_by_key(|repository| Reverse(repository.stars)),
        Some("stars-asc") => found.sort_by_key(|repository| repository.stars),
        Some("updated" | "updated-desc") => found.sort_by_key(|repository| Reverse(repository.pushed)),
        Some("forks" | "forks-desc") => found.sort_by_key(|repository| Reverse(repository.forks)),
        _ => {}
    }
    found
        .into_iter()
        .map(|repository| Repository(repository).into())
        .collect()
}

fn issues(context: &Context<'_>, query: &Query) -> Vec<SearchResultItem> {
    let mut found: Vec<(i64, SearchResultItem)> = Vec::new();
    for repository in world().code.readable().filter(|repository| sees(context, repository)) {
        let issues = repository
            .issues
            .iter()
            .filter(|issue| query.fits_issue(repository, issue));
        found.extend(issues.map(|issue| (issue.created, Issue { repository, issue }.into())));
        let pulls = repository.pulls.iter().filter(|pull| query.fits_pull(repository, pull));
        found.extend(pulls.map(|pull| (pull.created, PullRequest { repository, pull }.into())));
    }
    found.sort_by_key(|(created, _)| Reverse(*created));
    found.into_iter().map(|(_, item)| item).collect()
}

fn users(query: &Query) -> Vec<SearchResultItem> {
    let fitting = world()
        .code
        .accounts
        .iter()
        .filter(|account| query.fits_account(account));
    fitting
        .filter_map(|account| match account.kind {
            AccountKind::User => Some(User(account).into()),
            AccountKind::Organization => Some(Organization(account).into()),
            AccountKind::Bot | AccountKind::Mannequin => None,
        })
        .collect()
}
