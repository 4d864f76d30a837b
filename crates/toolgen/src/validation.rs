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
use apollo_compiler::diagnostic::ToCliReport as _;
use apollo_compiler::parser::SourceMap;
use apollo_compiler::validation::DiagnosticList;
use apollo_compiler::{ExecutableDocument, Name, Schema};
use reword::Finding;

pub(crate) use lenient::report as report_what_the_parser_passed_over;
pub(crate) use mentions::Mentions;

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
    pub(crate) schema: &'a Schema,
    pub(crate) document: &'a ExecutableDocument,
    /// Fragments of the file and shared ones.
    pub(crate) fragments: Vec<&'a str>,
    /// What the definitions mention anywhere. What is unused only because the field around it is wrong is not reported.
    pub(crate) mentions: Mentions,
}

impl<'a> Scope<'a> {
    fn variables(&self) -> Vec<&'a str> {
        let operations = self.document.operations.iter();
        operations
            .flat_map(|operation| &operation.variables)
            .map(|variable| variable.name.as_str())
            .collect()
    }
}

/// Reports all of it.
pub(crate) fn report(errors: &DiagnosticList, scope: &Scope<'_>, findings: &mut Findings<'_>) {
    for diagnostic in errors.iter() {
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
}

/// Reports the first syntax error: what follows it is mostly its consequence.
pub(crate) fn report_syntax(errors: &DiagnosticList, findings: &mut Findings<'_>) {
    if let Some(first) = errors.iter().next() {
        let span = first.error.location();
        let sentence = first.error.to_string();
        let cause = sentence.strip_prefix("syntax error: ").unwrap_or(&sentence);
        let cause = TOKENS
            .iter()
            .fold(cause.to_owned(), |cause, (name, written)| cause.replace(name, written));
        findings.error(
            At::Span(first.sources, span),
            format!("this is not GraphQL: {cause}"),
            None,
        );
    }
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
