//! The way to a token endpoint: small, bounded, https or loopback, and without the layers, which wait for its tokens.

use super::answer::in_standard_form;
use crate::Cause;
use crate::wire::{base_refusal, client_builder, innermost};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::header::LOCATION;
use http::{Request, Response, StatusCode};
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::time::Duration;
use url::Url;

/// A token is some hundred bytes, a page of an angry proxy some thousand.
const LIMIT: usize = 256 * 1024;

/// How long a token endpoint may take.
const LONG: Duration = Duration::from_secs(10);

/// A client for one token endpoint.
#[derive(Clone)]
pub(super) struct Endpoint {
    client: reqwest::Client,
    /// The object of an answer in which the token stands, if not outside of all.
    within: Option<&'static str>,
}

/// Why there was no answer that says anything about the request.
#[derive(Debug, thiserror::Error)]
pub(super) enum EndpointError {
    /// None came, or it was cut off.
    #[error("{0}")]
    Lost(String),
    /// It has a fault of its own, or is asked too often.
    #[error("answered {0}")]
    Sick(StatusCode),
    /// It sends us on. Secrets go to the configured host only.
    #[error("redirected to {0}, not followed")]
    Redirected(String),
}

impl Endpoint {
    /// [`Cause::Invalid`] where secrets may not be sent to this URL.
    pub(super) fn new(url: &Url) -> Result<Self, Cause> {
        if let Some(message) = base_refusal(url) {
            return Err(Cause::Invalid { message });
        }
        let client = client_builder(url)
            .timeout(LONG)
            .build()
            .map_err(|error| Cause::Invalid {
                message: innermost(&error),
            })?;
        Ok(Self { client, within: None })
    }

    /// Takes the token from inside this object of an answer, where it is there.
    pub(super) fn within(mut self, object: Option<&'static str>) -> Self {
        self.within = object;
        self
    }

    /// Asks. A refusal is an answer; what says nothing about the request is an error.
    pub(super) async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, EndpointError> {
        let failed = |error: reqwest::Error| EndpointError::Lost(innermost(&error));
        let (parts, body) = request.into_parts();
        let mut answer = self
            .client
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers)
            .body(body)
            .send()
            .await
            .map_err(failed)?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(EndpointError::Redirected(target(&answer)));
        }
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(EndpointError::Sick(status));
        }
        let mut response = Response::new(Vec::new());
        *response.status_mut() = status;
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if response.body().len() + chunk.len() > LIMIT {
                return Err(EndpointError::Lost(format!("answer larger than {LIMIT} bytes")));
            }
            response.body_mut().extend_from_slice(&chunk);
        }
        Ok(response)
    }
}

/// A named future, as a closure's would not be known to be `Send` for every lifetime.
impl<'c> AsyncHttpClient<'c> for Endpoint {
    type Error = EndpointError;
    type Future = BoxFuture<'c, Result<HttpResponse, EndpointError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let answer = self.ask(request);
        async { Ok(in_standard_form(answer.await?, self.within)) }.boxed()
    }
}

/// The host of a redirect, without what may stand in its path and query.
fn target(answer: &reqwest::Response) -> String {
    let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let target = location.and_then(|location| answer.url().join(location).ok());
    target.map_or_else(|| "nowhere".to_owned(), |target| target.origin().ascii_serialization())
}

impl From<EndpointError> for Cause {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::Sick(status) => Self::Unavailable {
                status: status.as_u16(),
                message: "the token endpoint".to_owned(),
            },
            EndpointError::Redirected(host) => Self::Redirected {
                host: format!("{host} by the token endpoint"),
            },
            EndpointError::Lost(reason) => Self::Unreachable {
                reason: format!("the token endpoint: {reason}"),
            },
        }
    }
}
