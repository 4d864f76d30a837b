//! A monitor in the schema: known whole, or known from a search and completed when a field needs more.

use super::words::{DatadogMonitorState, DatadogMonitorType};
use crate::backends::datadog::{BACKEND, Group, Groups, Monitor, MonitorState};
use crate::graph::edges::datadog_slack;
use crate::graph::failure::{graphql_error, loaders, report};
use crate::graph::paging::PageInfo;
use crate::graph::scalars::DateTime;
use crate::graph::slack::SlackChannel;
use crate::loaders::datadog::MonitorKey;
use async_graphql::{Context, Error, ID, Object, SimpleObject};
use std::sync::Arc;
use upstream::{Cause, Failure};

/// How many failing groups are shown, and how many tags. What a tool costs is reckoned with it: `schema/weights.graphql`
/// has the same numbers.
pub(super) const SHOWN: usize = 50;
pub(super) const MOST_TAGS: usize = 20;

/// A monitor: a condition that is watched, and who hears of it.
pub struct DatadogMonitor {
    known: Arc<Monitor>,
    rest: Rest,
}

/// Where the fields are that a search does not give.
enum Rest {
    Known,
    OnDemand(Groups),
}

/// One group of a multi-alert monitor.
#[derive(SimpleObject)]
pub struct DatadogMonitorGroup {
    /// The group's tags, e.g. `host:web-1`.
    name: String,
    /// What it says now.
    state: Option<DatadogMonitorState>,
    /// When it was last triggered.
    last_triggered_at: Option<DateTime>,
}

/// A page of monitors.
#[derive(SimpleObject)]
pub struct DatadogMonitorConnection {
    /// How many match in all.
    pub(super) total_count: Option<i32>,
    /// The monitors of this page.
    pub(super) nodes: Vec<DatadogMonitor>,
    /// Where this page ends.
    pub(super) page_info: PageInfo,
}

impl DatadogMonitor {
    /// A monitor that was fetched by its id.
    pub(super) fn whole(monitor: Arc<Monitor>) -> Self {
        Self {
            known: monitor,
            rest: Rest::Known,
        }
    }

    /// A monitor from a search. What the search does not give is fetched by id, once for all fields that need it and
    /// together with the page's other monitors.
    pub(super) fn found(monitor: Arc<Monitor>, groups: Groups) -> Self {
        Self {
            known: monitor,
            rest: Rest::OnDemand(groups),
        }
    }

    async fn rest(&self, ctx: &Context<'_>) -> Result<Arc<Monitor>, Error> {
        match self.rest {
            Rest::Known => Ok(Arc::clone(&self.known)),
            Rest::OnDemand(groups) => {
                let id = self.known.id;
                let monitor = loaders(ctx)?.datadog.monitor(MonitorKey { id, groups }).await;
                monitor.map_err(|failure| graphql_error(&failure))
            }
        }
    }
}

/// A monitor: a condition that is watched, and who hears of it.
#[Object]
impl DatadogMonitor {
    /// Datadog's id.
    async fn id(&self) -> ID {
        self.known.id.into()
    }

    /// Its name.
    async fn name(&self) -> Option<&str> {
        self.known.name.as_deref()
    }

    /// What kind it is; null where it is none of those that are listed.
    #[graphql(name = "type")]
    async fn kind(&self) -> Option<DatadogMonitorType> {
        self.known.kind.map(Into::into)
    }

    /// The condition.
    async fn query(&self) -> Option<&str> {
        self.known.query.as_deref()
    }

    /// The notification's text.
    async fn message(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        Ok(self.rest(ctx).await?.message.clone())
    }

    /// What it says now.
    async fn state(&self) -> Option<DatadogMonitorState> {
        self.known.state().map(Into::into)
    }

    /// The groups in alert, past a warning, without data or unknown, e.g. one for each host; the worst first, at most 50.
    async fn failing_groups(&self, ctx: &Context<'_>) -> Result<Option<Vec<DatadogMonitorGroup>>, Error> {
        let monitor = self.rest(ctx).await?;
        let mut failing: Vec<_> = failing(&monitor).collect();
        failing.sort_by_key(|(severity, name, _)| (*severity, *name));
        let shown = failing.into_iter().take(SHOWN);
        Ok(Some(
            shown
                .map(|(_, name, group)| DatadogMonitorGroup {
                    name: name.to_owned(),
                    state: group.status.map(Into::into),
                    last_triggered_at: group.last_triggered.map(DateTime),
                })
                .collect(),
        ))
    }

    /// How many groups are failing in all.
    async fn failing_group_count(&self, ctx: &Context<'_>) -> Result<Option<i32>, Error> {
        let monitor = self.rest(ctx).await?;
        Ok(i32::try_from(failing(&monitor).count()).ok())
    }

    /// Its tags, at most 20.
    async fn tags(&self, ctx: &Context<'_>) -> &[String] {
        let tags = &self.known.tags;
        match tags.get(..MOST_TAGS) {
            Some(shown) if shown.len() < tags.len() => {
                report(ctx, &too_many_tags(tags.len()));
                shown
            }
            _ => tags,
        }
    }

    /// Priority from 1 (highest) to 5.
    async fn priority(&self, ctx: &Context<'_>) -> Result<Option<i32>, Error> {
        let priority = self.rest(ctx).await?.priority;
        Ok(priority.and_then(|priority| i32::try_from(priority).ok()))
    }

    /// Who made it, by name or e-mail.
    async fn creator(&self) -> Option<&str> {
        self.known.creator()
    }

    /// When it was made.
    async fn created_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime>, Error> {
        Ok(self.rest(ctx).await?.created.map(DateTime))
    }

    /// When it was last changed.
    async fn modified_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime>, Error> {
        Ok(self.rest(ctx).await?.modified.map(DateTime))
    }

    /// Its address in Datadog.
    async fn url(&self) -> &str {
        &self.known.url
    }

    /// The Slack channels that its message names as `@slack-…`, each once; at most 10.
    async fn notifies(&self, ctx: &Context<'_>) -> Result<Option<Vec<SlackChannel>>, Error> {
        let monitor = self.rest(ctx).await?;
        let message = monitor.message.as_deref().unwrap_or_default();
        datadog_slack::channels_of(ctx, message).await.map(Some)
    }
}

fn too_many_tags(tags: usize) -> Failure {
    let message = format!("the monitor has {tags} tags, and the first {MOST_TAGS} are given");
    Failure::new(BACKEND, "GetMonitor", Cause::Invalid { message })
}

/// The groups that somebody should look at, each with its place among them. A state that is not known here may be worse
/// than those that are.
fn failing(monitor: &Monitor) -> impl Iterator<Item = (u8, &str, &Group)> {
    monitor.groups().filter_map(|(name, group)| {
        let severity = match group.status {
            Some(MonitorState::Alert) => 0,
            Some(MonitorState::Warn) => 1,
            Some(MonitorState::NoData) => 2,
            Some(MonitorState::Unknown | MonitorState::Other) | None => 3,
            Some(MonitorState::Ok | MonitorState::Ignored | MonitorState::Skipped) => return None,
        };
        Some((severity, name, group))
    })
}
