//! Datadog's closed sets of words as enums of the schema.

use crate::backends::datadog::{MonitorState, MonitorType};
use async_graphql::Enum;

/// What kind a monitor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "DatadogMonitorType", remote = "MonitorType")]
pub enum DatadogMonitorType {
    /// `metric alert`
    MetricAlert,
    /// `query alert`
    QueryAlert,
    /// `service check`
    ServiceCheck,
    /// `event alert`
    EventAlert,
    /// `event-v2 alert`
    EventV2Alert,
    /// `log alert`
    LogAlert,
    /// `process alert`
    ProcessAlert,
    /// `rum alert`
    RumAlert,
    /// `trace-analytics alert`
    TraceAnalyticsAlert,
    /// `slo alert`
    SloAlert,
    /// `synthetics alert`
    SyntheticsAlert,
    /// `composite`
    Composite,
    /// `audit alert`
    AuditAlert,
    /// `ci-pipelines alert`
    CiPipelinesAlert,
    /// `ci-tests alert`
    CiTestsAlert,
    /// `error-tracking alert`
    ErrorTrackingAlert,
    /// `database-monitoring alert`
    DatabaseMonitoringAlert,
    /// `network-performance alert`
    NetworkPerformanceAlert,
    /// `network-path alert`
    NetworkPathAlert,
    /// `cost alert`
    CostAlert,
    /// `data-quality alert`
    DataQualityAlert,
    /// `data-jobs alert`
    DataJobsAlert,
    /// `llm-observability alert`
    LlmObservabilityAlert,
}

/// What a monitor, or one group of it, says now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "DatadogMonitorState", remote = "MonitorState")]
pub enum DatadogMonitorState {
    /// The condition holds.
    Alert,
    /// Not looked at.
    Ignored,
    /// Nothing came in to judge by.
    NoData,
    /// The condition does not hold.
    Ok,
    /// Left out of the last evaluation.
    Skipped,
    /// It could not be told.
    Unknown,
    /// Past the warning threshold, not past the alert threshold.
    Warn,
    /// A state that is not listed here; the monitor's page says which.
    Other,
}
