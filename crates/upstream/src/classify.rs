//! What counts as a failure: decided once for each backend, read by retry, breaker and metrics alike.

use super::{Cause, Request, Response};

/// A backend's word on its own answers.
pub trait Classify: Send + Sync + 'static {
    /// `Err` where the answer is a failure, whatever its HTTP status.
    fn classify(&self, request: &Request, response: &Response) -> Result<(), Refusal>;

    /// What an answer that is no failure is worth to those who ask the same later.
    fn worth(&self, _request: &Request, _response: &Response) -> Worth {
        Worth::Lasting
    }
}

/// How long an answer is worth remembering, as far as what stands in it decides that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// As long as answers to this request are.
    Lasting,
    /// As long as it is remembered that something was not found.
    Brief,
    /// Not at all: parts of it failed for a reason that passes.
    Nothing,
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
