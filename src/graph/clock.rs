//! What time it is for an operation: the same for all of its fields, so that two of them that say `now-1h` ask for the same.

use async_graphql::Context;
use jiff::Timestamp;

/// The moment an operation counts relative times from. Whoever runs the operation puts it into the request's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now(pub Timestamp);

/// The operation's moment, or the clock's where none was put.
pub fn now(ctx: &Context<'_>) -> Timestamp {
    ctx.data_opt::<Now>().map_or_else(Timestamp::now, |now| now.0)
}
