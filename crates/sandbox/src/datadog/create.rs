//! `POST /api/v1/monitor` and `/api/v1/monitor/validate`.

use serde_json::Value;

use super::{
    super::{
        reply::Call,
        world::{clock::at, monitors::Monitor},
    },
    Answer, Failure, expression, shapes,
    state::State,
};

const TYPES: [&str; 23] = [
    "composite",
    "event alert",
    "log alert",
    "metric alert",
    "process alert",
    "query alert",
    "rum alert",
    "service check",
    "synthetics alert",
    "trace-analytics alert",
    "slo alert",
    "event-v2 alert",
    "audit alert",
    "ci-pipelines alert",
    "ci-tests alert",
    "error-tracking alert",
    "database-monitoring alert",
    "network-performance alert",
    "cost alert",
    "data-quality alert",
    "network-path alert",
    "data-jobs alert",
    "llm-observability alert",
];

pub(super) fn create(state: &State, call: &Call) -> Answer {
    let monitor = state.create(validate(call)?);
    Ok(shapes::monitor(&monitor, None))
}

/// The monitor that a body describes, or all that is wrong with it.
pub(super) fn validate(call: &Call) -> Result<Monitor, Failure> {
    if call.content_type() != "application/json" {
        return Err(Failure::new(415, "Unsupported Media Type"));
    }
    let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(&call.body) else {
        return Err(Failure::new(400, "Invalid JSON structure"));
    };
    let text = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Failure::new(
            400,
            format!("The value provided for parameter '{name}' is invalid: a string is expected"),
        )),
    };
    let (kind, query) = (text("type")?, text("query")?);
    let (Some(kind), Some(query)) = (kind, query) else {
        return Err(Failure::new(400, "Missing required attributes: type and query"));
    };
    if !TYPES.contains(&kind.as_str()) {
        return Err(Failure::new(
            400,
            format!("The value provided for parameter 'type' is invalid: {kind}"),
        ));
    }
    if let Some(reason) = wrong_query(&kind, &query) {
        return Err(Failure::new(
            400,
            format!("The value provided for parameter 'query' is invalid: {reason}"),
        ));
    }
    let priority = fields.get("priority").and_then(Value::as_i64);
    if priority.is_some_and(|priority| !(1..=5).contains(&priority)) {
        return Err(Failure::new(
            400,
            "The value provided for parameter 'priority' is invalid",
        ));
    }
    Ok(Monitor {
        id: 0,
        name: text("name")?.unwrap_or_else(|| query.clone()),
        multi: query.contains(" by {"),
        query,
        message: text("message")?.unwrap_or_default(),
        kind,
        state: "No Data",
        tags: tags(fields.get("tags"))?,
        priority,
        groups: Vec::new(),
        creator: (Some("Priya Raman"), "priya@acme.example"),
        created: at(10, 50),
        modified: at(10, 50),
    })
}

fn tags(value: Option<&Value>) -> Result<Vec<String>, Failure> {
    let wrong = || {
        Failure::new(
            400,
            "The value provided for parameter 'tags' is invalid: a list of strings is expected",
        )
    };
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(tags)) => tags
            .iter()
            .map(|tag| tag.as_str().map(str::to_owned).ok_or_else(wrong))
            .collect(),
        Some(_) => Err(wrong()),
    }
}

/// `aggregation(window):metric query comparison threshold` for what watches a metric; each other kind has a shape of its own.
fn wrong_query(kind: &str, query: &str) -> Option<String> {
    let threshold = query
        .rsplit_once(['>', '<'])
        .filter(|(_, number)| number.trim_start_matches('=').trim().parse::<f64>().is_ok());
    match kind {
        "metric alert" | "query alert" => {
            let Some((condition, _)) = threshold else {
                return Some("a comparison with a number is expected at the end".to_owned());
            };
            let Some((window, metric)) = condition.split_once("):") else {
                return Some("it must start with an aggregation over a window, e.g. avg(last_5m):".to_owned());
            };
            if !window.contains("(last_") && !window.contains("(next_") && !window.contains("(current_") {
                return Some("unknown time window".to_owned());
            }
            expression::parse(metric.trim())
                .err()
                .map(|wrong| format!("unable to parse {wrong}"))
        }
        "log alert" => (!query.starts_with("logs(") && !query.starts_with("formula("))
            .then(|| "it must start with logs(".to_owned()),
        "service check" => (!query.contains(".over(")).then(|| "it must say .over(".to_owned()),
        "composite" => (!query.contains("&&") && !query.contains("||") && !query.starts_with('!'))
            .then(|| "it must combine monitor ids".to_owned()),
        _ => query.trim().is_empty().then(|| "it is empty".to_owned()),
    }
}
