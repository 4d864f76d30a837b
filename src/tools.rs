//! Tools: from a name and arguments to a prepared operation, and from its response to a result that fits.

pub mod arguments;
pub mod budget;
pub mod call;
pub mod catalog;
pub mod embedded;
pub mod explore;
#[cfg(test)]
pub(crate) mod fixture;
pub mod library;
pub mod live;
pub mod path;
pub mod problems;
pub mod render;
mod rest;
pub mod shape;
pub mod truncated;

pub use call::{Caller, Ending, Outcome, Results, Tools, UnknownTool};
pub use catalog::{Catalog, Tool, Writes};
pub use library::Library;
pub use live::Live;
