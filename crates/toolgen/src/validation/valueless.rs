//! Arguments without a value, which apollo-parser drops without a word: `languages(first)` would become `languages`.

use crate::diagnostic::{At, Findings};
use apollo_parser::cst::{Argument, CstNode, ObjectField};
use apollo_parser::{Parser, SyntaxNode};

/// Reports each argument and each field of an input object that has a name and no value. For texts that parse, within the
/// limits they were parsed with.
pub(crate) fn report(text: &str, findings: &mut Findings<'_>) {
    let tree = Parser::new(text).parse();
    for node in tree.document().syntax().descendants() {
        if let Some(name) = valueless(&node) {
            let range = node.text_range();
            let message = format!("`{name}` has no value");
            let help = Some(format!("give it one, as `{name}: …`, or leave it out"));
            findings.error(At::Bytes(range.start().into()..range.end().into()), message, help);
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
