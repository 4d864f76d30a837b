//! What fetches the rest of a list or a text that was cut: told from what the compiler knows about the result's lists.

use super::budget::{Cut, Kind};
use super::explore::RUN_QUERY;
use super::path::{Path, Step};
use super::problems::Scene;
use crate::graph::paging;
use serde_json::{Map, Value};
use std::fmt::{Display, Formatter, Result};
use toolgen::ToolSpec;
use toolgen::spec::ListSpec;

/// The keys under which objects say where people find them.
const ADDRESSES: [&str; 2] = ["permalink", "url"];

/// What fetches the rest.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Rest {
    /// The cursor that the result has, since it goes on at the cut.
    Cursor {
        /// The cursor.
        cursor: String,
        /// Where the result has it.
        at: Vec<String>,
        /// Where the result says that there is more.
        more_at: Option<Vec<String>>,
    },
    /// A call, and the argument that says how many items it gives.
    Call {
        /// The tool's name.
        tool: String,
        /// Its arguments.
        arguments: Map<String, Value>,
        /// The argument that says how many.
        size: Option<String>,
    },
    /// A tool that has it, of which the arguments are not known.
    Tool(String),
    /// Fewer items, by an argument that says how many, so that each has more room.
    Fewer(String),
    /// Less found, by arguments that say more.
    Narrower(Vec<String>),
    /// A cursor, once the query selects it: a query that an agent wrote can be written again.
    Selected,
    /// Nothing; but whoever may open it finds it whole at this address.
    Nowhere(Option<String>),
}

/// What fetches the rest of what was cut from `before`; `None` where nothing does.
pub(super) fn of(scene: &Scene<'_>, before: &Value, cut: &Cut, all: &[Cut]) -> Option<Rest> {
    let place = Place {
        scene,
        before,
        path: &cut.path,
    };
    match cut.what {
        Kind::Items => place.of_items(cut.kept),
        Kind::Characters => Some(place.of_text(all)),
    }
}

impl Rest {
    /// Makes the cursor in a result go on at the cut.
    pub(super) fn go_on(&self, result: &mut Value) {
        let Self::Cursor { cursor, at, more_at } = self else {
            return;
        };
        put(result, at, cursor.as_str().into());
        if let Some(at) = more_at {
            put(result, at, true.into());
        }
    }

    /// What fetches the rest of several texts, of which this does for one.
    pub(super) fn of_several(self) -> Option<Self> {
        match self {
            Self::Call { size: Some(size), .. } => Some(Self::Fewer(size)),
            Self::Call { .. } => None,
            Self::Nowhere(_) => Some(Self::Nowhere(None)),
            other => Some(other),
        }
    }
}

fn put(result: &mut Value, at: &[String], value: Value) {
    let Some((key, way)) = at.split_last() else { return };
    let object = way.iter().try_fold(result, |value, key| value.get_mut(key));
    if let Some(object) = object.and_then(Value::as_object_mut) {
        object.insert(key.clone(), value);
    }
}

impl Display for Rest {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Cursor { at, .. } => write!(f, "`{}` goes on after them", at.join(".")),
            Self::Call { tool, arguments, .. } => {
                f.write_str(tool)?;
                arguments
                    .iter()
                    .try_for_each(|(name, value)| write!(f, " {name}={}", word(value)))
            }
            Self::Tool(tool) => write!(f, "page through it with `{tool}`"),
            Self::Fewer(size) => write!(f, "call again with a smaller `{size}`, so that more of each fits"),
            Self::Narrower(arguments) if arguments.is_empty() => f.write_str("ask for less"),
            Self::Narrower(arguments) => {
                let names: Vec<_> = arguments.iter().map(|name| format!("`{name}`")).collect();
                write!(f, "narrow {}", names.join(" or "))
            }
            Self::Selected => f.write_str(
                "select `pageInfo { endCursor }` beside it, which then goes on here as `cursor`; or ask for a smaller page",
            ),
            Self::Nowhere(None) => f.write_str("no call gives more of it"),
            Self::Nowhere(Some(address)) => write!(f, "no call gives more of it; it is whole at {address}"),
        }
    }
}

/// A value as one word of a command line: `braid call` takes it as it stands.
fn word(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:@%+,=-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A place that was cut.
struct Place<'c> {
    scene: &'c Scene<'c>,
    before: &'c Value,
    path: &'c Path,
}

impl Place<'_> {
    fn of_items(&self, kept: usize) -> Option<Rest> {
        let list = self.list(self.path);
        let paged = list.filter(|_| kept > 0).and_then(|list| {
            let from = self.after(list, self.path, kept)?;
            self.paged(list, &from)
        });
        let selected = || list.filter(|list| self.is_ad_hoc() && is_of_root(list) && list.cursors.is_some());
        let selected = || selected().filter(|_| kept > 0).map(|_| Rest::Selected);
        paged.or_else(selected).or_else(|| self.fewer_within()).or_else(|| {
            let narrowed_by = list.map(|list| list.narrowed_by.clone());
            Some(Rest::Narrower(narrowed_by.unwrap_or_default()))
        })
    }

    /// A text is had whole where the item it stands in is asked for alone, as long as it was not alone already.
    fn of_text(&self, all: &[Cut]) -> Rest {
        self.of_text_alone(all).unwrap_or_else(|| Rest::Nowhere(self.address()))
    }

    fn of_text_alone(&self, all: &[Cut]) -> Option<Rest> {
        let (steps, index) = self.path.0.iter().enumerate().rev().find_map(|(at, step)| match step {
            Step::Index(index) => Some((self.path.0.get(..at)?, *index)),
            Step::Key(_) | Step::Gone(_) => None,
        })?;
        let path = Path(steps.to_vec());
        let list = self.list(&path)?;
        let cut = all.iter().find(|cut| cut.what == Kind::Items && cut.path == path);
        let kept = cut.map_or_else(|| self.value(&path.0)?.as_array().map(Vec::len), |cut| Some(cut.kept));
        kept.filter(|kept| *kept > 1)?;
        let fewer = || Some(Rest::Fewer(list.size.clone()?));
        // A page by number means something else when its size changes.
        if list.goes_on_after.is_none() {
            return fewer();
        }
        let from = self.after(list, &path, index);
        let alone = from.and_then(|from| self.call(list, &from, Some(1)));
        alone.or_else(fewer)
    }

    /// Where people find the object that a text stands in, if the result says it.
    fn address(&self) -> Option<String> {
        let (_, around) = self.path.0.split_last()?;
        let object = self.value(around)?;
        let said = ADDRESSES.iter().find_map(|key| object.get(key)?.as_str());
        said.map(str::to_owned)
    }

    fn is_ad_hoc(&self) -> bool {
        self.scene.tool.name == RUN_QUERY
    }

    fn paged(&self, list: &ListSpec, from: &From) -> Option<Rest> {
        if let (Some(at), Some(cursor), true) = (&list.next_cursor, &from.cursor, self.goes_on(list)) {
            return Some(Rest::Cursor {
                cursor: cursor.clone(),
                at: at.clone(),
                more_at: list.has_next_page.clone(),
            });
        }
        self.call(list, from, None)
    }

    /// Whether whoever called can give the cursor that the result has. A query that was written for this can be changed.
    fn goes_on(&self, list: &ListSpec) -> bool {
        is_own(list) || (self.is_ad_hoc() && is_of_root(list))
    }

    /// The call that gives a list from there on: of the same tool where the list is its own, else of the tool whose own
    /// list takes the same cursors.
    fn call(&self, list: &ListSpec, from: &From, size: Option<usize>) -> Option<Rest> {
        let tool = self.scene.tool;
        let (tool, own, given) = if is_own(list) {
            (tool, list, self.scene.variables.clone())
        } else {
            let (pager, own) = self.scene.catalog.pager(list, tool)?;
            match self.arguments(list, from, own) {
                Some(given) => (pager, own, given),
                None => return Some(Rest::Tool(pager.name.clone())),
            }
        };
        let cursor = own.cursor.as_ref()?;
        let size = size.and_then(|size| Some((own.size.as_ref()?, size)));
        let value = |name: &String| {
            if name == cursor {
                from.cursor.as_ref().map(|cursor| cursor.as_str().into())
            } else if let Some((_, size)) = size.filter(|(argument, _)| *argument == name) {
                Some(size.into())
            } else {
                given.get(name).filter(|value| !value.is_null()).cloned()
            }
        };
        let names = tool.arguments.iter().map(|argument| &argument.name);
        if !is_callable(tool, |name| value(name).is_some()) {
            return Some(Rest::Tool(tool.name.clone()));
        }
        Some(Rest::Call {
            tool: tool.name.clone(),
            arguments: names.filter_map(|name| Some((name.clone(), value(name)?))).collect(),
            size: own.size.clone(),
        })
    }

    /// What the pager's arguments are for this list; `None` where the result does not say them all.
    fn arguments(&self, list: &ListSpec, from: &From, own: &ListSpec) -> Option<Map<String, Value>> {
        own.arguments
            .iter()
            .map(|(argument, name)| {
                let steps = from.indexed(list.parent.get(argument)?)?;
                let value = self.value(&steps)?;
                (value.is_string() || value.is_number()).then(|| (name.clone(), value.clone()))
            })
            .collect()
    }

    /// Where a list goes on after so many of its items.
    fn after(&self, list: &ListSpec, path: &Path, had: usize) -> Option<From> {
        let page = list.cursor.as_ref().and_then(|name| self.scene.variables.get(name));
        let page = page.and_then(Value::as_str);
        let cursor = match had.checked_sub(1) {
            None => page.map(str::to_owned),
            Some(index) => {
                let key = || {
                    let key = list.goes_on_after.as_ref()?;
                    self.value(&path.0)?.get(index)?.get(key)?.as_str()
                };
                if list.goes_on_after.is_some() && key().is_none() {
                    return None;
                }
                Some(paging::within(list.cursors.as_deref()?, page, had, key())?)
            }
        };
        Some(From {
            cursor,
            path: path.clone(),
        })
    }

    /// The argument that makes the lists shorter that the items of this one hold, where they have one.
    fn fewer_within(&self) -> Option<Rest> {
        let mut place = self.path.keys();
        place.push("*".to_owned());
        let mut within = self
            .scene
            .tool
            .lists
            .iter()
            .filter(|list| list.path.starts_with(&place));
        within.find_map(|list| Some(Rest::Fewer(list.size.clone()?)))
    }

    fn list(&self, path: &Path) -> Option<&ListSpec> {
        let place = path.keys();
        self.scene.tool.lists.iter().find(|list| list.path == place)
    }

    fn value(&self, steps: &[Step]) -> Option<&Value> {
        steps.iter().try_fold(self.before, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(index) => value.get(index),
            Step::Gone(_) => None,
        })
    }
}

/// Where a list goes on.
struct From {
    cursor: Option<String>,
    /// Where the list is.
    path: Path,
}

impl From {
    /// A place around the list, with the list's own indices.
    fn indexed(&self, place: &[String]) -> Option<Vec<Step>> {
        let mut steps = Vec::new();
        for (at, key) in place.iter().enumerate() {
            steps.push(if key == "*" {
                self.path.0.get(at)?.clone()
            } else {
                Step::Key(key.clone())
            });
        }
        Some(steps)
    }
}

/// Whether a tool's arguments page the list; one within another list is not, since a cursor is of one list.
fn is_own(list: &ListSpec) -> bool {
    list.cursor.is_some() && is_of_root(list)
}

fn is_of_root(list: &ListSpec) -> bool {
    !list.path.iter().any(|key| key == "*")
}

fn is_callable(tool: &ToolSpec, is_given: impl Fn(&String) -> bool) -> bool {
    tool.arguments
        .iter()
        .all(|argument| !argument.required || is_given(&argument.name))
}
