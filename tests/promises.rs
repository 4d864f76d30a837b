//! What Braid promises, tested from outside: the real binary, real sockets, stand-ins of the vendors in this process. One
//! file a promise, one binary for all of them: linking is what takes the time.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper of a test that fails is a test that fails"
)]

mod promises {
    mod support;

    mod arguments;
    mod attacks;
    mod auth;
    mod bounds;
    mod breaker;
    mod cancel;
    mod check;
    mod clients;
    mod commands;
    mod crowd;
    mod dropped;
    mod explore;
    mod faults;
    mod fresh;
    mod generated;
    mod graphql;
    mod handles;
    mod headers;
    mod http;
    mod http2;
    mod install;
    mod joined;
    mod layers;
    mod matrix;
    mod measured;
    mod new;
    mod posting;
    mod prompts;
    mod readme;
    mod reload;
    mod remembered;
    mod resources;
    mod results;
    mod scenarios;
    mod schema;
    mod scopes;
    mod secrets;
    mod stdio;
    mod surface;
    #[cfg(unix)]
    mod terminal;
    mod texts;
    mod tools;
    mod traces;
}
