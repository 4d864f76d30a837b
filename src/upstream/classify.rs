//! What counts as a failure: decided once for each backend, read by retry, breaker and metrics alike.

use super::{Cause, Request, Response};

/// A backend's word on its own answers.
pub trait Classify: Send + Sync + 'static {
    /// `Err` where the answer is a failure, whatever its HTTP status.
    fn classify(&self, request: &Request, response: &Response) -> Result<(), Refusal>;
}

/// A failure that the vendor stated.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// Why.
    pub cause: Cause,
    /// What to change, where the backend knows more than the cause says.
    pub hint: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self {
            cause,
            hint: None,
            request_id: None,
        }
    }
}
