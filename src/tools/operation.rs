//! A compiled operation and its document as the executor reads it: parsed once, however often it is listed and run.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::ExecutableDocument;
use std::sync::Arc;
use toolgen::{ToolSpec, in_parallel};

/// What becomes a tool.
#[derive(Debug, Clone)]
pub struct Operation {
    /// What the compiler made of the file.
    pub spec: Arc<ToolSpec>,
    /// What runs.
    pub document: Arc<ExecutableDocument>,
}

/// A document that the compiler's parser takes and the executor's does not.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{path}: the executor cannot read this operation: {reason}")]
pub struct Unreadable {
    /// The file.
    pub path: String,
    /// The parser's words.
    pub reason: String,
}

impl Operation {
    /// Parses the document.
    pub fn read(spec: Arc<ToolSpec>) -> Result<Self, Unreadable> {
        match parse_query(&spec.document) {
            Ok(document) => Ok(Self {
                document: Arc::new(document),
                spec,
            }),
            Err(error) => Err(Unreadable {
                path: spec.source.clone(),
                reason: error.to_string(),
            }),
        }
    }

    /// Parses many on all processors, each by itself: what is wrong with one is no matter of the others.
    pub fn read_all(specs: &[Arc<ToolSpec>]) -> Vec<Result<Self, Unreadable>> {
        in_parallel(specs, |spec| Self::read(Arc::clone(spec)))
    }
}

#[cfg(test)]
impl From<ToolSpec> for Operation {
    fn from(spec: ToolSpec) -> Self {
        Self::read(Arc::new(spec)).unwrap()
    }
}
