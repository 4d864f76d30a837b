//! Small words: times, names in a row, and what others wrote, made fit for one line.

use crate::backends::clean::shortened;
use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// How much of a vendor's own words is passed on, in characters.
const WORDS: usize = 300;

/// What is to be set. Each secret may also come from a file.
pub(super) fn set(variables: &[impl AsRef<str>]) -> String {
    let names: Vec<_> = variables.iter().map(AsRef::as_ref).collect();
    let files: Vec<_> = names.iter().map(|name| format!("{name}_FILE")).collect();
    format!(
        "Set {} (or {}) and start the server again",
        names.join(" and "),
        files.join(" and ")
    )
}

/// The time of day, so that an agent that reads this later can tell; rounded up, so that it is not too early.
pub(super) fn clock(now: Timestamp, wait: Duration) -> String {
    let wait = SignedDuration::from_secs(i64::try_from(whole_seconds(wait)).unwrap_or(i64::MAX));
    now.saturating_add(wait)
        .unwrap_or(now)
        .strftime("%H:%M:%SZ")
        .to_string()
}

/// Rounded up: who comes back then is not too early.
pub(super) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// A bound for bytes, as people say it.
pub(super) fn size(bytes: usize) -> String {
    const MEGABYTE: usize = 1024 * 1024;
    match bytes / MEGABYTE {
        0 => format!("{bytes} bytes"),
        whole => format!("{whole} MB"),
    }
}

/// Up to three names, in a row.
pub(super) fn quoted(names: &[&str], last: &str) -> String {
    let names: Vec<_> = names.iter().take(3).map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((end, [])) => end.clone(),
        Some((end, rest)) => format!("{}{last}{end}", rest.join(", ")),
        None => String::new(),
    }
}

/// Words from outside: on one line, without control characters, no page of HTML, and not too many.
pub(super) fn clean(words: &str) -> String {
    let lower = words.to_ascii_lowercase();
    if let Some(start) = ["<!doctype", "<html", "<head", "<body"]
        .iter()
        .filter_map(|tag| lower.find(tag))
        .min()
    {
        let before = words.get(..start).unwrap_or_default().trim();
        return format!(
            "{}(an HTML page)",
            if before.is_empty() {
                String::new()
            } else {
                format!("{} ", clean(before))
            }
        );
    }
    let visible: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    shortened(&line, WORDS)
}

/// With a capital at its start and no stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let mut characters = text.trim_end_matches('.').chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}
