//! A first version of an operation file, from the words of a tool's name: the field of the schema that matches them best, the
//! arguments on the way to it as variables, and the plain fields of what it returns.

mod operation;

use super::atlas::{Atlas, Field, ROOT};
use super::search::{Hit, ranked};

/// Words of a name that ask for a list.
const MANY: [&str; 6] = ["all", "find", "latest", "list", "recent", "search"];

/// Words of a name that say what every tool does.
const VERBS: [&str; 3] = ["fetch", "query", "read"];

/// What a match counts that returns one where many are asked for, or many where one is.
const OTHER_NUMBER: f64 = 0.6;

/// What a match counts more whose name is one of the words.
const BY_NAME: f64 = 2.0;

/// What a match loses with each level below the root, so that of two that match as well the nearer one is taken.
const NEARER: f64 = 0.01;

/// An operation.
#[derive(Debug, PartialEq, Eq)]
pub struct Draft {
    /// From its description to its last brace.
    pub text: String,
    /// Its variables that must be given.
    pub required: Vec<Required>,
}

/// A variable that must be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Required {
    /// The variable's name.
    pub variable: String,
    /// The argument that takes it, after its field: `issue.number`.
    pub argument: String,
}

/// Drafts an operation from words, below the root field of that name if it is one. Nothing if no field matches.
pub fn draft(sdl: &str, operation: &str, group: &str, words: &str) -> Option<Draft> {
    let atlas = Atlas::read(sdl);
    let is_below = |parent: &str| {
        let way = atlas.way(parent).unwrap_or_default();
        !atlas.fields_of(ROOT).iter().any(|root| root.name == group) || way.first().is_some_and(|root| root == group)
    };
    let said: Vec<_> = words.split(' ').filter(|word| !VERBS.contains(word)).collect();
    let hits = ranked(&atlas, &said.join(" ")).hits;
    let wants_many = words.split(' ').any(|word| MANY.contains(&word));
    let fit = |hit: &Hit<'_>| {
        let number = if is_many(&atlas, hit.field) == wants_many {
            1.0
        } else {
            OTHER_NUMBER
        };
        let named = if words.split(' ').any(|word| hit.field.name.eq_ignore_ascii_case(word)) {
            BY_NAME
        } else {
            1.0
        };
        let levels = u32::try_from(atlas.way(hit.parent).map_or(0, <[String]>::len)).unwrap_or(u32::MAX);
        hit.score * number * named - NEARER * f64::from(levels)
    };
    let hit = hits
        .iter()
        .filter(|hit| is_below(hit.parent) && atlas.way(hit.parent).is_some_and(|way| !way.is_empty()))
        .max_by(|left, right| fit(left).total_cmp(&fit(right)))?;
    Some(operation::write(&atlas, hit, operation))
}

/// Whether a field returns a list, or a page of one.
fn is_many(atlas: &Atlas, field: &Field) -> bool {
    field.ty.starts_with('[') || atlas.fields_of(&field.named).iter().any(|below| below.name == "nodes")
}
