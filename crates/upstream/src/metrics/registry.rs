//! The figures themselves. Every label is from a closed set: backends, operations and tools are known before the
//! start, outcomes and statuses are few; the one that a vendor names, its limits, is bounded here.

use super::stats;
use http::StatusCode;
use prometheus::{
    HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry, TextEncoder, exponential_buckets,
};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many names of limits a vendor can bring in before the rest are counted as `other`.
const NAMES: usize = 64;

/// The figures of one process. Clones count into the same ones.
#[derive(Clone)]
pub struct Metrics(Arc<Families>);

struct Families {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    answers: IntCounterVec,
    bytes: IntCounterVec,
    retries: IntCounterVec,
    waiting: IntGaugeVec,
    waits: HistogramVec,
    refusals: IntCounterVec,
    cache: IntCounterVec,
    breaker: IntGaugeVec,
    quota: IntGaugeVec,
    tools: IntCounterVec,
    tool_seconds: HistogramVec,
    names: Mutex<HashSet<String>>,
}

impl Metrics {
    /// Figures that begin at nought.
    ///
    /// # Errors
    /// None that can happen with the names below; they are checked by the first test that makes one.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let family = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(family.clone()))?;
            Ok::<_, prometheus::Error>(family)
        };
        let gauge = |name: &str, help: &str, labels: &[&str]| {
            let family = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(family.clone()))?;
            Ok::<_, prometheus::Error>(family)
        };
        // From a cache hit to a call that uses its whole deadline: 0.1 ms to 52 s in steps of two.
        let buckets = exponential_buckets(0.0001, 2.0, 20)?;
        let histogram = |name: &str, help: &str, labels: &[&str]| {
            let family = HistogramVec::new(HistogramOpts::new(name, help).buckets(buckets.clone()), labels)?;
            registry.register(Box::new(family.clone()))?;
            Ok::<_, prometheus::Error>(family)
        };
        let families = Families {
            requests: counter(
                "braid_upstream_requests_total",
                "Requests to backends as callers saw them, by outcome.",
                &["backend", "operation", "outcome"],
            )?,
            seconds: histogram(
                "braid_upstream_request_seconds",
                "How long those took, waits and repeats included.",
                &["backend", "operation"],
            )?,
            answers: counter(
                "braid_upstream_answers_total",
                "Answers of backends by HTTP status, each attempt counted.",
                &["backend", "status"],
            )?,
            bytes: counter(
                "braid_upstream_answer_bytes_total",
                "Bytes of those answers, decompressed.",
                &["backend"],
            )?,
            retries: counter(
                "braid_upstream_retries_total",
                "Attempts after the first.",
                &["backend"],
            )?,
            waiting: gauge(
                "braid_upstream_waiting",
                "Requests that wait for an answer, or for their turn to be sent; those that joined another's included.",
                &["backend"],
            )?,
            waits: histogram("braid_limiter_wait_seconds", "Waits for a limit.", &["backend"])?,
            refusals: counter(
                "braid_limiter_refusals_total",
                "Requests refused because the wait would have passed their deadline.",
                &["backend"],
            )?,
            cache: counter(
                "braid_cache_lookups_total",
                "Look-ups by result: hit, stale, miss, joined.",
                &["backend", "result"],
            )?,
            breaker: gauge(
                "braid_breaker_state",
                "0 closed, 1 half open, 2 open.",
                &["backend", "class"],
            )?,
            quota: gauge(
                "braid_quota_remaining",
                "What the vendor last said is left of a limit.",
                &["backend", "bucket"],
            )?,
            tools: counter("braid_tool_calls_total", "Tool calls by outcome.", &["tool", "outcome"])?,
            tool_seconds: histogram("braid_tool_call_seconds", "How long those took.", &["tool"])?,
            names: Mutex::default(),
            registry: registry.clone(),
        };
        Ok(Self(Arc::new(families)))
    }

    /// Everything in Prometheus' text format, for `/metrics`.
    pub fn text(&self) -> String {
        // Writing to a string cannot fail but for names that were refused at registration.
        TextEncoder::new()
            .encode_to_string(&self.0.registry.gather())
            .unwrap_or_default()
    }

    /// Everything as JSON, histograms as count, sum and p50, p95, p99 in seconds, for `/stats`.
    pub fn stats(&self) -> Value {
        stats::of(&self.0.registry.gather())
    }

    /// A tool call has ended; `outcome` is from a closed set.
    pub fn tool_called(&self, tool: &str, outcome: &str, elapsed: Duration) {
        self.0.tools.with_label_values(&[tool, outcome]).inc();
        self.0
            .tool_seconds
            .with_label_values(&[tool])
            .observe(elapsed.as_secs_f64());
    }

    pub(super) fn requested(&self, backend: &str, operation: &str, outcome: &str, took: Duration) {
        self.0.requests.with_label_values(&[backend, operation, outcome]).inc();
        let seconds = took.as_secs_f64();
        self.0.seconds.with_label_values(&[backend, operation]).observe(seconds);
    }

    pub(crate) fn answered(&self, backend: &str, status: StatusCode, bytes: usize) {
        self.0.answers.with_label_values(&[backend, status.as_str()]).inc();
        self.0.bytes.with_label_values(&[backend]).inc_by(bytes as u64);
    }

    pub(crate) fn retried(&self, backend: &str) {
        self.0.retries.with_label_values(&[backend]).inc();
    }

    /// So many more wait for an answer; fewer where it is negative.
    pub(crate) fn waits(&self, backend: &str, more: i64) {
        self.0.waiting.with_label_values(&[backend]).add(more);
    }

    pub(crate) fn waited(&self, backend: &str, wait: Duration) {
        self.0.waits.with_label_values(&[backend]).observe(wait.as_secs_f64());
    }

    pub(crate) fn refused(&self, backend: &str) {
        self.0.refusals.with_label_values(&[backend]).inc();
    }

    pub(crate) fn looked_up(&self, backend: &str, result: &'static str) {
        self.0.cache.with_label_values(&[backend, result]).inc();
    }

    pub(crate) fn breaker(&self, backend: &str, class: &str, state: i64) {
        self.0.breaker.with_label_values(&[backend, class]).set(state);
    }

    pub(crate) fn quota_left(&self, backend: &str, bucket: &str, remaining: u64) {
        let mut names = self.0.names.lock().unwrap_or_else(PoisonError::into_inner);
        let known = names.contains(bucket) || (names.len() < NAMES && names.insert(bucket.to_owned()));
        drop(names);
        let bucket = if known { bucket } else { "other" };
        let remaining = i64::try_from(remaining).unwrap_or(i64::MAX);
        self.0.quota.with_label_values(&[backend, bucket]).set(remaining);
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_same_as_text_and_as_json() {
        let metrics = Metrics::new().unwrap();
        for millis in 1..=100 {
            metrics.requested("slack", "users.info", "ok", Duration::from_millis(millis));
        }
        metrics.answered("slack", StatusCode::TOO_MANY_REQUESTS, 12);
        metrics.tool_called("slack_search", "ok", Duration::from_millis(3));
        let text = metrics.text();
        assert!(
            text.contains(r#"braid_upstream_requests_total{backend="slack",operation="users.info",outcome="ok"} 100"#),
            "{text}"
        );
        assert!(
            text.contains(r#"braid_upstream_answers_total{backend="slack",status="429"} 1"#),
            "{text}"
        );
        let stats = metrics.stats();
        let seconds = &stats["braid_upstream_request_seconds"][0];
        assert_eq!(seconds["operation"], "users.info");
        assert_eq!(seconds["count"], 100);
        let p50 = seconds["p50"].as_f64().unwrap();
        assert!((0.04..0.06).contains(&p50), "{p50}");
        assert_eq!(stats["braid_tool_calls_total"][0]["value"], 1);
    }

    #[test]
    fn a_vendor_cannot_bring_in_names_without_end() {
        let metrics = Metrics::new().unwrap();
        for number in 0..1000 {
            metrics.quota_left("datadog", &format!("limit-{number}"), 1);
        }
        let lines = metrics
            .text()
            .lines()
            .filter(|line| line.starts_with("braid_quota_remaining{"))
            .count();
        assert_eq!(lines, NAMES + 1);
    }
}
