//! The schema as data: its types and fields with what is said of them, and the shortest way from the root to each.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use std::collections::{BTreeMap, VecDeque};

/// Where every query begins.
pub(super) const ROOT: &str = "Query";

/// All types by name, and how to reach them.
#[derive(Debug, Default)]
pub(super) struct Atlas {
    types: BTreeMap<String, Type>,
    /// The steps to each type that a query reaches: `github`, `pullRequest(owner: String!, …)`.
    ways: BTreeMap<String, Vec<String>>,
}

/// A type.
#[derive(Debug)]
pub(super) struct Type {
    pub(super) description: String,
    pub(super) kind: Kind,
}

/// What a type is made of.
#[derive(Debug)]
pub(super) enum Kind {
    /// Fields, of an object or an interface.
    Fields(Vec<Field>),
    /// The types that a union may be.
    Union(Vec<String>),
    /// The names that an enum has.
    Enum(Vec<String>),
    /// Nothing that could be selected or listed.
    Scalar,
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) arguments: Vec<Argument>,
    /// The type as it is written, e.g. `[FailingCheck!]`.
    pub(super) ty: String,
    /// The type's name alone.
    pub(super) named: String,
}

/// An argument of a field.
#[derive(Debug)]
pub(super) struct Argument {
    pub(super) name: String,
    pub(super) description: String,
    /// As it is written: `first: Int! = 20`.
    pub(super) written: String,
    /// Whether it must be given.
    pub(super) required: bool,
}

impl Atlas {
    /// Reads a schema. What cannot be read is left out: the compiler reads the same text, and complains of it.
    pub(super) fn read(sdl: &str) -> Self {
        let definitions = parse_schema(sdl)
            .map(|document| document.definitions)
            .unwrap_or_default();
        let types = definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(ty) => Some((ty.node.name.node.to_string(), Type::of(ty.node))),
            TypeSystemDefinition::Schema(_) | TypeSystemDefinition::Directive(_) => None,
        });
        let mut atlas = Self {
            types: types.collect(),
            ways: BTreeMap::new(),
        };
        atlas.walk();
        atlas
    }

    /// A type by its name.
    pub(super) fn get(&self, name: &str) -> Option<&Type> {
        self.types.get(name)
    }

    /// The type of this name, written in any case.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        let reached = self.ways.keys();
        reached
            .map(String::as_str)
            .find(|known| known.eq_ignore_ascii_case(name))
    }

    /// Every field that a query reaches, with the type it stands in.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &Field)> {
        let reached = self.ways.keys();
        reached.flat_map(|name| self.fields_of(name).iter().map(move |field| (name.as_str(), field)))
    }

    /// The fields of a type.
    pub(super) fn fields_of(&self, name: &str) -> &[Field] {
        match self.types.get(name).map(|ty| &ty.kind) {
            Some(Kind::Fields(fields)) => fields,
            _ => &[],
        }
    }

    /// Whether nothing is selected below it.
    pub(super) fn is_plain(&self, name: &str) -> bool {
        !matches!(
            self.types.get(name).map(|ty| &ty.kind),
            Some(Kind::Fields(_) | Kind::Union(_))
        )
    }

    /// The steps from the root to a type.
    pub(super) fn way(&self, name: &str) -> Option<&[String]> {
        self.ways.get(name).map(Vec::as_slice)
    }

    /// The fields that lead to a type.
    pub(super) fn leading_to<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        let leads = move |field: &Field| {
            field.named == name
                || matches!(self.types.get(&field.named).map(|ty| &ty.kind), Some(Kind::Union(members)) if members.iter().any(|member| member == name))
        };
        self.fields()
            .filter(move |(_, field)| leads(field))
            .map(|(parent, field)| format!("{parent}.{}", field.name))
    }

    /// Goes from the root outwards, level by level, so that the first way found is a shortest one.
    fn walk(&mut self) {
        let mut ways = BTreeMap::from([(ROOT.to_owned(), Vec::new())]);
        let mut open = VecDeque::from([ROOT.to_owned()]);
        while let Some(name) = open.pop_front() {
            let way: Vec<String> = ways.get(&name).cloned().unwrap_or_default();
            for (step, next) in self.steps(&name) {
                if self.types.contains_key(&next) && !ways.contains_key(&next) {
                    ways.insert(next.clone(), way.iter().cloned().chain([step]).collect());
                    open.push_back(next);
                }
            }
        }
        self.ways = ways;
    }

    /// What leads on from a type, and where to.
    fn steps(&self, name: &str) -> Vec<(String, String)> {
        match self.types.get(name).map(|ty| &ty.kind) {
            Some(Kind::Fields(fields)) => fields.iter().map(|field| (field.step(), field.named.clone())).collect(),
            Some(Kind::Union(members)) => members
                .iter()
                .map(|member| (format!("... on {member}"), member.clone()))
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl Type {
    fn of(definition: TypeDefinition) -> Self {
        let fields = |fields: Vec<async_graphql::Positioned<FieldDefinition>>| {
            Kind::Fields(fields.into_iter().map(|field| Field::of(field.node)).collect())
        };
        let kind = match definition.kind {
            TypeKind::Object(object) => fields(object.fields),
            TypeKind::Interface(interface) => fields(interface.fields),
            TypeKind::Union(union) => Kind::Union(union.members.iter().map(|member| member.node.to_string()).collect()),
            TypeKind::Enum(names) => Kind::Enum(
                names
                    .values
                    .iter()
                    .map(|value| value.node.value.node.to_string())
                    .collect(),
            ),
            TypeKind::Scalar | TypeKind::InputObject(_) => Kind::Scalar,
        };
        Self {
            description: definition.description.map(|text| text.node).unwrap_or_default(),
            kind,
        }
    }
}

impl Field {
    fn of(definition: FieldDefinition) -> Self {
        let ty = definition.ty.node;
        let arguments = definition
            .arguments
            .into_iter()
            .map(|argument| Argument::of(argument.node));
        Self {
            name: definition.name.node.to_string(),
            description: definition.description.map(|text| text.node).unwrap_or_default(),
            arguments: arguments.collect(),
            named: named(&ty.base).to_owned(),
            ty: ty.to_string(),
        }
    }

    /// The field with the arguments that it needs.
    pub(super) fn step(&self) -> String {
        self.with(self.arguments.iter().filter(|argument| argument.required))
    }

    /// The field with all of its arguments.
    pub(super) fn signature(&self) -> String {
        format!("{}: {}", self.with(self.arguments.iter()), self.ty)
    }

    fn with<'a>(&self, arguments: impl Iterator<Item = &'a Argument>) -> String {
        let written: Vec<_> = arguments.map(|argument| argument.written.as_str()).collect();
        if written.is_empty() {
            self.name.clone()
        } else {
            format!("{}({})", self.name, written.join(", "))
        }
    }
}

impl Argument {
    fn of(definition: InputValueDefinition) -> Self {
        let ty = definition.ty.node;
        let default = definition.default_value.map(|value| format!(" = {}", value.node));
        Self {
            name: definition.name.node.to_string(),
            description: definition.description.map(|text| text.node).unwrap_or_default(),
            required: !ty.nullable && default.is_none(),
            written: format!("{}: {ty}{}", definition.name.node, default.unwrap_or_default()),
        }
    }
}

fn named(base: &BaseType) -> &str {
    match base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(item) => named(&item.base),
    }
}
