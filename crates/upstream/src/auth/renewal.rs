//! The layer that gets other credentials when the vendor refused those it was given, and tries once more.

use super::Auth;
use crate::layer::{Layer, Next};
use crate::{Call, Cause, Failure, Request, Response};
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout_at;

/// How long before the request's end a renewal is given up: at that very moment the request would be cut off, and with
/// it what is known, that nothing was carried out.
const ROOM: Duration = Duration::from_millis(100);

/// One renewal and one more try. A request that was refused for its credentials was not carried out, so that writes
/// may be sent again as well.
pub struct Renewal {
    /// The backend's name.
    pub backend: &'static str,
    /// All credentials that are put on.
    pub auth: Arc<[Box<dyn Auth>]>,
    /// Where they are kept, if that is not where the classifier says.
    pub kept: Option<Kept>,
}

/// Where credentials are kept, for the message that they were refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The variables or keys of the configuration that hold them.
    pub keys: Vec<&'static str>,
    /// What to do about a refusal.
    pub remedy: String,
}

#[async_trait]
impl Layer for Renewal {
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure> {
        let refused = match next.clone().run(request, call).await {
            Err(failure) if matches!(failure.cause, Cause::Unauthorized { .. }) => failure,
            result => return result,
        };
        let until = call.request_deadline();
        let until = until.checked_sub(ROOM).unwrap_or(until);
        let result = match timeout_at(until, self.renewed(&call.trail().signed)).await {
            Ok(true) => next.run(request, call).await,
            Ok(false) => Err(refused),
            Err(_elapsed) => {
                tracing::warn!(backend = self.backend, "credentials were not renewed in time");
                Err(refused)
            }
        };
        result.map_err(|failure| self.named(failure))
    }
}

impl Renewal {
    /// Whether there are other credentials now than those of these versions; of none, where nothing was put on: then it
    /// was not the vendor that refused.
    async fn renewed(&self, refused: &[u64]) -> bool {
        let mut renewed = false;
        for (auth, version) in self.auth.iter().zip(refused) {
            match auth.renew(*version).await {
                Ok(new) => renewed |= new,
                // The vendor's refusal names what to change; why the renewal failed as well is for the log.
                Err(cause) => tracing::warn!(backend = self.backend, %cause, "credentials could not be renewed"),
            }
        }
        renewed
    }

    /// The failure with the names of what to change.
    fn named(&self, mut failure: Failure) -> Failure {
        if let (Cause::Unauthorized { variables, .. }, Some(kept)) = (&mut failure.cause, &self.kept) {
            variables.clone_from(&kept.keys);
            failure.hint = Some(kept.remedy.clone());
        }
        failure
    }
}
