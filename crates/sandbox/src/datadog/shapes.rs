//! A monitor as Datadog writes it.

use serde_json::{Map, Value, json};

use super::super::world::{clock::rfc3339, monitors::Monitor, spread};

/// With the groups in these states; without any `state` where none were asked for.
pub(super) fn monitor(monitor: &Monitor, groups: Option<&[&str]>) -> Value {
    let (name, email) = monitor.creator;
    let mut shape = json!({
        "id": monitor.id,
        "org_id": 1_200_034,
        "type": monitor.kind,
        "name": monitor.name,
        "message": monitor.message,
        "tags": monitor.tags,
        "query": monitor.query,
        "options": {
            "thresholds": thresholds(&monitor.query),
            "notify_audit": false,
            "include_tags": true,
            "new_group_delay": 60,
            "notify_no_data": false,
            "silenced": {},
        },
        "multi": monitor.multi,
        "created_at": monitor.created * 1_000,
        "created": datadog_time(monitor.created),
        "modified": datadog_time(monitor.modified),
        "deleted": null,
        "priority": monitor.priority,
        "restricted_roles": null,
        "restriction_policy": null,
        "overall_state_modified": datadog_time(monitor.modified),
        "overall_state": monitor.state,
        "creator": { "name": name, "handle": email, "email": email, "id": spread(email) % 100_000 },
        "matching_downtimes": [],
    });
    if let (Some(fields), Some(states)) = (shape.as_object_mut(), groups) {
        fields.insert("state".to_owned(), json!({ "groups": group_states(monitor, states) }));
    }
    shape
}

/// Keyed by the group's name.
fn group_states(monitor: &Monitor, states: &[&str]) -> Map<String, Value> {
    let asked = |state: &str| {
        states
            .iter()
            .any(|asked| *asked == "all" || asked.eq_ignore_ascii_case(state))
    };
    let groups = monitor.groups.iter().filter(|group| asked(group.state)).map(|group| {
        let shape = json!({
            "name": group.name,
            "status": group.state,
            "last_triggered_ts": group.triggered,
            "last_notified_ts": group.triggered,
            "last_resolved_ts": group.triggered.map(|at| at - 86_400),
            "last_nodata_ts": if group.state == "No Data" { group.triggered } else { None },
        });
        (group.name.clone(), shape)
    });
    groups.collect()
}

/// What stands behind the comparison at the query's end.
fn thresholds(query: &str) -> Value {
    let critical = query
        .rsplit(['>', '<', '='])
        .next()
        .and_then(|number| number.trim().parse::<f64>().ok());
    critical.map_or_else(|| json!({}), |critical| json!({ "critical": critical }))
}

/// RFC 3339 as Datadog writes it: with an offset and no `Z`.
fn datadog_time(seconds: i64) -> String {
    rfc3339(seconds).replace('Z', ".000000+00:00")
}
