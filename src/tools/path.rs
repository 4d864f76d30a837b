//! Where something stands in a result: `notifies.0.history.3.links`.

use serde_json::Value;
use std::fmt::{Display, Formatter, Result};

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into an object.
    Key(String),
    /// Into a list.
    Index(usize),
    /// Into an element of a list that is not in the result any more, named by what tells it from the others, e.g.
    /// `ts=1795170600.000004`.
    Gone(String),
}

/// A way from the root of a result to a value in it, or to where it would stand.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Path(pub Vec<Step>);

/// What tells the elements of a list from each other, the best first.
const IDENTITIES: [&str; 6] = ["id", "ts", "number", "url", "name", "at"];

impl Path {
    /// This path and one step more.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// The path as the compiler writes it: `*` for each item of a list.
    pub fn keys(&self) -> Vec<String> {
        let steps = self.0.iter().map(|step| match step {
            Step::Key(key) => key.clone(),
            Step::Index(_) | Step::Gone(_) => "*".to_owned(),
        });
        steps.collect()
    }

    /// The path as it holds in `now`, a value that was cut down from `before`: elements that are gone are named by their
    /// key, and what stood below them ends there.
    #[must_use]
    pub fn in_what_is_left(&self, before: &Value, now: &Value) -> Self {
        let (mut steps, mut before, mut now) = (Vec::new(), Some(before), Some(now));
        for step in &self.0 {
            let was = before.and_then(|value| child(value, step));
            let is = now.and_then(|value| child(value, step));
            match (step, now, is, was) {
                (Step::Index(_), Some(_), None, Some(was)) => {
                    steps.extend(identity(was).map(Step::Gone));
                    break;
                }
                _ => steps.push(step.clone()),
            }
            (before, now) = (was, is);
        }
        Self(steps)
    }
}

/// The value one step further in.
fn child<'a>(value: &'a Value, step: &Step) -> Option<&'a Value> {
    match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.get(index),
        Step::Gone(_) => None,
    }
}

/// `id=C1`, from an element's own fields.
fn identity(element: &Value) -> Option<String> {
    IDENTITIES.iter().find_map(|key| match element.get(key)? {
        Value::String(text) if text.len() <= 100 => Some(format!("{key}={text}")),
        Value::Number(number) => Some(format!("{key}={number}")),
        _ => None,
    })
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Gone(name) => write!(f, "[{name}]")?,
                Step::Key(_) | Step::Index(_) if place > 0 => f.write_str(".")?,
                Step::Key(_) | Step::Index(_) => {}
            }
            match step {
                Step::Key(key) => f.write_str(key)?,
                Step::Index(index) => write!(f, "{index}")?,
                Step::Gone(_) => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Path, Step};
    use serde_json::json;

    fn path(text: &str) -> Path {
        Path(
            text.split('.')
                .map(|step| step.parse().map_or_else(|_| Step::Key(step.to_owned()), Step::Index))
                .collect(),
        )
    }

    #[test]
    fn is_written_with_dots() {
        assert_eq!(
            path("notifies.0.history.3.links").to_string(),
            "notifies.0.history.3.links"
        );
        assert_eq!(Path::default().to_string(), "");
    }

    #[test]
    fn names_an_element_that_was_cut_by_its_key() {
        let before = json!({ "messages": [{ "ts": "1.1", "links": [] }, { "ts": "2.2", "links": [] }] });
        let now = json!({ "messages": [{ "ts": "1.1", "links": [] }] });
        let left = |text: &str| path(text).in_what_is_left(&before, &now).to_string();
        assert_eq!(left("messages.0.links"), "messages.0.links");
        assert_eq!(left("messages.1.links"), "messages[ts=2.2]");
    }

    #[test]
    fn keeps_the_way_to_a_key_that_is_null_and_so_left_out() {
        let value = json!({ "messages": [{ "ts": "1.1" }] });
        assert_eq!(
            path("messages.0.author").in_what_is_left(&value, &value).to_string(),
            "messages.0.author"
        );
    }
}
