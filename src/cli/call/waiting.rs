//! A line that says how long a slow call takes, while it takes it; on a terminal only.

use crate::cli::output::{ASIDE, styled};
use anstream::AutoStream;
use std::io::{IsTerminal, Write};
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, interval_at};

/// A quick call says nothing.
const FIRST: Duration = Duration::from_secs(1);
const EVERY: Duration = Duration::from_secs(1);

/// Moves to the start of the line and clears it.
const CLEAR: &str = "\r\u{1b}[K";

/// Waits for the call; the line is gone when it is done.
pub(super) async fn shown<T>(call: impl Future<Output = T>) -> T {
    if !std::io::stderr().is_terminal() {
        return call.await;
    }
    let mut call = pin!(call);
    let start = Instant::now();
    let mut ticks = interval_at(start + FIRST, EVERY);
    let mut is_said = false;
    let outcome = loop {
        tokio::select! {
            biased;
            outcome = &mut call => break outcome,
            _ = ticks.tick() => {
                let waited = start.elapsed().as_secs();
                say(&format!("{CLEAR}{}", styled(ASIDE, format!("waiting for {waited} s"))));
                is_said = true;
            }
        }
    };
    if is_said {
        say(CLEAR);
    }
    outcome
}

/// The line is moved over with control sequences, which a terminal without colours understands too.
fn say(text: &str) {
    let mut err = AutoStream::always_ansi(std::io::stderr().lock());
    let _nobody_looks = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}
