//! What a metric query gave: series with their figures, and points as few as are wanted.

use super::downsample::{downsample, mean};
use super::figure::Figure;
use crate::backends::datadog::{BACKEND, Metrics, MetricsQuery, Point, Series};
use crate::graph::failure::graphql_error;
use crate::graph::paging::Count;
use crate::graph::scalars::DateTime;
use async_graphql::{Error, Object, SimpleObject};
use jiff::Timestamp;
use serde_json::Number;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
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
    variant: Option<String>,
}

/// A value at a time.
#[derive(SimpleObject)]
pub struct DatadogPoint {
    /// The time, or the start of the span that was averaged.
    at: DateTime,
    /// The value; null where there was none.
    value: Option<Figure>,
}

impl DatadogMetrics {
    /// What this query gave.
    pub(super) fn new(query: &MetricsQuery, metrics: &Metrics) -> Self {
        let text: Arc<str> = query.query.as_str().into();
        let shown = metrics.series.get(..MOST_SERIES).unwrap_or(&metrics.series);
        let mut variants = variants(shown).into_iter();
        Self {
            from: DateTime(query.from),
            to: DateTime(query.to),
            series: shown
                .iter()
                .map(|series| DatadogSeries {
                    series: series.clone(),
                    query: Arc::clone(&text),
                    variant: variants.next().flatten(),
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

    /// What tells it from another series with the same metric and scope: the aggregation, the expression or the place in the
    /// query. Null where there is no such series.
    async fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    /// The part of the query it comes from, e.g. `max:system.cpu.user{*}`.
    async fn expression(&self) -> Option<&str> {
        self.series.expression.as_deref()
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
    async fn min(&self) -> Option<Figure> {
        self.values().min_by(|left, right| compare(left, right)).map(Figure::of)
    }

    /// The highest value.
    async fn max(&self) -> Option<Figure> {
        self.values().max_by(|left, right| compare(left, right)).map(Figure::of)
    }

    /// The mean of the values.
    async fn avg(&self) -> Option<Figure> {
        mean(self.values()).as_ref().map(Figure::of)
    }

    /// The last value.
    async fn last(&self) -> Option<Figure> {
        self.values().last().map(Figure::of)
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
        Ok(Some(points.iter().filter_map(point).collect()))
    }
}

impl DatadogSeries {
    fn values(&self) -> impl Iterator<Item = &Number> {
        self.series.points.iter().filter_map(|point| point.value.as_ref())
    }

    /// Milliseconds between two points: the smallest gap, as gaps in the data make larger ones.
    fn step(&self) -> Option<i64> {
        let points = &self.series.points;
        let gaps = points.iter().zip(points.iter().skip(1)).map(|(a, b)| b.ms - a.ms);
        gaps.filter(|gap| *gap > 0).min()
    }
}

/// Integers are compared as such: two large ones may be the same float.
fn compare(left: &Number, right: &Number) -> Ordering {
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => left.as_f64().partial_cmp(&right.as_f64()).unwrap_or(Ordering::Equal),
    }
}

/// For each series what tells it from those with the same metric and scope, if there are any.
fn variants(series: &[Series]) -> Vec<Option<String>> {
    let mut alike: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, one) in series.iter().enumerate() {
        alike.entry((&one.metric, &one.scope)).or_default().push(index);
    }
    let mut variants = vec![None; series.len()];
    let told: [fn(&Series) -> Option<String>; 2] = [|series| series.aggr.clone(), |series| series.expression.clone()];
    for group in alike.values().filter(|group| group.len() > 1) {
        let of = |tell: &fn(&Series) -> Option<String>| -> Vec<_> {
            group.iter().map(|&index| series.get(index).and_then(tell)).collect()
        };
        let differ = |names: &Vec<Option<String>>| {
            names.iter().all(Option::is_some) && names.iter().collect::<HashSet<_>>().len() == names.len()
        };
        let names = told.iter().map(of).find(differ);
        for (place, &index) in group.iter().enumerate() {
            let in_query = || {
                series
                    .get(index)?
                    .query_index
                    .map(|index| format!("query {}", index + 1))
            };
            let name = match &names {
                Some(names) => names.get(place).cloned().flatten(),
                None => in_query().or_else(|| Some(format!("series {}", index + 1))),
            };
            if let Some(variant) = variants.get_mut(index) {
                *variant = name;
            }
        }
    }
    variants
}

/// What is said where there are more series than are given.
pub(super) fn too_many(series: usize) -> Failure {
    let message = format!("the query gives {series} series, and the first {MOST_SERIES} are shown");
    Failure::new(BACKEND, "QueryMetrics", Cause::Invalid { message })
        .with_hint("name fewer groups in the query, e.g. by `top(…)` or another filter")
}

/// A point outside the calendar is one that Datadog did not mean.
fn point(point: &Point) -> Option<DatadogPoint> {
    Some(DatadogPoint {
        at: DateTime(Timestamp::from_millisecond(point.ms).ok()?),
        value: point.value.as_ref().map(Figure::of),
    })
}
