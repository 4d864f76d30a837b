//! The variables and fragments that definitions mention, also within fields that do not exist.

use apollo_compiler::ast;
use std::collections::BTreeSet;

/// The variables and fragments that definitions mention, in wrong fields too.
#[derive(Default, Clone)]
pub(crate) struct Mentions {
    pub(crate) variables: BTreeSet<String>,
    pub(crate) fragments: BTreeSet<String>,
}

impl Mentions {
    pub(crate) fn read<'a>(definitions: impl IntoIterator<Item = &'a ast::Definition>) -> Self {
        let mut mentions = Self::default();
        for definition in definitions {
            match definition {
                ast::Definition::OperationDefinition(it) => {
                    mentions.directives(&it.directives);
                    mentions.selections(&it.selection_set);
                }
                ast::Definition::FragmentDefinition(it) => mentions.selections(&it.selection_set),
                _ => {}
            }
        }
        mentions
    }

    fn selections(&mut self, selections: &[ast::Selection]) {
        for selection in selections {
            match selection {
                ast::Selection::Field(field) => {
                    self.directives(&field.directives);
                    field.arguments.iter().for_each(|argument| self.value(&argument.value));
                    self.selections(field.selection_set.as_deref().unwrap_or_default());
                }
                ast::Selection::FragmentSpread(spread) => {
                    self.directives(&spread.directives);
                    self.fragments.insert(spread.fragment_name.to_string());
                }
                ast::Selection::InlineFragment(inline) => {
                    self.directives(&inline.directives);
                    self.selections(&inline.selection_set);
                }
            }
        }
    }

    fn directives(&mut self, directives: &ast::DirectiveList) {
        directives
            .iter()
            .flat_map(|directive| &directive.arguments)
            .for_each(|argument| self.value(&argument.value));
    }

    fn value(&mut self, value: &ast::Value) {
        match value {
            ast::Value::Variable(name) => {
                self.variables.insert(name.to_string());
            }
            ast::Value::List(items) => items.iter().for_each(|item| self.value(item)),
            ast::Value::Object(fields) => fields.iter().for_each(|(_, value)| self.value(value)),
            _ => {}
        }
    }
}
