//! The same work on many things, on all processors.

use std::num::NonZero;
use std::thread::{available_parallelism, scope};

/// So many are not worth a thread.
const FEW: usize = 16;

/// The results in the order of the things. A panic in one of them goes on here.
pub fn in_parallel<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let processors = available_parallelism().map_or(1, NonZero::get);
    let share = things.len().div_ceil(processors).max(FEW);
    if things.len() <= share {
        return things.iter().map(work).collect();
    }
    let work = &work;
    scope(|scope| {
        let shares = things.chunks(share);
        let threads: Vec<_> = shares
            .map(|share| scope.spawn(move || share.iter().map(work).collect::<Vec<_>>()))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::in_parallel;

    #[test]
    fn results_stand_where_the_things_stood() {
        for count in [0, 1, 16, 17, 1000] {
            let things: Vec<usize> = (0..count).collect();
            let twice: Vec<usize> = things.iter().map(|thing| thing * 2).collect();
            assert_eq!(in_parallel(&things, |thing| thing * 2), twice);
        }
    }
}
