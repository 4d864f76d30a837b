//! What was cut from a result, said so that an agent can get the rest: by the result's own `next_cursor`, which is made to
//! go on where the cut is, or by a call as it can be made.

use super::budget::{Cut, Kind};
use super::path::{Path, Step};
use super::problems::Scene;
use super::rest::{self, Rest};
use serde_json::{Value, json};

/// How many entries one result has; the rest are counted.
const ENTRIES: usize = 6;

/// Cuts of `before`, as they stand in a result: like places together, the largest loss first. Where `result` has the
/// cursor of a list that was cut, that cursor goes on at the cut from now on.
pub fn tell(scene: &Scene<'_>, before: &Value, cuts: &[Cut], result: &mut Value) -> Value {
    let mut groups: Vec<Group> = Vec::new();
    for cut in cuts {
        let rest = rest::of(scene, before, cut, cuts);
        if let Some(rest) = &rest {
            rest.go_on(result);
        }
        let place = pattern(&cut.path);
        match groups.iter_mut().find(|group| group.takes(&place, cut, rest.as_ref())) {
            Some(group) => group.add(cut),
            None => groups.push(Group::of(place, cut, rest)),
        }
    }
    groups.sort_by_key(|group| (group.what, std::cmp::Reverse(group.of - group.kept)));
    let shown = groups.iter().take(ENTRIES);
    let mut entries: Vec<Value> = shown.map(Group::as_json).collect();
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

/// All cuts at places that differ in indices only, and whose rest is had in one way.
struct Group {
    place: String,
    first: Path,
    what: Kind,
    count: usize,
    kept: usize,
    of: usize,
    rest: Option<Rest>,
}

impl Group {
    fn of(place: String, cut: &Cut, rest: Option<Rest>) -> Self {
        Self {
            place,
            first: cut.path.clone(),
            what: cut.what,
            count: 1,
            kept: cut.kept,
            of: cut.of,
            rest,
        }
    }

    /// Texts are many, and one call each would be more than what was cut.
    fn takes(&self, place: &str, cut: &Cut, rest: Option<&Rest>) -> bool {
        self.place == place && self.what == cut.what && (cut.what == Kind::Characters || self.rest.as_ref() == rest)
    }

    fn add(&mut self, cut: &Cut) {
        self.count += 1;
        self.kept += cut.kept;
        self.of += cut.of;
        if self.what == Kind::Characters {
            self.rest = self.rest.take().and_then(Rest::of_several);
        }
    }

    fn as_json(&self) -> Value {
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
            ("rest", self.rest.as_ref().map(|rest| rest.to_string().into())),
        ];
        entry
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)))
            .collect()
    }
}

#[cfg(test)]
mod tests;
