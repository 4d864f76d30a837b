//! Waiting for what happens in another process: never longer than needed, never for ever.

use std::time::Duration;

/// Far more than anything here takes, on a busy machine too.
const PATIENCE: Duration = Duration::from_secs(60);

/// The future's output, or a failed test.
#[track_caller]
pub(crate) fn within<F: Future>(future: F) -> impl Future<Output = F::Output> {
    let place = std::panic::Location::caller();
    async move {
        let output = tokio::time::timeout(PATIENCE, future).await;
        output.unwrap_or_else(|elapsed| panic!("nothing came of what {place} waits for: {elapsed}"))
    }
}

/// Resolves when the condition holds. What happens at a stand-in can only be looked at, so it is looked at often.
#[track_caller]
pub(crate) fn eventually(condition: impl Fn() -> bool) -> impl Future<Output = ()> {
    within(async move {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
}
