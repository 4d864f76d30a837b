//! What the measured processes talk to: Datadog's answer to one query, from a handler that keeps no limits (the stand-ins
//! keep the vendor's, and thousands of calls would meet them); for the rest, the stand-ins.

use super::client;
use crate::upstream;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::serve::ListenerExt;
use sandbox::{Options, Sandbox};
use tokio::net::TcpListener;

/// The stand-ins, and the handler.
pub(crate) struct World {
    sandbox: Sandbox,
    /// Where Datadog is.
    pub(crate) datadog: String,
}

impl World {
    pub(crate) async fn start() -> Self {
        let sandbox = sandbox::start(Options::default()).await.unwrap();
        let request = client::http()
            .get(upstream(sandbox.datadog_api.as_str(), 0))
            .header("dd-api-key", &sandbox.credentials.datadog_api_key)
            .header("dd-application-key", &sandbox.credentials.datadog_app_key);
        let answer = request
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap()
            .bytes()
            .await
            .unwrap();
        let answers = async move || ([(CONTENT_TYPE, "application/json")], answer.clone());
        let router: Router = Router::new().route("/api/v1/query", get(answers));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let datadog = format!("http://{}/", listener.local_addr().unwrap());
        let listener = listener.tap_io(|socket| socket.set_nodelay(true).unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { sandbox, datadog }
    }

    /// What a process is told of them.
    pub(crate) fn environment(&self) -> [(&'static str, String); 9] {
        let credentials = &self.sandbox.credentials;
        [
            ("SLACK_API_URL", self.sandbox.slack_api.to_string()),
            ("SLACK_BOT_TOKEN", credentials.slack_bot_token.clone()),
            ("SLACK_USER_TOKEN", credentials.slack_user_token.clone()),
            ("GITHUB_GRAPHQL_URL", self.sandbox.github_graphql.to_string()),
            ("GITHUB_API_URL", self.sandbox.github_api.to_string()),
            ("GITHUB_TOKEN", credentials.github_token.clone()),
            ("DATADOG_API_URL", self.datadog.clone()),
            ("DATADOG_API_KEY", credentials.datadog_api_key.clone()),
            ("DATADOG_APP_KEY", credentials.datadog_app_key.clone()),
        ]
    }

    /// Datadog's two keys.
    pub(crate) fn keys(&self) -> [String; 2] {
        let credentials = &self.sandbox.credentials;
        [credentials.datadog_api_key.clone(), credentials.datadog_app_key.clone()]
    }
}
