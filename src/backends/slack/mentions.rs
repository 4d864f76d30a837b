//! Who and what a text only mentions: looked up within bounds, because a text can mention anybody and anything.

use super::BACKEND;
use std::time::Duration;
use upstream::{Call, Cause, Failure};

/// How many mentions of a kind are looked up at once, beyond those that are known or come by the page.
pub(super) const MOST: usize = 40;

/// How long looking them up may take: a name is worth a moment, and not the whole call.
const LIMIT: Duration = Duration::from_secs(5);

/// The same call, for looking up what is only mentioned.
pub(super) fn briefly(call: &Call) -> Call {
    call.at_most(LIMIT)
}

/// Why a mention was not looked up.
pub(super) fn too_many(operation: &'static str, count: usize) -> Failure {
    let message = format!("{count} mentions are not known yet, and {MOST} of them are looked up at once");
    Failure::new(BACKEND, operation, Cause::Invalid { message }).with_hint("the others are shown by id")
}
