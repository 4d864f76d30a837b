//! Where failures become text for an agent: what failed, where, whether retrying helps and when, what to change. No text for
//! agents is made anywhere else.

mod causes;
mod refused;
mod stale;
mod told;
mod words;

pub use refused::{bad_arguments, hidden, unknown_tool, unreadable};
pub use stale::out_of_date;
pub use told::{as_json, as_text};

use super::catalog::Catalog;
use super::path::Path;
use super::truncated::pattern;
use crate::graph::failure::failure_of;
use async_graphql::{PathSegment, ServerError};
use jiff::Timestamp;
use serde_json::{Map, Value};
use toolgen::ToolSpec;
use upstream::failure::Retry;

/// How many kinds of problems one result names.
const KINDS: usize = 8;

/// A part that is missing from an answer, and why; one entry for all like places with one kind of cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The first place, in the shaped result before anything was cut.
    pub place: Path,
    /// How many places.
    pub count: usize,
    /// The backend that failed; `None` where Braid itself did.
    pub backend: Option<&'static str>,
    /// The kind of cause, as [`Cause::class`](upstream::Cause::class) has it; `None` where Braid itself failed.
    pub class: Option<&'static str>,
    /// What failed, at the first place.
    pub reason: String,
    /// Whether and when it helps to ask again; `None` where nobody can say.
    pub retry: Option<Retry>,
    /// What to change.
    pub fix: Option<String>,
}

/// What problems are told with.
pub struct Scene<'a> {
    /// The tool that was called.
    pub tool: &'a ToolSpec,
    /// What it was called with.
    pub variables: &'a Map<String, Value>,
    /// The tools beside it.
    pub catalog: &'a Catalog,
    /// The time.
    pub now: Timestamp,
}

/// The errors of a response, grouped by backend, kind of cause and place but for its indices. What ails a whole backend
/// comes before what one look-up did not find; within a rank the order is that of the places.
pub fn collect(scene: &Scene<'_>, errors: &[ServerError], locate: impl Fn(&[PathSegment]) -> Path) -> Vec<Problem> {
    let mut found: Vec<Problem> = errors
        .iter()
        .map(|error| problem(scene, error, locate(&error.path)))
        .collect();
    // async-graphql reports errors as they come in, which differs from one run to the next.
    found.sort_by(|left, right| left.place.cmp(&right.place));
    let mut groups: Vec<Problem> = Vec::new();
    for problem in found {
        match groups.iter_mut().find(|group| group.is_alike(&problem)) {
            Some(group) => group.count += 1,
            None => groups.push(problem),
        }
    }
    groups.sort_by_key(|group| rank(group.class));
    groups
}

/// A look-up that found nothing and met no error.
pub fn nothing_found() -> Problem {
    Problem {
        place: Path::default(),
        count: 1,
        backend: None,
        class: Some("not_found"),
        reason: "not_found: nothing matches these arguments".to_owned(),
        retry: Some(Retry::Never),
        fix: None,
    }
}

fn problem(scene: &Scene<'_>, error: &ServerError, place: Path) -> Problem {
    let Some(failure) = failure_of(error) else {
        let (reason, fix) = refused::value(scene, error);
        return Problem {
            place,
            count: 1,
            backend: None,
            class: None,
            reason,
            retry: None,
            fix,
        };
    };
    Problem {
        place,
        count: 1,
        backend: Some(failure.backend),
        class: Some(failure.cause.class()),
        reason: causes::reason(failure, scene),
        retry: causes::retry(failure),
        fix: causes::fix(failure),
    }
}

/// What must not be lost to the bound on kinds comes first.
fn rank(class: Option<&str>) -> u8 {
    match class {
        Some(
            "unavailable" | "unreachable" | "untrusted" | "interrupted" | "timed_out" | "circuit_open" | "malformed",
        ) => 0,
        Some("throttled" | "not_sent") => 1,
        Some("off") => 2,
        Some("unauthorized") => 3,
        Some("missing_scope" | "forbidden") => 4,
        Some("not_found" | "invalid") => 6,
        _ => 5,
    }
}

/// The object that a place stands in.
fn holder(place: &Path) -> String {
    let steps = place.0.split_last().map(|(_, steps)| steps.to_vec());
    pattern(&Path(steps.unwrap_or_default()))
}

impl Problem {
    /// One kind of cause at like places, or one cause at any. Rate limits of one backend run out at slightly different
    /// times; they are one problem all the same, and so are the fields of one object that cannot be read. What Braid
    /// itself says has no kind, only words.
    fn is_alike(&self, other: &Self) -> bool {
        let waits = |problem: &Self| matches!(problem.retry, Some(Retry::After(_)));
        self.backend == other.backend
            && self.class == other.class
            && (self.reason == other.reason
                || waits(self) && waits(other)
                || self.class == Some("malformed") && holder(&self.place) == holder(&other.place)
                || self.class.is_some() && pattern(&self.place) == pattern(&other.place))
    }
}

#[cfg(test)]
mod tests;
