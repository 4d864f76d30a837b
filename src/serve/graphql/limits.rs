//! How large a document may be, measured before anything of it is executed.

use super::refusal::Refusal;
use async_graphql::Name;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use axum::http::StatusCode;
use std::collections::HashMap;

/// What a request to `/graphql` may be. An introspection query, as GraphiQL sends it, has about 15 levels and 150 fields.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// Levels of fields.
    pub depth: usize,
    /// Fields, those of a fragment counted wherever it is used.
    pub fields: usize,
    /// Fields under another name, counted alike: the way to ask for one thing many times in one request.
    pub aliases: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 256 * 1024,
            depth: 20,
            fields: 1000,
            aliases: 60,
        }
    }
}

impl Limits {
    /// Refuses a document that is too large.
    pub(super) fn check(&self, document: &ExecutableDocument) -> Result<(), Refusal> {
        let mut measuring = Measuring {
            document,
            fragments: HashMap::new(),
            depth: self.depth,
        };
        let mut size = Size::default();
        for (_, operation) in document.operations.iter() {
            size = size.beside(measuring.selections(&operation.node.selection_set.node, 0)?);
        }
        if size.depth > self.depth {
            return Err(too_deep(self.depth));
        }
        within("fields", size.fields, self.fields)?;
        within("aliases", size.aliases, self.aliases)
    }
}

/// Refuses text that is nested beyond all reason. The parser goes down by recursion before it counts: this comes first, so
/// that no text can exhaust its stack. Brackets in strings and comments count too, which no honest document notices.
pub(super) fn check_nesting(text: &str) -> Result<(), Refusal> {
    const DEEPEST: usize = 200;
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Err(refusal(format!("the document is nested more than {DEEPEST} deep")));
        }
    }
    Ok(())
}

fn too_deep(limit: usize) -> Refusal {
    refusal(format!("the document is more than {limit} levels deep"))
}

fn within(what: &str, size: usize, limit: usize) -> Result<(), Refusal> {
    if size <= limit {
        return Ok(());
    }
    Err(refusal(format!(
        "the document has {size} {what}, at most {limit} are taken: ask for less, or in several requests"
    )))
}

fn refusal(message: String) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        code: "TOO_LARGE",
        message,
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    depth: usize,
    fields: usize,
    aliases: usize,
}

impl Size {
    fn beside(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            fields: self.fields.saturating_add(other.fields),
            aliases: self.aliases.saturating_add(other.aliases),
        }
    }
}

struct Measuring<'a> {
    document: &'a ExecutableDocument,
    /// Each fragment is measured once: used in one another, a few lines of them stand for millions of fields. `None` while
    /// it is being measured.
    fragments: HashMap<&'a Name, Option<Size>>,
    depth: usize,
}

impl<'a> Measuring<'a> {
    /// `nesting` counts fragments too, and so bounds the recursion.
    fn selections(&mut self, set: &'a SelectionSet, nesting: usize) -> Result<Size, Refusal> {
        if nesting > self.depth.saturating_mul(4) {
            return Err(too_deep(self.depth));
        }
        let mut size = Size::default();
        for selection in &set.items {
            size = size.beside(match &selection.node {
                Selection::Field(field) => {
                    let below = self.selections(&field.node.selection_set.node, nesting + 1)?;
                    Size {
                        depth: below.depth + 1,
                        fields: below.fields.saturating_add(1),
                        aliases: below.aliases.saturating_add(usize::from(field.node.alias.is_some())),
                    }
                }
                Selection::InlineFragment(fragment) => {
                    self.selections(&fragment.node.selection_set.node, nesting + 1)?
                }
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, nesting + 1)?,
            });
        }
        Ok(size)
    }

    fn fragment(&mut self, name: &'a Name, nesting: usize) -> Result<Size, Refusal> {
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(refusal(format!("the fragment `{name}` contains itself"))),
            None => {}
        }
        self.fragments.insert(name, None);
        let size = match self.document.fragments.get(name) {
            Some(fragment) => self.selections(&fragment.node.selection_set.node, nesting)?,
            // Validation says that it is missing; until then it counts, so that nothing large is made of nothing.
            None => Size {
                fields: 1,
                ..Size::default()
            },
        };
        self.fragments.insert(name, Some(size));
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        body: 1000,
        depth: 3,
        fields: 6,
        aliases: 2,
    };

    fn check(document: &str) -> Result<(), String> {
        let document = async_graphql::parser::parse_query(document).unwrap();
        LIMITS.check(&document).map_err(|refusal| refusal.message)
    }

    #[test]
    fn what_is_within_the_limits_passes() {
        for document in [
            "{ a { b { c } } }",
            "{ a b c d e f }",
            "{ x: a y: b }",
            "{ a { ...F } } fragment F on T { b { c } }",
        ] {
            assert_eq!(check(document), Ok(()), "{document}");
        }
    }

    #[test]
    fn what_is_beyond_them_is_refused_with_the_limit() {
        for (document, expected) in [
            ("{ a { b { c { d } } } }", "more than 3 levels"),
            (
                "{ a { ...F } } fragment F on T { b { ... on T { c { d } } } }",
                "more than 3 levels",
            ),
            ("{ a b c d e f g }", "7 fields, at most 6"),
            ("query A { a b c d } query B { a b c }", "7 fields, at most 6"),
            ("{ ...F } fragment F on T { a ...F }", "`F` contains itself"),
            ("{ x: a y: a z: a }", "3 aliases, at most 2"),
        ] {
            let message = check(document).unwrap_err();
            assert!(message.contains(expected), "{document}: {message}");
        }
    }

    #[test]
    fn a_few_fragments_that_stand_for_millions_of_fields_are_counted_quickly() {
        let mut document = "{ ...F0 } fragment F40 on T { a }".to_owned();
        for index in 0..40 {
            let next = index + 1;
            document += &format!(" fragment F{index} on T {{ ...F{next} ...F{next} }}");
        }
        assert!(
            LIMITS
                .check(&async_graphql::parser::parse_query(document).unwrap())
                .is_err()
        );
    }

    #[test]
    fn text_that_would_exhaust_the_parser_is_refused_before() {
        assert!(check_nesting(&"{a".repeat(100_000)).is_err());
        assert!(check_nesting(&"[".repeat(100_000)).is_err());
        assert!(check_nesting(&"{a}".repeat(1000)).is_ok());
    }
}
