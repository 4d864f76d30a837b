//! What changed in the folders, in words for whoever looks at standard error; each change once.

use super::State;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use toolgen::{Diagnostic, ToolSpec};

/// What is new in the later of two states: tools that came, changed and went, files that went wrong or came right.
pub(super) fn between(before: &State, after: &State) -> Vec<String> {
    let (old, new) = (by_name(before), by_name(after));
    let mut news = Vec::new();
    for (name, tool) in &new {
        match old.get(name) {
            None => news.push(format!("{}: `{name}` is a tool now", tool.source)),
            Some(known) if !Arc::ptr_eq(known, tool) => news.push(format!("{}: `{name}` has changed", tool.source)),
            Some(_) => {}
        }
    }
    for (name, tool) in &old {
        if !new.contains_key(name) {
            news.push(format!("{}: `{name}` is no tool any more", tool.source));
        }
    }
    for path in paths(before).difference(&paths(after)) {
        news.push(format!("{path}: no errors any more"));
    }
    let known: BTreeSet<_> = before.faults.iter().collect();
    let fresh: Vec<_> = after.faults.iter().filter(|fault| !known.contains(fault)).collect();
    news.extend(fresh.iter().map(|fault| fault.render()));
    let wrong: BTreeSet<_> = fresh.iter().map(|fault| fault.path.as_str()).collect();
    let kept = new.values().filter(|tool| wrong.contains(tool.source.as_str()));
    news.extend(kept.map(|tool| format!("{}: `{}` stays as it was", tool.source, tool.name)));
    news
}

fn by_name(state: &State) -> BTreeMap<&str, &Arc<ToolSpec>> {
    state.tools.iter().map(|tool| (tool.name.as_str(), tool)).collect()
}

fn paths(state: &State) -> BTreeSet<&str> {
    state
        .faults
        .iter()
        .map(|fault: &Diagnostic| fault.path.as_str())
        .collect()
}
