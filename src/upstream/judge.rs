//! The layer that judges: it asks the backend's classifier what an answer means, and makes failures of refusals.

use super::layer::{Layer, Next};
use super::{Call, Classify, Failure, Request, Response};
use async_trait::async_trait;
use std::sync::Arc;

/// Above it there are only good answers and failures.
pub struct Judge {
    /// The backend's name.
    pub backend: &'static str,
    /// Its word on its answers.
    pub classify: Arc<dyn Classify>,
}

#[async_trait]
impl Layer for Judge {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let response = next.run(request, call).await?;
        match self.classify.classify(request, &response) {
            Ok(()) => Ok(response),
            Err(refusal) => Err(Failure {
                backend: self.backend,
                operation: request.operation,
                outcome: refusal.cause.outcome(request.access),
                cause: refusal.cause,
                hint: refusal.hint,
                request_id: refusal.request_id,
            }),
        }
    }
}
