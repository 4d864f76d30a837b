//! Edges from one backend's objects to another's.

pub mod datadog_slack;
pub mod slack_github;
