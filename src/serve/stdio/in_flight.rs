//! The requests that were received and not answered yet.

use rmcp::model::{ClientJsonRpcMessage, ClientNotification, ClientRequest, RequestId, ServerJsonRpcMessage};
use std::collections::HashSet;
use tokio::sync::watch;

/// Counted at the wire, where nothing is missed: a request that the service has read but not begun counts as well.
#[derive(Debug, Default)]
pub(super) struct InFlight(watch::Sender<HashSet<RequestId>>);

impl InFlight {
    /// A subscription lasts as long as the connection and is not waited for; a cancelled request is never answered.
    pub(super) fn received(&self, message: &ClientJsonRpcMessage) {
        match message {
            ClientJsonRpcMessage::Request(request)
                if !matches!(request.request, ClientRequest::SubscriptionsListenRequest(_)) =>
            {
                self.0.send_if_modified(|ids| ids.insert(request.id.clone()));
            }
            ClientJsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.0.send_if_modified(|ids| ids.remove(id));
                }
            }
            _ => {}
        }
    }

    /// What was sent, or could not be sent and never will be.
    pub(super) fn answered(&self, id: &RequestId) {
        self.0.send_if_modified(|ids| ids.remove(id));
    }

    /// Resolves when nothing is in flight.
    pub(super) async fn none(&self) {
        // It cannot fail: the sender is `self`.
        let _ = self.0.subscribe().wait_for(HashSet::is_empty).await;
    }
}

/// The request that a message answers.
pub(super) fn answers(message: &ServerJsonRpcMessage) -> Option<RequestId> {
    match message {
        ServerJsonRpcMessage::Response(response) => Some(response.id.clone()),
        ServerJsonRpcMessage::Error(error) => error.id.clone(),
        _ => None,
    }
}
