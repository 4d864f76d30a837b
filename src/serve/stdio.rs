//! The protocol on standard input and output: one process, one client.

mod in_flight;
mod lines;

use crate::mcp::Handler;
use lines::Lines;
use rmcp::service::{RoleServer, ServerInitializeError, ServiceExt};
use rmcp::transport::stdio_pipes;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;

/// How to serve on standard input and output.
pub struct Params {
    /// What answers.
    pub handler: Handler,
    /// How long calls in flight may take once the input has ended or the process was asked to end.
    pub patience: Duration,
}

/// Why serving ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum StdioError {
    /// The client did not open the connection as the protocol asks.
    #[error("the client did not open the connection: {0}")]
    NotOpened(#[source] Box<ServerInitializeError>),
    /// The task that serves broke.
    #[error("serving broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

/// Serves until the input ends, or until `shutdown` resolves; either way calls in flight are answered first. An end before
/// the first request is an end like any other.
pub async fn run(params: Params, shutdown: impl Future<Output = ()> + Send + 'static) -> Result<(), StdioError> {
    serve(params, stdio_pipes(), shutdown).await
}

async fn serve<R, W>(
    params: Params,
    (input, output): (R, W),
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StdioError>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let closing = CancellationToken::new();
    let lines = Lines::new(lines::Params {
        input,
        output,
        closing: closing.clone(),
        patience: params.patience,
    });
    let asked = tokio::spawn(async move {
        shutdown.await;
        closing.cancel();
    });
    let ended = match ServiceExt::<RoleServer>::serve(params.handler, lines).await {
        Ok(service) => service.waiting().await.map(drop).map_err(StdioError::from),
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(StdioError::NotOpened(Box::new(error))),
    };
    asked.abort();
    ended
}

#[cfg(test)]
mod tests;
