//! A stream of events, message by message as they come.

use super::within;
use reqwest::Response;
use serde_json::Value;

/// A stream that goes on.
pub(crate) struct Events {
    response: Response,
    heard: String,
}

impl Events {
    #[track_caller]
    pub(super) fn of(response: Response) -> Self {
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/event-stream"), "{response:?}");
        Self {
            response,
            heard: String::new(),
        }
    }

    /// The next message. Comments and empty events only keep the stream alive.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            while let Some(end) = self.heard.find("\n\n") {
                let event: String = self.heard.drain(..end + 2).collect();
                let data: String = event.lines().filter_map(|line| line.strip_prefix("data:")).collect();
                if !data.trim().is_empty() {
                    return serde_json::from_str(&data).unwrap();
                }
            }
            let chunk = within(self.response.chunk()).await.unwrap();
            let chunk = chunk.expect("the stream goes on");
            self.heard
                .push_str(&String::from_utf8_lossy(&chunk).replace("\r\n", "\n"));
        }
    }
}
