//! The operation compiler: from a schema and `.graphql` files to tools, or to diagnostics. Pure: no input, no output, no logging.

pub mod spec;

pub use spec::ToolSpec;
