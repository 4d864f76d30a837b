//! What was cut from a result, said so that an agent can get the rest.

use super::budget::{Cut, Kind};
use super::path::{Path, Step};
use serde_json::{Value, json};
use toolgen::ToolSpec;
use toolgen::spec::Input;

/// How many entries one result has; the rest are counted.
const ENTRIES: usize = 6;

/// Names of arguments that say how many items a list has.
const PAGE_SIZES: [&str; 6] = ["limit", "first", "count", "last", "max", "page_size"];

/// Cuts as they stand in a result: like places together, the largest loss first.
pub fn as_json(tool: &ToolSpec, cuts: &[Cut]) -> Value {
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
    let mut entries: Vec<Value> = groups.iter().take(ENTRIES).map(|group| group.as_json(tool)).collect();
    if let Some(more) = groups.len().checked_sub(ENTRIES).filter(|more| *more > 0) {
        entries.push(json!({ "path": format!("{more} more places") }));
    }
    Value::Array(entries)
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

    fn as_json(&self, tool: &ToolSpec) -> Value {
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
            ("rest", self.rest(tool).map(Value::from)),
        ];
        entry
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)))
            .collect()
    }

    /// A cursor in the result goes on after the whole page, not after what is left of it; so it is not what fetches the
    /// rest, and a smaller page is.
    fn rest(&self, tool: &ToolSpec) -> Option<String> {
        if self.what == Kind::Characters {
            return None;
        }
        let size = tool
            .arguments
            .iter()
            .find(|argument| argument.input == Input::Int && PAGE_SIZES.contains(&argument.name.as_str()))?;
        let nested = self.first.0.len() > 1;
        if nested || self.kept == 0 {
            return Some(format!("call again with a smaller {}", size.name));
        }
        let pages = tool.arguments.iter().any(|argument| argument.name == "cursor");
        let goes_on = if pages {
            ", whose next_cursor goes on after them; the one here skips what was cut"
        } else {
            ""
        };
        Some(format!("call again with {}={}{goes_on}", size.name, self.kept))
    }
}

fn pattern(path: &Path) -> String {
    let steps = path.0.iter().map(|step| match step {
        Step::Index(_) => Step::Key("*".to_owned()),
        other => other.clone(),
    });
    Path(steps.collect()).to_string()
}

#[cfg(test)]
mod tests {
    use super::as_json;
    use crate::tools::budget::{Cut, Kind};
    use crate::tools::catalog::tests::{argument, spec};
    use crate::tools::path::{Path, Step};
    use serde_json::json;
    use toolgen::ToolSpec;
    use toolgen::spec::Input;

    fn cut(path: &str, what: Kind, kept: usize, of: usize) -> Cut {
        let steps = path
            .split('.')
            .map(|step| step.parse().map_or_else(|_| Step::Key(step.to_owned()), Step::Index));
        Cut {
            path: Path(steps.collect()),
            what,
            kept,
            of,
        }
    }

    fn paged(names: &[(&str, Input)]) -> ToolSpec {
        let arguments = names.iter().map(|(name, input)| argument(name, input.clone()));
        ToolSpec {
            arguments: arguments.collect(),
            ..spec("t")
        }
    }

    #[test]
    fn a_page_is_fetched_again_smaller_because_its_cursor_goes_too_far() {
        let tool = paged(&[("limit", Input::Int), ("cursor", Input::String)]);
        assert_eq!(
            as_json(&tool, &[cut("messages", Kind::Items, 7, 20)]),
            json!([{ "path": "messages", "kept": 7, "of": 20,
                "rest": "call again with limit=7, whose next_cursor goes on after them; the one here skips what was cut" }])
        );
    }

    #[test]
    fn like_places_stand_together_and_lists_before_texts() {
        let cuts = [
            cut("notifies.0.text", Kind::Characters, 60, 900),
            cut("notifies.0.history", Kind::Items, 3, 20),
            cut("notifies.1.history", Kind::Items, 2, 20),
        ];
        assert_eq!(
            as_json(&paged(&[("limit", Input::Int)]), &cuts),
            json!([
                { "path": "notifies.*.history", "kept": 5, "of": 40, "rest": "call again with a smaller limit" },
                { "path": "notifies.0.text", "kept": 60, "of": 900, "unit": "characters" },
            ])
        );
    }

    #[test]
    fn a_tool_without_a_page_size_promises_nothing() {
        let entries = as_json(&paged(&[("limit", Input::String)]), &[cut("series", Kind::Items, 1, 9)]);
        assert_eq!(entries, json!([{ "path": "series", "kept": 1, "of": 9 }]));
    }

    #[test]
    fn there_is_an_end_to_it() {
        let cuts: Vec<_> = (0..30).map(|n| cut(&format!("list{n}"), Kind::Items, 1, 2)).collect();
        let entries = as_json(&spec("t"), &cuts);
        assert_eq!(entries.as_array().unwrap().len(), 7);
        assert_eq!(entries[6], json!({ "path": "24 more places" }));
    }
}
