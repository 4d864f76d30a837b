//! Loaders for Datadog. It has no bulk look-ups: a batch fans out, a few requests at a time, and returns together, which
//! keeps one level of an operation together.

use crate::backends::Backend;
use crate::backends::datadog::{
    BACKEND, Client, Groups, Metrics, MetricsQuery, Monitor, MonitorPage, MonitorSearch, NewMonitor,
};
use dataloader::BatchFn;
use dataloader::cached;
use futures::{StreamExt, stream};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;
use upstream::{Call, Cause, Failure};

/// How many requests of one batch are under way at a time.
const AT_ONCE: usize = 8;

/// Above every batch that an operation within its limits can ask for: a full batch is run by whoever fills it, under a
/// lock, and would tear a level apart.
const BATCH: usize = 100_000;

/// What a key has led to; a failure stays with its key.
type Answer<T> = Result<Arc<T>, Failure>;

/// What one operation loads from Datadog.
pub struct Loader {
    source: Source,
    metrics: cached::Loader<MetricsQuery, Answer<Metrics>, MetricsBatch>,
    monitors: cached::Loader<MonitorKey, Answer<Monitor>, MonitorBatch>,
    searches: cached::Loader<MonitorSearch, Answer<MonitorPage>, SearchBatch>,
}

/// A monitor, and what is wanted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MonitorKey {
    /// Its id.
    pub id: i64,
    /// Whether its groups are wanted.
    pub groups: Groups,
}

impl Loader {
    /// Loaders for one operation.
    pub fn new(client: Backend<Client>, call: Arc<Call>) -> Self {
        let source = Source { client, call };
        Self {
            metrics: cached::Loader::new(MetricsBatch(source.clone())).with_max_batch_size(BATCH),
            monitors: cached::Loader::new(MonitorBatch {
                source: source.clone(),
                known: HashMap::new(),
            })
            .with_max_batch_size(BATCH),
            searches: cached::Loader::new(SearchBatch(source.clone())).with_max_batch_size(BATCH),
            source,
        }
    }

    /// What a metric query gives.
    pub async fn metrics(&self, query: MetricsQuery) -> Answer<Metrics> {
        self.metrics
            .try_load(query)
            .await
            .unwrap_or_else(|_| lost("QueryMetrics"))
    }

    /// What Datadog's handles call the Slack workspace, where the configuration says so.
    pub fn slack_account(&self) -> Option<&str> {
        self.source.client.client().ok()?.slack_account()
    }

    /// A monitor.
    pub async fn monitor(&self, key: MonitorKey) -> Answer<Monitor> {
        self.monitors.try_load(key).await.unwrap_or_else(|_| lost("GetMonitor"))
    }

    /// A page of monitors.
    pub async fn search(&self, search: MonitorSearch) -> Answer<MonitorPage> {
        self.searches
            .try_load(search)
            .await
            .unwrap_or_else(|_| lost("SearchMonitors"))
    }

    /// Makes a monitor; writes are neither batched nor remembered.
    pub async fn create_monitor(&self, new: &NewMonitor) -> Answer<Monitor> {
        let monitor = self
            .source
            .client
            .client()?
            .create_monitor(new, &self.source.call)
            .await?;
        Ok(Arc::new(monitor))
    }
}

/// The loader answers only for keys whose batch ran to its end; one that was dropped on the way leaves the others here.
fn lost<T>(operation: &'static str) -> Answer<T> {
    let reason = "the batch that it was part of was dropped".to_owned();
    Err(Failure::new(BACKEND, operation, Cause::Interrupted { reason }))
}

#[derive(Clone)]
struct Source {
    client: Backend<Client>,
    call: Arc<Call>,
}

struct MetricsBatch(Source);

impl BatchFn<MetricsQuery, Answer<Metrics>> for MetricsBatch {
    async fn load(&mut self, keys: &[MetricsQuery]) -> HashMap<MetricsQuery, Answer<Metrics>> {
        let fetch = |Source { client, call }: Source, query: MetricsQuery| async move {
            client.client()?.query_metrics(&query, &call).await
        };
        fan_out(&self.0, keys.to_vec(), fetch).await.collect()
    }
}

struct SearchBatch(Source);

impl BatchFn<MonitorSearch, Answer<MonitorPage>> for SearchBatch {
    async fn load(&mut self, keys: &[MonitorSearch]) -> HashMap<MonitorSearch, Answer<MonitorPage>> {
        let fetch = |Source { client, call }: Source, search: MonitorSearch| async move {
            client.client()?.search_monitors(&search, &call).await
        };
        fan_out(&self.0, keys.to_vec(), fetch).await.collect()
    }
}

struct MonitorBatch {
    source: Source,
    /// What earlier levels loaded: a monitor with its groups also serves those who do not want them.
    known: HashMap<i64, (Groups, Answer<Monitor>)>,
}

impl BatchFn<MonitorKey, Answer<Monitor>> for MonitorBatch {
    async fn load(&mut self, keys: &[MonitorKey]) -> HashMap<MonitorKey, Answer<Monitor>> {
        let mut wanted = BTreeMap::new();
        for key in keys {
            let groups = wanted.entry(key.id).or_insert(key.groups);
            *groups = key.groups.max(*groups);
        }
        wanted.retain(|id, groups| self.known.get(id).is_none_or(|(known, _)| known < groups));

        let fetch = |Source { client, call }: Source, (id, groups)| async move {
            client.client()?.monitor(id, groups, &call).await
        };
        let loaded = fan_out(&self.source, wanted.into_iter().collect(), fetch).await;
        self.known
            .extend(loaded.map(|((id, groups), monitor)| (id, (groups, monitor))));

        keys.iter()
            .filter_map(|key| Some((*key, self.known.get(&key.id)?.1.clone())))
            .collect()
    }
}

/// Fetches each key, a few at a time and in order of the keys, so that the same operation makes the same requests.
async fn fan_out<K: Ord + Clone, T, F: Future<Output = Result<T, Failure>>>(
    source: &Source,
    mut keys: Vec<K>,
    fetch: impl Fn(Source, K) -> F,
) -> impl Iterator<Item = (K, Answer<T>)> {
    keys.sort();
    let answers: Vec<_> = stream::iter(keys)
        .map(|key| {
            let answer = fetch(source.clone(), key.clone());
            async move { (key, answer.await.map(Arc::new)) }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    answers.into_iter()
}

#[cfg(test)]
mod tests;
