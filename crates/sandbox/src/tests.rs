//! The stand-ins, met over HTTP by a plain client.

mod datadog;
mod faults;
mod github;
mod schema;
mod slack;
mod story;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use super::{Options, Sandbox, start};

/// A sandbox and a client that follows no redirect and knows no vendor.
struct Bench {
    sandbox: Sandbox,
    client: Client,
}

impl Bench {
    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let sandbox = start(options).await.unwrap();
        // The process has one TLS provider, which whoever comes first installs.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("braid-tests")
            .build();
        Self {
            sandbox,
            client: client.unwrap(),
        }
    }

    /// A reading call with the bot token.
    async fn slack(&self, method: &str, arguments: &[(&str, &str)]) -> Value {
        let token = &self.sandbox.credentials.slack_bot_token;
        json_of(self.slack_request(method, arguments).bearer_auth(token)).await
    }

    /// The same with the user token.
    async fn slack_as_user(&self, method: &str, arguments: &[(&str, &str)]) -> Value {
        let token = &self.sandbox.credentials.slack_user_token;
        json_of(self.slack_request(method, arguments).bearer_auth(token)).await
    }

    fn slack_request(&self, method: &str, arguments: &[(&str, &str)]) -> RequestBuilder {
        let form = serde_urlencoded::to_string(arguments).unwrap();
        self.client
            .post(format!("{}/{method}", self.sandbox.slack_api))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
    }

    async fn graphql(&self, query: &str) -> Value {
        self.graphql_with(query, json!({})).await
    }

    async fn graphql_with(&self, query: &str, variables: Value) -> Value {
        json_of(self.graphql_request(&json!({ "query": query, "variables": variables }))).await
    }

    fn graphql_request(&self, body: &Value) -> RequestBuilder {
        let request = self.client.post(self.sandbox.github_graphql.clone());
        request
            .bearer_auth(&self.sandbox.credentials.github_token)
            .body(body.to_string())
    }

    async fn datadog(&self, path: &str) -> Value {
        json_of(self.datadog_request(path)).await
    }

    fn datadog_request(&self, path: &str) -> RequestBuilder {
        self.keyed(self.client.get(self.sandbox.datadog_api.join(path).unwrap()))
    }

    fn keyed(&self, request: RequestBuilder) -> RequestBuilder {
        let credentials = &self.sandbox.credentials;
        request
            .header("dd-api-key", &credentials.datadog_api_key)
            .header("dd-application-key", &credentials.datadog_app_key)
    }
}

async fn json_of(request: RequestBuilder) -> Value {
    let text = request.send().await.unwrap().text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The elements of a list within an answer, each as one of its fields.
fn column(answer: &Value, list: &str, field: &str) -> Vec<String> {
    let items = answer
        .pointer(list)
        .and_then(Value::as_array)
        .unwrap_or_else(|| panic!("no {list} in {answer}"));
    items
        .iter()
        .map(|item| item[field].as_str().unwrap_or_default().to_owned())
        .collect()
}
