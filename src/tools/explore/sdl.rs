//! Compact SDL: the fields that matter in full, the others of their types by name and type, and the way to each type.

use super::atlas::{Atlas, Field, Kind, ROOT};
use super::search::Hit;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// How long the text may be about a type that was asked for by name. A result is cut at eight thousand bytes by default, and
/// a model has to read all of it.
const LONGEST: usize = 4_000;

/// How long it may be about what some words matched: a first look, from which a type can be asked for.
const LONGEST_LOOK: usize = 1_500;

/// How many names of an enum are written out.
const NAMES: usize = 30;

/// How many other fields are named that lead to a type.
const LEADS: usize = 4;

/// The hits in their types, then the types that they give; and how many of the hits are shown.
pub(super) fn around(atlas: &Atlas, hits: &[&Hit<'_>]) -> (String, usize) {
    let mut parents: Vec<&str> = Vec::new();
    for hit in hits {
        if !parents.contains(&hit.parent) {
            parents.push(hit.parent);
        }
    }
    let (mut text, mut shown) = (String::new(), 0);
    for parent in &parents {
        let own: Vec<_> = hits
            .iter()
            .filter(|hit| hit.parent == *parent)
            .map(|hit| hit.field)
            .collect();
        let block = block(atlas, parent, &own, Rest::Names);
        // The first is shown whatever it takes.
        if text.is_empty() || text.len() + block.len() <= LONGEST_LOOK {
            text.push_str(&block);
            shown += own.len();
        }
    }
    let mut known: BTreeSet<&str> = parents.iter().copied().collect();
    for hit in hits {
        add_below(atlas, hit.field, &mut known, (&mut text, LONGEST_LOOK));
    }
    (text.trim_end().to_owned(), shown)
}

/// All of one type.
pub(super) fn whole(atlas: &Atlas, name: &str) -> String {
    let fields: Vec<_> = atlas.fields_of(name).iter().collect();
    let mut text = if fields.is_empty() {
        terse(atlas, name)
    } else {
        block(atlas, name, &fields, Rest::Signatures)
    };
    let mut known = BTreeSet::from([name]);
    for field in fields {
        add_below(atlas, field, &mut known, (&mut text, LONGEST));
    }
    text.trim_end().to_owned()
}

/// Where every query begins.
pub(super) fn roots(atlas: &Atlas) -> String {
    let mut text = terse(atlas, ROOT);
    for field in atlas.fields_of(ROOT) {
        text.push_str(&terse(atlas, &field.named));
    }
    text.trim_end().to_owned()
}

/// How the fields are written that were not looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Names,
    Signatures,
}

/// A type with these of its fields in full.
fn block(atlas: &Atlas, name: &str, fields: &[&Field], others: Rest) -> String {
    let mut text = way(atlas, name);
    let _infallible = writeln!(text, "type {name} {{");
    for field in fields {
        if !field.description.is_empty() {
            let _infallible = writeln!(text, "  \"{}\"", on_one_line(&field.description));
        }
        let _infallible = writeln!(text, "  {}", field.signature());
    }
    let is_shown = |field: &Field| fields.iter().any(|shown| shown.name == field.name);
    let rest: Vec<_> = atlas
        .fields_of(name)
        .iter()
        .filter(|field| !is_shown(field))
        .map(|field| match others {
            Rest::Names => field.name.clone(),
            Rest::Signatures => field.signature(),
        })
        .collect();
    if !rest.is_empty() {
        let between = if others == Rest::Names { ", " } else { "; " };
        let _infallible = writeln!(text, "  # and {}", rest.join(between));
    }
    text.push_str("}\n");
    text
}

/// Adds the type that a field gives, and where that is a page or a union, what is in it.
fn add_below<'a>(
    atlas: &'a Atlas,
    field: &'a Field,
    known: &mut BTreeSet<&'a str>,
    (text, longest): (&mut String, usize),
) {
    let mut open = vec![field.named.as_str()];
    while let Some(name) = open.pop() {
        if !known.insert(name) {
            continue;
        }
        let block = terse(atlas, name);
        if text.len() + block.len() > longest {
            continue;
        }
        text.push_str(&block);
        match atlas.get(name).map(|ty| &ty.kind) {
            Some(Kind::Union(members)) => open.extend(members.iter().rev().map(String::as_str)),
            Some(Kind::Fields(fields)) => {
                let page = fields.iter().find(|field| field.name == "nodes");
                open.extend(page.map(|nodes| nodes.named.as_str()));
                open.extend(
                    fields
                        .iter()
                        .map(|field| field.named.as_str())
                        .filter(|name| is_enum(atlas, name)),
                );
            }
            _ => {}
        }
    }
}

fn is_enum(atlas: &Atlas, name: &str) -> bool {
    matches!(atlas.get(name).map(|ty| &ty.kind), Some(Kind::Enum(_)))
}

/// A type on one line. Scalars that say what they are have one too; the others are known.
fn terse(atlas: &Atlas, name: &str) -> String {
    let Some(ty) = atlas.get(name) else {
        return String::new();
    };
    match &ty.kind {
        Kind::Fields(fields) => {
            let written: Vec<_> = fields.iter().map(Field::signature).collect();
            format!("type {name} {{ {} }}\n", written.join("; "))
        }
        Kind::Union(members) => format!("union {name} = {}\n", members.join(" | ")),
        Kind::Enum(names) => {
            let more = if names.len() > NAMES { " …" } else { "" };
            let shown: Vec<_> = names.iter().take(NAMES).map(String::as_str).collect();
            format!("enum {name} {{ {}{more} }}\n", shown.join(" "))
        }
        Kind::Scalar if ty.description.is_empty() => String::new(),
        Kind::Scalar => format!("scalar {name} # {}\n", on_one_line(&ty.description)),
    }
}

/// The steps to a type, as they stand in a query, and what else leads there.
fn way(atlas: &Atlas, name: &str) -> String {
    let Some(steps) = atlas.way(name).filter(|steps| !steps.is_empty()) else {
        return String::new();
    };
    let mut text = format!("# {{ {} {{ … }}{}", steps.join(" { "), " }".repeat(steps.len()));
    let last = steps.last().and_then(|step| step.split('(').next()).unwrap_or_default();
    let others: Vec<_> = atlas
        .leading_to(name)
        .filter(|lead| lead.rsplit('.').next() != Some(last))
        .take(LEADS)
        .collect();
    if !others.is_empty() {
        let _infallible = write!(text, "; also from {}", others.join(", "));
    }
    text.push('\n');
    text
}

pub(super) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('"', "'")
}
