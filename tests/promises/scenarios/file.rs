//! What stands in a scenario's file.
//!
//! ```toml
//! about = "What it shows, in a sentence."
//!
//! [[call]]
//! tool = "slack_get_history"
//! args = { channel = "#deploys", cursor = "{0.next_cursor}" }   # what the first call gave
//! to_the_end = true          # again with its `next_cursor` while there is one
//!
//! [requests.slack]           # all that may be asked, each exactly so often
//! "conversations.history" = 2
//!
//! [[fault]]                  # what is wrong upstream
//! vendor = "slack"
//! times = 1
//! effect = { kind = "status", status = 503 }
//!
//! [setup]
//! config = "[call]\ndeadline = \"2s\""
//! unset = ["GITHUB_TOKEN"]
//! slack_bot_lacks = ["groups:history"]
//! ```

use sandbox::{Effect, Fault, Vendor};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    /// What it shows.
    pub(super) about: String,
    /// The calls, one after the other in one session.
    #[serde(rename = "call")]
    pub(super) calls: Vec<Call>,
    /// How often each operation of each vendor is asked; what is not named must not be.
    #[serde(default)]
    pub(super) requests: BTreeMap<String, BTreeMap<String, usize>>,
    /// What is wrong upstream.
    #[serde(default, rename = "fault")]
    pub(super) faults: Vec<Wrong>,
    /// How the server is set up.
    #[serde(default)]
    pub(super) setup: Circumstances,
}

/// One call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    pub(super) tool: String,
    #[serde(default)]
    pub(super) args: Map<String, Value>,
    /// Repeats the call with the `next_cursor` of the page before.
    #[serde(default)]
    pub(super) to_the_end: bool,
}

/// A fault and where it happens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wrong {
    vendor: String,
    operation: Option<String>,
    times: Option<u32>,
    effect: Effect,
}

/// How the server is set up.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Circumstances {
    /// `braid.toml`.
    pub(super) config: String,
    /// Variables that are not there.
    pub(super) unset: Vec<String>,
    /// Scopes that the bot token has not got.
    pub(super) slack_bot_lacks: Vec<String>,
    /// Scopes that the user token has not got.
    pub(super) slack_user_lacks: Vec<String>,
}

impl Scenario {
    pub(super) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

impl Wrong {
    pub(super) fn vendor(&self) -> Vendor {
        let known = super::play::VENDORS.iter().find(|(name, _)| *name == self.vendor);
        known.unwrap_or_else(|| panic!("there is no vendor {}", self.vendor)).1
    }

    pub(super) fn fault(&self) -> Fault {
        Fault {
            operation: self.operation.clone(),
            times: self.times,
            effect: self.effect.clone(),
        }
    }
}
