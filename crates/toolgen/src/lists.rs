//! What whoever cuts a result to size must know of it: its lists, where each stands, which arguments page it, and which tool's
//! own list goes on with it; and the fields that keep more room than others.
//!
//! All connections of a schema are of one kind: they take `cursor` and give `pageInfo { endCursor hasNextPage }`. Which
//! fields take each other's cursors is not to be seen there; the weights say it.

use crate::selection::{Below, Picked, Selection};
use crate::shape;
use crate::spec::{ListSpec, Share};
use crate::weights::{Weight, Weights};
use apollo_compiler::ast::Value;

const CURSOR: &str = "cursor";
const PAGE_INFO: &str = "pageInfo";
const END_CURSOR: &str = "endCursor";
const HAS_NEXT_PAGE: &str = "hasNextPage";

/// Stands in a path for the items of a list.
const ITEM: &str = "*";

/// The lists of an operation's result, from the outermost inwards, and the fields that keep more room than others.
pub(crate) fn of(weights: &Weights, root: &Selection<'_>) -> (Vec<ListSpec>, Vec<Share>) {
    let mut walk = Walk {
        weights,
        lists: Vec::new(),
        shares: Vec::new(),
    };
    let mut around = Around::default();
    let mut selection: &[Picked<'_>] = root;
    // As the root's wrappers come off.
    while let Some(only) = shape::single(selection).filter(|only| !only.ty().is_list()) {
        match &only.below {
            Below::Leaf => break,
            Below::Object(below) => {
                around = walk.within(only, Vec::new(), &around, Holder::none());
                selection = below;
            }
            Below::Abstract(variants) => {
                let around = walk.within(only, Vec::new(), &around, Holder::none());
                for (_, keys) in variants {
                    walk.keys(keys, &[], &around);
                }
                return (walk.lists, walk.shares);
            }
        }
    }
    walk.keys(selection, &[], &around);
    (walk.lists, walk.shares)
}

struct Walk<'w> {
    weights: &'w Weights,
    lists: Vec<ListSpec>,
    shares: Vec<Share>,
}

/// What surrounds a field.
#[derive(Clone, Default)]
struct Around<'s, 'a> {
    /// The paged field whose list this may be.
    owner: Option<Owner<'s, 'a>>,
    /// Arguments of the tool by which less is found.
    narrowed_by: Vec<String>,
}

/// A field that is asked for a page.
#[derive(Clone)]
struct Owner<'s, 'a> {
    picked: &'s Picked<'a>,
    /// Where its value stands in the result.
    path: Vec<String>,
    holder: Holder<'s, 'a>,
}

/// The object that a field stands in, where it has more fields than that one.
#[derive(Clone)]
struct Holder<'s, 'a> {
    keys: &'s [Picked<'a>],
    path: Vec<String>,
}

impl Holder<'_, '_> {
    fn none() -> Self {
        Self {
            keys: &[],
            path: Vec::new(),
        }
    }
}

impl Walk<'_> {
    fn keys<'s, 'a>(&mut self, selection: &'s [Picked<'a>], path: &[String], around: &Around<'s, 'a>) {
        for picked in selection {
            let holder = Holder {
                keys: selection,
                path: path.to_vec(),
            };
            self.value(picked, then(path, picked.key), around, holder);
        }
    }

    /// `path` is where the field's value stands; an object that collapses hands its own on.
    fn value<'s, 'a>(
        &mut self,
        picked: &'s Picked<'a>,
        path: Vec<String>,
        around: &Around<'s, 'a>,
        holder: Holder<'s, 'a>,
    ) {
        self.share(picked, &path);
        if !picked.ty().is_list() {
            let around = self.within(picked, path.clone(), around, holder);
            return self.below(&picked.below, path, &around);
        }
        let own = self.within(picked, path.clone(), around, holder);
        self.push(picked, &path, if own.owner.is_some() { &own } else { around });
        let mut items = path;
        let mut ty = picked.ty();
        while ty.is_list() {
            items.push(ITEM.to_owned());
            ty = ty.item_type();
        }
        let inside = Around {
            owner: None,
            narrowed_by: own.narrowed_by,
        };
        self.below(&picked.below, items, &inside);
    }

    fn share(&mut self, picked: &Picked<'_>, path: &[String]) {
        let weight = self.weights.of(picked.parent, &picked.field.name);
        // The types of a union may have one key between them; the first says what it keeps.
        let is_new = !self.shares.iter().any(|share| share.path == path);
        if let Some(weight) = weight.and_then(|weight| weight.keeps).filter(|_| is_new) {
            self.shares.push(Share {
                path: path.to_vec(),
                weight,
            });
        }
    }

    fn below<'s, 'a>(&mut self, below: &'s Below<'a>, path: Vec<String>, around: &Around<'s, 'a>) {
        match below {
            Below::Leaf => {}
            Below::Object(selection) => match shape::single(selection) {
                Some(only) => self.value(only, path, around, Holder::none()),
                None => self.keys(selection, &path, around),
            },
            Below::Abstract(variants) => {
                for (_, keys) in variants {
                    self.keys(keys, &path, around);
                }
            }
        }
    }

    /// What surrounds the fields below this one. Pages are handed to the next level only: a connection's to its nodes.
    fn within<'s, 'a>(
        &self,
        picked: &'s Picked<'a>,
        path: Vec<String>,
        around: &Around<'s, 'a>,
        holder: Holder<'s, 'a>,
    ) -> Around<'s, 'a> {
        let weight = self.weights.of(picked.parent, &picked.field.name);
        let mut narrowed_by = around.narrowed_by.clone();
        let narrowing = weight.iter().flat_map(|weight| &weight.narrowed_by);
        narrowed_by.extend(narrowing.filter_map(|argument| variable(picked, argument)));
        Around {
            owner: weight
                .filter(|weight| weight.page.is_some())
                .map(|_| Owner { picked, path, holder }),
            narrowed_by,
        }
    }

    fn push(&mut self, picked: &Picked<'_>, path: &[String], around: &Around<'_, '_>) {
        // The types of a union may have one key between them.
        if self.lists.iter().any(|list| list.path == path) {
            return;
        }
        let mut list = ListSpec {
            path: path.to_vec(),
            narrowed_by: around.narrowed_by.clone(),
            ..ListSpec::default()
        };
        if let Some(owner) = &around.owner
            && let Some(weight) = self.weights.of(owner.picked.parent, &owner.picked.field.name)
        {
            owner.describe(weight, &mut list);
            list.goes_on_after = weight
                .goes_on_after
                .as_deref()
                .and_then(|field| leaf(&picked.below, field));
            // Its cursors go on after an item; where no item says which it is, none can be made.
            if weight.goes_on_after.is_some() && list.goes_on_after.is_none() {
                list.cursors = None;
                list.is_fixed = false;
            }
        }
        self.lists.push(list);
    }
}

impl Owner<'_, '_> {
    fn describe(&self, weight: &Weight, list: &mut ListSpec) {
        let page = weight.page.as_deref().unwrap_or_default();
        list.cursors.clone_from(&weight.cursors);
        list.size = variable(self.picked, page);
        list.cursor = variable(self.picked, CURSOR);
        list.next_cursor = self.page_info(END_CURSOR);
        list.has_next_page = self.page_info(HAS_NEXT_PAGE);
        let mut others = self
            .picked
            .field
            .definition
            .arguments
            .iter()
            .map(|argument| argument.name.as_str());
        list.is_fixed = others.any(|name| name != page && name != CURSOR && variable(self.picked, name).is_none());
        let fed = self.picked.field.arguments.iter().filter_map(|argument| {
            let name = argument.name.as_str();
            let own = name != page && name != CURSOR;
            Some((name.to_owned(), variable(self.picked, name).filter(|_| own)?))
        });
        list.arguments = fed.collect();
        list.parent = weight.parent.iter().filter_map(|of| self.of_parent(of)).collect();
    }

    /// Where the result has a field of this page's `pageInfo`.
    fn page_info(&self, field: &str) -> Option<Vec<String>> {
        let Below::Object(connection) = &self.picked.below else {
            return None;
        };
        // A connection that collapses is its list.
        if shape::single(connection).is_some() {
            return None;
        }
        let info = connection.iter().find(|picked| picked.field.name == PAGE_INFO)?;
        let Below::Object(fields) = &info.below else {
            return None;
        };
        let found = fields.iter().find(|picked| picked.field.name == field)?;
        let path = then(&self.path, info.key);
        Some(match shape::single(fields) {
            Some(_) => path,
            None => then(&path, found.key),
        })
    }

    /// From `channel: id` the argument, and where the result has that field of the object this stands in.
    fn of_parent(&self, of: &str) -> Option<(String, Vec<String>)> {
        let (argument, field) = of.split_once(':')?;
        let key = key_of(self.holder.keys, field.trim())?;
        Some((argument.trim().to_owned(), then(&self.holder.path, &key)))
    }
}

/// The key under which the objects of a list have a scalar, where they stay objects.
fn leaf(items: &Below<'_>, field: &str) -> Option<String> {
    match items {
        Below::Object(selection) if shape::single(selection).is_none() => key_of(selection, field),
        _ => None,
    }
}

fn key_of(selection: &[Picked<'_>], field: &str) -> Option<String> {
    let named = |picked: &&Picked<'_>| picked.field.name == field && matches!(picked.below, Below::Leaf);
    Some(selection.iter().find(named)?.key.to_owned())
}

/// The tool's argument that feeds a field's argument.
fn variable(picked: &Picked<'_>, argument: &str) -> Option<String> {
    match picked.field.specified_argument_by_name(argument)?.as_ref() {
        Value::Variable(name) => Some(name.to_string()),
        _ => None,
    }
}

fn then(path: &[String], key: &str) -> Vec<String> {
    path.iter().cloned().chain([key.to_owned()]).collect()
}
