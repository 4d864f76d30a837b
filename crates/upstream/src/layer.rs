//! What a layer is: it may look at a request, pass it on (or not, or several times), and look at what comes back.

use super::{Call, Failure, Request, Response};
use async_trait::async_trait;
use std::sync::Arc;

/// One layer of the road.
#[async_trait]
pub trait Layer: Send + Sync + 'static {
    /// Handles a request, by itself or by `next`.
    async fn handle(&self, request: &Request, call: &Call, next: Next) -> Result<Response, Failure>;
}

/// The end of the road, below all layers: the wire, or in a layer's own tests a closure.
#[async_trait]
pub trait End: Send + Sync + 'static {
    /// Sends the request; an answer of any status is `Ok`.
    async fn send(&self, request: &Request, call: &Call) -> Result<Response, Failure>;
}

/// All layers, the outermost first, and the end.
pub struct Road {
    /// The layers in order.
    pub layers: Vec<Box<dyn Layer>>,
    /// What is below them.
    pub end: Box<dyn End>,
}

/// The layers that come after. It owns its share of the road, so that a request can outlive the call that began it
/// (a shared flight, a refresh in the background).
#[derive(Clone)]
pub struct Next {
    road: Arc<Road>,
    at: usize,
}

impl Next {
    /// The whole road.
    pub fn new(road: Arc<Road>) -> Self {
        Self { road, at: 0 }
    }

    /// Passes the request to the next layer, or to the end.
    pub async fn run(self, request: &Request, call: &Call) -> Result<Response, Failure> {
        let Self { road, at } = self;
        match road.layers.get(at) {
            Some(layer) => {
                let next = Self {
                    road: Arc::clone(&road),
                    at: at + 1,
                };
                layer.handle(request, call, next).await
            }
            None => road.end.send(request, call).await,
        }
    }
}
