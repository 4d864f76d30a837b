//! The end of the road: HTTP through reqwest, credentials put on, redirects to other hosts refused, bodies bounded.

mod body;
mod outgoing;
mod scrub;
mod trouble;

#[cfg(test)]
mod tests;

pub use outgoing::{Outgoing, base_refusal};
pub use trouble::innermost;

use super::auth::Auth;
use super::layer::End;
use super::{Access, Call, Cause, Failure, Outcome, Request, Response, tls};
use async_trait::async_trait;
use body::Watched;
use bytes::BytesMut;
use http::header::{HOST, LOCATION};
use http::{Method, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use trouble::Trouble;
use url::Url;

/// How often a redirect within the host is followed.
const REDIRECTS: usize = 3;

/// What makes one backend's wire differ from another's.
pub struct Params {
    /// The backend's name.
    pub backend: &'static str,
    /// What all paths are below.
    pub base: Url,
    /// The credentials, applied in order: what signs comes after what it signs.
    pub auth: Arc<[Box<dyn Auth>]>,
    /// How long the parts of an exchange may take.
    pub timeouts: Timeouts,
    /// How large an answer may be, decompressed.
    pub body_limit: usize,
}

/// How long the parts of an exchange may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until there is a connection, TLS included.
    pub connect: Duration,
    /// Between two pieces of an answer, and until the first.
    pub read: Duration,
    /// For one attempt as a whole: a slow drip keeps `read` content for ever.
    pub attempt: Duration,
    /// For a request with its repeats and waits.
    pub request: Duration,
}

impl Default for Timeouts {
    /// GitHub gives up on a heavy query after about ten seconds and says so with a 502 ("GraphQL API: rate limits
    /// and query limits"): that answer is worth waiting for. A request ends before the default call of 25 s does.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(4),
            read: Duration::from_secs(12),
            attempt: Duration::from_secs(15),
            request: Duration::from_secs(22),
        }
    }
}

/// Sends requests over HTTP.
pub struct Wire {
    params: Params,
    client: reqwest::Client,
}

impl Wire {
    /// Makes the HTTP client. [`Cause::Invalid`] where the base URL is none that credentials may be sent to.
    pub fn new(params: Params) -> Result<Self, Failure> {
        let refused = |message| Failure::new(params.backend, "start", Cause::Invalid { message });
        if let Some(reason) = base_refusal(&params.base) {
            return Err(refused(reason));
        }
        let client = client(&params).map_err(|error| refused(innermost(&error)))?;
        Ok(Self { params, client })
    }

    async fn exchange(&self, request: &Request, call: &Call, watch: &Watched) -> Result<Response, Cause> {
        let base = &self.params.base;
        let span = tracing::Span::current();
        span.record("server.address", base.host_str().unwrap_or_default());
        span.record("server.port", base.port_or_known_default());
        let mut outgoing = Outgoing::new(base, request)?;
        for hop in 0.. {
            outgoing.headers.extend(call.context().outgoing());
            call.note(|trail| trail.signed.clear());
            let mut signed = Vec::with_capacity(self.params.auth.len());
            for auth in self.params.auth.iter() {
                signed.push(auth.apply(&mut outgoing).await?);
            }
            call.note(|trail| trail.signed = signed);
            // After the credentials: to renew them may have taken all the time there was.
            if call.send_by() < Instant::now() {
                return Err(Cause::NotSent { waited: Duration::ZERO });
            }
            call.account().enter(self.params.backend, |spent| spent.requests += 1);
            let answer = self.send_once(&outgoing, watch).await?;
            if !answer.status().is_redirection() || answer.status() == StatusCode::NOT_MODIFIED {
                let response = self.read(answer).await?;
                return Ok(scrub::without_secrets(response, &outgoing.headers));
            }
            let target = self.redirect_target(request, &outgoing, &answer)?;
            if hop == REDIRECTS {
                return Err(Cause::Redirected {
                    host: format!("itself more than {REDIRECTS} times"),
                });
            }
            outgoing = Outgoing {
                url: target,
                ..Outgoing::new(base, request)?
            };
        }
        Err(Cause::Interrupted {
            reason: "no answer".to_owned(),
        })
    }

    async fn send_once(&self, outgoing: &Outgoing, watch: &Watched) -> Result<reqwest::Response, Cause> {
        let mut request = reqwest::Request::new(outgoing.method.clone(), outgoing.url.clone());
        request.headers_mut().clone_from(&outgoing.headers);
        request.headers_mut().remove(HOST);
        if outgoing.body.is_empty() {
            // Nothing of an empty body is ever asked for, so from here on the request counts as gone.
            watch.mark();
        } else {
            *request.body_mut() = Some(reqwest::Body::wrap(watch.body(outgoing.body.clone())));
        }
        let answer = self.client.execute(request).await;
        answer.map_err(|error| self.cause(&error))
    }

    /// Where to go on, if at all. Only reads are followed, and only where nothing but the path changes: credentials
    /// go to the configured host alone, and 301 to 303 would turn a POST into a GET.
    fn redirect_target(
        &self,
        request: &Request,
        outgoing: &Outgoing,
        answer: &reqwest::Response,
    ) -> Result<Url, Cause> {
        let location = answer
            .headers()
            .get(LOCATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| outgoing.url.join(value).ok())
            .ok_or_else(|| Cause::Malformed {
                expected: "a redirect with a location",
                got: answer.status().to_string(),
            })?;
        let keeps_method = matches!(
            answer.status(),
            StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
        ) || matches!(request.method, Method::GET | Method::HEAD);
        if location.origin() == self.params.base.origin() && request.access == Access::Read && keeps_method {
            return Ok(location);
        }
        let host = location.host_str().unwrap_or("nowhere");
        Err(Cause::Redirected {
            host: match location.port() {
                Some(port) => format!("{}://{host}:{port}", location.scheme()),
                None => format!("{}://{host}", location.scheme()),
            },
        })
    }

    async fn read(&self, mut answer: reqwest::Response) -> Result<Response, Cause> {
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let limit = self.params.body_limit;
        let length = answer.content_length().map(usize::try_from);
        let mut body = match length {
            Some(Ok(length)) if length <= limit => BytesMut::with_capacity(length),
            Some(_) => return Err(Cause::TooLarge { limit }),
            None => BytesMut::new(),
        };
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.cause(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(Cause::TooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response {
            status,
            headers,
            body: body.freeze(),
        })
    }

    fn cause(&self, error: &reqwest::Error) -> Cause {
        Trouble {
            host: self.params.base.host_str().unwrap_or_default(),
            timeouts: self.params.timeouts,
        }
        .cause(error)
    }
}

#[async_trait]
impl End for Wire {
    async fn send(&self, request: &Request, call: &Call) -> Result<Response, Failure> {
        let started = Instant::now();
        let watch = Watched::default();
        let until = call.request_deadline().min(started + self.params.timeouts.attempt);
        let cause = match tokio::time::timeout_at(until, self.exchange(request, call, &watch)).await {
            Ok(Ok(response)) => return Ok(response),
            Ok(Err(cause)) => cause,
            Err(_elapsed) => Cause::TimedOut {
                after: started.elapsed(),
            },
        };
        let outcome = if watch.has_left() {
            cause.outcome(request.access)
        } else {
            Outcome::NotDone
        };
        Err(Failure::new(self.params.backend, request.operation, cause).with_outcome(outcome))
    }
}

fn client(params: &Params) -> Result<reqwest::Client, reqwest::Error> {
    client_builder(&params.base)
        .connect_timeout(params.timeouts.connect)
        .read_timeout(params.timeouts.read)
        .pool_idle_timeout(Duration::from_secs(60))
        .pool_max_idle_per_host(32)
        .tcp_keepalive(Duration::from_secs(30))
        .http2_adaptive_window(true)
        .http2_keep_alive_interval(Duration::from_secs(20))
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .build()
}

/// What holds for every client that carries secrets to this URL: TLS by the system's certificates, no redirect
/// followed by itself, no repeat that nobody counts.
pub(super) fn client_builder(base: &Url) -> reqwest::ClientBuilder {
    tls::use_ring();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("braid/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        // What is repeated is decided in `retry`, where it is counted.
        .retry(reqwest::retry::never())
        .tcp_nodelay(true);
    if base.scheme() == "http" {
        // Loopback: there is no TLS, so the system's certificates need not be read, and no proxy can reach it.
        builder.tls_certs_only([]).no_proxy()
    } else {
        builder.https_only(true)
    }
}
