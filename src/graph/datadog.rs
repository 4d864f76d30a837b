//! Datadog in the unified schema.

mod downsample;
mod figure;
mod metrics;
mod monitor;
mod words;

pub use figure::Figure;
pub use metrics::{DatadogMetrics, DatadogPoint, DatadogSeries};
pub use monitor::{DatadogMonitor, DatadogMonitorConnection, DatadogMonitorGroup};
pub use words::{DatadogMonitorState, DatadogMonitorType};

use crate::backends::datadog::{BACKEND, Groups, MetricsQuery, MonitorSearch, NewMonitor};
use crate::graph::clock;
use crate::graph::failure::{graphql_error, loaders, report};
use crate::graph::paging::{self, Count, PageInfo};
use crate::graph::scalars::{DateTime, Time};
use crate::loaders::datadog::MonitorKey;
use async_graphql::{Context, Error, ID, Lookahead, Object};
use upstream::{Cause, Failure};

/// Names the list that a cursor belongs to.
const SEARCH: &str = "datadog.searchMonitors";

/// Datadog's namespace.
pub struct DatadogQuery;

/// Datadog: metrics and monitors.
#[Object]
impl DatadogQuery {
    /// A metric query over a span of time.
    async fn metrics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Datadog's metric query, e.g. `avg:system.cpu.user{service:checkout} by {host}`.")]
        query: String,
        #[graphql(
            desc = "Start: epoch seconds, RFC 3339, or relative as `now-1h`.",
            default_with = "Time::an_hour_ago()"
        )]
        from: Time,
        #[graphql(
            desc = "End: epoch seconds, RFC 3339, or relative as `now`.",
            default_with = "Time::now()"
        )]
        to: Time,
    ) -> Result<Option<DatadogMetrics>, Error> {
        let now = clock::now(ctx);
        let span = MetricsQuery {
            query,
            from: whole_seconds(from.resolve(now)),
            to: whole_seconds(to.resolve(now)),
        };
        check_span(&span).map_err(|failure| graphql_error(&failure))?;
        let metrics = loaders(ctx)?.datadog.metrics(span.clone()).await;
        let metrics = metrics.map_err(|failure| graphql_error(&failure))?;
        if metrics.series.len() > metrics::MOST_SERIES {
            report(ctx, &metrics::too_many(metrics.series.len()));
        }
        Ok(Some(DatadogMetrics::new(&span, &metrics)))
    }

    /// A monitor by id.
    async fn monitor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The monitor's id, a number.")] id: ID,
    ) -> Result<Option<DatadogMonitor>, Error> {
        let id = monitor_id(&id).map_err(|failure| graphql_error(&failure))?;
        let groups = groups_wanted(&ctx.look_ahead());
        let monitor = loaders(ctx)?.datadog.monitor(MonitorKey { id, groups }).await;
        let monitor = monitor.map_err(|failure| graphql_error(&failure))?;
        Ok(Some(DatadogMonitor::whole(monitor)))
    }

    /// Monitors that match a search.
    async fn search_monitors(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Datadog's monitor search, e.g. `status:alert tag:\"service:checkout\"`; empty for all.",
            default
        )]
        query: String,
        #[graphql(desc = "How many monitors, 1 to 100.", default = 20)] first: i32,
        #[graphql(desc = "Where to go on: the `next_cursor` of the page before.")] cursor: Option<String>,
    ) -> Result<Option<DatadogMonitorConnection>, Error> {
        let Page { number, size, skip } = page(first, cursor.as_deref()).map_err(|failure| graphql_error(&failure))?;
        let search = MonitorSearch {
            query,
            page: number,
            per_page: size,
        };
        let found = loaders(ctx)?.datadog.search(search).await;
        let found = found.map_err(|failure| graphql_error(&failure))?;
        let groups = groups_wanted(&ctx.look_ahead().field("nodes"));
        let next = found.next.map(|next| format!("{next} {size}"));
        Ok(Some(DatadogMonitorConnection {
            total_count: found.total.and_then(|total| i32::try_from(total).ok()),
            nodes: found
                .monitors
                .iter()
                .skip(skip)
                .map(|monitor| DatadogMonitor::found(monitor.clone().into(), groups))
                .collect(),
            page_info: PageInfo::next(SEARCH, next.as_deref()),
        }))
    }
}

/// Datadog's writes.
pub struct DatadogMutation;

#[Object]
impl DatadogMutation {
    /// Create a Datadog monitor.
    async fn datadog_create_monitor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What people see in lists and notifications.")] name: String,
        #[graphql(desc = "What kind of monitor it is; it must fit the query.", name = "type")] kind: DatadogMonitorType,
        #[graphql(
            desc = "The condition, in Datadog's monitor query language, e.g. `avg(last_5m):avg:system.load.1{service:checkout} > 4`."
        )]
        query: String,
        #[graphql(desc = "The notification's text; `@slack-channel` and `@user@example.com` say who gets it.")]
        message: Option<String>,
        #[graphql(desc = "Tags such as `service:checkout`.")] tags: Option<Vec<String>>,
    ) -> Result<Option<DatadogMonitor>, Error> {
        let new = NewMonitor {
            name,
            kind: kind.into(),
            query,
            message,
            tags: tags.unwrap_or_default(),
        };
        let monitor = loaders(ctx)?.datadog.create_monitor(&new).await;
        let monitor = monitor.map_err(|failure| graphql_error(&failure))?;
        Ok(Some(DatadogMonitor::whole(monitor)))
    }
}

/// The states of a monitor's groups can be thousands: they are asked for only where a field needs them.
fn groups_wanted(monitor: &Lookahead<'_>) -> Groups {
    if ["failingGroups", "failingGroupCount"]
        .iter()
        .any(|field| monitor.field(field).exists())
    {
        Groups::With
    } else {
        Groups::Without
    }
}

fn monitor_id(id: &ID) -> Result<i64, Failure> {
    id.trim().parse().map_err(|_| {
        let message = format!(
            "`{}` is no monitor id: give a number, as in the monitor's URL",
            id.as_str()
        );
        invalid("GetMonitor", message)
    })
}

/// A page of a search.
#[derive(Debug, PartialEq, Eq)]
struct Page {
    number: u32,
    size: u32,
    /// How many of its monitors were had already.
    skip: usize,
}

/// The page, and how many monitors it has. The cursor carries both, since a page number means something else when the
/// size changes on the way.
fn page(first: i32, cursor: Option<&str>) -> Result<Page, Failure> {
    let per_page = Count {
        backend: BACKEND,
        operation: "SearchMonitors",
        argument: "first",
        max: 100,
    }
    .of(first)?;
    let position = paging::position(BACKEND, SEARCH, cursor)?;
    let page = |number| Page {
        number,
        size: per_page,
        skip: position.skip,
    };
    let Some(cursor) = &position.vendor else {
        return Ok(page(0));
    };
    let numbers: Option<(u32, u32)> = cursor
        .split_once(' ')
        .and_then(|(page, size)| Some((page.parse().ok()?, size.parse().ok()?)));
    match numbers {
        Some((number, size)) if size == per_page => Ok(page(number)),
        Some((_, size)) => Err(invalid(
            "SearchMonitors",
            format!("`first` was {size} on the page that gave this `cursor` and has to stay {size}"),
        )),
        None => Err(invalid(
            "SearchMonitors",
            "`cursor` is damaged; take it as it was given".to_owned(),
        )),
    }
}

fn whole_seconds(at: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_second(at.as_second()).unwrap_or(at)
}

fn check_span(span: &MetricsQuery) -> Result<(), Failure> {
    if span.from < span.to {
        return Ok(());
    }
    let (from, to) = (DateTime(span.from), DateTime(span.to));
    let message = if span.from == span.to {
        format!("`from` and `to` are the same moment, {from}: give a span, e.g. `now-1h` to `now`")
    } else {
        format!("`from` ({from}) is after `to` ({to}): give the earlier moment as `from`")
    };
    Err(invalid("QueryMetrics", message))
}

fn invalid(operation: &'static str, message: String) -> Failure {
    Failure::new(BACKEND, operation, Cause::Invalid { message })
}

#[cfg(test)]
mod tests;
