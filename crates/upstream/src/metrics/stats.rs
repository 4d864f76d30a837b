//! The figures as JSON: the same families as in the text, histograms reduced to what a person asks for.

use prometheus::proto::{Histogram, Metric, MetricFamily, MetricType};
use serde_json::{Map, Value, json};

/// All families by name, each a list of its series: labels beside figures.
pub(super) fn of(families: &[MetricFamily]) -> Value {
    let series = |family: &MetricFamily| -> Value {
        let kind = family.get_field_type();
        family.get_metric().iter().map(|metric| figures(metric, kind)).collect()
    };
    let named = families.iter().map(|family| (family.name().to_owned(), series(family)));
    Value::Object(named.collect())
}

fn figures(metric: &Metric, kind: MetricType) -> Value {
    let mut entry: Map<String, Value> = metric
        .get_label()
        .iter()
        .map(|label| (label.name().to_owned(), label.value().into()))
        .collect();
    match kind {
        MetricType::HISTOGRAM => {
            let histogram = metric.get_histogram();
            entry.insert("count".to_owned(), histogram.get_sample_count().into());
            entry.insert("sum".to_owned(), json!(histogram.get_sample_sum()));
            for (name, share) in [("p50", 0.50), ("p95", 0.95), ("p99", 0.99)] {
                entry.insert(name.to_owned(), json!(quantile(histogram, share)));
            }
        }
        MetricType::COUNTER => {
            entry.insert("value".to_owned(), whole(metric.get_counter().get_value()));
        }
        _ => {
            entry.insert("value".to_owned(), whole(metric.get_gauge().get_value()));
        }
    }
    Value::Object(entry)
}

/// Estimated as Prometheus does it: evenly spread within the bucket that holds it. Beyond the last bound nothing more
/// is known than that bound.
fn quantile(histogram: &Histogram, share: f64) -> Option<f64> {
    let wanted = share * to_f64(histogram.get_sample_count());
    if wanted == 0.0 {
        return None;
    }
    let (mut lower, mut below) = (0.0, 0.0);
    for bucket in histogram.get_bucket() {
        let (upper, within) = (bucket.upper_bound(), to_f64(bucket.cumulative_count()));
        if within >= wanted {
            return Some(lower + (upper - lower) * (wanted - below) / (within - below));
        }
        (lower, below) = (upper, within);
    }
    Some(lower)
}

/// Counts and gauges here are whole numbers, which `1.0` in JSON would hide.
fn whole(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "counts, far below 2^52")]
    let whole = value as i64;
    whole.into()
}

fn to_f64(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts, far below 2^52")]
    let count = count as f64;
    count
}
