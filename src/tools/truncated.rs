//! What was cut from a result, said so that an agent can get the rest.

use super::budget::{Cut, Kind};
use super::path::{Path, Step};
use super::problems::Scene;
use serde_json::{Value, json};
use toolgen::spec::{Argument, Input};

/// How many entries one result has; the rest are counted.
const ENTRIES: usize = 6;

/// Names of arguments that say how many items a list has.
const PAGE_SIZES: [&str; 6] = ["limit", "first", "count", "last", "max", "page_size"];

/// Cuts of `before`, as they stand in a result: like places together, the largest loss first.
pub fn as_json(scene: &Scene<'_>, before: &Value, cuts: &[Cut]) -> Value {
    let mut groups: Vec<Group> = Vec::new();
    for cut in cuts {
        let place = pattern(&cut.path);
        match groups
            .iter_mut()
            .find(|group| group.place == place && group.what == cut.what)
        {
            Some(group) => group.add(cut),
            None => groups.push(Group::of(place, cut)),
        }
    }
    groups.sort_by_key(|group| (group.what, std::cmp::Reverse(group.of - group.kept)));
    let shown = groups.iter().take(ENTRIES);
    let mut entries: Vec<Value> = shown.map(|group| group.as_json(scene, before)).collect();
    if let Some(more) = groups.len().checked_sub(ENTRIES).filter(|more| *more > 0) {
        entries.push(json!({ "path": format!("{more} more places") }));
    }
    Value::Array(entries)
}

/// A path without its indices: what like places have in common.
pub(super) fn pattern(path: &Path) -> String {
    let steps = path.0.iter().map(|step| match step {
        Step::Index(_) => Step::Key("*".to_owned()),
        other => other.clone(),
    });
    Path(steps.collect()).to_string()
}

/// All cuts at places that differ in indices only.
struct Group {
    place: String,
    first: Path,
    what: Kind,
    count: usize,
    kept: usize,
    of: usize,
}

impl Group {
    fn of(place: String, cut: &Cut) -> Self {
        Self {
            place,
            first: cut.path.clone(),
            what: cut.what,
            count: 1,
            kept: cut.kept,
            of: cut.of,
        }
    }

    fn add(&mut self, cut: &Cut) {
        self.count += 1;
        self.kept += cut.kept;
        self.of += cut.of;
    }

    fn as_json(&self, scene: &Scene<'_>, before: &Value) -> Value {
        let path = if self.count == 1 {
            self.first.to_string()
        } else {
            self.place.clone()
        };
        let unit = (self.what == Kind::Characters).then_some("characters");
        let entry = [
            ("path", Some(path.into())),
            ("kept", Some(self.kept.into())),
            ("of", Some(self.of.into())),
            ("unit", unit.map(Value::from)),
            ("rest", self.rest(scene, before).map(Value::from)),
        ];
        entry
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)))
            .collect()
    }

    /// What fetches the rest. A cursor in the result goes on after the whole page, not after what is left of it; so it is
    /// not what does, and that of a smaller page is. A smaller page alone gives less and never the rest.
    fn rest(&self, scene: &Scene<'_>, before: &Value) -> Option<String> {
        if self.what == Kind::Characters {
            return None;
        }
        let arguments = &scene.tool.arguments;
        let size = arguments.iter().find(|argument| is_page_size(argument));
        let has = |name: &str| arguments.iter().any(|argument| argument.name == name);
        let nested = self.first.0.iter().any(|step| !matches!(step, Step::Key(_)));
        match size {
            Some(size) if has("cursor") && (nested || self.kept == 0) => Some(format!(
                "call again with a smaller `{}` and follow next_cursor",
                size.name
            )),
            Some(size) if has("cursor") => Some(format!(
                "call again with {}={}, whose next_cursor goes on after them; the one here skips what was cut",
                size.name, self.kept
            )),
            _ => Some(match self.pager(scene, before) {
                Some(pager) => pager,
                None if has("from") || has("to") => "narrow the query or the time span".to_owned(),
                None => match size.filter(|_| !nested && self.holds_lists(before)) {
                    // Then the page size is that of the lists within.
                    Some(size) => format!("call again with a smaller `{}`, so that more of them fit", size.name),
                    None => "narrow the question".to_owned(),
                },
            }),
        }
    }

    /// The tool that has this list as its own, and what to give it.
    fn pager(&self, scene: &Scene<'_>, before: &Value) -> Option<String> {
        let steps = self.first.0.iter().rev();
        let mut keys = steps.map_while(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) | Step::Gone(_) => None,
        });
        let pager = keys.find_map(|key| scene.catalog.pager(key, scene.tool))?;
        let mut required = pager.arguments.iter().filter(|argument| argument.required);
        let from = match (required.next(), required.next()) {
            (Some(only), None) if self.has_id_beside(before) => {
                format!(", `{}` being the `id` beside it", only.name)
            }
            _ => String::new(),
        };
        Some(format!("page through it with `{}`{from}", pager.name))
    }

    /// Whether the element in which the list stands has an id.
    fn has_id_beside(&self, before: &Value) -> bool {
        let last = self.first.0.iter().rposition(|step| matches!(step, Step::Index(_)));
        let steps = last.and_then(|last| self.first.0.get(..=last));
        steps
            .and_then(|steps| value_at(before, steps))
            .is_some_and(|element| element.get("id").is_some_and(Value::is_string))
    }

    fn holds_lists(&self, before: &Value) -> bool {
        let items = value_at(before, &self.first.0).and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .any(|item| item.values().any(Value::is_array))
    }
}

fn is_page_size(argument: &Argument) -> bool {
    argument.input == Input::Int && PAGE_SIZES.contains(&argument.name.as_str())
}

fn value_at<'a>(value: &'a Value, steps: &[Step]) -> Option<&'a Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
        Step::Gone(_) => None,
    })
}

#[cfg(test)]
mod tests;
