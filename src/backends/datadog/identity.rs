//! Whether the keys work, for `braid doctor`.

use super::client::Client;
use http::Method;
use serde_json::Value;
use upstream::{Call, Failure, Request};

impl Client {
    /// Whether the API key alone works, whatever becomes of the application key.
    pub async fn validate_api_key(&self, call: &Call) -> Result<(), Failure> {
        let request = Request::read("Validate", Method::GET, "/api/v1/validate");
        self.ask::<Value>(request, "whether the key is valid", call)
            .await
            .map(drop)
    }

    /// Asks for something small that needs both keys. `/api/v1/validate` would look at the API key alone.
    pub async fn validate(&self, call: &Call) -> Result<(), Failure> {
        let request = Request::read("monitor.search", Method::GET, "/api/v1/monitor/search").query("per_page", "1");
        self.ask::<Value>(request, "a page of monitors", call).await.map(drop)
    }
}
