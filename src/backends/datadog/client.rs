//! The client: sends a request down the road and reads the answer.

use super::classify::unreadable;
use serde::de::DeserializeOwned;
use upstream::{Call, Cause, Failure, Request, Stack};
use url::Url;

/// The backend's name in failures, metrics and cursors.
pub const BACKEND: &str = "datadog";

/// A client of Datadog.
#[derive(Clone)]
pub struct Client {
    stack: Stack,
    app: Url,
    slack_account: Option<String>,
}

impl Client {
    /// A client on this road; `app` is where Datadog's pages are, e.g. `https://app.datadoghq.com`.
    pub fn new(stack: Stack, app: Url) -> Self {
        Self {
            stack,
            app,
            slack_account: None,
        }
    }

    /// With the name that its handles give the Slack workspace (`@slack-<account>-<channel>`).
    #[must_use]
    pub fn with_slack_account(self, slack_account: Option<String>) -> Self {
        Self { slack_account, ..self }
    }

    /// The name that its handles give the Slack workspace, where it is configured.
    pub fn slack_account(&self) -> Option<&str> {
        self.slack_account.as_deref()
    }

    /// A monitor's page.
    pub(super) fn monitor_url(&self, id: i64) -> String {
        format!("{}/monitors/{id}", self.app.as_str().trim_end_matches('/'))
    }

    /// Forgets what carries this tag.
    pub(super) fn changed(&self, tag: &str) {
        self.stack.invalidate(tag);
    }

    /// Sends a request and reads the answer as `T`, which is `expected` in words. It has to be an object: serde would read
    /// a list as the fields of a struct in their order.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        request: Request,
        expected: &'static str,
        call: &Call,
    ) -> Result<T, Failure> {
        let (operation, access) = (request.operation, request.access);
        let response = self.stack.send(request, call).await?;
        let start = response.body.iter().find(|byte| !byte.is_ascii_whitespace());
        let answer = if start == Some(&b'{') {
            serde_json::from_slice(&response.body).map_err(|error| unreadable(expected, &error))
        } else {
            Err(Cause::Malformed {
                expected,
                got: "JSON that is no object".to_owned(),
            })
        };
        answer.map_err(|cause| {
            let outcome = cause.outcome(access);
            Failure::new(BACKEND, operation, cause).with_outcome(outcome)
        })
    }
}
