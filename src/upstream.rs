//! The road to a backend: one stack of layers that every request passes. It knows no vendor.

pub mod account;
pub mod auth;
pub mod call;
pub mod classify;
pub mod failure;
pub mod judge;
pub mod layer;
pub mod params;
pub mod request;
pub mod response;
pub mod stack;
pub mod wire;

#[cfg(test)]
mod testing;

pub use account::{Account, QuotaLeft, Spent};
pub use call::Call;
pub use classify::{Classify, Refusal};
pub use failure::{Cause, Failure, Outcome};
pub use params::Params;
pub use request::{Access, Body, Request};
pub use response::Response;
pub use stack::Stack;
