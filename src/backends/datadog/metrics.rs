//! Metric queries: `GET /api/v1/query` ("Datadog API reference: Query timeseries data across multiple products, v1").

use super::client::Client;
use super::read;
use crate::backends::clean::clean;
use http::Method;
use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};
use std::time::Duration;
use upstream::{Call, Failure, Request};

/// How long an answer serves again. The span is part of what identifies it and moves with every second, so this only
/// helps callers that ask for a fixed span.
const FRESH: Duration = Duration::from_secs(15);

/// A metric query over a span of time. Datadog takes whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MetricsQuery {
    /// In Datadog's metric query language.
    pub query: String,
    /// The start.
    pub from: Timestamp,
    /// The end.
    pub to: Timestamp,
}

/// What a metric query gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Metrics {
    /// One series for each group.
    pub series: Vec<Series>,
}

/// One line of a chart.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Series {
    /// The metric's name; for arithmetic over several, the vendor repeats the expression here.
    #[serde(default, deserialize_with = "read::text")]
    pub metric: Option<String>,
    /// The expression it comes from.
    #[serde(default, deserialize_with = "read::text")]
    pub expression: Option<String>,
    /// The aggregation of its query, e.g. `max`.
    #[serde(default, deserialize_with = "read::text")]
    pub aggr: Option<String>,
    /// Which of the queries of one request it comes from, from 0.
    #[serde(default, deserialize_with = "read::integer")]
    pub query_index: Option<i64>,
    /// The tags that tell it from the others, comma separated.
    #[serde(default, deserialize_with = "read::text")]
    pub scope: Option<String>,
    /// The unit: what is counted, and per what.
    #[serde(default, rename = "unit", deserialize_with = "unit")]
    pub unit: Option<String>,
    /// The step in seconds as Datadog states it. (Its reference says milliseconds, its answers hold seconds.)
    #[serde(default, deserialize_with = "read::integer")]
    pub interval: Option<i64>,
    /// Values in order of time.
    #[serde(default, rename = "pointlist", deserialize_with = "points")]
    pub points: Vec<Point>,
}

/// A value at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When, in epoch milliseconds.
    pub ms: i64,
    /// The value as it came; `None` where there was none.
    pub value: Option<Number>,
}

impl Client {
    /// Runs a metric query.
    pub async fn query_metrics(&self, query: &MetricsQuery, call: &Call) -> Result<Metrics, Failure> {
        let request = Request::read("QueryMetrics", Method::GET, "/api/v1/query")
            .query("query", &query.query)
            .query("from", query.from.as_second().to_string())
            .query("to", query.to.as_second().to_string())
            .fresh_for(FRESH, vec!["datadog:metrics".to_owned()]);
        self.ask(request, "series of points", call).await
    }
}

/// Where nothing was measured `series` may be left out, but then a status says that it is an answer.
impl<'de> Deserialize<'de> for Metrics {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut answer = Map::<String, Value>::deserialize(from)?;
        let series = match answer.remove("series") {
            Some(Value::Array(series)) => read::readable(series),
            Some(Value::Null) => Vec::new(),
            None if answer.contains_key("status") => Vec::new(),
            None => return Err(D::Error::missing_field("series")),
            Some(_) => return Err(D::Error::custom("`series` is no list")),
        };
        Ok(Self { series })
    }
}

/// `[{"name": "byte"}, {"name": "second"}]` is `byte/second`; either may be null, and so may the list.
fn unit<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let value = Value::deserialize(from)?;
    let name = |index: usize| value.get(index)?.get("name")?.as_str().map(clean);
    Ok(match (name(0), name(1)) {
        (Some(unit), Some(per)) => Some(format!("{unit}/{per}")),
        (Some(unit), None) => Some(unit),
        (None, Some(per)) => Some(format!("1/{per}")),
        (None, None) => None,
    })
}

/// Points in order of time, without those that have no time or a value that is neither a number nor null.
fn points<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Point>, D::Error> {
    let value = Value::deserialize(from)?;
    let mut points: Vec<Point> = value.as_array().into_iter().flatten().filter_map(point).collect();
    points.sort_by_key(|point| point.ms);
    Ok(points)
}

fn point(pair: &Value) -> Option<Point> {
    let ms = read::integer_of(pair.get(0)?)?;
    let value = match pair.get(1)? {
        Value::Null => None,
        value => Some(read::number_of(value)?),
    };
    Some(Point { ms, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn series(value: Value) -> Series {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_bad_point_costs_itself() {
        let series = series(json!({
            "metric": "system.load.1",
            "scope": "host:web-1",
            "unit": [{"name": "byte", "family": "bytes"}, {"name": "second"}],
            "interval": "20",
            "pointlist": [
                [1_795_170_620_000.0, "2.5"],
                [1_795_170_600_000_i64, 1.5],
                [1_795_170_640_000.0, null],
                [null, 3.0],
                [1_795_170_660_000.0, "many"],
                "nonsense",
            ],
        }));
        let at = |ms, value: Option<f64>| Point {
            ms,
            value: value.and_then(Number::from_f64),
        };
        assert_eq!(
            series.points,
            [
                at(1_795_170_600_000, Some(1.5)),
                at(1_795_170_620_000, Some(2.5)),
                at(1_795_170_640_000, None)
            ]
        );
        assert_eq!(series.unit.as_deref(), Some("byte/second"));
        assert_eq!(series.interval, Some(20));
    }

    #[test]
    fn a_bad_series_costs_itself() {
        let metrics: Metrics = serde_json::from_value(json!({
            "status": "ok",
            "series": [null, [1], {"metric": "a"}, {"metric": null, "scope": 7, "unit": null, "pointlist": []}],
        }))
        .unwrap();
        let [pointless, other] = metrics.series.as_slice() else {
            panic!("{metrics:?}")
        };
        assert_eq!((pointless.metric.as_deref(), pointless.points.len()), (Some("a"), 0));
        assert_eq!((other.metric.as_deref(), other.scope.as_deref()), (None, Some("7")));
    }

    #[test]
    fn units_have_one_half_the_other_or_both() {
        let unit = |unit: Value| series(json!({"unit": unit, "pointlist": []})).unit;
        assert_eq!(unit(json!([{"name": "percent"}, null])).as_deref(), Some("percent"));
        assert_eq!(unit(json!([null, {"name": "second"}])).as_deref(), Some("1/second"));
        assert_eq!(unit(json!([null, null])), None);
        assert_eq!(unit(json!("ms")), None);
    }

    #[test]
    fn an_answer_may_be_empty_but_says_that_it_is_one() {
        let series = |answer: Value| serde_json::from_value::<Metrics>(answer).map(|metrics| metrics.series.len());
        assert_eq!(series(json!({"status": "ok"})).ok(), Some(0));
        assert_eq!(series(json!({"series": null})).ok(), Some(0));
        assert!(series(json!({})).is_err());
        assert!(series(json!({"status": "ok", "series": 7})).is_err());
    }
}
