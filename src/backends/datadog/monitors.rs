//! Monitors: look up, search, create ("Datadog API reference: Monitors").

use super::client::{BACKEND, Client};
use super::monitor::{Monitor, MonitorType};
use super::read;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;
use upstream::{Body, Call, Cause, Failure, Request};

/// Long enough for the calls of one question, short enough for an alert that people wait for.
const FRESH: Duration = Duration::from_secs(15);

/// What every search for monitors tells about, for whoever makes it stale.
const SEARCHES: &str = "datadog:monitors";

/// Whether the states of a monitor's groups are asked for; a monitor over all hosts has thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Groups {
    /// Without them.
    Without,
    /// With them.
    With,
}

/// A page of a search for monitors.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MonitorSearch {
    /// In Datadog's monitor search language; empty for all.
    pub query: String,
    /// Which page, from 0.
    pub page: u32,
    /// How many monitors a page has.
    pub per_page: u32,
}

/// A page of monitors.
#[derive(Debug, Clone, PartialEq)]
pub struct MonitorPage {
    /// How many match in all.
    pub total: Option<i64>,
    /// The monitors, without what a search does not give.
    pub monitors: Vec<Monitor>,
    /// The next page, where there is one.
    pub next: Option<u32>,
}

/// A monitor that is to be made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewMonitor {
    /// Its name.
    pub name: String,
    /// What kind it is; it must fit the query.
    #[serde(rename = "type")]
    pub kind: MonitorType,
    /// The condition.
    pub query: String,
    /// The notification's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Client {
    /// A monitor by id.
    pub async fn monitor(&self, id: i64, groups: Groups, call: &Call) -> Result<Monitor, Failure> {
        let request =
            Request::read("GetMonitor", Method::GET, format!("/api/v1/monitor/{id}")).fresh_for(FRESH, vec![tag(id)]);
        let request = match groups {
            Groups::Without => request,
            Groups::With => request.query("group_states", "all"),
        };
        let monitor: Monitor = self.ask(request, "a monitor", call).await?;
        Ok(self.with_url(monitor))
    }

    /// Monitors that match a search.
    pub async fn search_monitors(&self, search: &MonitorSearch, call: &Call) -> Result<MonitorPage, Failure> {
        let request = Request::read("SearchMonitors", Method::GET, "/api/v1/monitor/search")
            .query("query", &search.query)
            .query("page", search.page.to_string())
            .query("per_page", search.per_page.to_string())
            .fresh_for(FRESH, vec![SEARCHES.to_owned()]);
        let found: Found = self.ask(request, "a page of monitors", call).await?;
        let mut page = found.page(search);
        page.monitors = page
            .monitors
            .into_iter()
            .map(|monitor| self.with_url(monitor))
            .collect();
        Ok(page)
    }

    /// Makes a monitor.
    pub async fn create_monitor(&self, new: &NewMonitor, call: &Call) -> Result<Monitor, Failure> {
        const OPERATION: &str = "CreateMonitor";
        let body = serde_json::to_value(new).map_err(|error| {
            let message = error.to_string();
            Failure::new(BACKEND, OPERATION, Cause::Invalid { message })
        })?;
        let request = Request::write(OPERATION, Method::POST, "/api/v1/monitor")
            .body(Body::Json(body))
            .changing(vec![SEARCHES.to_owned()]);
        let monitor: Monitor = self.ask(request, "the new monitor", call).await?;
        // Somebody may have looked for its number before there was one.
        self.changed(&tag(monitor.id));
        Ok(self.with_url(monitor))
    }

    fn with_url(&self, mut monitor: Monitor) -> Monitor {
        monitor.url = self.monitor_url(monitor.id);
        monitor
    }
}

/// What an answer about this monitor tells about.
fn tag(id: i64) -> String {
    format!("datadog:monitor:{id}")
}

/// A search's answer.
#[derive(Deserialize)]
struct Found {
    /// Read one by one, so that a bad one does not make a full page look like the last.
    monitors: Vec<Value>,
    #[serde(default, deserialize_with = "read::or_default")]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default, deserialize_with = "read::integer")]
    total_count: Option<i64>,
    #[serde(default, deserialize_with = "read::integer")]
    page_count: Option<i64>,
}

impl Found {
    /// Without a page count, a full page is taken to have a next one: an empty last page is better than a lost one.
    fn page(self, search: &MonitorSearch) -> MonitorPage {
        let more = match self.metadata.page_count {
            Some(pages) => i64::from(search.page) + 1 < pages,
            None => self.monitors.len() >= search.per_page as usize,
        };
        MonitorPage {
            total: self.metadata.total_count,
            monitors: read::readable(self.monitors),
            next: search.page.checked_add(1).filter(|_| more),
        }
    }
}
