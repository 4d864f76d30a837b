//! Makes plain GraphQL of a tool file: descriptions of operations, fragments and variables, and Braid's own directives,
//! become spaces, so that every other character keeps its place. For tool files that are pasted into GraphiQL: the
//! executor's parser knows no such descriptions, and its schema no such directives.

use crate::directives;
use apollo_parser::{Lexer, Token, TokenKind as Kind};
use std::ops::Range;

/// The text without what only Braid understands. A text that has none of it comes back as it was; so does, as far as
/// it cannot be read, a malformed one.
pub fn strip(text: &str) -> String {
    let tokens: Vec<Token<'_>> = Lexer::new(text)
        .filter_map(Result::ok)
        .filter(|token| !matches!(token.kind(), Kind::Whitespace | Kind::Comment | Kind::Comma | Kind::Eof))
        .collect();
    let mut stripper = Stripper {
        tokens: &tokens,
        at: 0,
        cut: Vec::new(),
    };
    stripper.document();
    blank(text, &stripper.cut)
}

fn blank(text: &str, cut: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for range in cut {
        out.push_str(text.get(kept..range.start).unwrap_or_default());
        // A space for each character, not each byte: positions are counted in characters.
        out.extend(
            text.get(range.clone())
                .unwrap_or_default()
                .chars()
                .map(|c| if matches!(c, '\n' | '\r') { c } else { ' ' }),
        );
        kept = range.end;
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out
}

struct Stripper<'t, 's> {
    tokens: &'t [Token<'s>],
    at: usize,
    cut: Vec<Range<usize>>,
}

impl<'s> Stripper<'_, 's> {
    fn document(&mut self) {
        while let Some(token) = self.peek(0) {
            match token.kind() {
                Kind::StringValue if self.starts_definition(1) => {
                    self.cut_through(1);
                }
                Kind::Name if self.starts_definition(0) => {
                    self.at += 1;
                    self.header();
                }
                Kind::LCurly => self.skip_group(),
                _ => self.at += 1,
            }
        }
    }

    /// From behind `query` to its selection set.
    fn header(&mut self) {
        while let Some(token) = self.peek(0) {
            match token.kind() {
                Kind::LCurly => return self.skip_group(),
                Kind::LParen => self.variables(),
                Kind::At => self.directive(),
                // The next definition: this one has no selection set.
                Kind::StringValue => return,
                _ => self.at += 1,
            }
        }
    }

    /// `(` to `)`. A string before a `$` describes the variable, unless it is the default of the one before.
    fn variables(&mut self) {
        self.at += 1;
        let mut after_equals = false;
        while let Some(token) = self.peek(0) {
            match token.kind() {
                Kind::RParen => {
                    self.at += 1;
                    return;
                }
                Kind::At => self.directive(),
                Kind::LCurly | Kind::LBracket | Kind::LParen => self.skip_group(),
                Kind::StringValue if !after_equals && self.peek_is(1, Kind::Dollar) => self.cut_through(1),
                _ => self.at += 1,
            }
            after_equals = token.kind() == Kind::Eq;
        }
    }

    fn directive(&mut self) {
        let ours = self
            .peek(1)
            .is_some_and(|name| name.kind() == Kind::Name && directives::is_ours(name.data()));
        let start = self.at;
        self.at += 2;
        if self.peek_is(0, Kind::LParen) {
            self.skip_group();
            // Unclosed: leave all of it for the parser to complain about.
            if self
                .tokens
                .get(self.at.saturating_sub(1))
                .is_none_or(|last| last.kind() != Kind::RParen)
            {
                return;
            }
        }
        if ours {
            let count = self.at.min(self.tokens.len()) - start;
            self.at = start;
            self.cut_through(count);
        }
    }

    /// From an opening bracket to behind the one that closes it, or to the end.
    fn skip_group(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek(0) {
            self.at += 1;
            match token.kind() {
                Kind::LCurly | Kind::LBracket | Kind::LParen => depth += 1,
                Kind::RCurly | Kind::RBracket | Kind::RParen => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn cut_through(&mut self, count: usize) {
        if let (Some(first), Some(last)) = (self.peek(0), self.peek(count.saturating_sub(1))) {
            self.cut.push(first.index()..last.index() + last.data().len());
        }
        self.at += count.max(1);
    }

    fn starts_definition(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|token| {
            token.kind() == Kind::Name && matches!(token.data(), "query" | "mutation" | "subscription" | "fragment")
        })
    }

    fn peek_is(&self, ahead: usize, kind: Kind) -> bool {
        self.peek(ahead).is_some_and(|token| token.kind() == kind)
    }

    fn peek(&self, ahead: usize) -> Option<Token<'s>> {
        self.tokens.get(self.at + ahead).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[test]
    fn descriptions_and_own_directives_become_spaces() {
        let text = r#"{D1}
query A(
  {D2} $id: ID! = "x" {D3} $b: [String] = ["y"] {D4}
) {D5} @include(if: true) { a(b: """c""") }"#;
        let parts = [
            ("{D1}", "\"\"\"\n\u{dc}ber \"x\"\n\"\"\""),
            ("{D2}", "\"An id.\""),
            ("{D3}", "\"b\""),
            ("{D4}", "@example(value: [\"(\"]) @bounds( max : 3 )"),
            ("{D5}", "@tool(title: \"}\")"),
        ];
        let spaces = |part: &str| {
            part.chars()
                .map(|c| if c == '\n' { c } else { ' ' })
                .collect::<String>()
        };
        let written = parts
            .iter()
            .fold(text.to_owned(), |text, (mark, part)| text.replace(mark, part));
        let plain = parts
            .iter()
            .fold(text.to_owned(), |text, (mark, part)| text.replace(mark, &spaces(part)));
        assert_eq!(strip(&written), plain);
    }

    #[test]
    fn a_fragment_may_be_described_too() {
        assert_eq!(
            strip("\"f\" fragment F on T @tool { a }\n\"q\" { b }"),
            "    fragment F on T       { a }\n\"q\" { b }"
        );
    }

    #[test]
    fn what_is_plain_or_broken_stays_as_it_is() {
        for text in [
            "{ a }",
            "query A($a: String = \"d\" $b: Int) { a @tool b(c: \"x\") }",
            "# \"no\" query\nquery { a }",
            "query A @tool(title: \"x\" { a }",
            "\"only a string\"",
            "\"described\" type T { a: Int }",
            "query ((((",
            "\"\"\" open query A",
            "}{)(][",
            "",
        ] {
            assert_eq!(strip(text), text);
        }
    }
}
