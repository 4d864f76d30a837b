//! What a metric query gave: series with their figures, and points as few as are wanted.

use super::downsample::{downsample, mean, rounded};
use crate::backends::datadog::{BACKEND, Metrics, MetricsQuery, Point, Series};
use crate::graph::failure::graphql_error;
use crate::graph::paging::Count;
use crate::graph::scalars::DateTime;
use async_graphql::{Error, Object, SimpleObject};
use jiff::Timestamp;
use std::sync::Arc;
use upstream::{Cause, Failure};

/// How many series are given: as many groups as a widget of Datadog's draws. What a tool costs is reckoned with it:
/// `schema/weights.graphql` has the same number.
pub(super) const MOST_SERIES: usize = 100;

/// What a metric query gave.
#[derive(SimpleObject)]
pub struct DatadogMetrics {
    /// The start that was asked for, resolved.
    from: DateTime,
    /// The end that was asked for, resolved.
    to: DateTime,
    /// One series for each group, at most 100.
    series: Vec<DatadogSeries>,
}

/// One line of a chart.
pub struct DatadogSeries {
    series: Series,
    query: Arc<str>,
}

/// A value at a time.
#[derive(SimpleObject)]
pub struct DatadogPoint {
    /// The time, or the start of the span that was averaged.
    at: DateTime,
    /// The value; null where there was none.
    value: Option<f64>,
}

impl DatadogMetrics {
    /// What this query gave.
    pub(super) fn new(query: &MetricsQuery, metrics: &Metrics) -> Self {
        let text: Arc<str> = query.query.as_str().into();
        Self {
            from: DateTime(query.from),
            to: DateTime(query.to),
            series: metrics
                .series
                .iter()
                .take(MOST_SERIES)
                .map(|series| DatadogSeries {
                    series: series.clone(),
                    query: Arc::clone(&text),
                })
                .collect(),
        }
    }
}

/// One line of a chart.
#[Object]
impl DatadogSeries {
    /// The metric's name, or the expression where the query calculates.
    async fn metric(&self) -> &str {
        let Series { metric, expression, .. } = &self.series;
        metric.as_deref().or(expression.as_deref()).unwrap_or(&self.query)
    }

    /// The tags that tell it from the others, e.g. `host:web-1`; `*` for everything.
    async fn scope(&self) -> &str {
        self.series.scope.as_deref().unwrap_or("*")
    }

    /// The unit, e.g. `byte/second`.
    async fn unit(&self) -> Option<&str> {
        self.series.unit.as_deref()
    }

    /// Seconds between two points, as Datadog rolled them up.
    async fn interval(&self) -> Option<i32> {
        let seconds = self.step().map(|ms| ms / 1000).or(self.series.interval);
        seconds.and_then(|seconds| i32::try_from(seconds).ok())
    }

    /// The lowest value.
    async fn min(&self) -> Option<f64> {
        self.values().reduce(f64::min).map(rounded)
    }

    /// The highest value.
    async fn max(&self) -> Option<f64> {
        self.values().reduce(f64::max).map(rounded)
    }

    /// The mean of the values.
    async fn avg(&self) -> Option<f64> {
        mean(self.values())
    }

    /// The last value.
    async fn last(&self) -> Option<f64> {
        self.values().last().map(rounded)
    }

    /// How many points Datadog gave, before down-sampling.
    async fn point_count(&self) -> i32 {
        i32::try_from(self.series.points.len()).unwrap_or(i32::MAX)
    }

    /// The points, oldest first.
    #[expect(clippy::unused_async, reason = "async-graphql takes async methods only")]
    async fn points(
        &self,
        #[graphql(
            desc = "At most this many, 1 to 1000: neighbouring points are averaged.",
            default = 60
        )]
        max: i32,
    ) -> Result<Option<Vec<DatadogPoint>>, Error> {
        let count = Count {
            backend: BACKEND,
            operation: "QueryMetrics",
            argument: "max",
            max: 1000,
        };
        let max = count.of(max).map_err(|failure| graphql_error(&failure))?;
        let points = downsample(&self.series.points, self.step(), max);
        Ok(Some(points.into_iter().filter_map(point).collect()))
    }
}

impl DatadogSeries {
    fn values(&self) -> impl Iterator<Item = f64> {
        self.series.points.iter().filter_map(|point| point.value)
    }

    /// Milliseconds between two points: the smallest gap, as gaps in the data make larger ones.
    fn step(&self) -> Option<i64> {
        let points = &self.series.points;
        let gaps = points.iter().zip(points.iter().skip(1)).map(|(a, b)| b.ms - a.ms);
        gaps.filter(|gap| *gap > 0).min()
    }
}

/// What is said where there are more series than are given.
pub(super) fn too_many(series: usize) -> Failure {
    let message = format!("the query gives {series} series, and the first {MOST_SERIES} are shown");
    Failure::new(BACKEND, "QueryMetrics", Cause::Invalid { message })
        .with_hint("name fewer groups in the query, e.g. by `top(…)` or another filter")
}

/// A point outside the calendar is one that Datadog did not mean.
fn point(point: Point) -> Option<DatadogPoint> {
    Some(DatadogPoint {
        at: DateTime(Timestamp::from_millisecond(point.ms).ok()?),
        value: point.value.map(rounded),
    })
}
