//! What every stand-in does alike: read the request, note it, meet it with a fault, answer, and serve `/_sandbox`.

mod spoil;

use std::{collections::BTreeMap, io, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method},
    response::Response,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{
    fault::{Fault, LimitForm, RetryAfter},
    line::{Cut, Lines},
    record::{Journal, Outcome, Recorded},
    reply::{Call, Reply, pairs},
};

/// More than any of the three vendors takes.
const MAX_BODY: usize = 16 << 20;
const CREDENTIAL_HEADERS: [&str; 4] = ["authorization", "cookie", "dd-api-key", "dd-application-key"];

/// A vendor behind the front.
pub(super) trait StandIn: Send + Sync + 'static {
    /// The names that a call goes by in faults, the one to record first.
    fn names(&self, call: &Call) -> Vec<String>;

    /// Which credentials came along, by the names of [`Credentials`](super::Credentials)' fields.
    fn credentials(&self, call: &Call) -> Vec<String>;

    fn answer(&self, call: &Call) -> impl Future<Output = Reply> + Send;

    /// The vendor's words for too many requests.
    fn too_many(&self, form: LimitForm, retry_after: Option<&RetryAfter>) -> Reply;

    /// The vendor's words for a status that a fault asks for.
    fn failure(&self, status: u16) -> Reply;
}

/// A stand-in on its socket.
pub(super) struct Front<S> {
    stand_in: S,
    journal: Arc<Journal>,
    stop: CancellationToken,
}

impl<S: StandIn> Front<S> {
    /// Binds a free port of 127.0.0.1 and serves until `stop` is cancelled.
    pub(super) async fn start(stand_in: S, stop: &CancellationToken) -> io::Result<(Arc<Journal>, SocketAddr)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let at = listener.local_addr()?;
        let journal = Arc::new(Journal::default());
        let front = Arc::new(Self {
            stand_in,
            journal: Arc::clone(&journal),
            stop: stop.clone(),
        });
        let routes = Router::new()
            .fallback(handle::<S>)
            .with_state(front)
            .into_make_service_with_connect_info::<Cut>();
        let serving = axum::serve(Lines(listener), routes).with_graceful_shutdown(stop.clone().cancelled_owned());
        tokio::spawn(async move { serving.await });
        Ok((journal, at))
    }

    async fn answer(&self, call: Call, cut: Cut) -> Response {
        let names = self.stand_in.names(&call);
        let visit = self
            .journal
            .enter(recorded(&call, &names, self.stand_in.credentials(&call)));
        let effect = self.journal.fault(&names);
        // A call that hangs or is delayed must not keep a stopped sandbox alive.
        let answer = spoil::answer(&self.stand_in, &call, effect, cut);
        let response = tokio::select! {
            response = answer => response,
            () = self.stop.cancelled() => Reply::new(503, "text/plain", "the sandbox was stopped").send(),
        };
        visit.answered(response.status().as_u16());
        response
    }

    /// The stand-in's own pages, which are neither recorded nor spoilt.
    fn control(&self, call: &Call) -> Reply {
        match (&call.method, call.path.as_str()) {
            (&Method::GET, "/_sandbox/requests") => Reply::json(200, &json!(self.journal.requests())),
            (&Method::DELETE, "/_sandbox/requests") => {
                self.journal.clear_requests();
                Reply::json(200, &json!({}))
            }
            (&Method::GET, "/_sandbox/faults") => Reply::json(200, &json!(self.journal.faults())),
            (&Method::DELETE, "/_sandbox/faults") => {
                self.journal.clear_faults();
                Reply::json(200, &json!({}))
            }
            (&Method::POST, "/_sandbox/faults") => match serde_json::from_slice::<Fault>(&call.body) {
                Ok(fault) => {
                    self.journal.inject(fault);
                    Reply::json(201, &json!({}))
                }
                Err(error) => Reply::json(400, &json!({ "error": error.to_string() })),
            },
            _ => Reply::json(
                404,
                &json!({ "error": "there are /_sandbox/requests and /_sandbox/faults" }),
            ),
        }
    }
}

async fn handle<S: StandIn>(
    State(front): State<Arc<Front<S>>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
        return Reply::new(413, "text/plain", "the body is too large").send();
    };
    let call = Call {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        headers: parts.headers,
        body,
    };
    if call.path.starts_with("/_sandbox") {
        front.control(&call).send()
    } else {
        front.answer(call, cut).await
    }
}

fn recorded(call: &Call, names: &[String], credentials: Vec<String>) -> Recorded {
    Recorded {
        method: call.method.to_string(),
        path: call.path.clone(),
        operation: names.first().cloned().unwrap_or_default(),
        query: call.query.clone(),
        arguments: match call.arguments() {
            Value::Object(fields) => fields.into(),
            _ => Value::Null,
        },
        headers: plain_headers(&call.headers),
        credentials,
        outcome: Outcome::Pending,
    }
}

fn plain_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = |name: &str, value: &[u8]| {
        if CREDENTIAL_HEADERS.contains(&name) {
            "…".to_owned()
        } else {
            String::from_utf8_lossy(value).into_owned()
        }
    };
    let sorted: BTreeMap<&str, String> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), shown(name.as_str(), value.as_bytes())))
        .collect();
    sorted
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
