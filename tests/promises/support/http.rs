//! `braid serve`, request by request.

use super::{Complaints, Era, Events, Run, Setup, stdio, within};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use std::sync::Once;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Child;

/// A running server, and a client of it.
pub(crate) struct Server {
    /// Where it is, without a path.
    pub(crate) url: String,
    /// Sent with every request.
    pub(crate) headers: HeaderMap,
    client: Client,
    child: Child,
    pub(crate) complaints: Complaints,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Server {
    /// Starts the server on a free port.
    pub(crate) async fn start(setup: &Setup) -> Self {
        Self::with(setup, &["--allow-writes", "all"]).await
    }

    /// Starts the server with further arguments.
    pub(crate) async fn with(setup: &Setup, further: &[&str]) -> Self {
        let arguments: Vec<_> = ["serve", "--listen", "127.0.0.1:0"]
            .iter()
            .chain(further)
            .copied()
            .collect();
        let mut child = setup.command(&arguments).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut heard = String::new();
        let url = loop {
            let read = within(stderr.read_line(&mut heard)).await.unwrap();
            assert_ne!(read, 0, "it ended: {heard}");
            if let Some(url) = address(&heard) {
                break url.to_owned();
            }
        };
        let complaints = Complaints::going_on(stderr, heard);
        Self {
            url,
            headers: HeaderMap::new(),
            client: client(),
            child,
            complaints,
        }
    }

    /// Sends any request.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<String>,
    ) -> Answer {
        let response = self.begin(method, path, headers, body).await;
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body: within(response.text()).await.unwrap(),
        }
    }

    /// Resolves when so many requests to this backend wait for an answer, or for their turn.
    pub(crate) async fn until_waiting(&self, backend: &str, count: u32) {
        let line = format!("braid_upstream_waiting{{backend=\"{backend}\"}} {count}");
        within(async {
            while !self.get("/metrics").await.body.lines().any(|told| told == line) {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// Opens the stream on which a client hears of changes: a subscription, or that of a session.
    pub(crate) async fn listen(&self, session: Option<&str>) -> Events {
        let accept = ("accept", "application/json, text/event-stream");
        if let Some(session) = session {
            let headers = [accept, ("mcp-session-id", session)];
            return Events::of(self.begin(Method::GET, "/mcp", &headers, "").await);
        }
        let method = "subscriptions/listen";
        let wanted = json!({ "notifications": { "toolsListChanged": true, "resourcesListChanged": true } });
        let headers = [
            accept,
            ("content-type", "application/json"),
            ("mcp-protocol-version", Era::Modern.version()),
            ("mcp-method", method),
        ];
        let body = Era::Modern.request(1, method, wanted).to_string();
        Events::of(self.begin(Method::POST, "/mcp", &headers, body).await)
    }

    async fn begin(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<String>,
    ) -> reqwest::Response {
        let mut all = self.headers.clone();
        all.extend(headers.iter().map(|(name, value)| {
            (
                name.parse::<HeaderName>().unwrap(),
                value.parse::<HeaderValue>().unwrap(),
            )
        }));
        let request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .headers(all)
            .body(body.into());
        within(request.send()).await.unwrap()
    }

    /// Sends a JSON body's head and its first bytes only, and gives what is answered before the rest is sent.
    pub(crate) async fn send_part(&self, path: &str, whole: usize, part: usize) -> String {
        let host = self.url.strip_prefix("http://").unwrap();
        let mut socket = TcpStream::connect(host).await.unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             accept: application/json, text/event-stream\r\ncontent-length: {whole}\r\n\r\n"
        );
        within(socket.write_all(head.as_bytes())).await.unwrap();
        within(socket.write_all(&vec![b' '; part])).await.unwrap();
        let mut answer = String::new();
        within(socket.read_to_string(&mut answer)).await.unwrap();
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await
    }

    /// Sends a message of the modern era to `/mcp`.
    pub(crate) async fn modern(&self, method: &str, params: Value) -> Answer {
        let name = params["name"]
            .as_str()
            .or(params["uri"].as_str())
            .unwrap_or_default()
            .to_owned();
        let body = Era::Modern.request(1, method, params).to_string();
        let mut headers = vec![("mcp-protocol-version", Era::Modern.version()), ("mcp-method", method)];
        if !name.is_empty() {
            headers.push(("mcp-name", &name));
        }
        self.post(&headers, body).await
    }

    /// Sends a message of the legacy era to `/mcp`, in a session or to open one.
    pub(crate) async fn legacy(&self, session: Option<&str>, message: &Value) -> Answer {
        let headers: Vec<_> = session.iter().map(|session| ("mcp-session-id", *session)).collect();
        self.post(&headers, message.to_string()).await
    }

    /// Opens a session, and gives its id.
    pub(crate) async fn session(&self) -> String {
        let open = Era::Legacy.request(1, "initialize", Era::handshake());
        let answer = self.legacy(None, &open).await;
        assert_eq!(
            answer.message()["result"]["protocolVersion"],
            Era::Legacy.version(),
            "{answer:?}"
        );
        let session = answer.headers["mcp-session-id"].to_str().unwrap().to_owned();
        let opened = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        assert_eq!(self.legacy(Some(&session), &opened).await.status, StatusCode::ACCEPTED);
        session
    }

    /// A request in either era, in a new session where there are sessions; gives the answer.
    pub(crate) async fn request(&self, era: Era, method: &str, params: Value) -> Value {
        match era {
            Era::Modern => self.modern(method, params).await.message(),
            Era::Legacy => {
                let session = self.session().await;
                self.legacy(Some(&session), &era.request(2, method, params))
                    .await
                    .message()
            }
        }
    }

    /// Sends a body to `/mcp`, with the headers that a client always sends.
    pub(crate) async fn post(&self, headers: &[(&str, &str)], body: String) -> Answer {
        let mut all = vec![
            ("content-type", "application/json"),
            ("accept", "application/json, text/event-stream"),
        ];
        all.extend(headers);
        self.send(Method::POST, "/mcp", &all, body).await
    }

    /// Sends the process a signal: `INT`, `TERM`.
    pub(crate) async fn signal(&self, name: &str) {
        stdio::signal(&self.child, name).await;
    }

    /// Waits for the end of the process.
    pub(crate) async fn ended(mut self) -> Run {
        let status = within(self.child.wait()).await.unwrap();
        Run {
            code: status.code(),
            stdout: String::new(),
            stderr: self.complaints.whole().await,
        }
    }
}

impl Answer {
    pub(crate) fn content_type(&self) -> &str {
        self.headers
            .get("content-type")
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The answer to the request, from one JSON body or from a stream's last event.
    pub(crate) fn message(&self) -> Value {
        if !self.content_type().starts_with("text/event-stream") {
            return self.json();
        }
        let events = self.body.lines().filter_map(|line| line.strip_prefix("data:"));
        let mut messages = events.filter_map(|data| serde_json::from_str::<Value>(data.trim()).ok());
        messages.next_back().unwrap_or_else(|| panic!("no message in {self:?}"))
    }
}

/// A client that speaks to loopback only and follows nothing.
pub(crate) fn client() -> Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _installed_by_another = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

fn address(said: &str) -> Option<&str> {
    let start = said.find("http://127.0.0.1:")?;
    let rest = said.get(start..)?;
    // The line may go on, and may not be complete yet.
    rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '`'))
        .and_then(|end| rest.get(..end))
        .map(|url| url.trim_end_matches([':', '/']))
}
