//! A request body that knows whether anybody has asked for it: before that, nothing of the request has left.

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// Watches whether a request may have left.
///
/// reqwest does not say how far a request came when it is dropped by a timeout. Its connection asks for the body only
/// once it is open, so a write that timed out before is known not to have been carried out and may be repeated.
#[derive(Debug, Default, Clone)]
pub(super) struct Watched {
    left: Arc<AtomicBool>,
}

impl Watched {
    /// Whether the request may have left.
    pub(super) fn has_left(&self) -> bool {
        self.left.load(Ordering::Acquire)
    }

    /// Says that it may have.
    pub(super) fn mark(&self) {
        self.left.store(true, Ordering::Release);
    }

    /// A body that says so by itself.
    pub(super) fn body(&self, bytes: Bytes) -> WatchedBody {
        WatchedBody {
            bytes: Some(bytes),
            watch: self.clone(),
        }
    }
}

/// A body in one piece.
pub(super) struct WatchedBody {
    bytes: Option<Bytes>,
    watch: Watched,
}

impl Body for WatchedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.watch.mark();
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    /// Exact, so that the request has a `Content-Length`: some vendors' front doors refuse chunked bodies.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
