//! The layer that gets other credentials when the vendor refused those it was given, and tries once more.

use super::Auth;
use crate::upstream::layer::{Layer, Next};
use crate::upstream::{Call, Cause, Failure, Request, Response};
use async_trait::async_trait;
use std::sync::Arc;

/// One renewal and one more try. A request that was refused for its credentials was not carried out, so that writes
/// may be sent again as well.
pub struct Renewal {
    /// The backend's name.
    pub backend: &'static str,
    /// All credentials that are put on.
    pub auth: Arc<[Box<dyn Auth>]>,
}

#[async_trait]
impl Layer for Renewal {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let refused = match next.clone().run(request, call).await {
            Err(failure) if matches!(failure.cause, Cause::Unauthorized { .. }) => failure,
            result => return result,
        };
        let mut renewed = false;
        for auth in self.auth.iter() {
            match auth.renew().await {
                Ok(new) => renewed |= new,
                // The vendor's refusal names what to change; why the renewal failed as well is for the log.
                Err(cause) => tracing::warn!(backend = self.backend, %cause, "credentials could not be renewed"),
            }
        }
        if renewed {
            next.run(request, call).await
        } else {
            Err(refused)
        }
    }
}
