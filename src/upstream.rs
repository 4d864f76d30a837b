//! The road to a backend: one stack of layers that every request passes. It knows no vendor.

pub mod auth;
pub mod call;
pub mod classify;
pub mod failure;
pub mod layer;
pub mod request;
pub mod stack;
pub mod wire;

pub use call::Call;
pub use classify::{Classify, Refusal};
pub use failure::{Cause, Failure, Outcome};
pub use request::{Access, Body, Request, Response};
pub use stack::Stack;
