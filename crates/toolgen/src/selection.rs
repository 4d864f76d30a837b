//! A selection set as the response shows it: for each concrete type its response keys, once each, in order.

use apollo_compiler::executable::{Field, Selection as Item, SelectionSet};
use apollo_compiler::schema::{ExtendedType, Type};
use apollo_compiler::{ExecutableDocument, Node, Schema};

/// Fragments may double what they select at each level; a page of text is then millions of fields.
const MOST_FIELDS: usize = 20_000;

/// The keys of one concrete type.
pub(crate) type Selection<'a> = Vec<Picked<'a>>;

/// One response key.
pub(crate) struct Picked<'a> {
    /// The response key.
    pub(crate) key: &'a str,
    /// The concrete type it stands in.
    pub(crate) parent: &'a str,
    /// The first field that gave it.
    pub(crate) field: &'a Node<Field>,
    /// Whether it may be left out: each of its fields stands under `@include` or `@skip`.
    pub(crate) conditional: bool,
    /// What stands below it.
    pub(crate) below: Below<'a>,
    /// The further fields of the same key, merged into the first.
    pub(crate) repeats: Vec<&'a Node<Field>>,
}

impl<'a> Picked<'a> {
    pub(crate) fn ty(&self) -> &'a Type {
        &self.field.definition.ty
    }
}

/// What stands below a response key.
pub(crate) enum Below<'a> {
    /// Nothing: a scalar or an enum.
    Leaf,
    /// The keys of an object.
    Object(Selection<'a>),
    /// The keys of each type that a union or interface may be.
    Abstract(Vec<(&'a str, Selection<'a>)>),
}

/// The selection is larger than anything that is meant.
#[derive(Debug)]
pub(crate) struct TooLarge;

/// Resolves selection sets of a valid document.
pub(crate) struct Resolver<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) document: &'a ExecutableDocument,
    seen: usize,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(schema: &'a Schema, document: &'a ExecutableDocument) -> Self {
        Self {
            schema,
            document,
            seen: 0,
        }
    }

    /// The keys that a value of the object type `concrete` gets from all these selection sets.
    pub(crate) fn resolve(&mut self, concrete: &'a str, sets: &[&'a SelectionSet]) -> Result<Selection<'a>, TooLarge> {
        let mut found: Vec<Found<'a>> = Vec::new();
        for set in sets {
            self.collect(concrete, set, Reached::Always, &mut found)?;
        }
        found
            .into_iter()
            .map(
                |Found {
                     key,
                     fields,
                     conditional,
                 }| {
                    let (field, repeats) = fields.split_first().ok_or(TooLarge)?;
                    let below = self.below(field, &fields)?;
                    Ok(Picked {
                        key,
                        parent: concrete,
                        field,
                        conditional,
                        below,
                        repeats: repeats.to_vec(),
                    })
                },
            )
            .collect()
    }

    fn below(&mut self, field: &'a Node<Field>, fields: &[&'a Node<Field>]) -> Result<Below<'a>, TooLarge> {
        let sets: Vec<_> = fields.iter().filter_map(|field| field.selection_set.as_ref()).collect();
        let Some((name, ty)) = self.schema.types.get_key_value(field.definition.ty.inner_named_type()) else {
            return Ok(Below::Leaf);
        };
        Ok(match ty {
            ExtendedType::Object(_) => Below::Object(self.resolve(name, &sets)?),
            ExtendedType::Interface(_) | ExtendedType::Union(_) => Below::Abstract(
                possible_types(self.schema, name)
                    .into_iter()
                    .map(|concrete| Ok((concrete, self.resolve(concrete, &sets)?)))
                    .collect::<Result<_, TooLarge>>()?,
            ),
            _ => Below::Leaf,
        })
    }

    fn collect(
        &mut self,
        concrete: &str,
        set: &'a SelectionSet,
        reached: Reached,
        found: &mut Vec<Found<'a>>,
    ) -> Result<(), TooLarge> {
        for item in &set.selections {
            self.seen += 1;
            if self.seen > MOST_FIELDS {
                return Err(TooLarge);
            }
            let reached = reached.and(item);
            match item {
                Item::Field(field) => {
                    let key = field.response_name().as_str();
                    let conditional = reached == Reached::Sometimes;
                    match found.iter_mut().find(|found| found.key == key) {
                        Some(found) => {
                            found.fields.push(field);
                            found.conditional &= conditional;
                        }
                        None => found.push(Found {
                            key,
                            fields: vec![field],
                            conditional,
                        }),
                    }
                }
                Item::InlineFragment(inline) => {
                    if inline
                        .type_condition
                        .as_ref()
                        .is_none_or(|ty| self.covers(ty, concrete))
                    {
                        self.collect(concrete, &inline.selection_set, reached, found)?;
                    }
                }
                Item::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && self.covers(fragment.type_condition(), concrete)
                    {
                        self.collect(concrete, &fragment.selection_set, reached, found)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn covers(&self, condition: &str, concrete: &str) -> bool {
        condition == concrete || self.schema.is_subtype(condition, concrete)
    }
}

/// The object types that a union or interface may be, in the schema's order.
pub(crate) fn possible_types<'a>(schema: &'a Schema, name: &str) -> Vec<&'a str> {
    schema
        .types
        .iter()
        .filter(|(_, ty)| ty.is_object())
        .filter(|(object, _)| schema.is_subtype(name, object))
        .map(|(object, _)| object.as_str())
        .collect()
}

struct Found<'a> {
    key: &'a str,
    fields: Vec<&'a Node<Field>>,
    conditional: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    Always,
    Sometimes,
}

impl Reached {
    fn and(self, item: &Item) -> Self {
        let directives = item.directives();
        if directives.has("include") || directives.has("skip") {
            Self::Sometimes
        } else {
            self
        }
    }
}
