//! The way to a token endpoint: small, bounded, https or loopback, and without the layers, which wait for its tokens.

use crate::upstream::Cause;
use crate::upstream::wire::{base_refusal, client_builder, innermost};
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
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
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct EndpointError(String);

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
        Ok(Self { client })
    }

    /// Asks; an answer of any status is `Ok`.
    pub(super) async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, EndpointError> {
        let failed = |error: reqwest::Error| EndpointError(innermost(&error));
        let (parts, body) = request.into_parts();
        let mut answer = self
            .client
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers)
            .body(body)
            .send()
            .await
            .map_err(failed)?;
        let mut response = Response::new(Vec::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if response.body().len() + chunk.len() > LIMIT {
                return Err(EndpointError(format!("answer larger than {LIMIT} bytes")));
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
        self.ask(request).boxed()
    }
}

impl From<EndpointError> for Cause {
    fn from(error: EndpointError) -> Self {
        Self::Unreachable {
            reason: format!("the token endpoint: {error}"),
        }
    }
}
