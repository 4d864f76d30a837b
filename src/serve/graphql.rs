//! `/graphql`: GraphQL over HTTP, as the specification of that name has it, within limits.
//!
//! One request goes through it from top to bottom: the media type of the answer (`accept`), what is asked (`parameters`),
//! whether it may be executed (`graph::prepare`), the engine, and the answer (`answer`).

mod accept;
mod answer;
mod parameters;
mod refusal;

use crate::graph::engine::Engine;
use crate::graph::prepare::{Accepted, Preparer, Rejected};
use accept::MediaType;
use answer::{Order, Verdict};
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use parameters::Parameters;
use refusal::Refusal;
use serde_json::Value;
use std::sync::Arc;
use toolgen::Diagnostic;
use toolgen::spec::OperationKind;
use tracing::{Instrument, error, info_span};
use upstream::trace;

/// Bytes of a document that is checked beside the threads that serve.
const LONG: usize = 8 * 1024;

/// What `/graphql` is made of.
#[derive(Clone)]
pub struct Params {
    /// What runs the operations.
    pub engine: Arc<Engine>,
    /// What checks the requests.
    pub preparer: Arc<Preparer>,
    /// Whether mutations are executed.
    pub writes: Writes,
    /// Bytes of a request's body.
    pub body_limit: usize,
}

/// Whether mutations are executed. Unlike a tool, a document cannot be allowed by its name: it is all or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes {
    /// They are refused.
    Refused,
    /// They are executed, when they come by POST.
    Allowed,
}

/// The route `/graphql`.
pub fn routes(params: Params) -> Router {
    let body = DefaultBodyLimit::max(params.body_limit);
    Router::new()
        .route("/graphql", get(by_get).post(by_post).fallback(by_another))
        .layer(body)
        .with_state(Arc::new(params))
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Get,
    Post,
}

/// How a request came, and from where.
struct Origin {
    method: Method,
    context: trace::Context,
}

async fn by_get(State(params): State<Arc<Params>>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::from_url(query.as_deref().unwrap_or_default());
    answer(&params, &headers, Method::Get, parameters).await
}

async fn by_post(
    State(params): State<Arc<Params>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let parameters = match body {
        Ok(body) => Parameters::from_body(&headers, &body),
        Err(rejection) => Err(unreceived(&rejection, params.body_limit)),
    };
    answer(&params, &headers, Method::Post, parameters).await
}

async fn by_another() -> Response {
    let refusal = Refusal {
        status: StatusCode::METHOD_NOT_ALLOWED,
        code: "METHOD_NOT_ALLOWED",
        message: "send queries by GET or POST, mutations by POST".to_owned(),
    };
    let mut response = refused(&refusal, MediaType::Json);
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET, POST"));
    response
}

async fn answer(
    params: &Params,
    headers: &HeaderMap,
    method: Method,
    parameters: Result<Parameters, Refusal>,
) -> Response {
    let Some(media_type) = MediaType::wanted(headers) else {
        let refusal = Refusal {
            status: StatusCode::NOT_ACCEPTABLE,
            code: "NOT_ACCEPTABLE",
            message: "accept `application/graphql-response+json` or `application/json`".to_owned(),
        };
        return refused(&refusal, MediaType::Json);
    };
    let executed = match parameters {
        Ok(parameters) => {
            let header = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
            let context = trace::Context::read(header);
            execute(params, Origin { method, context }, parameters).await
        }
        Err(refusal) => Err(refusal),
    };
    match executed {
        Ok((body, verdict)) => written(status(media_type, verdict), media_type, &body),
        Err(refusal) => refused(&refusal, media_type),
    }
}

async fn execute(params: &Params, origin: Origin, parameters: Parameters) -> Result<(Value, Verdict), Refusal> {
    let Origin { method, context } = origin;
    let Accepted { prepared, kind } = match prepare(&params.preparer, parameters).await {
        Ok(accepted) => accepted,
        Err(Rejected::Request(refused)) => return Ok((answer::rejection_body(&refused), Verdict::Wrong)),
        Err(Rejected::Schema(found)) => {
            let found: Vec<_> = found.iter().map(Diagnostic::render).collect();
            error!("the schema cannot be read: {}", found.join("\n"));
            return Ok(failed());
        }
        Err(Rejected::Panic) => return Ok(failed()),
    };
    let kind = match kind {
        OperationKind::Query => "query",
        OperationKind::Mutation => {
            check_write(params.writes, method)?;
            "mutation"
        }
    };
    let order = Order::of(prepared.document());
    // Without the operation's name, which the caller makes up: OpenTelemetry's conventions for GraphQL servers.
    let span = info_span!("graphql", otel.name = %kind, otel.kind = "server", graphql.operation.type = %kind);
    trace::adopt(&span, &context);
    let execution = params.engine.execute(prepared, context).instrument(span).await;
    let stale = execution.call.account().stale();
    let (mut body, verdict) = answer::body(execution.response, &order);
    answer::add_stale(&mut body, &stale);
    Ok((body, verdict))
}

fn failed() -> (Value, Verdict) {
    (answer::refusal_body("INTERNAL", "internal error"), Verdict::Failed)
}

/// Checks a request. What is long is checked beside the threads that serve the others, since it takes some milliseconds.
async fn prepare(preparer: &Arc<Preparer>, parameters: Parameters) -> Result<Accepted, Rejected> {
    let check = |preparer: &Preparer, parameters: &Parameters| {
        let operation = parameters.operation_name.as_deref();
        preparer.prepare(&parameters.query, operation, &parameters.variables)
    };
    if parameters.query.len() <= LONG {
        return check(preparer, &parameters);
    }
    let preparer = Arc::clone(preparer);
    let checked = tokio::task::spawn_blocking(move || check(&preparer, &parameters)).await;
    checked.unwrap_or(Err(Rejected::Panic))
}

fn check_write(writes: Writes, method: Method) -> Result<(), Refusal> {
    match (writes, method) {
        (_, Method::Get) => Err(Refusal {
            status: StatusCode::METHOD_NOT_ALLOWED,
            code: "METHOD_NOT_ALLOWED",
            message: "a mutation has to be sent by POST".to_owned(),
        }),
        (Writes::Refused, Method::Post) => Err(Refusal {
            status: StatusCode::FORBIDDEN,
            code: "WRITES_REFUSED",
            message: "mutations are off here: they need a server that was started with `--allow-writes all`".to_owned(),
        }),
        (Writes::Allowed, Method::Post) => Ok(()),
    }
}

fn unreceived(rejection: &BytesRejection, limit: usize) -> Refusal {
    let status = rejection.status();
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Refusal {
            status,
            code: "TOO_LARGE",
            message: format!("the request's body is larger than {limit} bytes"),
        };
    }
    Refusal {
        status,
        code: "BAD_REQUEST",
        message: "the request's body did not arrive whole".to_owned(),
    }
}

/// With the older media type the status says only whether the request could be read; see the specification's section on
/// each of the two.
fn status(media_type: MediaType, verdict: Verdict) -> StatusCode {
    match (media_type, verdict) {
        (MediaType::Json, _) | (_, Verdict::Executed) => StatusCode::OK,
        (MediaType::GraphQl, Verdict::Wrong) => StatusCode::BAD_REQUEST,
        (MediaType::GraphQl, Verdict::Failed) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn refused(refusal: &Refusal, media_type: MediaType) -> Response {
    let mut response = written(
        refusal.status,
        media_type,
        &answer::refusal_body(refusal.code, &refusal.message),
    );
    if refusal.status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// Answers hold what only this client may see, at this moment.
fn written(status: StatusCode, media_type: MediaType, body: &Value) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.as_str()),
        (CACHE_CONTROL, "no-store"),
        (VARY, "Accept"),
    ];
    (status, headers, body.to_string()).into_response()
}

#[cfg(test)]
mod tests;
