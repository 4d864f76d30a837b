//! Issues and labels.

use async_graphql::{Context, ID, Object, Result};

use super::{
    super::super::world::code,
    ids,
    interfaces::Actor,
    orders::{IssueState, IssueStateReason, LabelOrder, OrderDirection},
    paging::{Bounds, Page, connection},
    repository::Repository,
    scalars::{BigInt, DateTime, Html, Uri},
};

#[derive(Clone, Copy)]
pub(super) struct Issue {
    pub(super) repository: &'static code::Repository,
    pub(super) issue: &'static code::Issue,
}

connection!(IssueConnection, IssueEdge, Issue);
connection!(LabelConnection, LabelEdge, Label);

impl Issue {
    pub(super) fn state_now(self) -> IssueState {
        if self.issue.closed.is_some() {
            IssueState::Closed
        } else {
            IssueState::Open
        }
    }

    fn path(self) -> String {
        format!("/{}/issues/{}", self.repository.full_name(), self.issue.number)
    }
}

#[Object]
impl Issue {
    pub(super) async fn id(&self) -> ID {
        ids::id("I", &format!("{}#{}", self.repository.full_name(), self.issue.number))
    }

    pub(super) async fn full_database_id(&self) -> Option<BigInt> {
        Some(BigInt((2_000_000_000 + i64::from(self.issue.number)).to_string()))
    }

    pub(super) async fn number(&self) -> i32 {
        self.issue.number
    }

    pub(super) async fn title(&self) -> String {
        self.issue.title.clone()
    }

    #[graphql(name = "titleHTML")]
    pub(super) async fn title_html(&self) -> String {
        Html::of(&self.issue.title).0
    }

    pub(super) async fn body(&self) -> String {
        self.issue.body.clone()
    }

    pub(super) async fn body_text(&self) -> String {
        self.issue.body.clone()
    }

    pub(super) async fn state(&self) -> IssueState {
        self.state_now()
    }

    pub(super) async fn state_reason(
        &self,
        #[graphql(default_with = "Some(false)")] enable_duplicate: Option<bool>,
    ) -> Option<IssueStateReason> {
        let _ = enable_duplicate;
        self.issue.closed.map(|_| IssueStateReason::Completed)
    }

    pub(super) async fn author(&self) -> Option<Actor> {
        Actor::by_login(self.issue.author.as_deref())
    }

    pub(super) async fn url(&self) -> Uri {
        Uri::page(&self.path())
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(self.path())
    }

    pub(super) async fn created_at(&self) -> DateTime {
        DateTime::at(self.issue.created)
    }

    pub(super) async fn updated_at(&self) -> DateTime {
        DateTime::at(self.issue.closed.unwrap_or(self.issue.created))
    }

    pub(super) async fn closed(&self) -> bool {
        self.issue.closed.is_some()
    }

    pub(super) async fn closed_at(&self) -> Option<DateTime> {
        self.issue.closed.map(DateTime::at)
    }

    pub(super) async fn locked(&self) -> bool {
        false
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn labels(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        last: Option<i32>,
        after: Option<String>,
        before: Option<String>,
        #[graphql(default_with = "super::issue::label_order()")] order_by: Option<LabelOrder>,
    ) -> Result<Option<LabelConnection>> {
        let all = labels(self.repository, &self.issue.labels, order_by);
        Ok(Some(
            Page::cut(context, all, &Bounds::new(first, last, after, before))?.into(),
        ))
    }
}

/// GitHub's default.
#[expect(clippy::unnecessary_wraps, reason = "the argument it is the default of is optional")]
pub(super) fn label_order() -> Option<LabelOrder> {
    Some(LabelOrder {
        direction: OrderDirection::Asc,
        field: super::orders::LabelOrderField::CreatedAt,
    })
}

pub(super) fn labels(
    repository: &'static code::Repository,
    names: &[&'static str],
    order: Option<LabelOrder>,
) -> Vec<Label> {
    let mut all: Vec<Label> = names.iter().map(|name| Label { repository, name }).collect();
    if order.is_some_and(|order| order.direction == OrderDirection::Desc) {
        all.reverse();
    }
    all
}

#[derive(Clone, Copy)]
pub(super) struct Label {
    repository: &'static code::Repository,
    name: &'static str,
}

#[Object]
impl Label {
    pub(super) async fn id(&self) -> ID {
        ids::id("LA", &format!("{}:{}", self.repository.full_name(), self.name))
    }

    pub(super) async fn name(&self) -> String {
        self.name.to_owned()
    }

    pub(super) async fn color(&self) -> String {
        if self.name == "bug" { "d73a4a" } else { "ededed" }.to_owned()
    }

    pub(super) async fn description(&self) -> Option<String> {
        None
    }

    pub(super) async fn is_default(&self) -> bool {
        self.name == "bug"
    }

    pub(super) async fn repository(&self) -> Repository {
        Repository(self.repository)
    }

    pub(super) async fn url(&self) -> Uri {
        Uri(format!("{}/labels/{}", self.repository.url(), self.name))
    }

    pub(super) async fn resource_path(&self) -> Uri {
        Uri(format!("/{}/labels/{}", self.repository.full_name(), self.name))
    }
}
