//! One answer taken apart: to each look-up what was found for it, or why not.

use super::document::{alias, is_alias};
use super::errors::{GraphqlError, Surroundings, failure};
use super::lookup::{Ask, Lookup};
use super::types::Elements;
use crate::backends::clean::clean;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use upstream::{Cause, Failure, Response};

/// What a look-up found, as GitHub gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// GitHub's name of its type.
    pub type_name: String,
    /// Its fields, by response key; texts are cleaned.
    pub fields: Map<String, Value>,
    /// What went wrong in parts of it.
    pub faults: Faults,
}

/// What went wrong in parts of an object that is there otherwise, each with the response keys that lead to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults(Vec<(Vec<String>, Failure)>);

/// An object in types of ours, and what went wrong in parts of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node<T> {
    /// The object.
    pub data: T,
    /// What went wrong in parts of it.
    pub faults: Faults,
}

/// What the answer says to one look-up.
pub type Verdict = Result<Found, Failure>;

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    data: Option<Map<String, Value>>,
    #[serde(default)]
    errors: Elements<GraphqlError>,
}

/// To each look-up of the request its verdict; `None` where another one's failure took it along, so that it must be asked
/// again.
pub(super) fn read(
    response: &Response,
    asks: &[Ask],
    operation: &'static str,
) -> Result<Vec<Option<Verdict>>, Failure> {
    let surroundings = Surroundings {
        operation,
        headers: &response.headers,
    };
    let body: Body = response.json().map_err(|cause| failure(cause, surroundings))?;
    let answered = body.data.is_some();
    let mut data = body.data.unwrap_or_default();
    let verdict = |(index, ask): (usize, &Ask)| {
        let key = alias(index);
        let answer = data.remove(&key);
        let is_told = answer.is_some();
        let found = answer.and_then(|value| target(value, &ask.lookup));
        let path = full_path(key, &ask.lookup);
        let reader = Reader {
            errors: &body.errors,
            path: &path,
            what: ask.lookup.what(),
            surroundings,
        };
        match found {
            Some(fields) => Some(Ok(reader.found(fields, &ask.lookup))),
            None if answered && !is_told && body.errors.is_empty() => {
                let expected = "an answer to each part of the query";
                let got = "none to this one".to_owned();
                Some(Err(failure(Cause::Malformed { expected, got }, surroundings)))
            }
            None => reader.failure(answered).map(Err),
        }
    };
    Ok(asks.iter().enumerate().map(verdict).collect())
}

/// The object that was looked up, within what stands at the alias.
fn target(value: Value, lookup: &Lookup) -> Option<Map<String, Value>> {
    let Value::Object(mut fields) = value else {
        return None;
    };
    match below(lookup) {
        Some(key) => match fields.remove(key)? {
            Value::Object(fields) => Some(fields),
            _ => None,
        },
        None => Some(fields),
    }
}

fn below(lookup: &Lookup) -> Option<&'static str> {
    match lookup {
        Lookup::PullRequest { .. } => Some("pullRequest"),
        Lookup::Issue { .. } => Some("issue"),
        _ => None,
    }
}

fn full_path(alias: String, lookup: &Lookup) -> Vec<String> {
    let below = below(lookup).map(str::to_owned);
    [alias].into_iter().chain(below).collect()
}

struct Reader<'a> {
    errors: &'a [(usize, GraphqlError)],
    path: &'a [String],
    what: String,
    surroundings: Surroundings<'a>,
}

impl Reader<'_> {
    fn found(&self, fields: Map<String, Value>, lookup: &Lookup) -> Found {
        let stated = fields.get("__typename").and_then(Value::as_str);
        let type_name = lookup.type_name().or(stated).unwrap_or_default().to_owned();
        let fault = |(_, error): &(usize, GraphqlError)| {
            let path = error.path();
            let rest = path.strip_prefix(self.path)?.to_vec();
            Some((rest, error.failure(&self.what, self.surroundings)))
        };
        Found {
            type_name,
            fields: cleaned_fields(fields),
            faults: Faults(self.errors.iter().filter_map(fault).collect()),
        }
    }

    /// Why nothing was found; `None` where only others' errors are to blame.
    fn failure(&self, answered: bool) -> Option<Failure> {
        let alias = self.path.first();
        let errors = || self.errors.iter().map(|(_, error)| error);
        let own = errors().find(|error| error.path().first() == alias);
        // An error without a place, or with one in the document, speaks for all.
        let for_all = || errors().find(|error| !error.path().first().is_some_and(|key| is_alias(key)));
        match own.or_else(for_all) {
            Some(error) => Some(error.failure(&self.what, self.surroundings)),
            None if answered => {
                let what = self.what.clone();
                Some(failure(Cause::NotFound { what }, self.surroundings))
            }
            None => None,
        }
    }
}

impl Faults {
    /// What went wrong at this response key or below it.
    pub fn at(&self, key: &str) -> Option<&Failure> {
        let here = |(path, _): &&(Vec<String>, Failure)| path.first().is_none_or(|first| first == key);
        self.0.iter().find(here).map(|(_, failure)| failure)
    }

    /// What went wrong at a list index whose element is not `known` because of it.
    pub fn hiding(&self, known: impl Fn(&usize) -> bool) -> Option<&Failure> {
        let hides = |(path, _): &&(Vec<String>, Failure)| {
            let index = path.first().and_then(|index| index.parse().ok());
            index.is_some_and(|index| !known(&index))
        };
        self.0.iter().find(hides).map(|(_, failure)| failure)
    }

    /// What went wrong in the object at this response key or list index.
    #[must_use]
    pub fn below(&self, key: &str) -> Self {
        let below = |(path, failure): &(Vec<String>, Failure)| {
            let (first, rest) = path.split_first()?;
            (first == key).then(|| (rest.to_vec(), failure.clone()))
        };
        Self(self.0.iter().filter_map(below).collect())
    }

    /// Takes over what another answer about the same object says.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl Found {
    /// Takes over what a later answer about the same object says: objects grow, all else is replaced.
    pub fn absorb(&mut self, later: Self) {
        grow(&mut self.fields, later.fields);
        self.faults.extend(later.faults);
    }

    /// It in a type of ours.
    pub fn node<T: DeserializeOwned + Default>(&self) -> Node<T> {
        Node {
            data: T::deserialize(Value::Object(self.fields.clone())).unwrap_or_default(),
            faults: self.faults.clone(),
        }
    }
}

impl<T> Node<T> {
    /// A field that may be null: `Err` where it is missing because of a fault. `key` is its response key.
    pub fn optional<V>(&self, key: &str, value: Option<V>) -> Result<Option<V>, Failure> {
        match (value, self.faults.at(key)) {
            (None, Some(failure)) => Err(failure.clone()),
            (value, _) => Ok(value),
        }
    }

    /// A field that GitHub promises.
    pub fn required<V>(&self, key: &'static str, value: Option<V>) -> Result<V, Failure> {
        self.optional(key, value)?.ok_or_else(|| {
            let cause = Cause::Malformed {
                expected: key,
                got: "nothing that can be read".to_owned(),
            };
            Failure::new(super::BACKEND, "lookup", cause)
        })
    }

    /// An object in it, with its share of the faults.
    pub fn below<V>(&self, key: &str, data: V) -> Node<V> {
        Node {
            data,
            faults: self.faults.below(key),
        }
    }
}

fn grow(fields: &mut Map<String, Value>, later: Map<String, Value>) {
    for (key, value) in later {
        match (fields.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(value)) => grow(known, value),
            (_, value) => {
                fields.insert(key, value);
            }
        }
    }
}

fn cleaned_fields(fields: Map<String, Value>) -> Map<String, Value> {
    fields.into_iter().map(|(key, value)| (key, cleaned(value))).collect()
}

fn cleaned(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(clean(&text)),
        Value::Array(elements) => elements.into_iter().map(cleaned).collect(),
        Value::Object(fields) => Value::Object(cleaned_fields(fields)),
        other => other,
    }
}

#[cfg(test)]
mod tests;
