//! What a result lacks, as sentences at its end: the parts that failed, and what was cut to fit.

use super::{Label, Page, plain};
use crate::cli::output::{DOUBTFUL, capitalised};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Writes `problems` and `truncated`, if the result has them.
pub(super) fn write(page: &mut Page, result: &Map<String, Value>) {
    let notes = [
        ("problems", problem as fn(&Map<String, Value>) -> String),
        ("truncated", cut),
    ];
    for (key, sentence) in notes {
        let entries = result.get(key).and_then(Value::as_array);
        for entry in entries.into_iter().flatten().filter_map(Value::as_object) {
            page.text.push('\n');
            page.labelled(
                Label {
                    key: "!",
                    style: DOUBTFUL,
                    indent: 0,
                    width: 1,
                },
                &sentence(entry),
            );
        }
    }
}

/// "Slack: ratelimited, at notifies.0.history (3 places). Try again in 30 s. …"
fn problem(entry: &Map<String, Value>) -> String {
    let said = |key| entry.get(key).map(plain);
    let mut text = said("backend")
        .map(|backend| format!("{backend}: "))
        .unwrap_or_default();
    text.push_str(&said("reason").unwrap_or_default());
    if let Some(path) = said("path") {
        let places = entry.get("count").and_then(Value::as_u64).unwrap_or(1);
        let _infallible = write!(text, ", at {path}");
        if places > 1 {
            let _infallible = write!(text, " and {} more", places - 1);
        }
    }
    end(&mut text);
    if let Some(seconds) = entry.get("retry_after_s") {
        let _infallible = write!(text, " Try again in {seconds} s.");
    } else if entry.get("retry") == Some(&Value::Bool(true)) {
        text.push_str(" Trying again may help.");
    }
    if let Some(fix) = said("fix") {
        text.push(' ');
        text.push_str(&capitalised(&fix));
        end(&mut text);
    }
    text
}

/// "notifies.0.history: 11 of 50 shown. The rest: …"
fn cut(entry: &Map<String, Value>) -> String {
    let said = |key| entry.get(key).map(plain);
    let unit = said("unit").map(|unit| format!(" {unit}")).unwrap_or_default();
    let path = said("path").unwrap_or_default();
    let mut text = match (said("kept"), said("of")) {
        (Some(kept), Some(of)) => format!("{path}: {kept} of {of}{unit} shown."),
        (Some(kept), None) => format!("{path}: the first {kept}{unit} shown."),
        _ => format!("{path} was cut."),
    };
    if let Some(rest) = said("rest") {
        let _infallible = write!(text, " The rest: {rest}");
    }
    let known = ["path", "kept", "of", "unit", "rest"];
    for (key, value) in entry.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
        let _infallible = write!(text, " {key}: {}.", plain(value));
    }
    text
}

fn end(text: &mut String) {
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
}
