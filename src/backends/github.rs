//! GitHub's GraphQL API: what can be looked up there, many things in one request.
//!
//! [`fields`] says what GitHub is asked for each field of the unified schema, [`document`] makes one GraphQL document
//! out of many look-ups, [`answer`] takes the answer apart again, [`classify`] and [`errors`] say what went wrong.

pub mod answer;
pub mod classify;
pub mod client;
pub mod document;
mod errors;
pub mod fields;
mod freshness;
pub mod limits;
pub mod link;
mod login;
mod lookup;
mod operations;
mod repositories;
pub mod types;
pub mod wanted;

pub use answer::{Faults, Found, Node};
pub use classify::Classifier;
pub use client::{Client, Viewer};
pub use fields::Kind;
pub use limits::{QUOTA, limits};
pub use login::log_in;
pub use lookup::{Ask, Lookup};
pub use wanted::Wanted;

/// The backend's name.
pub const BACKEND: &str = "github";
/// The environment variable that holds the credentials.
pub const TOKEN: &str = "GITHUB_TOKEN";

#[cfg(test)]
pub(crate) mod testing;
