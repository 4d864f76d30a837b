//! The same work on many things, on all processors.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};

/// So many are not worth a thread, and are taken at a time: what stands together is often of one kind and size, so that
/// halves would not be done at the same time.
const FEW: usize = 16;

/// The results in the order of the things. A panic in one of them goes on here.
pub fn in_parallel<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let processors = available_parallelism().map_or(1, NonZero::get);
    let threads = processors.min(things.len().div_ceil(FEW));
    if threads <= 1 {
        return things.iter().map(work).collect();
    }
    let shares: Vec<&[T]> = things.chunks(FEW).collect();
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done = Vec::new();
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some(share) = shares.get(turn) else { return done };
            done.push((turn, share.iter().map(&work).collect::<Vec<_>>()));
        }
    };
    let mut done = scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(turn, _)| *turn);
    done.into_iter().flat_map(|(_, results)| results).collect()
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
