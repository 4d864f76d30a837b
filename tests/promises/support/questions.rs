//! A question to each vendor that costs one request there, for what must hold for all three.

use super::Setup;
use sandbox::Vendor;
use serde_json::{Value, json};

/// A question to one vendor.
pub(crate) struct Question {
    pub(crate) vendor: Vendor,
    pub(crate) tool: &'static str,
    pub(crate) arguments: Value,
    /// The name by which the stand-in knows it.
    operation: &'static str,
}

impl Question {
    /// One to each vendor.
    pub(crate) fn to_each() -> [Self; 3] {
        let span = json!({ "query": "avg:checkout.errors{*}", "from": "1795167000", "to": "1795170600" });
        let question = |vendor, operation, tool, arguments| Self {
            vendor,
            tool,
            arguments,
            operation,
        };
        [
            question(
                Vendor::Slack,
                "conversations.history",
                "slack_get_history",
                json!({ "channel": "C0DEPLOYS", "limit": 2 }),
            ),
            question(
                Vendor::GitHub,
                "graphql",
                "github_get_repo",
                json!({ "owner": "acme", "name": "checkout" }),
            ),
            question(Vendor::Datadog, "GET /api/v1/query", "datadog_query_metrics", span),
        ]
    }

    /// How often the stand-in was asked it.
    pub(crate) fn asked(&self, setup: &Setup) -> usize {
        let requests = setup.sandbox.requests(self.vendor);
        // GitHub's operations have no names.
        let is_it = |name: &str| self.vendor == Vendor::GitHub || name == self.operation;
        requests.iter().filter(|request| is_it(&request.operation)).count()
    }

    /// The parameters of `tools/call`.
    pub(crate) fn params(&self) -> Value {
        json!({ "name": self.tool, "arguments": self.arguments })
    }
}
