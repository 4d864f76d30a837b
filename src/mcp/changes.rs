//! Word to clients that the tools are not those they were, nor the resources, which are their files. Each era has its own
//! way to get it.

use crate::tools::Tools;
use rmcp::ErrorData;
use rmcp::model::SubscriptionFilter;
use rmcp::service::{Peer, RoleServer, ServiceError, SubscriptionContext};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::interval;

/// How often it is looked whether a client that hears nothing is still there. rmcp says only to who sends that the other
/// side is gone, and a server whose tools never change would keep a task for every session it ever had.
const STILL_THERE: Duration = Duration::from_secs(60);

/// What a client of 2026-07-28 may subscribe to.
pub(super) fn offered() -> SubscriptionFilter {
    SubscriptionFilter::builder()
        .tools_list_changed()
        .resources_list_changed()
        .build()
}

/// A client of the older era hears of every change from its handshake to its end: on standard output, or on the stream
/// that it keeps open with GET; rmcp keeps the last ones for a stream that comes later.
pub(super) fn tell(peer: Peer<RoleServer>, mut changes: watch::Receiver<()>) {
    tokio::spawn(async move {
        let mut looks = interval(STILL_THERE);
        loop {
            let is_over = tokio::select! {
                word = changes.changed() => word.is_err() || told(&peer).await.is_err(),
                _ = looks.tick() => peer.is_transport_closed(),
            };
            if is_over {
                return;
            }
        }
    });
}

async fn told(peer: &Peer<RoleServer>) -> Result<(), ServiceError> {
    peer.notify_tool_list_changed().await?;
    peer.notify_resource_list_changed().await
}

/// A client of 2026-07-28 hears of changes while its `subscriptions/listen` lasts.
pub(super) async fn listen(tools: &Tools, subscription: &SubscriptionContext) -> Result<(), ErrorData> {
    let mut changes = tools.changes();
    loop {
        tokio::select! {
            () = subscription.cancelled() => return Ok(()),
            word = changes.changed() => if word.is_err() {
                return Ok(());
            },
        }
        let (accepted, sink) = (subscription.accepted(), subscription.sink());
        let mut told = Ok(());
        if accepted.tools_list_changed == Some(true) {
            told = sink.notify_tool_list_changed().await;
        }
        if told.is_ok() && accepted.resources_list_changed == Some(true) {
            told = sink.notify_resource_list_changed().await;
        }
        if let Err(error) = told {
            tracing::debug!(%error, "a subscriber is gone");
            return Ok(());
        }
    }
}
