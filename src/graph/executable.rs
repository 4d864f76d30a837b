//! A document in the executor's own syntax tree, made from the compiler's.
//!
//! The executor's parser is passed over: it goes down by recursion before it counts, and what is executed would be what a
//! second parser makes of a text that another one checked.

use async_graphql::parser::types::{
    BaseType, Directive, DocumentOperations, ExecutableDocument, Field, FragmentDefinition, FragmentSpread,
    InlineFragment, OperationDefinition, OperationType, Selection, SelectionSet, Type, TypeCondition,
    VariableDefinition,
};
use async_graphql::{Name, Number, Pos, Positioned};
use async_graphql_value::{ConstValue, Value};
use toolgen::{SourceSpan, ast};

/// How many bytes lie between two places of a text that are counted beforehand.
const STEP: usize = 256;

/// A tool's document, as its specification has it. `Err` with the parser's words.
pub fn parse(text: &str) -> Result<ExecutableDocument, String> {
    let document = toolgen::parse(text)?;
    let mut operations = document
        .definitions
        .iter()
        .filter_map(ast::Definition::as_operation_definition);
    let operation = operations.next().ok_or("there is no operation")?;
    Ok(of(&document, operation, text))
}

/// The operation and the fragments of a document, with their places in this text; Braid's own directives and descriptions,
/// which the executor does not know, are left out.
pub fn of(document: &ast::Document, operation: &ast::OperationDefinition, text: &str) -> ExecutableDocument {
    let making = Making {
        places: Places::in_text(text),
    };
    let fragments = document
        .definitions
        .iter()
        .filter_map(ast::Definition::as_fragment_definition);
    let fragments = fragments.map(|fragment| {
        let definition = FragmentDefinition {
            type_condition: making.condition(&fragment.type_condition),
            directives: making.directives(&fragment.directives),
            selection_set: making.set(&fragment.selection_set),
        };
        (Name::new(&fragment.name), making.at(definition, fragment.location()))
    });
    let fragments = fragments.collect();
    ExecutableDocument {
        operations: DocumentOperations::Single(making.operation(operation)),
        fragments,
    }
}

struct Making<'t> {
    places: Places<'t>,
}

impl Making<'_> {
    fn operation(&self, operation: &ast::OperationDefinition) -> Positioned<OperationDefinition> {
        let definition = OperationDefinition {
            ty: match operation.operation_type {
                ast::OperationType::Query => OperationType::Query,
                ast::OperationType::Mutation => OperationType::Mutation,
                ast::OperationType::Subscription => OperationType::Subscription,
            },
            variable_definitions: operation.variables.iter().map(|it| self.variable(it)).collect(),
            directives: self.directives(&operation.directives),
            selection_set: self.set(&operation.selection_set),
        };
        self.at(definition, operation.name.as_ref().and_then(toolgen::Name::location))
    }

    fn variable(&self, definition: &ast::VariableDefinition) -> Positioned<VariableDefinition> {
        let default = definition.default_value.as_ref();
        let variable = VariableDefinition {
            name: self.name(&definition.name),
            var_type: self.at(type_of(&definition.ty), definition.ty.location()),
            directives: self.directives(&definition.directives),
            default_value: default.map(|value| self.at(constant(value), value.location())),
        };
        self.at(variable, definition.name.location())
    }

    fn set(&self, selections: &[ast::Selection]) -> Positioned<SelectionSet> {
        let items = selections.iter().map(|selection| self.selection(selection)).collect();
        Positioned::new(SelectionSet { items }, Pos::default())
    }

    fn selection(&self, selection: &ast::Selection) -> Positioned<Selection> {
        let (pos, made) = match selection {
            ast::Selection::Field(field) => {
                let pos = self.pos(field.location());
                let arguments = field.arguments.iter();
                let made = Field {
                    alias: field.alias.as_ref().map(|alias| self.name(alias)),
                    name: self.name(&field.name),
                    arguments: arguments.map(|argument| self.argument(argument)).collect(),
                    directives: self.directives(&field.directives),
                    selection_set: self.set(field.selection_set.as_deref().unwrap_or_default()),
                };
                (pos, Selection::Field(Positioned::new(made, pos)))
            }
            ast::Selection::FragmentSpread(spread) => {
                let pos = self.pos(spread.location());
                let made = FragmentSpread {
                    fragment_name: self.name(&spread.fragment_name),
                    directives: self.directives(&spread.directives),
                };
                (pos, Selection::FragmentSpread(Positioned::new(made, pos)))
            }
            ast::Selection::InlineFragment(inline) => {
                let pos = self.pos(inline.location());
                let made = InlineFragment {
                    type_condition: inline.type_condition.as_ref().map(|on| self.condition(on)),
                    directives: self.directives(&inline.directives),
                    selection_set: self.set(&inline.selection_set),
                };
                (pos, Selection::InlineFragment(Positioned::new(made, pos)))
            }
        };
        Positioned::new(made, pos)
    }

    fn condition(&self, on: &toolgen::Name) -> Positioned<TypeCondition> {
        self.at(TypeCondition { on: self.name(on) }, on.location())
    }

    fn directives(&self, directives: &ast::DirectiveList) -> Vec<Positioned<Directive>> {
        let executed = directives.iter().filter(|directive| !toolgen::is_ours(&directive.name));
        let made = executed.map(|directive| {
            let arguments = directive.arguments.iter();
            let made = Directive {
                name: self.name(&directive.name),
                arguments: arguments.map(|argument| self.argument(argument)).collect(),
            };
            self.at(made, directive.location())
        });
        made.collect()
    }

    fn argument(&self, argument: &ast::Argument) -> (Positioned<Name>, Positioned<Value>) {
        let value = self.at(value(&argument.value), argument.value.location());
        (self.name(&argument.name), value)
    }

    fn name(&self, name: &toolgen::Name) -> Positioned<Name> {
        self.at(Name::new(name), name.location())
    }

    fn at<T>(&self, node: T, span: Option<SourceSpan>) -> Positioned<T> {
        Positioned::new(node, self.pos(span))
    }

    fn pos(&self, span: Option<SourceSpan>) -> Pos {
        span.map(|span| self.places.of(span.offset())).unwrap_or_default()
    }
}

fn type_of(ty: &ast::Type) -> Type {
    let named = |name: &toolgen::Name| BaseType::Named(Name::new(name));
    let base = match ty {
        ast::Type::Named(name) | ast::Type::NonNullNamed(name) => named(name),
        ast::Type::List(item) | ast::Type::NonNullList(item) => BaseType::List(Box::new(type_of(item))),
    };
    Type {
        base,
        nullable: !ty.is_non_null(),
    }
}

fn value(value: &ast::Value) -> Value {
    match value {
        ast::Value::Null => Value::Null,
        ast::Value::Variable(name) => Value::Variable(Name::new(name)),
        ast::Value::Enum(name) => Value::Enum(Name::new(name)),
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Boolean(truth) => Value::Boolean(*truth),
        ast::Value::Int(number) => number_of(number.as_str()),
        ast::Value::Float(number) => number_of(number.as_str()),
        ast::Value::List(items) => Value::List(items.iter().map(|item| self::value(item)).collect()),
        ast::Value::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| (Name::new(name), self::value(field)));
            Value::Object(fields.collect())
        }
    }
}

/// Validation leaves no variables in a default.
fn constant(literal: &ast::Value) -> ConstValue {
    value(literal).into_const().unwrap_or_default()
}

/// A number that is too large for any is refused by whatever takes numbers.
fn number_of(text: &str) -> Value {
    text.parse::<Number>()
        .map_or_else(|_| Value::String(text.to_owned()), Value::Number)
}

/// From bytes of a text to lines and columns, in the same time however long a line is.
struct Places<'t> {
    text: &'t [u8],
    /// Where each line begins.
    lines: Vec<usize>,
    /// How many characters begin before each `STEP` bytes.
    characters: Vec<usize>,
}

impl<'t> Places<'t> {
    fn in_text(text: &'t str) -> Self {
        let text = text.as_bytes();
        let breaks = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let mut characters = vec![0];
        for step in text.chunks(STEP) {
            characters.push(characters.last().copied().unwrap_or_default() + begun(step));
        }
        Self {
            text,
            lines: [0].into_iter().chain(breaks.map(|(at, _)| at + 1)).collect(),
            characters,
        }
    }

    fn of(&self, offset: usize) -> Pos {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        Pos {
            line,
            column: self.before(offset) - self.before(start) + 1,
        }
    }

    /// How many characters begin before this byte.
    fn before(&self, offset: usize) -> usize {
        let counted = offset / STEP;
        let rest = self.text.get(counted * STEP..offset).unwrap_or_default();
        self.characters.get(counted).copied().unwrap_or_default() + begun(rest)
    }
}

/// How many characters begin in these bytes.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

#[cfg(test)]
mod tests;
