//! The client: sends a request down the road and reads the answer.

use super::classify::unreadable;
use crate::upstream::{Access, Call, Failure, Outcome, Request, Stack};
use serde::de::DeserializeOwned;
use url::Url;

/// The backend's name in failures, metrics and cursors.
pub const BACKEND: &str = "datadog";

/// A client of Datadog.
#[derive(Clone)]
pub struct Client {
    stack: Stack,
    app: Url,
}

impl Client {
    /// A client on this road; `app` is where Datadog's pages are, e.g. `https://app.datadoghq.com`.
    pub fn new(stack: Stack, app: Url) -> Self {
        Self { stack, app }
    }

    /// A monitor's page.
    pub(super) fn monitor_url(&self, id: i64) -> String {
        format!("{}/monitors/{id}", self.app.as_str().trim_end_matches('/'))
    }

    /// Sends a request and reads the answer as `T`, which is `expected` in words.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        request: Request,
        expected: &'static str,
        call: &Call,
    ) -> Result<T, Failure> {
        let (operation, access) = (request.operation, request.access);
        let response = self.stack.send(request, call).await?;
        serde_json::from_slice(&response.body).map_err(|error| Failure {
            // A write that was answered with success was carried out, even though its answer tells nothing.
            outcome: match access {
                Access::Read => Outcome::NotDone,
                Access::Write | Access::IdempotentWrite => Outcome::Unknown,
            },
            ..Failure::new(BACKEND, operation, unreadable(expected, &error))
        })
    }
}
