//! What the program says of itself: structured lines on stderr, since stdout belongs to the protocol.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// Writes logs to stderr: warnings, or what `BRAID_LOG` asks for (e.g. `braid=debug`). As JSON lines where
/// `BRAID_LOG_FORMAT=json`.
pub fn start(filter: Option<&str>, format: Option<&str>) {
    // rmcp logs whole requests at debug and notifications at info, arguments and all: it stays at warnings unless it is
    // named.
    let filter = EnvFilter::new(filter.unwrap_or("warn"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_span_events(FmtSpan::NONE);
    // A second start in one process (tests) keeps the first subscriber.
    let _already_started = if format == Some("json") {
        lines.json().try_init()
    } else {
        lines.with_ansi(false).try_init()
    };
}
