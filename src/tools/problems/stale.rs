//! What an answer says of the parts that are older than they should be, because nothing newer could be had.

use super::words::whole_seconds;
use super::{Problem, Scene, causes};
use crate::tools::path::Path;
use upstream::Stale;

/// What is out of date in an answer: an entry for each backend, with the oldest.
pub fn out_of_date(stale: &[Stale], scene: &Scene<'_>) -> Vec<Problem> {
    let mut oldest: Vec<(&Stale, usize)> = Vec::new();
    for stale in stale {
        match oldest
            .iter_mut()
            .find(|(known, _)| known.failure.backend == stale.failure.backend)
        {
            Some((known, count)) => {
                *count += 1;
                if stale.age > known.age {
                    *known = stale;
                }
            }
            None => oldest.push((stale, 1)),
        }
    }
    let problem = |(stale, count): (&Stale, usize)| Problem {
        place: Path::default(),
        count,
        backend: Some(stale.failure.backend),
        class: Some("out_of_date"),
        reason: format!(
            "out of date: what it answered to {} {} s ago was used, as no newer answer could be had ({})",
            stale.failure.operation,
            whole_seconds(stale.age),
            causes::reason(&stale.failure, scene)
        ),
        retry: causes::retry(&stale.failure),
        fix: None,
    };
    oldest.into_iter().map(problem).collect()
}
