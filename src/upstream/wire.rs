//! The end of the road: HTTP through reqwest, credentials on, redirects to other hosts refused, bodies bounded.

use super::classify::Refusal;
use super::layer::{Layer, Next};
use super::stack::Params;
use super::{Access, Body, Call, Cause, Failure, Outcome, Request, Response};
use async_trait::async_trait;
use http::header::CONTENT_TYPE;

/// How large an answer may be.
const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// Sends requests over HTTP.
pub struct Wire {
    params: Params,
    client: reqwest::Client,
}

impl Wire {
    /// Makes the HTTP client.
    pub fn new(params: Params) -> Result<Self, Failure> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("braid/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| {
                Failure::new(
                    params.backend,
                    "start",
                    Cause::Unreachable {
                        reason: error.to_string(),
                    },
                )
            })?;
        Ok(Self { params, client })
    }

    async fn exchange(&self, request: &Request) -> Result<Response, Cause> {
        let url = format!("{}{}", self.params.base.as_str().trim_end_matches('/'), request.path);
        let mut builder = self.client.request(request.method.clone(), url);
        if !request.query.is_empty() {
            let encoded = serde_urlencoded::to_string(&request.query).map_err(|error| Cause::Invalid {
                message: error.to_string(),
            })?;
            builder = self.client.request(
                request.method.clone(),
                format!(
                    "{}{}?{encoded}",
                    self.params.base.as_str().trim_end_matches('/'),
                    request.path
                ),
            );
        }
        let mut headers = http::HeaderMap::new();
        for auth in &self.params.auth {
            auth.apply(&mut headers);
        }
        builder = builder.headers(headers);
        builder = match &request.body {
            Body::Empty => builder,
            Body::Form(pairs) => builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(
                serde_urlencoded::to_string(pairs).map_err(|error| Cause::Invalid {
                    message: error.to_string(),
                })?,
            ),
            Body::Json(value) => builder
                .header(CONTENT_TYPE, "application/json; charset=utf-8")
                .body(value.to_string()),
        };
        let mut answer = builder.send().await.map_err(|error| cause_of(&error))?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = bytes::BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| Cause::Interrupted {
            reason: error.without_url().to_string(),
        })? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(Cause::TooLarge { limit: BODY_LIMIT });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status,
            headers,
            body: body.freeze(),
        })
    }
}

fn cause_of(error: &reqwest::Error) -> Cause {
    if error.is_connect() {
        Cause::Unreachable {
            reason: "no connection".to_owned(),
        }
    } else {
        Cause::Interrupted {
            reason: "the connection broke".to_owned(),
        }
    }
}

#[async_trait]
impl Layer for Wire {
    async fn handle(&self, request: &Request, call: &Call, _next: Next<'_>) -> Result<Response, Failure> {
        let left = call.left();
        let failed = |refusal: Refusal, outcome| Failure {
            backend: self.params.backend,
            operation: request.operation,
            cause: refusal.cause,
            hint: refusal.hint,
            request_id: refusal.request_id,
            outcome,
        };
        let outcome = if request.access == Access::Read {
            Outcome::NotDone
        } else {
            Outcome::Unknown
        };
        match tokio::time::timeout(left, self.exchange(request)).await {
            Err(_elapsed) => Err(failed(Cause::TimedOut { after: left }.into(), outcome)),
            Ok(Err(cause)) => Err(failed(cause.into(), outcome)),
            Ok(Ok(response)) => match self.params.classify.classify(request, &response) {
                Ok(()) => Ok(response),
                Err(refusal) => Err(failed(refusal, Outcome::NotDone)),
            },
        }
    }
}
