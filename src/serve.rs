//! Bytes in and out: the protocol on standard input and output, and on HTTP.

pub mod figures;
pub mod graphiql;
pub mod graphql;
pub mod http;
pub mod stdio;

use tokio::signal;

/// Resolves when the process is asked to end. Where signals cannot be heard, never: serving goes on.
pub async fn shutdown() {
    if let Err(error) = asked_to_end().await {
        tracing::error!(%error, "signals cannot be heard");
        std::future::pending::<()>().await;
    }
}

/// Resolves when the process is asked to end, by Ctrl-C or by SIGTERM.
async fn asked_to_end() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut term = signal::unix::signal(signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = signal::ctrl_c() => interrupted,
            _ = term.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    signal::ctrl_c().await
}
