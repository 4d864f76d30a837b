//! tools

pub mod embedded;
