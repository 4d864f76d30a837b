//! The places that a variable is given to.

use super::Checks;
use apollo_compiler::ast::{DirectiveList, InputValueDefinition, Type, Value};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::{Node, Schema};

/// An argument, or a field of an input object, that a variable is given to.
pub(super) struct Place<'p> {
    /// The argument.
    pub(super) definition: &'p Node<InputValueDefinition>,
    /// What is taken there: within a list, the type of its items.
    pub(super) ty: &'p Type,
    /// Of what it is an argument.
    pub(super) of: Of,
    /// Whether it is all of the argument's value, and not an item of it.
    is_whole: bool,
}

/// What an argument belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Field,
    Directive,
}

impl<'p> Place<'p> {
    /// What stands for the variable where nobody gives it a value: an item of a list has no default.
    pub(super) fn default(&self) -> Option<&'p Node<Value>> {
        self.definition.default_value.as_ref().filter(|_| self.is_whole)
    }
}

/// All of them, those in fields first.
pub(super) fn of<'p>(schema: &'p Schema, checks: &'p Checks<'_>, variable: &str) -> Vec<Place<'p>> {
    let mut found = Vec::new();
    each(schema, checks, &mut |place, value| {
        if matches!(value.as_ref(), Value::Variable(name) if name == variable) {
            found.push(place);
        }
    });
    found.sort_by_key(|place| place.of == Of::Directive);
    found
}

/// Goes to each value that an operation and its fragments give to an argument; of lists and objects, to what is in them.
pub(super) fn each<'p>(schema: &'p Schema, checks: &'p Checks<'_>, visit: &mut dyn FnMut(Place<'p>, &'p Node<Value>)) {
    let mut walk = Walk { schema, visit };
    walk.directives(&checks.operation.directives);
    walk.selections(&checks.operation.selection_set);
    for fragment in checks.document.fragments.values() {
        walk.selections(&fragment.selection_set);
    }
}

struct Walk<'p, 'v> {
    schema: &'p Schema,
    visit: &'v mut dyn FnMut(Place<'p>, &'p Node<Value>),
}

impl<'p> Walk<'p, '_> {
    fn selections(&mut self, set: &'p SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    for argument in &field.arguments {
                        if let Some(definition) = field.definition.argument_by_name(&argument.name) {
                            self.value(definition, &definition.ty, &argument.value, Of::Field);
                        }
                    }
                    if let Some(below) = &field.selection_set {
                        self.selections(below);
                    }
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set),
                // Fragments are looked through on their own.
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn directives(&mut self, directives: &'p DirectiveList) {
        for directive in directives {
            for argument in &directive.arguments {
                let definition = self.schema.directive_definitions.get(&directive.name);
                if let Some(definition) = definition.and_then(|it| it.argument_by_name(&argument.name)) {
                    self.value(definition, &definition.ty, &argument.value, Of::Directive);
                }
            }
        }
    }

    fn value(&mut self, definition: &'p Node<InputValueDefinition>, ty: &'p Type, value: &'p Node<Value>, of: Of) {
        match value.as_ref() {
            Value::List(items) => items
                .iter()
                .for_each(|item| self.value(definition, ty.item_type(), item, of)),
            Value::Object(fields) => {
                let Some(object) = self.schema.get_input_object(ty.inner_named_type()) else {
                    return;
                };
                for (name, value) in fields {
                    if let Some(definition) = object.fields.get(name) {
                        self.value(definition, &definition.ty, value, of);
                    }
                }
            }
            _ => {
                let is_whole = *ty == *definition.ty;
                let place = Place {
                    definition,
                    ty,
                    of,
                    is_whole,
                };
                (self.visit)(place, value);
            }
        }
    }
}
