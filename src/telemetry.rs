//! What the program says of itself: structured lines on stderr, since stdout belongs to the protocol, and traces where a
//! collector is named.

mod collector;
mod traces;

use std::time::Duration;
use traces::Traces;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// How long the last spans may take to reach the collector once the program is done.
const FAREWELL: Duration = Duration::from_secs(3);

/// How logs are written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Logs<'a> {
    /// What is logged, e.g. `braid=debug`; warnings where it is not said.
    pub filter: Option<&'a str>,
    /// `json` for JSON lines.
    pub format: Option<&'a str>,
}

/// What was started; traces end with it.
pub struct Telemetry {
    traces: Option<Traces>,
}

/// Writes logs to stderr, and sends traces where OpenTelemetry's standard variables name a collector. Needs a runtime.
pub fn start(logs: Logs<'_>) -> Telemetry {
    let filter = EnvFilter::new(filter(logs.filter.unwrap_or("warn")));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if logs.format == Some("json") {
        lines.json().boxed()
    } else {
        lines.with_ansi(false).boxed()
    };
    let traces = Traces::from_environment();
    let spans = traces
        .as_ref()
        .and_then(|traces| traces.as_ref().ok())
        .map(Traces::layer);
    // A second start in one process (tests) keeps the first subscriber.
    let _already_started = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .with(spans)
        .try_init();
    let traces = match traces {
        Some(Ok(traces)) => {
            Traces::tie();
            Some(traces)
        }
        Some(Err(error)) => {
            tracing::warn!(%error, "no traces are sent");
            None
        }
        None => None,
    };
    Telemetry { traces }
}

/// What is logged, by what was asked for. rmcp logs whole requests at debug and notifications at info, arguments and all: it
/// stays at warnings unless it is named. Its service warns of each call that a client cancelled, each client that left
/// before its answer, and each error that an answer tells anyway: nothing that whoever runs the server could mend.
fn filter(asked: &str) -> String {
    let quiet = if asked.contains("rmcp") {
        ""
    } else {
        "rmcp::service=off,"
    };
    format!("rmcp=warn,{quiet}{asked}")
}

impl Telemetry {
    /// Sends the spans that are still here.
    pub async fn end(self) {
        if let Some(traces) = self.traces {
            traces.end(FAREWELL).await;
        }
    }
}
