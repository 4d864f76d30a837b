//! Datadog: typed calls, and what Datadog calls an error, a page, a limit.
//!
//! Reads are lenient: about one recorded answer in a hundred breaks Datadog's own `OpenAPI` document (a null where none is
//! allowed, a number as a string), so a field that cannot be read is missing and a list loses its bad element, not itself.

mod classify;
mod client;
mod identity;
mod limits;
mod login;
mod metrics;
mod monitor;
mod monitors;
mod read;
mod services;
#[cfg(test)]
pub(crate) mod stand_in;

pub use classify::Classifier;
pub use client::{BACKEND, Client};
pub use limits::QUOTA;
pub use login::log_in;
pub use metrics::{Metrics, MetricsQuery, Point, Series};
pub use monitor::{Group, Monitor, MonitorState, MonitorType};
pub use monitors::{Groups, MonitorPage, MonitorSearch, NewMonitor};

/// The variable that holds the API key.
pub const API_KEY: &str = "DATADOG_API_KEY";

/// The variable that holds the application key.
pub const APP_KEY: &str = "DATADOG_APP_KEY";
