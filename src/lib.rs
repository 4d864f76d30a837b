//! Braid: many APIs as one GraphQL schema, and every named operation on it as an MCP tool.
//!
//! The layers from top to bottom, each using only those below it: `serve`, `mcp`, `tools`, `graph`, `loaders`,
//! `backends`, and `upstream`, a crate of its own. `app` puts them together; `config` knows their parameters.

pub mod app;
pub mod backends;
pub mod cli;
pub mod config;
pub mod graph;
pub mod loaders;
pub mod mcp;
pub mod serve;
pub mod telemetry;
pub mod tools;
