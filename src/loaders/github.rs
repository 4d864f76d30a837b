//! What one operation looks up at GitHub: all look-ups of a level in one request, no object's field asked twice.

mod memory;

use crate::backends::Backend;
use crate::backends::github::{Ask, BACKEND, Client, Found};
use dataloader::BatchFn;
use dataloader::cached;
use memory::Memory;
use std::collections::HashMap;
use std::sync::Arc;
use upstream::{Call, Cause, Failure};

/// What a look-up gives.
pub type Answer = Result<Arc<Found>, Failure>;

/// How often a look-up lets others go first, so that they come into the same request. More than the usual ten, because
/// hundreds of links of one level wake one another in turn.
const YIELDS: usize = 50;
/// How many look-ups make a batch at once. More than an operation can hold: the client cuts batches to GitHub's limits.
const BATCH: usize = 100_000;

/// What one operation loads from GitHub.
pub struct Loader {
    lookups: cached::Loader<Ask, Answer, Batch>,
}

struct Batch {
    client: Backend<Client>,
    call: Arc<Call>,
    memory: Memory,
}

impl Loader {
    /// Loaders for one operation.
    pub fn new(client: Backend<Client>, call: Arc<Call>) -> Self {
        let batch = Batch {
            client,
            call,
            memory: Memory::default(),
        };
        let lookups = cached::Loader::new(batch)
            .with_max_batch_size(BATCH)
            .with_yield_count(YIELDS);
        Self { lookups }
    }

    /// Looks one thing up.
    pub async fn load(&self, ask: Ask) -> Answer {
        self.lookups
            .try_load(ask)
            .await
            .unwrap_or_else(|_gone| Err(cancelled()))
    }

    /// Looks several things up; the answers are in the same order.
    pub async fn load_many(&self, asks: Vec<Ask>) -> Vec<Answer> {
        let found = self.lookups.try_load_many(asks.clone()).await.unwrap_or_default();
        let answer = |ask| found.get(&ask).cloned().unwrap_or_else(|| Err(cancelled()));
        asks.into_iter().map(answer).collect()
    }
}

impl BatchFn<Ask, Answer> for Batch {
    async fn load(&mut self, asks: &[Ask]) -> HashMap<Ask, Answer> {
        // The loader keeps its keys in no order, but the same look-ups shall make the same document.
        let mut asks = asks.to_vec();
        asks.sort();
        let client = match self.client.client() {
            Ok(client) => client,
            Err(off) => return asks.into_iter().map(|ask| (ask, Err(off.clone()))).collect(),
        };
        let open = self.memory.lacking(&asks);
        let verdicts = client.look_up(&open, &self.call).await;
        let failed = self.memory.learn(open, verdicts);
        let answer = |ask: Ask| {
            let answer = match failed.get(&ask.lookup.identity()) {
                Some(failure) if !self.memory.has(&ask) => Err(failure.clone()),
                _ => self.memory.recall(&ask),
            };
            (ask, answer)
        };
        asks.into_iter().map(answer).collect()
    }
}

/// Whoever ran the batch was dropped, and what it would have brought with it.
fn cancelled() -> Failure {
    let reason = "the call that looked it up was cancelled".to_owned();
    Failure::new(BACKEND, "lookups", Cause::Interrupted { reason })
}
