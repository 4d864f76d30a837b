//! A monitor as Datadog gives it: whole by its id, in part as a search result.

use super::read;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A monitor. A search gives neither message, times, priority nor groups.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Monitor {
    /// Datadog's id.
    #[serde(deserialize_with = "read::required_integer")]
    pub id: i64,
    /// Its page in Datadog; not part of the answer, the client adds it.
    #[serde(skip)]
    pub url: String,
    /// Its name.
    #[serde(default, deserialize_with = "read::text")]
    pub name: Option<String>,
    /// What kind it is; `None` where Datadog does not say.
    #[serde(default, rename = "type", deserialize_with = "read::or_default")]
    pub kind: Option<MonitorType>,
    /// The condition.
    #[serde(default, deserialize_with = "read::text")]
    pub query: Option<String>,
    /// The notification's text.
    #[serde(default, deserialize_with = "read::text")]
    pub message: Option<String>,
    /// Its tags.
    #[serde(default, deserialize_with = "read::texts")]
    pub tags: Vec<String>,
    /// Priority from 1 (highest) to 5.
    #[serde(default, deserialize_with = "read::integer")]
    pub priority: Option<i64>,
    /// When it was made.
    #[serde(default, deserialize_with = "read::moment")]
    pub created: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "read::moment")]
    pub modified: Option<Timestamp>,
    #[serde(default, deserialize_with = "read::or_default")]
    creator: Creator,
    #[serde(default, deserialize_with = "read::or_default")]
    overall_state: Option<MonitorState>,
    /// What a search calls the overall state.
    #[serde(default, deserialize_with = "read::or_default")]
    status: Option<MonitorState>,
    #[serde(default, deserialize_with = "read::or_default")]
    state: GroupStates,
}

/// One group of a monitor that watches several.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Group {
    /// What it says now; `None` where Datadog does not say.
    #[serde(default, deserialize_with = "read::or_default")]
    pub status: Option<MonitorState>,
    /// When it was last triggered.
    #[serde(default, rename = "last_triggered_ts", deserialize_with = "read::epoch_seconds")]
    pub last_triggered: Option<Timestamp>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
struct GroupStates {
    #[serde(default, deserialize_with = "read::entries")]
    groups: BTreeMap<String, Group>,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
struct Creator {
    #[serde(default, deserialize_with = "read::text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "read::text")]
    email: Option<String>,
    #[serde(default, deserialize_with = "read::text")]
    handle: Option<String>,
}

impl Monitor {
    /// What it says now.
    pub fn state(&self) -> Option<MonitorState> {
        self.overall_state.or(self.status)
    }

    /// Who made it, by the most human name there is.
    pub fn creator(&self) -> Option<&str> {
        let Creator { name, email, handle } = &self.creator;
        [name, email, handle]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .find(|name| !name.is_empty())
    }

    /// The groups by their tags, where they were asked for.
    pub fn groups(&self) -> impl Iterator<Item = (&str, &Group)> {
        self.state.groups.iter().map(|(name, group)| (name.as_str(), group))
    }
}

/// What kinds of monitors there are, in the vendor's words [Datadog docs: Monitor API Options; API reference: Create a
/// monitor].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the vendor's words say it")]
pub enum MonitorType {
    #[serde(rename = "metric alert")]
    MetricAlert,
    #[serde(rename = "query alert")]
    QueryAlert,
    #[serde(rename = "service check")]
    ServiceCheck,
    #[serde(rename = "event alert")]
    EventAlert,
    #[serde(rename = "event-v2 alert")]
    EventV2Alert,
    #[serde(rename = "log alert")]
    LogAlert,
    #[serde(rename = "process alert")]
    ProcessAlert,
    #[serde(rename = "rum alert")]
    RumAlert,
    #[serde(rename = "trace-analytics alert")]
    TraceAnalyticsAlert,
    #[serde(rename = "slo alert")]
    SloAlert,
    #[serde(rename = "synthetics alert")]
    SyntheticsAlert,
    #[serde(rename = "composite")]
    Composite,
    #[serde(rename = "audit alert")]
    AuditAlert,
    #[serde(rename = "ci-pipelines alert")]
    CiPipelinesAlert,
    #[serde(rename = "ci-tests alert")]
    CiTestsAlert,
    #[serde(rename = "error-tracking alert")]
    ErrorTrackingAlert,
    #[serde(rename = "database-monitoring alert")]
    DatabaseMonitoringAlert,
    #[serde(rename = "network-performance alert")]
    NetworkPerformanceAlert,
    #[serde(rename = "network-path alert")]
    NetworkPathAlert,
    #[serde(rename = "cost alert")]
    CostAlert,
    #[serde(rename = "data-quality alert")]
    DataQualityAlert,
    #[serde(rename = "data-jobs alert")]
    DataJobsAlert,
    #[serde(rename = "llm-observability alert")]
    LlmObservabilityAlert,
}

/// What a monitor or one of its groups says, in the vendor's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[expect(missing_docs, reason = "the vendor's words say it")]
pub enum MonitorState {
    Alert,
    Ignored,
    #[serde(rename = "No Data")]
    NoData,
    #[serde(rename = "OK")]
    Ok,
    Skipped,
    Unknown,
    Warn,
    /// A word that is not known here.
    #[serde(other)]
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(value: Value) -> Monitor {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_bad_field_costs_itself() {
        let monitor = read(json!({
            "id": "40",
            "name": null,
            "type": "quantum alert",
            "query": 5,
            "message": {"no": "text"},
            "tags": ["service:checkout", null, 7],
            "priority": "2",
            "created": "2026-11-20T10:30:00.000000+00:00",
            "modified": 1_795_170_600,
            "creator": {"name": null, "email": "", "handle": "ada@example.com"},
            "overall_state": "Alert",
            "state": {"groups": {
                "host:web-1": {"status": "No Data", "last_triggered_ts": 1_795_170_600},
                "host:web-2": {"status": "Puzzled", "last_triggered_ts": null},
                "host:web-3": "broken",
            }},
        }));
        assert_eq!((monitor.id, monitor.name.as_deref()), (40, None));
        assert_eq!(monitor.kind, None);
        assert_eq!(
            (monitor.query.as_deref(), monitor.message.as_deref()),
            (Some("5"), None)
        );
        assert_eq!(monitor.tags, ["service:checkout", "7"]);
        assert_eq!(monitor.priority, Some(2));
        assert_eq!(monitor.created, Some("2026-11-20T10:30:00Z".parse().unwrap()));
        assert_eq!(monitor.modified, None);
        assert_eq!(monitor.creator(), Some("ada@example.com"));
        assert_eq!(monitor.state(), Some(MonitorState::Alert));
        let groups: Vec<_> = monitor.groups().map(|(name, group)| (name, group.status)).collect();
        assert_eq!(
            groups,
            [
                ("host:web-1", Some(MonitorState::NoData)),
                ("host:web-2", Some(MonitorState::Other))
            ]
        );
    }

    #[test]
    fn a_search_result_is_a_monitor_in_part() {
        let monitor = read(json!({"id": 40, "name": "Load", "status": "Warn", "type": "event-v2 alert"}));
        assert_eq!(monitor.state(), Some(MonitorState::Warn));
        assert_eq!(monitor.kind, Some(MonitorType::EventV2Alert));
    }

    #[test]
    fn what_has_no_id_is_no_monitor() {
        assert!(serde_json::from_value::<Monitor>(json!({"name": "Load"})).is_err());
        assert!(serde_json::from_value::<Monitor>(json!({"id": null})).is_err());
    }
}
