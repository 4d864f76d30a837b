//! `GET /api/v1/monitor/search`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    super::{reply::Call, world::monitors::Monitor},
    Answer, Failure,
    state::State,
};

/// The monitor whose search result breaks Datadog's own description: about one recorded answer in a hundred does.
const BROKEN: i64 = 33;

pub(super) fn search(state: &State, call: &Call) -> Answer {
    let number = |name: &str, otherwise: usize| match call.query(name).map(str::parse::<usize>) {
        None => Ok(otherwise),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err(Failure::new(
            400,
            format!("Invalid value for parameter '{name}': an integer is expected"),
        )),
    };
    let (page, per_page) = (number("page", 0)?, number("per_page", 30)?.clamp(1, 1_000));
    let conditions = tokens(call.query("query").unwrap_or_default());
    let mut found = state.monitors();
    found.retain(|monitor| conditions.iter().all(|condition| holds(monitor, condition)));
    sort(&mut found, call.query("sort").unwrap_or("name,asc"))?;
    let total = found.len();
    let shown: Vec<Value> = found
        .iter()
        .skip(page.saturating_mul(per_page))
        .take(per_page)
        .map(result)
        .collect();
    Ok(json!({
        "counts": {
            "status": counts(found.iter().map(|monitor| json!(monitor.state))),
            "muted": counts(found.iter().map(|_| json!(false))),
            "type": counts(found.iter().map(|monitor| json!(monitor.kind))),
            "tag": counts(found.iter().flat_map(|monitor| monitor.tags.iter().map(|tag| json!(tag)))),
        },
        "monitors": shown,
        "metadata": {
            "total_count": total, "page_count": total.div_ceil(per_page), "page": page, "per_page": per_page,
        },
    }))
}

fn sort(found: &mut [Monitor], order: &str) -> Result<(), Failure> {
    let (field, direction) = order.split_once(',').unwrap_or((order, "asc"));
    match field {
        "name" => found.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id))),
        "status" => found.sort_by(|a, b| a.state.cmp(b.state).then(a.id.cmp(&b.id))),
        "tags" => found.sort_by(|a, b| a.tags.cmp(&b.tags).then(a.id.cmp(&b.id))),
        _ => return Err(Failure::new(400, format!("Invalid sort field '{field}'"))),
    }
    if direction == "desc" {
        found.reverse();
    }
    Ok(())
}

fn result(monitor: &Monitor) -> Value {
    let (name, email) = monitor.creator;
    let handles = monitor
        .message
        .split_whitespace()
        .filter_map(|word| word.strip_prefix('@'));
    let notifications: Vec<Value> = handles
        .map(|handle| json!({ "handle": handle, "name": handle }))
        .collect();
    let scope = monitor
        .query
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'))
        .map(|(scope, _)| scope);
    let metric = monitor
        .query
        .split_once('{')
        .and_then(|(before, _)| before.rsplit(':').next());
    let mut shape = json!({
        "id": monitor.id,
        "name": monitor.name,
        "status": monitor.state,
        "type": monitor.kind,
        "classification": "metric",
        "query": monitor.query,
        "scopes": scope.into_iter().collect::<Vec<_>>(),
        "metrics": metric.into_iter().collect::<Vec<_>>(),
        "tags": monitor.tags,
        "creator": { "name": name, "handle": email, "id": 1_445_416 },
        "notifications": notifications,
        "last_triggered_ts": monitor.groups.iter().filter_map(|group| group.triggered).max(),
        "org_id": 1_200_034,
        "overall_state_modified": monitor.modified,
        "quality_issues": [],
    });
    if let (BROKEN, Some(fields)) = (monitor.id, shape.as_object_mut()) {
        for field in ["name", "tags", "notifications"] {
            fields.insert(field.to_owned(), Value::Null);
        }
    }
    shape
}

fn counts(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut counted: BTreeMap<String, (Value, usize)> = BTreeMap::new();
    for value in values {
        counted.entry(value.to_string()).or_insert((value, 0)).1 += 1;
    }
    counted
        .into_values()
        .map(|(name, count)| json!({ "name": name, "count": count }))
        .collect()
}

/// Splits at spaces that are neither within double quotes nor within parentheses.
fn tokens(query: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let (mut quoted, mut depth) = (false, 0_u32);
    for letter in query.chars() {
        match letter {
            '"' => quoted = !quoted,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ' ' if !quoted && depth == 0 => tokens.push(String::new()),
            other => {
                if let Some(last) = tokens.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    tokens.retain(|token| !token.is_empty() && token != "AND" && token != "*");
    tokens
}

/// `field:value`, `field:(one OR two)`, `-field:value`, `tag:"key:value"`, a tag by itself, or a word of the name.
fn holds(monitor: &Monitor, condition: &str) -> bool {
    if let Some(unwanted) = condition.strip_prefix('-') {
        return !holds(monitor, unwanted);
    }
    let Some((field, values)) = condition.split_once(':') else {
        return monitor.name.to_lowercase().contains(&condition.to_lowercase());
    };
    values
        .split(" OR ")
        .map(|value| value.trim().to_lowercase())
        .any(|value| match field {
            "status" => monitor.state.to_lowercase() == value,
            "type" => {
                monitor.kind == value
                    || monitor.kind == format!("{value} alert")
                    || (value == "metric" && monitor.kind == "query alert")
            }
            "id" => monitor.id.to_string() == value,
            "title" => monitor.name.to_lowercase().contains(&value),
            "priority" => monitor.priority.is_some_and(|priority| format!("p{priority}") == value),
            "tag" => monitor.tags.contains(&value),
            "muted" => value == "false",
            "metric" => monitor.query.contains(&value),
            "notification" => monitor.message.to_lowercase().contains(&format!("@{value}")),
            "creator" => monitor
                .creator
                .0
                .is_some_and(|name| name.to_lowercase().contains(&value)),
            _ => monitor.tags.contains(&format!("{field}:{value}")),
        })
}
