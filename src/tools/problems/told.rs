//! Problems as they stand in a result, and as the text of a call that gave nothing.

use super::words::{sentence, whole_seconds};
use super::{KINDS, Problem};
use crate::tools::path::Path;
use serde_json::{Value, json};
use upstream::failure::Retry;

/// Problems as they stand in a result; `rename` gives the path as it holds after cutting.
pub fn as_json(problems: &[Problem], rename: impl Fn(&Path) -> Path) -> Value {
    let mut entries: Vec<Value> = problems
        .iter()
        .take(KINDS)
        .map(|problem| problem.as_json(&rename))
        .collect();
    if let Some(more) = problems.len().checked_sub(KINDS).filter(|more| *more > 0) {
        entries.push(json!({ "reason": format!("{more} more kinds of problems") }));
    }
    Value::Array(entries)
}

/// Problems as the text of a call that gave nothing.
pub fn as_text(tool: &str, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().take(KINDS).map(Problem::as_text).collect();
    format!("{tool} failed. {}", lines.join("\n"))
}

impl Problem {
    fn as_json(&self, rename: &impl Fn(&Path) -> Path) -> Value {
        let mut entry = serde_json::Map::new();
        let path = rename(&self.place).to_string();
        if !path.is_empty() {
            entry.insert("path".to_owned(), path.into());
        }
        if self.count > 1 {
            entry.insert("count".to_owned(), self.count.into());
        }
        if let Some(backend) = self.backend {
            entry.insert("backend".to_owned(), backend.into());
        }
        entry.insert("reason".to_owned(), self.reason.as_str().into());
        match self.retry {
            Some(Retry::After(wait)) => drop(entry.insert("retry_after_s".to_owned(), whole_seconds(wait).into())),
            Some(Retry::Soon) => drop(entry.insert("retry".to_owned(), true.into())),
            Some(Retry::Never) => drop(entry.insert("retry".to_owned(), false.into())),
            None => {}
        }
        if let Some(fix) = &self.fix {
            entry.insert("fix".to_owned(), fix.as_str().into());
        }
        Value::Object(entry)
    }

    fn as_text(&self) -> String {
        let backend = self.backend.map(|backend| format!("{backend}: ")).unwrap_or_default();
        let retry = match self.retry {
            Some(Retry::After(wait)) => format!(" Try again in {} s.", whole_seconds(wait)),
            Some(Retry::Soon) => " Trying again may help.".to_owned(),
            Some(Retry::Never) => " The same call will fail again.".to_owned(),
            None => String::new(),
        };
        let fix = self
            .fix
            .as_deref()
            .map(|fix| format!(" {}.", sentence(fix)))
            .unwrap_or_default();
        format!("{backend}{}.{retry}{fix}", self.reason.trim_end_matches('.'))
    }
}
