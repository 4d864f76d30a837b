//! What apollo-parser takes without a word and is no GraphQL: an argument without a value, which it drops (`languages(first)`
//! would become `languages`), braces that select nothing, which no executor can read, and anything in place of a variable's
//! `$` where the variable has a description.

use crate::diagnostic::{At, Findings};
use apollo_parser::cst::{Argument, CstNode, ObjectField, SelectionSet, Variable};
use apollo_parser::{Lexer, Parser, SyntaxNode, Token, TokenKind as Kind};

/// Reports each of them. For texts that parse, within the limits they were parsed with.
pub(crate) fn report(text: &str, findings: &mut Findings<'_>) {
    // The tree that the text was parsed to is not to be had, and a second one for each of a thousand files takes as long as
    // the first.
    if is_suspect(text) {
        report_by_tree(text, findings);
    }
}

/// What a bracket opens.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Selection,
    Variables,
    Arguments,
    List,
    Object,
}

/// Whether the tokens leave it open that there is such a place. An empty object, which is a value, is told from these by the
/// tree.
fn is_suspect(text: &str) -> bool {
    let mut open: Vec<Place> = Vec::new();
    let (mut last, mut before) = (None, None);
    let tokens = Lexer::new(text)
        .filter_map(Result::ok)
        .map(|token: Token<'_>| token.kind());
    let mut tokens = tokens
        .filter(|kind| !matches!(kind, Kind::Whitespace | Kind::Comment | Kind::Comma))
        .peekable();
    while let Some(kind) = tokens.next() {
        let next = tokens.peek().copied();
        let place = open.last().copied();
        let is_described =
            place == Some(Place::Variables) && last == Some(Kind::StringValue) && before != Some(Kind::Eq);
        let suspect = match kind {
            // Where a variable begins.
            _ if is_described => kind != Kind::Dollar,
            Kind::LCurly => next == Some(Kind::RCurly),
            Kind::Colon => matches!(next, Some(Kind::RParen | Kind::RCurly | Kind::RBracket | Kind::Eof)),
            // Where an argument begins.
            Kind::Name if matches!(place, Some(Place::Arguments | Place::Object)) => {
                !matches!(last, Some(Kind::Colon | Kind::Dollar | Kind::At)) && next != Some(Kind::Colon)
            }
            _ => false,
        };
        if suspect {
            return true;
        }
        match kind {
            Kind::LParen if open.is_empty() && before != Some(Kind::At) => open.push(Place::Variables),
            Kind::LParen => open.push(Place::Arguments),
            Kind::LCurly if matches!(place, None | Some(Place::Selection)) => open.push(Place::Selection),
            Kind::LCurly => open.push(Place::Object),
            Kind::LBracket => open.push(Place::List),
            Kind::RParen | Kind::RCurly | Kind::RBracket => {
                open.pop();
            }
            _ => {}
        }
        (before, last) = (last, Some(kind));
    }
    false
}

fn report_by_tree(text: &str, findings: &mut Findings<'_>) {
    let tree = Parser::new(text).parse();
    for node in tree.document().syntax().descendants() {
        let Some((message, help)) = no_value(&node).or_else(|| no_field(&node)).or_else(|| no_dollar(&node)) else {
            continue;
        };
        let range = node.text_range();
        findings.error(At::Bytes(range.start().into()..range.end().into()), message, Some(help));
    }
}

/// What is wrong, and what to do.
type Found = (String, String);

fn no_value(node: &SyntaxNode) -> Option<Found> {
    let name = if let Some(argument) = Argument::cast(node.clone()) {
        argument.name().filter(|_| argument.value().is_none())
    } else {
        let field = ObjectField::cast(node.clone())?;
        field.name().filter(|_| field.value().is_none())
    };
    let name = name?.text().to_string();
    let help = format!("give it one, as `{name}: …`, or leave it out");
    Some((format!("`{name}` has no value"), help))
}

fn no_field(node: &SyntaxNode) -> Option<Found> {
    let set = SelectionSet::cast(node.clone())?;
    let help = "name the fields that are wanted between the braces".to_owned();
    set.selections()
        .next()
        .is_none()
        .then(|| ("nothing is selected here".to_owned(), help))
}

fn no_dollar(node: &SyntaxNode) -> Option<Found> {
    let variable = Variable::cast(node.clone())?;
    let name = variable.name()?.text().to_string();
    let written = node.text().to_string();
    let help = format!("write `${name}`");
    (!written.starts_with('$')).then(|| ("a variable begins with `$`".to_owned(), help))
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
        let clear = "\"D.\" query A(\"V.\" $v: [Int!]! = [1, 2] @d(min: 1), $o: In = {sort: ASC}) @t(x: {}) {
            a(b: $v, c: [X Y], d: {e: {f: 1}}, g: \"(h)\") @include(if: $v) { i } # (no
            ... on T { j: k }
        }";
        assert!(!is_suspect(&clear.replace(" @t(x: {})", "")));
        assert!(is_suspect(clear));
        for suspect in [
            "{ a(b) }",
            "{ a(b:) }",
            "{ a(b: 1, c) }",
            "{ a(b: {c}) }",
            "{ a(b: [{c d: 1}]) }",
            "{ a { } }",
            "query A(\"d\" {v: Int) { a }",
            "query A(\"d\" v w: Int) { a }",
            "query A(\"d\" @v: Int) { a }",
            "query A(\"d\" )v: Int) { a }",
            "query A(\"d\" : v: Int) { a }",
            "query A($a: S = \"e\" \"d\" 1 v: Int) { a }",
        ] {
            assert!(is_suspect(suspect), "{suspect}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// What the tree finds, the tokens left open.
        #[test]
        fn nothing_is_cleared_that_is_wrong(
            arguments in prop::collection::vec(prop::sample::select(vec![
                "a", "a:", "a: 1", "b: X", "b: [X Y]", "b: [X {c}]", "c: {d}", "c: {d: 1}", "c: {}", "e: $v", "{", "}", "(", ")",
                "[", "]", "\"s\"", "$", ":", "!", "Int", ",", "@x", "@x(y)", "$v: Int =", "# a\n",
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
