//! Calls one after the other and many at once, and what they took.

use crate::as_f64;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// What calls took.
pub(crate) struct Sample {
    sorted: Vec<Duration>,
    whole: Duration,
}

/// A sample with its name.
pub(crate) struct Line<'a>(&'a str, &'a Sample);

/// One call after the other. The first tenth is not counted: connections open and caches of code fill.
pub(crate) async fn alone<T>(calls: usize, mut call: impl AsyncFnMut(usize) -> T) -> Sample {
    let before = calls / 10;
    for index in 0..before {
        call(index).await;
    }
    let (mut sorted, start) = (Vec::with_capacity(calls), Instant::now());
    for index in 0..calls {
        let start = Instant::now();
        call(before + index).await;
        sorted.push(start.elapsed());
    }
    Sample::of(sorted, start.elapsed())
}

/// All clients at once, each with its next call as soon as the one before is answered.
pub(crate) async fn together<C, T>(calls: usize, clients: Vec<C>, call: impl AsyncFn(&mut C, usize) -> T) -> Sample {
    let (next, start) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let each = clients.into_iter().map(|mut client| {
        let (next, call) = (Arc::clone(&next), &call);
        async move {
            let mut took = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= calls {
                    return took;
                }
                let start = Instant::now();
                call(&mut client, index).await;
                took.push(start.elapsed());
            }
        }
    });
    let took = futures::future::join_all(each).await.concat();
    Sample::of(took, start.elapsed())
}

impl Sample {
    fn of(mut took: Vec<Duration>, whole: Duration) -> Self {
        took.sort_unstable();
        Self { sorted: took, whole }
    }

    /// The time that so many hundredths of the calls stayed below.
    pub(crate) fn percentile(&self, hundredths: usize) -> Duration {
        self.sorted[(self.sorted.len() - 1) * hundredths / 100]
    }

    fn rate(&self) -> f64 {
        as_f64(self.sorted.len()) / self.whole.as_secs_f64()
    }
}

impl<'a> Line<'a> {
    pub(crate) fn of(name: &'a str, sample: &'a Sample) -> Self {
        Self(name, sample)
    }

    /// Prints the times, and how often the baseline's they are.
    pub(crate) fn print(&self, base: &Sample) {
        let Self(name, sample) = self;
        let micros = |hundredths| sample.percentile(hundredths).as_secs_f64() * 1e6;
        println!(
            "  {name:<20} median {:>7.0} µs  p99 {:>7.0} µs  {:>6.0} calls/s   {:.2} x the time, {:.2} x the rate",
            micros(50),
            micros(99),
            sample.rate(),
            sample.percentile(50).as_secs_f64() / base.percentile(50).as_secs_f64(),
            sample.rate() / base.rate(),
        );
    }
}
