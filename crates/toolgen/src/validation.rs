//! What apollo-compiler finds wrong with a document, in words for the person who wrote it: the place, the cause, the
//! nearest right name.
//!
//! Its findings are private types; what is public is a kind, a sentence with the names in backticks, and a place. The
//! version is pinned, and a test holds each kind that is reworded here to its sentence.

mod lenient;
mod mentions;
mod misplaced;
mod reword;

use crate::diagnostic::{At, Findings};
use crate::size::NESTING;
use apollo_compiler::diagnostic::ToCliReport as _;
use apollo_compiler::parser::SourceMap;
use apollo_compiler::validation::DiagnosticList;
use apollo_compiler::{ExecutableDocument, Name, Schema};
use reword::Finding;
use std::collections::BTreeSet;

pub(crate) use lenient::report as report_what_the_parser_passed_over;
pub(crate) use mentions::Mentions;

/// How many errors of one document are put into words: each looks through the document for what was meant.
const MOST_EXAMINED: usize = 200;

/// What the parser says where it stops reading.
const TOO_DEEP: &str = "parser recursion limit reached";
const TOO_LONG: &str = "token limit reached, aborting lexing";
const LIMITS: [&str; 2] = [TOO_DEEP, TOO_LONG];

/// How the parser's names for tokens are written.
const TOKENS: &[(&str, &str)] = &[
    ("L_CURLY", "`{`"),
    ("R_CURLY", "`}`"),
    ("L_PAREN", "`(`"),
    ("R_PAREN", "`)`"),
    ("L_BRACK", "`[`"),
    ("R_BRACK", "`]`"),
    ("COLON", "`:`"),
    ("EOF", "the end of the file"),
];

/// What names may be meant.
pub(crate) struct Scope<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    /// Fragments of the file and shared ones.
    fragments: Vec<&'a str>,
    /// What the definitions mention anywhere. What is unused only because the field around it is wrong is not reported.
    mentions: &'a Mentions,
    /// Whether a variable or a fragment is mentioned that there is not: one that is not used may be meant by it.
    misspelt: Misspelt,
}

struct Misspelt {
    variable: bool,
    fragment: bool,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(
        (schema, document): (&'a Schema, &'a ExecutableDocument),
        fragments: Vec<&'a str>,
        mentions: &'a Mentions,
    ) -> Self {
        let variables: BTreeSet<_> = variables(document).collect();
        let known: BTreeSet<_> = fragments.iter().copied().collect();
        let misspelt = Misspelt {
            variable: mentions.variables.iter().any(|used| !variables.contains(used.as_str())),
            fragment: mentions.fragments.iter().any(|used| !known.contains(used.as_str())),
        };
        Self {
            schema,
            document,
            fragments,
            mentions,
            misspelt,
        }
    }
}

fn variables(document: &ExecutableDocument) -> impl Iterator<Item = &str> {
    let operations = document.operations.iter();
    operations
        .flat_map(|operation| &operation.variables)
        .map(|variable| variable.name.as_str())
}

/// Reports all of it, up to a bound.
pub(crate) fn report(errors: &DiagnosticList, scope: &Scope<'_>, findings: &mut Findings<'_>) {
    for diagnostic in errors.iter().take(MOST_EXAMINED) {
        let kind = diagnostic.error.unstable_error_name().unwrap_or_default();
        let sentence = diagnostic.error.to_string();
        let span = diagnostic.error.location();
        let words: Vec<&str> = sentence.split('`').skip(1).step_by(2).collect();
        let finding = Finding {
            kind,
            sentence: &sentence,
            words: &words,
            span,
        };
        if let Some((message, help)) = finding.reword(scope) {
            findings.error(At::Span(diagnostic.sources, finding.place(scope)), message, help);
        }
    }
    findings.omit(errors.len().saturating_sub(MOST_EXAMINED));
}

/// Reports the first syntax error, since what follows it is mostly its consequence; or that the text was not read to its end,
/// which leaves some of it open.
pub(crate) fn report_syntax(errors: &DiagnosticList, findings: &mut Findings<'_>) {
    let limit = errors.iter().find(|it| LIMITS.contains(&cause(&it.error.to_string())));
    if let Some(first) = limit.or_else(|| errors.iter().next()) {
        let span = first.error.location();
        let sentence = first.error.to_string();
        let message = match cause(&sentence) {
            TOO_DEEP => format!("this is nested more than {NESTING} levels deep"),
            TOO_LONG => "the text is too long from here on".to_owned(),
            cause => {
                let written = |cause: String, (name, written): &(&str, &str)| cause.replace(name, written);
                let cause = TOKENS.iter().fold(cause.to_owned(), written);
                format!("this is not GraphQL: {cause}")
            }
        };
        findings.error(At::Span(first.sources, span), message, None);
    }
}

fn cause(sentence: &str) -> &str {
    sentence.strip_prefix("syntax error: ").unwrap_or(sentence)
}

/// Reports what is wrong in apollo-compiler's own words.
pub(crate) fn report_as_found(errors: &DiagnosticList, findings: &mut Findings<'_>) {
    for diagnostic in errors.iter() {
        let span = diagnostic.error.location();
        findings.error(At::Span(diagnostic.sources, span), diagnostic.error.to_string(), None);
    }
}

/// The name of a definition's own place.
pub(crate) fn span_of<'a>(sources: &'a SourceMap, name: &Name) -> At<'a> {
    At::Span(sources, name.location())
}
