//! Progress of a call that takes its time, for clients that asked for it.

use rmcp::model::ProgressNotificationParam;
use rmcp::service::{RequestContext, RoleServer};
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// Nothing is said before: a quick answer stays one body, since a notification would turn it into a stream.
const FIRST: Duration = Duration::from_secs(1);

/// And then every so often, which also keeps sessions and proxies from taking the silence for an end.
const EVERY: Duration = Duration::from_secs(3);

/// Runs the call, and reports while it runs. Each report is sent to its end before the call goes on, so that none comes
/// after the answer.
pub(super) async fn reported<T>(call: impl Future<Output = T>, context: &RequestContext<RoleServer>) -> T {
    let Some(token) = context.meta.get_progress_token() else {
        return call.await;
    };
    let mut call = pin!(call);
    let start = Instant::now();
    let mut ticks = interval_at(start + FIRST, EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            outcome = &mut call => return outcome,
            _ = ticks.tick() => {}
        }
        let waited = start.elapsed();
        let report = ProgressNotificationParam::new(token.clone(), waited.as_secs_f64())
            .with_message(format!("waiting for {} s", waited.as_secs()));
        // A client that is gone is noticed elsewhere; the call may still be worth finishing.
        let _ = context.peer.notify_progress(report).await;
    }
}
