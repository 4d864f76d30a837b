//! The order of the layers, once, with a reason for each.

use super::auth::Auth;
use super::layer::{Layer, Next};
use super::wire::Wire;
use super::{Call, Classify, Failure, Request, Response};
use std::sync::Arc;
use url::Url;

/// What makes one backend's road differ from another's.
pub struct Params {
    /// The backend's name, e.g. `slack`.
    pub backend: &'static str,
    /// What all paths are below.
    pub base: Url,
    /// The credentials, several where a gateway stands in front.
    pub auth: Vec<Box<dyn Auth>>,
    /// What counts as a failure.
    pub classify: Box<dyn Classify>,
}

impl Params {
    /// The parts that every backend must give.
    pub fn new(backend: &'static str, base: Url, auth: Vec<Box<dyn Auth>>, classify: Box<dyn Classify>) -> Self {
        Self {
            backend,
            base,
            auth,
            classify,
        }
    }
}

/// The road to one backend.
#[derive(Clone)]
pub struct Stack {
    backend: &'static str,
    layers: Arc<[Arc<dyn Layer>]>,
}

impl Stack {
    /// Puts the layers together, the outermost first.
    pub fn new(params: Params) -> Result<Self, Failure> {
        let backend = params.backend;
        let layers: Vec<Arc<dyn Layer>> = vec![Arc::new(Wire::new(params)?)];
        Ok(Self {
            backend,
            layers: layers.into(),
        })
    }

    /// Sends a request down the road.
    pub async fn send(&self, request: Request, call: &Call) -> Result<Response, Failure> {
        Next::new(&self.layers).run(&request, call).await
    }

    /// The backend's name.
    pub fn backend(&self) -> &'static str {
        self.backend
    }
}
