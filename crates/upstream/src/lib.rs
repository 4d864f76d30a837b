//! The road to a backend: one stack of layers that every request passes. It knows no vendor.

pub mod account;
pub mod auth;
pub mod breaker;
pub mod cache;
pub mod call;
pub mod classify;
pub mod coalesce;
pub mod deadline;
pub mod failure;
pub mod judge;
pub mod layer;
pub mod metrics;
pub mod pace;
pub mod paging;
pub mod params;
pub mod quota;
pub mod request;
pub mod response;
pub mod retry;
pub mod stack;
pub mod tls;
pub mod trace;
mod trail;
pub mod wire;

#[cfg(test)]
mod testing;

pub use account::{Account, QuotaLeft, Spent, Stale};
pub use call::Call;
pub use classify::{Classify, Refusal, Worth};
pub use failure::{Cause, Failure, Outcome};
pub use metrics::Metrics;
pub use params::Params;
pub use request::{Access, Body, Request};
pub use response::Response;
pub use stack::Stack;
