//! Arguments without a value and selection sets without a field, which apollo-parser drops without a word: `languages(first)`
//! would become `languages`, and `slack { }` what no executor can read.

use crate::diagnostic::{At, Findings};
use apollo_parser::cst::{Argument, CstNode, ObjectField, SelectionSet};
use apollo_parser::{Lexer, Parser, SyntaxNode, Token, TokenKind as Kind};

/// Reports each argument and each field of an input object that has a name and no value, and each pair of braces that
/// selects nothing. For texts that parse, within the limits they were parsed with.
pub(crate) fn report(text: &str, findings: &mut Findings<'_>) {
    // The tree that the text was parsed to is not to be had, and a second one for each of a thousand files takes as long as
    // the first.
    if is_suspect(text) {
        report_by_tree(text, findings);
    }
}

/// Whether the tokens leave it open that there is such a place: a name where an argument begins and no colon behind it, a
/// colon with nothing to come, braces around nothing. An empty object, which is a value, is told from these by the tree.
fn is_suspect(text: &str) -> bool {
    let mut open = Vec::new();
    let mut before = None;
    let tokens = Lexer::new(text)
        .filter_map(Result::ok)
        .map(|token: Token<'_>| token.kind());
    let mut tokens = tokens
        .filter(|kind| !matches!(kind, Kind::Whitespace | Kind::Comment | Kind::Comma))
        .peekable();
    while let Some(kind) = tokens.next() {
        let next = tokens.peek().copied();
        let is_in_arguments = open.contains(&Kind::LParen) && open.last() != Some(&Kind::LBracket);
        let begins = is_in_arguments && !matches!(before, Some(Kind::Colon | Kind::Dollar | Kind::At | Kind::Eq));
        match kind {
            Kind::Name if begins && next != Some(Kind::Colon) => return true,
            Kind::Colon if matches!(next, Some(Kind::RParen | Kind::RCurly | Kind::RBracket | Kind::Eof)) => {
                return true;
            }
            Kind::LCurly if next == Some(Kind::RCurly) => return true,
            Kind::LParen | Kind::LCurly | Kind::LBracket => open.push(kind),
            Kind::RParen | Kind::RCurly | Kind::RBracket => {
                open.pop();
            }
            _ => {}
        }
        before = Some(kind);
    }
    false
}

fn report_by_tree(text: &str, findings: &mut Findings<'_>) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Only texts that parse come this far.
    fn is_wrong(text: &str) -> bool {
        let parsed = apollo_compiler::parser::Parser::new().parse_ast(text, "a.graphql");
        let mut findings = Findings::new("a.graphql", text);
        report_by_tree(text, &mut findings);
        parsed.is_ok() && findings.has_errors()
    }

    #[test]
    fn most_files_are_cleared_by_their_tokens() {
        let clear = "\"D.\" query A(\"V.\" $v: [Int!]! = [1, 2] @d(min: 1), $o: In = {sort: ASC}) @t(x: {}.) {
            a(b: $v, c: [X Y], d: {e: {f: 1}}, g: \"(h)\") @include(if: $v) { i } # (no
            ... on T { j: k }
        }";
        assert!(!is_suspect(&clear.replace(" @t(x: {}.)", "")));
        assert!(is_suspect(clear));
        for suspect in [
            "{ a(b) }",
            "{ a(b:) }",
            "{ a(b: 1, c) }",
            "{ a(b: {c}) }",
            "{ a(b: [{c d: 1}]) }",
            "{ a { } }",
        ] {
            assert!(is_suspect(suspect), "{suspect}");
        }
    }

    proptest! {
        /// What the tree finds, the tokens left open.
        #[test]
        fn nothing_is_cleared_that_is_wrong(
            arguments in prop::collection::vec(prop::sample::select(vec![
                "a", "a:", "a: 1", "b: X", "b: [X Y]", "b: [X {c}]", "c: {d}", "c: {d: 1}", "c: {}", "e: $v", "{", "}", "(", ")",
                "[", "]", "\"s\"", ",", "@x", "@x(y)", "$v: Int =", "# a\n",
            ]), 0..6),
            selection in prop::sample::select(vec!["", "{ }", "{ f }", "{ f(g) }", "{ ...{ } }", "{ ...F }"]),
        ) {
            let arguments = arguments.join(" ");
            for text in [
                format!("query A($v: Int = 1) {{ f({arguments}) {selection} }}"),
                format!("query A({arguments}) {{ f(a: 1) {selection} }}"),
            ] {
                prop_assert!(is_suspect(&text) || !is_wrong(&text), "{}", text);
            }
        }
    }
}
