//! The way to the collector: our HTTP client for OpenTelemetry's exporter, which runs on a thread of its own. A collector
//! that cannot be reached costs no call anything, and is told of once.

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::runtime::Handle;

/// A client of one collector.
#[derive(Debug)]
pub(super) struct Collector {
    client: reqwest::Client,
    /// Requests run here: the exporter's own thread has no runtime.
    runtime: Handle,
    is_lost: AtomicBool,
}

impl Collector {
    /// A client that gives one delivery so long. It needs a runtime around it.
    pub(super) fn new(timeout: Duration) -> reqwest::Result<Self> {
        upstream::tls::use_ring();
        let client = reqwest::Client::builder()
            .user_agent(concat!("braid/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout)
            .build()?;
        Ok(Self {
            client,
            runtime: Handle::current(),
            is_lost: AtomicBool::new(false),
        })
    }

    fn lost(&self, reason: &dyn std::fmt::Display) {
        if !self.is_lost.swap(true, Ordering::Relaxed) {
            tracing::warn!(%reason, "the trace collector does not take spans; they are lost until it does");
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sending = self.runtime.spawn(async move {
            let response = client.execute(request.try_into()?).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let mut answer = Response::new(response.bytes().await?);
            (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
            Ok::<_, reqwest::Error>(answer)
        });
        // Its URL may hold what belongs to nobody else.
        let answer = sending.await?.map_err(reqwest::Error::without_url);
        match &answer {
            Ok(answer) if answer.status().is_success() => {
                if self.is_lost.swap(false, Ordering::Relaxed) {
                    tracing::warn!("the trace collector takes spans again");
                }
            }
            Ok(answer) => self.lost(&answer.status()),
            Err(error) => self.lost(&upstream::wire::innermost(error)),
        }
        Ok(answer?)
    }
}
