//! A request that is not executed, and why.

use axum::http::StatusCode;

/// Why a request is not executed; its status holds for both media types.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// One word for programs.
    pub code: &'static str,
    /// What to change, for people.
    pub message: String,
}
