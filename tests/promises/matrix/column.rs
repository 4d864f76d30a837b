//! The matrix's columns: a reading and a writing tool of each vendor, each of which makes one request of its vendor first.

use sandbox::Vendor;
use serde_json::{Value, json};

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    SlackRead,
    SlackWrite,
    GitHubRead,
    DatadogRead,
    DatadogWrite,
}

use Column::{DatadogRead, DatadogWrite, GitHubRead, SlackRead, SlackWrite};

/// All of them.
pub(super) const ALL: [Column; 5] = [SlackRead, SlackWrite, GitHubRead, DatadogRead, DatadogWrite];
/// Slack's.
pub(super) const SLACK: [Column; 2] = [SlackRead, SlackWrite];
/// GitHub's.
pub(super) const GITHUB: [Column; 1] = [GitHubRead];
/// Datadog's.
pub(super) const DATADOG: [Column; 2] = [DatadogRead, DatadogWrite];

impl Column {
    pub(super) fn name(self) -> &'static str {
        match self {
            SlackRead => "slack   read ",
            SlackWrite => "slack   write",
            GitHubRead => "github  read ",
            DatadogRead => "datadog read ",
            DatadogWrite => "datadog write",
        }
    }

    pub(super) fn vendor(self) -> Vendor {
        match self {
            SlackRead | SlackWrite => Vendor::Slack,
            GitHubRead => Vendor::GitHub,
            DatadogRead | DatadogWrite => Vendor::Datadog,
        }
    }

    pub(super) fn backend(self) -> &'static str {
        match self {
            SlackRead | SlackWrite => "slack",
            GitHubRead => "github",
            DatadogRead | DatadogWrite => "datadog",
        }
    }

    pub(super) fn writes(self) -> bool {
        matches!(self, SlackWrite | DatadogWrite)
    }

    /// The tool, and what it is called with.
    pub(super) fn call(self) -> (&'static str, Value) {
        match self {
            SlackRead => ("slack_get_history", json!({ "channel": "C0DEPLOYS", "limit": 5 })),
            SlackWrite => (
                "slack_send_message",
                json!({ "channel": "C0DEPLOYS", "text": "Rolling back" }),
            ),
            GitHubRead => ("github_get_repo", json!({ "owner": "acme", "name": "checkout" })),
            DatadogRead => (
                "datadog_query_metrics",
                json!({ "query": "avg:checkout.errors{*}", "from": 1_795_170_000, "to": 1_795_170_300 }),
            ),
            DatadogWrite => (
                "datadog_create_alert",
                json!({ "name": "Checkout errors", "type": "metric alert", "query": "avg(last_5m):avg:checkout.errors{*} > 5" }),
            ),
        }
    }

    /// Its first request, as the stand-in names it.
    pub(super) fn operation(self) -> &'static str {
        match self {
            SlackRead => "conversations.history",
            SlackWrite => "chat.postMessage",
            GitHubRead => "graphql",
            DatadogRead => "GET /api/v1/query",
            DatadogWrite => "POST /api/v1/monitor",
        }
    }

    /// Where the same request would be answered, on the same host.
    pub(super) fn elsewhere(self) -> &'static str {
        match self {
            SlackRead => "/api/conversations.history?channel=C0DEPLOYS&limit=5",
            SlackWrite => "/api/chat.postMessage",
            GitHubRead => "/graphql",
            DatadogRead => "/api/v1/query?query=avg%3Acheckout.errors%7B%2A%7D&from=1795170000&to=1795170300",
            DatadogWrite => "/api/v1/monitor",
        }
    }

    /// The variable that says where its vendor is, and the path below the host.
    pub(super) fn address(self) -> (&'static str, &'static str) {
        match self.vendor() {
            Vendor::Slack => ("SLACK_API_URL", "/api"),
            Vendor::GitHub => ("GITHUB_GRAPHQL_URL", "/graphql"),
            Vendor::Datadog => ("DATADOG_API_URL", ""),
        }
    }
}
