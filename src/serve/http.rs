//! The HTTP server: the router as one table, what stands in front of every route, and how it ends.

mod body;
mod calls;
mod connections;
mod guard;
mod sessions;

pub use connections::Bounds;
pub use guard::{takes_host, takes_origin};

use crate::mcp::Handler;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use calls::Calls;
use guard::Guard;
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};
use sessions::Bounded;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use upstream::auth::Secret;

/// How long a legacy session may be idle. rmcp's five minutes would cut off a call that is silent for longer, and send
/// clients into an error that some do not recover from.
const SESSION_IDLE: Duration = Duration::from_secs(3600);

/// How long the answers of a session are kept for a client that lost its connection and comes back. Under load this is
/// most of the server's memory.
const RESUMABLE: Duration = Duration::from_secs(5);

/// How long connections may take to end once there is nothing left to answer.
const LINGER: Duration = Duration::from_secs(2);

/// How to serve HTTP. Any handler will do; the conformance suite brings one around ours.
pub struct Params<H = Handler> {
    /// What answers on `/mcp`.
    pub handler: H,
    /// Further routes, behind the same checks: `/graphql`, `/graphiql`, `/metrics` and the like.
    pub routes: Router,
    /// What every request to every route must carry as `Authorization: Bearer …`.
    pub token: Option<Secret>,
    /// Names that this server answers to beside loopback's, `host` or `host:port`.
    pub hosts: Vec<String>,
    /// Origins that web pages may call from beside loopback and the server's own, e.g. `https://app.example.com`.
    pub origins: Vec<String>,
    /// How large a request's body may be, in bytes.
    pub body_limit: usize,
    /// How many connections there may be, and how long they may be silent.
    pub connections: Bounds,
    /// How many sessions of the older era are kept; beyond it the one that was idle longest ends.
    pub sessions: NonZeroUsize,
    /// How long calls in flight may take once the server was asked to end.
    pub patience: Duration,
    /// What `/readyz` says beside `ready`.
    pub details: Arc<dyn Fn() -> Value + Send + Sync>,
}

/// Why the server does not run.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Everybody could call it.
    #[error(
        "{address} can be reached from other machines: set BRAID_TOKEN (or BRAID_TOKEN_FILE), or listen on loopback"
    )]
    Exposed {
        /// Where it would listen.
        address: SocketAddr,
    },
    /// The listener broke.
    #[error("HTTP: {0}")]
    Broken(#[from] io::Error),
}

/// Serves until `shutdown` resolves. Then nothing new is accepted, calls in flight are answered, and what is still open
/// after that (event streams, idle connections) is closed.
pub async fn run<H: ServerHandler + Clone>(
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
    params: Params<H>,
) -> Result<(), HttpError> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() && params.token.is_none() {
        return Err(HttpError::Exposed { address });
    }
    let (patience, bounds) = (params.patience, params.connections);
    let (calls, stopping, ending) = (Calls::default(), CancellationToken::new(), CancellationToken::new());
    let app = router(
        params,
        &Shared {
            calls: calls.clone(),
            stopping: stopping.clone(),
            ending: ending.clone(),
            address,
        },
    );
    let mut server = tokio::spawn(connections::serve(listener, app, bounds, stopping.clone()));
    tokio::select! {
        ended = &mut server => return ended.map_err(io::Error::other).map_err(HttpError::from),
        () = shutdown => stopping.cancel(),
    }
    if tokio::time::timeout(patience, calls.none()).await.is_err() {
        tracing::warn!("calls in flight were given up");
    }
    ending.cancel();
    let _ = tokio::time::timeout(LINGER, &mut server).await;
    server.abort();
    Ok(())
}

/// What somebody sees who comes with nothing but the address.
const FRONT_DOOR: &str =
    "Braid: MCP at /mcp, GraphiQL at /graphiql, the tools at /graphiql/tools, GraphQL at /graphql.\n";

/// What the router and the end of the server share.
struct Shared {
    calls: Calls,
    stopping: CancellationToken,
    ending: CancellationToken,
    address: SocketAddr,
}

/// Every route, and what stands in front of all of them; the last layer is the outermost.
fn router<H: ServerHandler + Clone>(params: Params<H>, shared: &Shared) -> Router {
    let ready = Ready {
        stopping: shared.stopping.clone(),
        details: Arc::clone(&params.details),
    };
    let guard = Guard::new(guard::Params {
        token: params.token.clone(),
        hosts: &params.hosts,
        origins: &params.origins,
        address: shared.address,
    });
    let readable = body::Params {
        limit: params.body_limit,
    };
    let mcp = Router::new()
        .route_service("/mcp", mcp(params.handler, params.sessions, shared.ending.clone()))
        // Around rmcp alone: bodies within the limit, and unreadable ones answered in the protocol's own words.
        .layer(from_fn_with_state(readable, body::readable));
    Router::new()
        .route("/", get(async || FRONT_DOOR))
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(readyz).with_state(ready))
        .merge(mcp)
        .merge(params.routes)
        // For the other routes' own extractors.
        .layer(DefaultBodyLimit::max(params.body_limit))
        // Inside the guard: what is refused is no call.
        .layer(from_fn_with_state(shared.calls.clone(), calls::counted))
        // In front of everything, also of paths that do not exist.
        .layer(from_fn_with_state(Arc::new(guard), guard::checked))
        // Even a refusal must not be taken for something else by a browser.
        .layer(from_fn(no_sniffing))
}

fn mcp<H: ServerHandler + Clone>(
    handler: H,
    sessions: NonZeroUsize,
    ending: CancellationToken,
) -> StreamableHttpService<H, Bounded> {
    let mut manager = LocalSessionManager::default();
    manager.session_config.keep_alive = Some(SESSION_IDLE);
    manager.session_config.completed_cache_ttl = RESUMABLE;
    let config = StreamableHttpServerConfig::default()
        // One JSON body where there is nothing to stream (modern era).
        .with_json_response(true)
        // Both are checked in front of every route, by `guard`.
        .disable_allowed_hosts()
        .disable_allowed_origins()
        // Bounded by `body`.
        .with_max_request_body_bytes(usize::MAX)
        .with_cancellation_token(ending);
    let manager = Arc::new(Bounded::new(manager, sessions));
    StreamableHttpService::new(move || Ok(handler.clone()), manager, config)
}

#[derive(Clone)]
struct Ready {
    stopping: CancellationToken,
    details: Arc<dyn Fn() -> Value + Send + Sync>,
}

/// Whether new calls are welcome; a balancer takes the server out while it ends.
async fn readyz(State(ready): State<Ready>) -> Response {
    let is_ready = !ready.stopping.is_cancelled();
    let mut answer = json!({ "ready": is_ready });
    if let (Value::Object(answer), Value::Object(mut details)) = (&mut answer, (ready.details)()) {
        answer.append(&mut details);
    }
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(answer)).into_response()
}

async fn no_sniffing(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let mut response = next.run(request).await;
    let nosniff = axum::http::HeaderValue::from_static("nosniff");
    response
        .headers_mut()
        .insert(axum::http::header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

#[cfg(test)]
mod tests;
