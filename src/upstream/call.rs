//! What all upstream requests of one tool call share: the deadline and the account of what was spent.

use std::time::Duration;
use tokio::time::Instant;

/// One tool call or GraphQL request, as the road sees it. Made anew for each, shared by its requests.
#[derive(Debug)]
pub struct Call {
    deadline: Instant,
}

impl Call {
    /// A call that has so long from now.
    pub fn within(limit: Duration) -> Self {
        Self {
            deadline: Instant::now() + limit,
        }
    }

    /// When it must be over.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// How long is left.
    pub fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}
