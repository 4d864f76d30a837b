//! The order of the layers, once, with a reason for each.

pub use super::params::Params;

use super::judge::Judge;
use super::layer::{Layer, Next, Road};
use super::wire::{self, Wire};
use super::{Call, Failure, Request, Response};
use std::sync::Arc;

/// The road to one backend.
#[derive(Clone)]
pub struct Stack {
    backend: &'static str,
    road: Arc<Road>,
}

impl Stack {
    /// Puts the layers together, the outermost first. A [`Failure`] where the parameters cannot make a road: a base
    /// URL to which credentials may not be sent.
    pub fn new(params: Params) -> Result<Self, Failure> {
        let Params {
            backend,
            base,
            auth,
            classify,
            timeouts,
            body_limit,
        } = params;
        let auth: Arc<[_]> = auth.into();
        let layers: Vec<Box<dyn Layer>> = vec![
            // Above the wire there are only good answers and failures, so that no layer reads a status by itself.
            Box::new(Judge {
                backend,
                classify: classify.into(),
            }),
        ];
        let wire = Wire::new(wire::Params {
            backend,
            base,
            auth,
            timeouts,
            body_limit,
        })?;
        Ok(Self {
            backend,
            road: Arc::new(Road {
                layers,
                end: Box::new(wire),
            }),
        })
    }

    /// Sends a request down the road.
    pub async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        Next::new(Arc::clone(&self.road)).run(&request, call).await
    }

    /// The backend's name.
    pub fn backend(&self) -> &'static str {
        self.backend
    }
}
