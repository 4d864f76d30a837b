//! Metrics as functions: a value for each metric, host and moment, the same at every call.

use super::{clock::BROKEN_FROM, pick, spread};

/// A metric that acme reports.
#[derive(Debug)]
pub(in super::super) struct Metric {
    pub(in super::super) name: &'static str,
    /// Family, name, plural, short name, scale; none for a bare number.
    pub(in super::super) unit: Option<Unit>,
    /// The tags it may be filtered and grouped by; each is a host's.
    pub(in super::super) service: &'static str,
    /// Around what it moves, and how far.
    level: (f64, f64),
    /// What it moves around once the checkout is broken.
    broken: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Unit {
    pub(in super::super) family: &'static str,
    pub(in super::super) name: &'static str,
    pub(in super::super) plural: &'static str,
    pub(in super::super) short: &'static str,
    pub(in super::super) scale: f64,
}

const SECOND: Unit = Unit {
    family: "time",
    name: "second",
    plural: "seconds",
    short: "s",
    scale: 1.0,
};
const PERCENT: Unit = Unit {
    family: "percentage",
    name: "percent",
    plural: "percent",
    short: "%",
    scale: 1.0,
};
const BYTE: Unit = Unit {
    family: "bytes",
    name: "byte",
    plural: "bytes",
    short: "B",
    scale: 1.0,
};
const REQUEST: Unit = Unit {
    family: "network",
    name: "request",
    plural: "requests",
    short: "req",
    scale: 1.0,
};

const METRICS: [Metric; 10] = [
    metric("checkout.error_rate", None, "checkout", (0.004, 0.002), Some(0.12)),
    metric("checkout.errors", Some(REQUEST), "checkout", (2.0, 1.0), Some(61.0)),
    metric("checkout.requests", Some(REQUEST), "checkout", (500.0, 60.0), None),
    metric("checkout.latency", Some(SECOND), "checkout", (0.22, 0.04), Some(0.24)),
    metric(
        "payments.requests",
        Some(REQUEST),
        "payments",
        (410.0, 50.0),
        Some(350.0),
    ),
    metric("trace.http.request", Some(SECOND), "web", (0.31, 0.08), None),
    metric("system.cpu.user", Some(PERCENT), "checkout", (38.0, 12.0), None),
    metric("system.load.1", None, "checkout", (1.4, 0.5), None),
    metric("system.mem.used", Some(BYTE), "checkout", (3.2e9, 2.0e8), None),
    metric("search.index.lag", Some(SECOND), "search", (4.0, 3.0), None),
];

const fn metric(
    name: &'static str,
    unit: Option<Unit>,
    service: &'static str,
    level: (f64, f64),
    broken: Option<f64>,
) -> Metric {
    Metric {
        name,
        unit,
        service,
        level,
        broken,
    }
}

pub(in super::super) fn find(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.name == name)
}

/// The hosts that report for a service.
pub(in super::super) fn hosts(service: &str) -> Vec<String> {
    (1..=3 + pick(service, 3))
        .map(|number| format!("{service}-{number}"))
        .collect()
}

impl Metric {
    /// The value that a host reports for a moment; none where it reported nothing: about one moment in forty.
    pub(in super::super) fn value(&self, host: &str, seconds: i64) -> Option<f64> {
        let seed = format!("{} {host} {seconds}", self.name);
        if pick(&format!("{seed} gap"), 40) == 0 {
            return None;
        }
        let (mut middle, reach) = self.level;
        if let Some(broken) = self.broken
            && (BROKEN_FROM..BROKEN_FROM + 3 * 3_600).contains(&seconds)
        {
            middle = broken;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "a wave and some noise need no more than 52 bits"
        )]
        let (day, noise) = (
            (seconds % 86_400) as f64 / 86_400.0,
            (spread(&seed) % 1_000) as f64 / 1_000.0,
        );
        let value = middle + reach * (0.6 * (day * std::f64::consts::TAU).sin() + 0.4 * (2.0 * noise - 1.0));
        // Four significant decimals at most, as an agent of Datadog's reports.
        Some((value * 10_000.0).round() / 10_000.0)
    }
}
