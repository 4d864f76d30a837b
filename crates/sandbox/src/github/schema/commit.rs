//! Commits and who wrote them.

use async_graphql::{Context, ID, Object, Result};

use super::{
    super::super::world::{
        clock::rfc3339,
        code::{self, AccountKind},
        world,
    },
    accounts::User,
    checks::StatusCheckRollup,
    ids,
    orders::{OrderDirection, PullRequestOrder, PullRequestOrderField},
    paging::{Bounds, Page},
    pull_request::{PullRequest, PullRequestConnection},
    repository::Repository,
    scalars::{DateTime, GitObjectId, GitTimestamp, Uri},
};

#[derive(Clone, Copy)]
pub(super) struct Commit {
    pub(super) repository: &'static code::Repository,
    pub(super) commit: &'static code::Commit,
}

impl Commit {
    fn path(self) -> String {
        format!("/{}/commit/{}", self.repository.full_name(), self.commit.oid)
    }
}

#[Object]
impl Commit {
    pub(super) async fn id(&self) -> ID {
        ids::id("C", &format!("{}@{}", self.repository.full_name(), self.commit.oid))
    }

    pub(super) async fn oid(&self) -> GitObjectId {
        GitObjectId(self.commit.oid.clone())
    }

    pub(super) async fn abbreviated_oid(&self) -> String {
        self.commit.oid.chars().take(7).collect()
    }

    pub(super) async fn message(&self) -> String {
        self.commit.message.clone()
    }

    pub(super) async fn message_headline(&self) -> String {
        self.commit.message.lines().next().unwrap_or_default().to_owned()
    }

    pub(super) async fn message_body(&self) -> String {
        self.commit
            .message
            .split_once("\n\n")
            .map(|(_, body)| body.to_owned())
            .unwrap_or_default()
    }

    pub(super) async fn committed_date(&self) -> DateTime {
        DateTime::at(self.commit.committed)
    }

    pub(super) async fn authored_date(&self) -> DateTime {
        DateTime::at(self.commit.committed)
    }

    pub(super) async fn author(&self) -> Option<GitActor> {
        Some(GitActor(self.commit))
    }

    pub(super) async fn committer(&self) -> Option<GitActor> {
        Some(GitActor(self.commit))
    }

    pub(super) async fn url(&self) -> Uri {
        Uri::page(&self.path())
    }

    pub(super) async fn commit_url(&self) -> Uri {
        Uri::page(&self.path())
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(self.path())
    }

    pub(super) async fn commit_resource_path(&self) -> Uri {
        Uri(self.path())
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn status_check_rollup(&self) -> Option<StatusCheckRollup> {
        StatusCheckRollup::of(*self)
    }

    pub(super) async fn associated_pull_requests(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
        #[graphql(default_with = "pull_request_order()")] order_by: Option<PullRequestOrder>,
    ) -> Result<Option<PullRequestConnection>> {
        let ours = |pull: &&code::Pull| {
            pull.head == self.commit.oid || pull.merge.as_ref().is_some_and(|merge| merge.commit == self.commit.oid)
        };
        let found = self.repository.pulls.iter().filter(ours);
        let mut all: Vec<PullRequest> = found
            .map(|pull| PullRequest {
                repository: self.repository,
                pull,
            })
            .collect();
        if order_by.is_some_and(|order| order.direction == OrderDirection::Desc) {
            all.reverse();
        }
        Ok(Some(
            Page::cut(context, all, &Bounds::new(first, last, after, before))?.into(),
        ))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the argument it is the default of is optional")]
fn pull_request_order() -> Option<PullRequestOrder> {
    Some(PullRequestOrder {
        direction: OrderDirection::Asc,
        field: PullRequestOrderField::CreatedAt,
    })
}

/// Who a commit says wrote it.
#[derive(Clone, Copy)]
pub(super) struct GitActor(&'static code::Commit);

#[Object]
impl GitActor {
    pub(super) async fn avatar_url(&self, size: Option<i32>) -> Uri {
        Uri(format!(
            "https://avatars.githubusercontent.com/u/0?s={}",
            size.unwrap_or(460)
        ))
    }

    pub(super) async fn date(&self) -> Option<GitTimestamp> {
        Some(GitTimestamp(rfc3339(self.0.committed)))
    }

    pub(super) async fn email(&self) -> Option<String> {
        let login = self.0.author.1.as_deref()?;
        Some(format!("{login}@users.noreply.github.com"))
    }

    pub(super) async fn name(&self) -> Option<String> {
        Some(self.0.author.0.clone())
    }

    pub(super) async fn user(&self) -> Option<User> {
        let account = world().code.account(self.0.author.1.as_deref()?)?;
        (account.kind == AccountKind::User).then_some(User(account))
    }
}
