//! The words for one failure: the reason, whether and when it helps to ask again, what to change.

use super::Scene;
use super::words::{clean, clock, quoted, set, size};
use upstream::failure::Retry;
use upstream::{Cause, Failure, Outcome};

/// What failed, in the vendor's words where it has any.
pub(super) fn reason(failure: &Failure, scene: &Scene<'_>) -> String {
    let what = match &failure.cause {
        Cause::Off { variables } => format!("off: {} not set", variables.join(", ")),
        Cause::NotFound { what } => format!("not_found: {what}"),
        Cause::Throttled { retry_after } => format!("rate limited until {}", clock(scene.now, *retry_after)),
        Cause::CircuitOpen { retry_after } => {
            format!("failing too often, paused until {}", clock(scene.now, *retry_after))
        }
        // Under a status that says that all is well.
        Cause::Unavailable { status: ..400, message } => format!("had a fault of its own: {message}"),
        Cause::Rejected { code, message } if code == message => code.clone(),
        Cause::TooLarge { limit } => format!("the answer is larger than {}", size(*limit)),
        other => other.to_string(),
    };
    let what = clean(&what);
    match failure.outcome {
        Outcome::NotDone => what,
        Outcome::Unknown => {
            let look = match scene.catalog.readers_beside(scene.tool).as_slice() {
                [] => format!("look at {} itself", failure.backend),
                readers => format!("check with {}", quoted(readers, " or ")),
            };
            format!("{what}; the write may have been carried out: {look} before you repeat it")
        }
    }
}

/// Whether a write that may have been carried out can be repeated is known after a look only, whatever its cause says.
pub(super) fn retry(failure: &Failure) -> Option<Retry> {
    match failure.outcome {
        Outcome::NotDone => Some(failure.retry()),
        Outcome::Unknown => None,
    }
}

/// What to change, where anything can be.
pub(super) fn fix(failure: &Failure) -> Option<String> {
    let usual = match &failure.cause {
        Cause::Off { variables } => Some(set(variables)),
        Cause::Unauthorized { variables, .. } if !variables.is_empty() => {
            Some(format!("Check {}", variables.join(", ")))
        }
        Cause::MissingScope { needed, .. } => Some(format!("Give the credentials the scope {}", clean(needed))),
        Cause::TooLarge { .. } if failure.outcome == Outcome::NotDone => Some("Ask for less at a time".to_owned()),
        Cause::Redirected { .. } => Some(format!(
            "Whoever runs the server should check the address that it has for {}",
            failure.backend
        )),
        Cause::Untrusted { .. } => Some(format!(
            "Whoever runs the server should check the address that it has for {}, and which certificates its machine trusts",
            failure.backend
        )),
        _ => None,
    };
    failure.hint.as_deref().map(clean).or(usual)
}
