//! Arguments without a value and selection sets without a field, which apollo-parser drops without a word: `languages(first)`
//! would become `languages`, and `slack { }` what no executor can read.

use crate::diagnostic::{At, Findings};
use apollo_parser::cst::{Argument, CstNode, ObjectField, SelectionSet};
use apollo_parser::{Parser, SyntaxNode};

/// Reports each argument and each field of an input object that has a name and no value, and each pair of braces that
/// selects nothing. For texts that parse, within the limits they were parsed with.
pub(crate) fn report(text: &str, findings: &mut Findings<'_>) {
    let tree = Parser::new(text).parse();
    for node in tree.document().syntax().descendants() {
        let found = valueless(&node)
            .map(|name| {
                let help = format!("give it one, as `{name}: …`, or leave it out");
                (format!("`{name}` has no value"), help)
            })
            .or_else(|| {
                let help = "name the fields that are wanted between the braces".to_owned();
                selects_nothing(&node).then(|| ("nothing is selected here".to_owned(), help))
            });
        if let Some((message, help)) = found {
            let range = node.text_range();
            findings.error(At::Bytes(range.start().into()..range.end().into()), message, Some(help));
        }
    }
}

fn valueless(node: &SyntaxNode) -> Option<String> {
    let name = if let Some(argument) = Argument::cast(node.clone()) {
        argument.name().filter(|_| argument.value().is_none())
    } else {
        let field = ObjectField::cast(node.clone())?;
        field.name().filter(|_| field.value().is_none())
    };
    name.map(|name| name.text().to_string())
}

fn selects_nothing(node: &SyntaxNode) -> bool {
    SelectionSet::cast(node.clone()).is_some_and(|set| set.selections().next().is_none())
}
