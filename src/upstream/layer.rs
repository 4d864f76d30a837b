//! What a layer is: it may look at a request, pass it on (or not, or several times), and look at what comes back.

use super::{Call, Failure, Request, Response};
use async_trait::async_trait;
use std::sync::Arc;

/// One layer of the road.
#[async_trait]
pub trait Layer: Send + Sync + 'static {
    /// Handles a request, by itself or by `next`.
    async fn handle(&self, request: &Request, call: &Call, next: Next<'_>) -> Result<Response, Failure>;
}

/// The layers that come after.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    layers: &'a [Arc<dyn Layer>],
}

impl<'a> Next<'a> {
    /// The whole road.
    pub fn new(layers: &'a [Arc<dyn Layer>]) -> Self {
        Self { layers }
    }

    /// Passes the request to the next layer. The last layer, the wire, does not call it.
    pub async fn run(self, request: &Request, call: &Call) -> Result<Response, Failure> {
        match self.layers.split_first() {
            Some((layer, rest)) => layer.handle(request, call, Next { layers: rest }).await,
            None => unreachable!("the wire is the last layer and passes nothing on"),
        }
    }
}
