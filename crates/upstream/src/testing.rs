//! A peer for tests: speaks HTTP over a real socket on loopback, answers by a script, keeps what it saw, and breaks
//! connections in all the ways that real ones break.

use super::auth::{Auth, Bearer};
use super::layer::{End, Layer, Next, Road};
use super::quota::retry_after;
use super::{Call, Cause, Classify, Failure, Metrics, Params, Refusal, Request, Response};
use async_trait::async_trait;
use http::{HeaderMap, Method};
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::Instant;
use url::Url;

/// A request as the peer saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// What the peer does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Answers.
    Answer {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
        after: Duration,
    },
    /// Resets the connection without an answer.
    Reset,
    /// Sends the head and half of the body, then resets.
    ResetInBody,
    /// Closes politely in the middle of the body.
    BreakOff,
    /// Never answers.
    Hang,
    /// Sends a byte every so often, for ever.
    Drip(Duration),
}

impl Reply {
    pub(crate) fn status(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer {
            status,
            headers: vec![("content-type", "application/json".to_owned())],
            body: body.into(),
            after: Duration::ZERO,
        }
    }

    pub(crate) fn ok() -> Self {
        Self::status(200, r#"{"ok":true}"#)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.retain(|(known, _)| *known != name);
            headers.push((name, value.into()));
        }
        self
    }

    pub(crate) fn after(mut self, wait: Duration) -> Self {
        if let Self::Answer { after, .. } = &mut self {
            *after = wait;
        }
        self
    }
}

type Script = dyn Fn(&Seen, usize) -> Reply + Send + Sync;

/// The peer.
pub(crate) struct Peer {
    pub(crate) url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Peer {
    /// A peer that answers by this script, which is given the request and its number, from 0.
    pub(crate) async fn start(script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (script, log): (Arc<Script>, _) = (Arc::new(script), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                connections.spawn(serve(stream, Arc::clone(&script), Arc::clone(&log)));
            }
        });
        Self { url, seen, task }
    }

    /// A peer that gives these answers in turn, the last one for ever.
    pub(crate) async fn replies(replies: Vec<Reply>) -> Self {
        Self::start(move |_, number| replies[number.min(replies.len() - 1)].clone()).await
    }

    /// What it saw so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// How many requests it saw.
    pub(crate) fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// Parameters of a road to it.
    pub(crate) fn params(&self) -> Params {
        params_to(self.url.clone())
    }

    /// Parameters of a road to it with these credentials.
    pub(crate) fn params_with(&self, auth: Vec<Box<dyn Auth>>) -> Params {
        Params::new("peer", self.url.clone(), auth, Box::new(ByStatus))
    }
}

/// A port at which nobody listens, for as long as the socket is kept: one that was merely let go could be given to the
/// peer of another test.
pub(crate) fn closed_port() -> (TcpSocket, Url) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = Url::parse(&format!("http://{}", socket.local_addr().unwrap())).unwrap();
    (socket, url)
}

/// Parameters of a road to there.
pub(crate) fn params_to(url: Url) -> Params {
    Params::new(
        "peer",
        url,
        vec![Box::new(Bearer::new("the-secret"))],
        Box::new(ByStatus),
    )
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(stream: TcpStream, script: Arc<Script>, log: Arc<Mutex<Vec<Seen>>>) {
    let mut stream = BufReader::new(stream);
    while let Some(seen) = read_request(&mut stream).await {
        let number = {
            let mut log = log.lock().unwrap();
            log.push(seen.clone());
            log.len() - 1
        };
        let reply = script(&seen, number);
        if !play(stream.get_mut(), reply).await {
            return;
        }
    }
}

async fn read_request(stream: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok().filter(|&length| length > 0)?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.parse().ok()?, words.next()?.to_owned());
    let mut headers = HeaderMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.append(
            http::HeaderName::from_bytes(name.as_bytes()).ok()?,
            value.trim().parse().ok()?,
        );
    }
    let length = headers
        .get("content-length")
        .map_or("0", |value| value.to_str().unwrap());
    let mut body = vec![0; length.parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    Some(Seen {
        method,
        path,
        headers,
        body,
    })
}

/// Whether the connection stays open.
async fn play(stream: &mut TcpStream, reply: Reply) -> bool {
    let half = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"ok\":";
    match reply {
        Reply::Answer {
            status,
            headers,
            body,
            after,
        } => {
            tokio::time::sleep(after).await;
            let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                head.extend([name, ": ", &value, "\r\n"]);
            }
            head += "\r\n";
            let bytes = [head.as_bytes(), &body].concat();
            stream.write_all(&bytes).await.is_ok()
        }
        Reply::Reset => reset(stream),
        Reply::ResetInBody => {
            stream.write_all(half).await.unwrap();
            stream.flush().await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            reset(stream)
        }
        Reply::BreakOff => {
            stream.write_all(half).await.unwrap();
            false
        }
        Reply::Hang => std::future::pending().await,
        Reply::Drip(pause) => {
            stream.write_all(half).await.unwrap();
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(pause).await;
            }
            false
        }
    }
}

fn reset(stream: &TcpStream) -> bool {
    stream.set_zero_linger().unwrap();
    false
}

/// A classifier for tests that goes by the status alone, as a plain REST vendor would.
pub(crate) struct ByStatus;

impl Classify for ByStatus {
    fn classify(&self, _request: &Request, response: &Response) -> Result<(), Refusal> {
        let message = || response.appearance();
        let status = response.status.as_u16();
        let cause = match status {
            200..=399 => {
                return Ok(response
                    .expect_json()
                    .or_else(|cause| if status == 200 { Err(cause) } else { Ok(()) })?);
            }
            401 => Cause::Unauthorized {
                code: "401".to_owned(),
                variables: vec!["PEER_TOKEN"],
            },
            403 => Cause::Forbidden { message: message() },
            404 => Cause::NotFound { what: "it".to_owned() },
            400 | 422 => Cause::Invalid { message: message() },
            429 => Cause::Throttled {
                retry_after: retry_after(&response.headers).unwrap_or(seconds(60)),
            },
            500.. => Cause::Unavailable {
                status,
                message: message(),
            },
            _ => Cause::Rejected {
                code: status.to_string(),
                message: message(),
            },
        };
        Err(cause.into())
    }
}

/// A request that reads.
pub(crate) fn a_read() -> Request {
    Request::read("things.get", Method::GET, "/things")
}

/// A request that writes.
pub(crate) fn a_write() -> Request {
    Request::write("things.make", Method::POST, "/things").body(super::Body::Json(Value::from(1)))
}

/// An end of the road without a socket, for the paused clock: answers by a script, after a while.
#[derive(Clone, Default)]
pub(crate) struct FakeEnd(Arc<FakeState>);

#[derive(Default)]
pub(crate) struct FakeState {
    /// When each request arrived, since the first one.
    pub(crate) arrivals: Mutex<Vec<Instant>>,
    under_way: AtomicUsize,
    /// How many were under way at once at most.
    pub(crate) at_once: AtomicUsize,
    /// How many were dropped before they were answered.
    pub(crate) dropped: AtomicUsize,
    script: OnceLock<Box<FakeScript>>,
}

type FakeScript = dyn Fn(&Request, usize) -> (Duration, Result<Response, Failure>) + Send + Sync;

impl FakeEnd {
    pub(crate) fn new(
        script: impl Fn(&Request, usize) -> (Duration, Result<Response, Failure>) + Send + Sync + 'static,
    ) -> Self {
        let end = Self::default();
        end.0.script.set(Box::new(script)).ok();
        end
    }

    /// Answers well after so long.
    pub(crate) fn well(after: Duration) -> Self {
        Self::new(move |_, _| (after, Ok(good())))
    }

    /// Fails with these causes in turn, then answers well.
    pub(crate) fn failing(causes: Vec<Cause>) -> Self {
        Self::new(move |request, number| {
            let result = match causes.get(number) {
                Some(cause) => Err(failed(request, cause.clone())),
                None => Ok(good()),
            };
            (Duration::ZERO, result)
        })
    }

    /// A road of these layers that ends here.
    pub(crate) fn road(&self, layers: Vec<Box<dyn Layer>>) -> Next {
        let end = Box::new(self.clone());
        Next::new(Arc::new(Road { layers, end }))
    }

    pub(crate) fn count(&self) -> usize {
        self.0.arrivals.lock().unwrap().len()
    }

    pub(crate) fn state(&self) -> &FakeState {
        &self.0
    }
}

#[async_trait]
impl End for FakeEnd {
    async fn send(&self, request: &Request, _call: &Call) -> Result<Response, Failure> {
        struct UnderWay<'a>(&'a FakeState, bool);
        impl Drop for UnderWay<'_> {
            fn drop(&mut self) {
                self.0.under_way.fetch_sub(1, Ordering::SeqCst);
                if !self.1 {
                    self.0.dropped.fetch_add(1, Ordering::SeqCst);
                }
            }
        }
        let state = &*self.0;
        let number = {
            let mut arrivals = state.arrivals.lock().unwrap();
            arrivals.push(Instant::now());
            arrivals.len() - 1
        };
        let now = state.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        state.at_once.fetch_max(now, Ordering::SeqCst);
        let mut under_way = UnderWay(state, false);
        let (after, result) = state.script.get().unwrap()(request, number);
        tokio::time::sleep(after).await;
        under_way.1 = true;
        result
    }
}

pub(crate) fn good() -> Response {
    Response {
        status: http::StatusCode::OK,
        headers: HeaderMap::new(),
        body: bytes::Bytes::from_static(b"{}"),
    }
}

pub(crate) fn failed(request: &Request, cause: Cause) -> Failure {
    let outcome = cause.outcome(request.access);
    Failure::new("peer", request.operation, cause).with_outcome(outcome)
}

pub(crate) fn metrics() -> Metrics {
    Metrics::new().unwrap()
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn unavailable() -> Cause {
    Cause::Unavailable {
        status: 503,
        message: "down".to_owned(),
    }
}
