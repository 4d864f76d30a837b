//! Clients that do as little as possible: what they take is in both sides of each ratio.

use super::process::{Child, braid};
use braid::sandbox::Sandbox;
use reqwest::Client;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};
use std::sync::Once;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

/// Which revision a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    /// 2025-11-25.
    Legacy,
    /// 2026-07-28.
    Modern,
}

impl Era {
    /// A request; a tool call's parameters are its arguments.
    pub(crate) fn request(self, id: usize, method: &str, params: &Value) -> Value {
        let mut params = params.clone();
        if self == Self::Modern {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": { "name": "road", "version": "1" },
            });
        }
        json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
    }
}

/// A client over HTTP, with connections of its own.
pub(crate) struct Http {
    url: String,
    client: Client,
    era: Era,
    session: Option<String>,
    last: usize,
}

impl Http {
    pub(crate) async fn open(url: &str, era: Era) -> Self {
        let mut client = Self {
            url: format!("{url}/mcp"),
            client: http(),
            era,
            session: None,
            last: 0,
        };
        if era == Era::Legacy {
            let handshake = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "road", "version": "1" } });
            let opened = client.send(&era.request(0, "initialize", &handshake), "").await;
            client.session = Some(opened.headers()["mcp-session-id"].to_str().unwrap().to_owned());
            opened.bytes().await.unwrap();
            let done = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
            client.send(&done, "").await;
        }
        client
    }

    /// Calls a tool and gives the body of the answer.
    pub(crate) async fn call(&mut self, tool: &str, arguments: &Value) -> String {
        self.last += 1;
        let params = json!({ "name": tool, "arguments": arguments });
        let answer = self
            .send(&self.era.request(self.last, "tools/call", &params), tool)
            .await
            .text()
            .await
            .unwrap();
        assert!(answer.contains("structuredContent"), "{answer}");
        answer
    }

    async fn send(&self, message: &Value, tool: &str) -> reqwest::Response {
        let mut request = self
            .client
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json, text/event-stream")
            .body(message.to_string());
        if self.era == Era::Modern {
            request = request
                .header("mcp-protocol-version", "2026-07-28")
                .header("mcp-method", "tools/call")
                .header("mcp-name", tool);
        }
        if let Some(session) = &self.session {
            request = request.header("mcp-session-id", session);
        }
        request.send().await.unwrap().error_for_status().unwrap()
    }
}

/// A client over standard input and output.
pub(crate) struct Stdio {
    _process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last: usize,
}

impl Stdio {
    pub(crate) fn open(sandbox: &Sandbox) -> Self {
        let mut command = braid(sandbox, &["stdio"]);
        let mut process = command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        Self {
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()),
            _process: Child(process),
            last: 0,
        }
    }

    /// Calls a tool and gives the line of the answer.
    pub(crate) async fn call(&mut self, tool: &str, arguments: &Value) -> String {
        let answer = self
            .request("tools/call", &json!({ "name": tool, "arguments": arguments }))
            .await;
        assert!(answer.contains("structuredContent"), "{answer}");
        answer
    }

    /// Sends a request and gives the line of the answer.
    pub(crate) async fn request(&mut self, method: &str, params: &Value) -> String {
        self.last += 1;
        let request = format!("{}\n", Era::Modern.request(self.last, method, params));
        self.input.write_all(request.as_bytes()).await.unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).await.unwrap();
        line
    }
}

/// An HTTP client that speaks to loopback only.
pub(crate) fn http() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _installed_by_another = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder().no_proxy().tcp_nodelay(true).build().unwrap()
}
