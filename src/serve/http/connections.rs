//! Connections: so many at most, and closed where no request comes. axum's own loop takes any number of them and waits for
//! a request's head for ever, so that a few hundred silent ones would use up the process's files.

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::Service;

/// How long to wait where nothing can be accepted: the next try would fail in the same way at once.
const PAUSE: Duration = Duration::from_millis(100);

/// How often a connection of HTTP/2 is asked whether somebody is still there.
const PING: Duration = Duration::from_secs(20);

/// What bounds connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// How many are open at once; further ones wait until one ends.
    pub most: usize,
    /// How long a request's head may take to arrive, and how long a connection may be idle between two requests: HTTP/1
    /// cannot tell the one from the other.
    pub head: Duration,
}

impl Default for Bounds {
    /// Half of the files that many systems give a process; the other half is for the vendors.
    fn default() -> Self {
        Self {
            most: 512,
            head: Duration::from_secs(30),
        }
    }
}

/// Serves what is accepted, until `stop`; then ends when all connections have.
pub(super) async fn serve(listener: TcpListener, app: Router, bounds: Bounds, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(bounds.most));
    let mut connections = JoinSet::new();
    loop {
        let (socket, place) = tokio::select! {
            () = stop.cancelled() => break,
            // Let go of, or the set would grow for ever.
            Some(_ended) = connections.join_next() => continue,
            next = next(&listener, &places) => match next {
                Some(next) => next,
                None => continue,
            },
        };
        let connection = connection(socket, app.clone(), bounds, stop.clone());
        connections.spawn(async move {
            let _place = place;
            connection.await;
        });
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// The next connection, once there is a place for it.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((socket, _)) => {
            // Without it, the second of two small writes waits for the client's delayed acknowledgement: 40 ms a call.
            drop(socket.set_nodelay(true));
            Some((socket, place))
        }
        Err(error) => {
            if !is_of_one_connection(&error) {
                tracing::warn!(%error, "no connection can be accepted");
                tokio::time::sleep(PAUSE).await;
            }
            None
        }
    }
}

/// Whether only the connection that was to be accepted is gone.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

async fn connection(socket: TcpStream, app: Router, bounds: Bounds, stop: CancellationToken) {
    let heard = Arc::new(Notify::new());
    let service = {
        let heard = Arc::clone(&heard);
        service_fn(move |request: http::Request<Incoming>| {
            heard.notify_one();
            app.clone().call(request.map(Body::new))
        })
    };
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING)
        // WebSockets over HTTP/2 begin with it.
        .enable_connect_protocol();
    let mut connection = pin!(builder.serve_connection_with_upgrades(TokioIo::new(socket), service));
    // hyper counts from when it knows which HTTP it is; who says nothing at all would never come so far.
    let mut silent = pin!(async {
        if tokio::time::timeout(bounds.head, heard.notified()).await.is_ok() {
            std::future::pending::<()>().await;
        }
    });
    let mut stopping = false;
    loop {
        tokio::select! {
            // What went wrong with it is the client's business.
            _ended = connection.as_mut() => return,
            () = silent.as_mut() => return,
            () = stop.cancelled(), if !stopping => {
                connection.as_mut().graceful_shutdown();
                stopping = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn small_writes_are_sent_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let places = Arc::new(Semaphore::new(1));
        let (accepted, client) = tokio::join!(next(&listener, &places), TcpStream::connect(address));
        assert!(accepted.unwrap().0.nodelay().unwrap());
        drop(client.unwrap());
    }
}
