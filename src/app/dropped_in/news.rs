//! What changed in the folders, in words for whoever looks at standard error; each change once.

use super::State;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use toolgen::{Diagnostic, ToolSpec};

/// So many tools are told one by one; a folder that comes or goes is one line.
const FEW: usize = 10;

/// What is new in the later of two states: tools that came, changed and went, files that went wrong or came right.
pub(super) fn between(before: &State, after: &State) -> Vec<String> {
    let (old, new) = (by_name(before), by_name(after));
    let known = |tool: &ToolSpec| old.get(tool.name.as_str()).copied();
    let came: Vec<_> = after.tools.iter().filter(|tool| known(tool).is_none()).collect();
    let is_other = |tool: &Arc<ToolSpec>| known(tool).is_some_and(|known| !Arc::ptr_eq(known, tool));
    let changed: Vec<_> = after.tools.iter().filter(|tool| is_other(tool)).collect();
    let is_gone = |tool: &ToolSpec| !new.contains_key(tool.name.as_str());
    let gone: Vec<_> = before.tools.iter().filter(|tool| is_gone(tool)).collect();
    let mut news = told(&came, "is a tool now", "are tools now");
    news.extend(told(&changed, "has changed", "have changed"));
    news.extend(told(&gone, "is no tool any more", "are no tools any more"));
    for path in paths(before).difference(&paths(after)) {
        news.push(format!("{path}: no errors any more"));
    }
    let told_of: BTreeSet<_> = before.faults.iter().collect();
    let fresh: Vec<_> = after.faults.iter().filter(|fault| !told_of.contains(fault)).collect();
    news.extend(fresh.iter().map(|fault| fault.render()));
    let wrong: BTreeSet<_> = fresh.iter().map(|fault| fault.path.as_str()).collect();
    let is_wrong = |tool: &ToolSpec| wrong.contains(tool.source.as_str());
    let kept: Vec<_> = after.tools.iter().filter(|tool| is_wrong(tool)).collect();
    news.extend(told(&kept, "stays as it was", "stay as they were"));
    news
}

/// What became of some tools: a line for each, or one for all.
fn told(tools: &[&Arc<ToolSpec>], of_one: &str, of_many: &str) -> Vec<String> {
    match tools {
        [first, .., last] if tools.len() > FEW => {
            let (count, first, last) = (tools.len(), &first.name, &last.name);
            vec![format!("{count} tools, `{first}` to `{last}`, {of_many}")]
        }
        few => {
            let lines = few
                .iter()
                .map(|tool| format!("{}: `{}` {of_one}", tool.source, tool.name));
            lines.collect()
        }
    }
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
