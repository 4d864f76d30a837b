//! Plays one row: a process, its fault, the calls of all columns at once; and what of it is not as the table says.

use super::column::{ALL, Column};
use super::peers::{self, Running};
use super::rows::{Fault, Row};
use crate::promises::support::{Era, Setup, Stdio, text};
use sandbox::{Effect, Fault as Injected};
use serde_json::Value;
use std::fmt::Write as _;
use tokio::time::{Duration, Instant};

/// Retries with their waits fit into it, an hour's limit does not.
const DEADLINE: u64 = 6;
/// For what ends with the deadline only.
const SHORT: u64 = 2;
/// What answering may take beyond the deadline, on a machine that has other things to do.
const GRACE: u64 = 6;

/// What a write of unknown outcome says.
const UNKNOWN: &str = "the write may have been carried out: ";

/// What came of a row.
pub(super) struct Played {
    pub(super) name: &'static str,
    /// A line for each column: the column, the requests, what the agent is told.
    pub(super) words: String,
    /// What is not as it should be.
    pub(super) faults: Vec<String>,
}

pub(super) async fn play(row: Row) -> Played {
    let deadline = if row.silent { SHORT } else { DEADLINE };
    let (setup, peer) = arrange(&row, deadline).await;
    let calls: Vec<_> = row.columns.iter().map(|column| column.call()).collect();
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let started = Instant::now();
    let results = client.call_all(&calls).await;
    let took = started.elapsed();

    let mut played = Played {
        name: row.name,
        words: String::new(),
        faults: Vec::new(),
    };
    if took > Duration::from_secs(deadline + GRACE) {
        played.faults.push(format!("{}: took {took:?}", row.name));
    }
    if let (Fault::MovedAway(_), Some(host)) = (&row.fault, &peer)
        && host.connections() > 0
    {
        played
            .faults
            .push(format!("{}: somebody went to the other host", row.name));
    }
    for ((column, expected), result) in row.columns.iter().zip(row.requests).zip(&results) {
        let cell = Cell {
            column: *column,
            requests: requests(&setup, *column, result, &row.fault),
            told: told(result, peer.as_ref()),
            failed: result["isError"] == true,
        };
        if cell.requests != *expected {
            played.faults.push(format!(
                "{}, {}: {expected} requests expected, {} made; it says: {}",
                row.name,
                column.name(),
                cell.requests,
                cell.told
            ));
        }
        played.faults.extend(cell.faults(row.name));
        let (name, count, told) = (column.name(), cell.requests, cell.told);
        writeln!(played.words, "  {name}  {count}  {told}").unwrap();
    }
    played
}

/// Stand-ins with the row's fault, or the peer that stands in their place.
async fn arrange(row: &Row, deadline: u64) -> (Setup, Option<Running>) {
    let config = format!("[call]\ndeadline = \"{deadline}s\"\n");
    let mut setup = Setup::new().await.file("braid.toml", &config);
    let inject = |setup: &Setup, effect: &dyn Fn(Column) -> Injected| {
        for column in row.columns {
            let fault = effect(*column).on(column.operation());
            setup.sandbox.inject(column.vendor(), fault);
        }
    };
    let redirect = |status, location| Effect::Redirect { status, location };
    match &row.fault {
        Fault::All(effect) => {
            inject(&setup, &|_| Injected::always(effect.clone()));
            (setup, None)
        }
        Fault::MovedWithin(status) => {
            inject(&setup, &|column| {
                Injected::once(redirect(*status, column.elsewhere().to_owned()))
            });
            (setup, None)
        }
        Fault::MovedAway(status) => {
            let host = peers::another_host().await;
            inject(&setup, &|column| {
                Injected::always(redirect(*status, format!("{}{}", host.url, column.elsewhere())))
            });
            (setup, Some(host))
        }
        Fault::Peer(kind) => {
            let peer = kind.start().await;
            for column in ALL {
                let (variable, path) = column.address();
                setup = setup.set(variable, &format!("{}{path}", peer.url));
            }
            (setup, Some(peer))
        }
    }
}

/// How many requests were made: at a peer as the call's own account has it, which at the stand-ins must say the same.
fn requests(setup: &Setup, column: Column, result: &Value, fault: &Fault) -> usize {
    let account = &result["_meta"]["braid/spent"][column.backend()]["requests"];
    let account = usize::try_from(account.as_u64().unwrap_or_default()).unwrap();
    if matches!(fault, Fault::Peer(_)) {
        return account;
    }
    let arrived = setup.sandbox.requests(column.vendor());
    let arrived = arrived
        .iter()
        .filter(|request| column.operation() == "graphql" || request.operation == column.operation())
        .count();
    if result["isError"] == true {
        assert_eq!(arrived, account, "{}: the account of {result:#}", column.name());
    }
    arrived
}

/// The text of a failure, or `ok`, without what differs from one run to the next.
fn told(result: &Value, peer: Option<&Running>) -> String {
    if result["isError"] != true {
        return match &result["structuredContent"]["problems"] {
            Value::Null => "ok".to_owned(),
            problems => format!("ok, with {problems}"),
        };
    }
    let mut told = timeless(text(result)).replace('\n', " / ");
    if let Some(peer) = peer {
        told = told.replace(&peer.url, "http://another.host");
    }
    // What remains are the stand-ins' own ports.
    let mut parts = told.split("127.0.0.1:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        format!("{told}127.0.0.1:PORT{rest}")
    })
}

/// Times of day go, and waits are told to five seconds: a second may pass between the vendor's clock and ours.
fn timeless(text: &str) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for at in 0..words.len() {
        let before = at
            .checked_sub(1)
            .and_then(|at| words.get(at))
            .cloned()
            .unwrap_or_default();
        let word = words[at].clone();
        if before == "until" && word.matches(':').count() == 2 {
            words[at] = format!("HH:MM:SSZ{}", word.get(9..).unwrap_or_default());
        }
        if let ("in", Ok(seconds)) = (before.as_str(), word.parse::<u64>())
            && seconds > 10
        {
            words[at] = ((seconds + 2) / 5 * 5).to_string();
        }
    }
    words.join(" ")
}

struct Cell {
    column: Column,
    requests: usize,
    told: String,
    failed: bool,
}

impl Cell {
    /// What holds in every cell, whatever its words.
    fn faults(&self, row: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |wrong: &str| {
            faults.push(format!("{row}, {}: {wrong}: {}", self.column.name(), self.told));
        };
        let unknown = self.told.contains(UNKNOWN);
        if self.failed && !self.told.contains(&format!("{}: ", self.column.backend())) {
            fault("the vendor is not named");
        }
        if unknown && !self.column.writes() {
            fault("a read cannot have been carried out");
        }
        if unknown && self.requests != 1 {
            fault("a write whose outcome is not known was sent more than once");
        }
        if unknown && (self.told.contains("Try again") || self.told.contains("Trying again")) {
            fault("a write that may have been carried out must be looked for, not repeated");
        }
        for secret in ["xoxb-sandbox", "xoxp-sandbox", "ghp_sandbox", "sandbox-datadog"] {
            if self.told.contains(secret) {
                fault("a secret");
            }
        }
        faults
    }
}
