//! The services that monitors watch: names to choose from.

use super::client::Client;
use super::read;
use http::Method;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::time::Duration;
use upstream::{Call, Failure, Request};

/// Which services are watched changes slowly, and nothing is decided by it.
const FRESH: Duration = Duration::from_secs(600);

/// What a monitor of a service is tagged with ("Datadog docs: Unified Service Tagging").
const TAG: &str = "service:";

#[derive(Deserialize)]
struct Found {
    #[serde(default, deserialize_with = "read::or_default")]
    counts: Counts,
    #[serde(default, deserialize_with = "read::or_default")]
    monitors: Vec<Tagged>,
}

/// How many of all monitors there are of each kind; the search counts beyond the page that it gives.
#[derive(Default, Deserialize)]
struct Counts {
    #[serde(default, deserialize_with = "read::or_default")]
    tag: Vec<Count>,
}

#[derive(Deserialize)]
struct Count {
    #[serde(default, deserialize_with = "read::text")]
    name: Option<String>,
}

#[derive(Deserialize)]
struct Tagged {
    #[serde(default, deserialize_with = "read::texts")]
    tags: Vec<String>,
}

impl Client {
    /// The services that monitors are tagged with, by name.
    pub async fn services(&self, call: &Call) -> Result<Vec<String>, Failure> {
        // The order tells this request from a search, whose answers are kept for a shorter time.
        let request = Request::read("SearchMonitors", Method::GET, "/api/v1/monitor/search")
            .query("query", "")
            .query("page", "0")
            .query("per_page", "100")
            .query("sort", "tags,asc")
            .fresh_for(FRESH, vec!["datadog:monitors".to_owned()]);
        let found: Found = self.ask(request, "a page of monitors", call).await?;
        let counted = found.counts.tag.into_iter().filter_map(|count| count.name);
        let tags = counted.chain(found.monitors.into_iter().flat_map(|monitor| monitor.tags));
        let services: BTreeSet<String> = tags
            .filter_map(|tag| tag.strip_prefix(TAG).map(str::to_owned))
            .filter(|service| !service.is_empty())
            .collect();
        Ok(services.into_iter().collect())
    }
}
