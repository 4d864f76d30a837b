//! Every fault that a vendor can have, for each vendor, reading and writing: how many requests it costs, and what the agent
//! is told.
//!
//! The rows and their counts stand in `matrix/rows.rs`, a table to be read; the words stand beside it in
//! `tests/matrix/*.snap`, to be read as an agent would: what failed, where, whether and when it helps to try again, what to
//! change. GitHub has one column, because nothing is written there.

mod column;
mod peers;
mod play;
mod rows;

use futures::{StreamExt, stream};
use play::Played;
use rows::Row;
use std::fmt::Write as _;

/// Rows that are played at the same time, each in a process of its own: what one fault teaches the limits and the breaker
/// must not meet the next.
const AT_ONCE: usize = 4;

#[tokio::test]
async fn statuses() {
    hold("statuses", rows::statuses()).await;
}

#[tokio::test]
async fn limits() {
    hold("limits", rows::limits()).await;
}

#[tokio::test]
async fn connections() {
    hold("connections", rows::connections()).await;
}

#[tokio::test]
async fn answers() {
    hold("answers", rows::answers()).await;
}

#[tokio::test]
async fn vendors_own_words() {
    hold("vendors_own_words", rows::own_words()).await;
}

/// Plays the rows and holds them to their counts and to their words.
async fn hold(table: &str, rows: Vec<Row>) {
    let played: Vec<Played> = stream::iter(rows).map(play::play).buffered(AT_ONCE).collect().await;
    let faults: Vec<&str> = played.iter().flat_map(|row| &row.faults).map(String::as_str).collect();
    assert!(faults.is_empty(), "{table}:\n{}", faults.join("\n"));
    let mut words = String::new();
    for row in &played {
        write!(words, "{}\n{}\n", row.name, row.words).unwrap();
    }
    insta::with_settings!({
        snapshot_path => concat!(env!("CARGO_MANIFEST_DIR"), "/tests/matrix"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(table, words);
    });
}
