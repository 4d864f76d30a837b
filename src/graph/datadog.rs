//! Datadog in the unified schema.

use async_graphql::Object;

/// Datadog's namespace.
pub struct DatadogQuery;

#[Object]
impl DatadogQuery {
    async fn placeholder(&self) -> bool {
        true
    }
}

/// Datadog's writes.
pub struct DatadogMutation;

#[Object]
impl DatadogMutation {
    async fn datadog_create_monitor(&self) -> bool {
        true
    }
}
