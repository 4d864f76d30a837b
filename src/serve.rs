//! Bytes in and out: the protocol on standard input and output, and on HTTP.

pub mod graphiql;
pub mod graphql;
