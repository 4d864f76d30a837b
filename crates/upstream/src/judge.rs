//! The layer that judges: it asks the backend's classifier what an answer means, makes failures of refusals, and hands
//! the quota headers to the limiter while they are still there. Each exchange is a span of its own here.

use super::layer::{Layer, Next};
use super::metrics::Metrics;
use super::pace::Governor;
use super::quota::retry_after;
use super::{Call, Cause, Classify, Failure, Refusal, Request, Response};
use async_trait::async_trait;
use http::StatusCode;
use http::header::IF_NONE_MATCH;
use std::sync::Arc;
use tracing::field::Empty;
use tracing::{Instrument, Span, info_span};

/// Above it there are only good answers and failures.
pub struct Judge {
    /// The backend's name.
    pub backend: &'static str,
    /// Its word on its answers.
    pub classify: Arc<dyn Classify>,
    /// Who learns from them.
    pub governor: Arc<Governor>,
    /// Where they are counted.
    pub metrics: Metrics,
}

#[async_trait]
impl Layer for Judge {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let span = self.span(request, call);
        let result = self.judged(request, call, next).instrument(span.clone()).await;
        if let Err(failure) = &result {
            span.record("otel.status_code", "error");
            span.record("error.type", failure.cause.class());
        }
        result
    }
}

impl Judge {
    async fn judged(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let epoch = self.governor.epoch();
        let response = next.run(request, call).await?;
        // What is left of the limits of credentials that were others' says nothing about ours.
        let is_ours = self.governor.epoch() == epoch;
        call.note(|trail| trail.status = Some(response.status));
        Span::current().record("http.response.status_code", response.status.as_u16());
        self.metrics
            .answered(self.backend, response.status, response.body.len());
        if is_ours {
            self.governor.learn(request, &response);
        }
        // The cache asked whether anything is new, and nothing is: no vendor's classifier needs to know of that.
        if response.status == StatusCode::NOT_MODIFIED && request.headers.iter().any(|(name, _)| name == IF_NONE_MATCH)
        {
            return Ok(response);
        }
        let judged = match response.status {
            // The one status that no vendor gives, only a gateway in front of it, whatever the page says.
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => Err(Refusal::from(Cause::Unauthorized {
                code: "HTTP 407, by a gateway".to_owned(),
                variables: Vec::new(),
            })),
            _ => self.classify.classify(request, &response),
        };
        let Err(refusal) = judged else {
            return Ok(response);
        };
        if is_ours {
            self.governor.heed(request, &response, &refusal.cause);
        }
        let stay_away = match &refusal.cause {
            Cause::Unavailable { .. } => retry_after(&response.headers),
            _ => None,
        };
        let failure = Failure {
            outcome: refusal.cause.outcome(request.access),
            hint: refusal.hint,
            request_id: refusal.request_id,
            ..Failure::new(self.backend, request.operation, refusal.cause)
        };
        Err(failure.staying_away(stay_away))
    }

    /// In the words of OpenTelemetry's conventions for HTTP clients, but for the URL, which they want whole: its query
    /// holds what people wrote.
    fn span(&self, request: &Request, call: &Call) -> Span {
        info_span!(
            "upstream request",
            otel.name = format!("{} {}", request.method, request.operation),
            otel.kind = "client",
            otel.status_code = Empty,
            peer.service = self.backend,
            braid.operation = request.operation,
            http.request.method = %request.method,
            http.request.resend_count = i64::from(call.trail().attempts.saturating_sub(1)),
            http.response.status_code = Empty,
            server.address = Empty,
            server.port = Empty,
            error.type = Empty,
        )
    }
}
