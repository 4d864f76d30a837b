//! Sessions of the older era, so many and no more: the one that was idle longest makes room for a new one.
//!
//! Clients that never end their sessions are common, and each session holds a task and buffers for an hour. Refusing new
//! ones at the bound was the other way; it locks everybody out until the hour is over.

use futures::Stream;
use lru::LruCache;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::session::{ServerSseMessage, SessionId, SessionManager};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

/// rmcp's sessions in memory, bounded.
pub(super) struct Bounded {
    inner: Arc<LocalSessionManager>,
    used: Mutex<LruCache<SessionId, ()>>,
}

impl Bounded {
    pub(super) fn new(inner: LocalSessionManager, bound: NonZeroUsize) -> Self {
        Self {
            inner: Arc::new(inner),
            used: Mutex::new(LruCache::new(bound)),
        }
    }

    fn used<T>(&self, with: impl FnOnce(&mut LruCache<SessionId, ()>) -> T) -> T {
        with(&mut self.used.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The session that must go so that this one can stay.
    fn make_room(&self, id: &SessionId) -> Option<SessionId> {
        self.used(|used| used.push(id.clone(), ()))
            .map(|(out, ())| out)
            .filter(|out| out != id)
    }
}

impl SessionManager for Bounded {
    type Error = <LocalSessionManager as SessionManager>::Error;
    type Transport = <LocalSessionManager as SessionManager>::Transport;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Self::Error> {
        let (id, transport) = self.inner.create_session().await?;
        if let Some(out) = self.make_room(&id) {
            let inner = Arc::clone(&self.inner);
            // Closing waits for what the session has under way; the new one need not.
            tokio::spawn(async move { inner.close_session(&out).await });
        }
        Ok((id, transport))
    }

    async fn has_session(&self, id: &SessionId) -> Result<bool, Self::Error> {
        self.used(|used| used.promote(id));
        self.inner.has_session(id).await
    }

    async fn close_session(&self, id: &SessionId) -> Result<(), Self::Error> {
        self.used(|used| used.pop(id));
        self.inner.close_session(id).await
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Self::Error> {
        self.inner.initialize_session(id, message).await
    }

    async fn create_stream(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.inner.create_stream(id, message).await
    }

    async fn accept_message(&self, id: &SessionId, message: ClientJsonRpcMessage) -> Result<(), Self::Error> {
        self.inner.accept_message(id, message).await
    }

    async fn create_standalone_stream(
        &self,
        id: &SessionId,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.inner.create_standalone_stream(id).await
    }

    async fn resume(
        &self,
        id: &SessionId,
        last_event_id: String,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.inner.resume(id, last_event_id).await
    }
}
