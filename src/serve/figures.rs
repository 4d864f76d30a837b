//! `/metrics` and `/stats`: what the roads and tools did since the start, for machines and for people.

use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use axum::{Json, Router};
use upstream::metrics::Metrics;

/// Prometheus' text format, version 0.0.4.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The routes `/metrics` and `/stats`.
pub fn routes(metrics: Metrics) -> Router {
    let stats = metrics.clone();
    Router::new()
        .route("/metrics", get(async move || ([(CONTENT_TYPE, TEXT)], metrics.text())))
        .route("/stats", get(async move || Json(stats.stats())))
}
