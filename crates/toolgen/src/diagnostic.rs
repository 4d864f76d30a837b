//! What is wrong with a file: where, why, and what to do about it; for a terminal and as JSON.

mod excerpt;

use crate::place::Place;
use apollo_compiler::parser::{SourceMap, SourceSpan};
use excerpt::{Excerpt, printable};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::ops::Range;

/// How many findings of one file are kept: each is looked up in the text, and holds a line of it.
const MOST_FINDINGS: usize = 100;

/// How long a finding's message and its help may be, in characters.
const LONGEST_MESSAGE: usize = 1_000;

/// One finding in one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The file, as it was named to the compiler.
    pub path: String,
    /// The line, from 1; 0 when the finding is about the file as a whole.
    pub line: usize,
    /// The column in characters, from 1; 0 when the finding is about the file as a whole.
    pub column: usize,
    /// How many characters the finding is about, from `column` on, within the line.
    pub width: usize,
    /// How bad it is.
    pub severity: Severity,
    /// The cause, in one sentence.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The line's text.
    pub source_line: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// There is no tool.
    Error,
    /// There is a tool, and something about it should be changed.
    Warning,
    /// Good to know when the file is changed.
    Note,
}

/// What a part of a finding's text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// File, line and column.
    Place,
    /// The word for how bad it is, and the caret.
    Severity(Severity),
    /// The word before the help.
    Help,
}

impl Diagnostic {
    /// An error about a file as a whole, found by whoever read the file.
    pub fn of_file(path: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: 0,
            column: 0,
            width: 0,
            severity: Severity::Error,
            message: message.into(),
            help: Some(help.into()),
            source_line: String::new(),
        }
    }

    /// The finding as a terminal shows it: `file:line:column`, the cause, the line with a caret, the help. No colours, no
    /// final line break.
    pub fn render(&self) -> String {
        self.render_with(|_, text| text.to_owned())
    }

    /// The same, with each part as `paint` gives it, e.g. in colour.
    pub fn render_with(&self, paint: impl Fn(Part, &str) -> String) -> String {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let severity = paint(Part::Severity(self.severity), severity);
        let path = printable(&self.path);
        let place = if self.line == 0 {
            path.into_owned()
        } else {
            format!("{path}:{}:{}", self.line, self.column)
        };
        let message = printable(&self.message);
        let mut out = format!("{}: {severity}: {message}", paint(Part::Place, &place));
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        if self.line > 0 {
            let Excerpt { line, lead, carets } = Excerpt::of(&self.source_line, self.column, self.width);
            let carets = paint(Part::Severity(self.severity), &"^".repeat(carets));
            let _ = write!(out, "\n{margin} |\n{number} | {line}\n{margin} | {lead}{carets}");
        }
        if let Some(help) = &self.help {
            let _ = write!(out, "\n{margin} = {}: {}", paint(Part::Help, "help"), printable(help));
        }
        out
    }

    /// Whether it keeps a tool from being made.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Collects the findings of one file, and finds their places.
pub(crate) struct Findings<'a> {
    path: &'a str,
    text: &'a str,
    found: Vec<Diagnostic>,
    omitted: usize,
}

/// A place in a document.
pub(crate) enum At<'a> {
    /// The file as a whole.
    File,
    /// Bytes of the file's own text.
    Bytes(Range<usize>),
    /// A node of a document made from the file, and maybe from shared fragments.
    Span(&'a SourceMap, Option<SourceSpan>),
}

impl<'a> Findings<'a> {
    pub(crate) fn new(path: &'a str, text: &'a str) -> Self {
        Self {
            path,
            text,
            found: Vec::new(),
            omitted: 0,
        }
    }

    pub(crate) fn error(&mut self, at: At<'_>, message: impl Into<String>, help: Option<String>) {
        self.push(Severity::Error, at, message.into(), help);
    }

    pub(crate) fn warning(&mut self, at: At<'_>, message: impl Into<String>, help: Option<String>) {
        self.push(Severity::Warning, at, message.into(), help);
    }

    pub(crate) fn note(&mut self, at: At<'_>, message: impl Into<String>, help: Option<String>) {
        self.push(Severity::Note, at, message.into(), help);
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }

    /// Counts findings that are not kept.
    pub(crate) fn omit(&mut self, count: usize) {
        self.omitted += count;
    }

    /// All of them; a last one, at the place of the one before, says how many were not kept.
    pub(crate) fn into_found(mut self) -> Vec<Diagnostic> {
        if let (Some(last), 1..) = (self.found.last(), self.omitted) {
            let rest = Diagnostic {
                severity: if self.has_errors() {
                    Severity::Error
                } else {
                    Severity::Note
                },
                message: format!("{} more findings are not listed", self.omitted),
                help: Some("correct these first".to_owned()),
                ..last.clone()
            };
            self.found.push(rest);
        }
        self.found
    }

    /// The file that is compiled.
    pub(crate) fn path(&self) -> &str {
        self.path
    }

    /// Adds findings that were made elsewhere.
    pub(crate) fn extend(&mut self, found: Vec<Diagnostic>) {
        self.found.extend(found);
    }

    /// The file and the place in it; the default place where there is none.
    pub(crate) fn locate(&self, at: At<'_>) -> (String, Place) {
        match at {
            At::Bytes(range) => (self.path.to_owned(), Place::of(self.text, range)),
            At::Span(sources, Some(span)) => match sources.get(&span.file_id()) {
                Some(file) => (
                    file.path().to_string_lossy().into_owned(),
                    Place::of(file.source_text(), span.offset()..span.end_offset()),
                ),
                None => (self.path.to_owned(), Place::default()),
            },
            At::File | At::Span(_, None) => (self.path.to_owned(), Place::default()),
        }
    }

    fn push(&mut self, severity: Severity, at: At<'_>, message: String, help: Option<String>) {
        // An error is never left out for what is none: it decides whether there is a tool.
        let decides = severity == Severity::Error && !self.has_errors();
        if self.found.len() >= MOST_FINDINGS && !decides {
            self.omitted += 1;
            return;
        }
        let (message, help) = (clipped(message), help.map(clipped));
        let (path, place) = self.locate(at);
        let Place {
            line,
            column,
            width,
            source_line,
        } = place;
        self.found.push(Diagnostic {
            path,
            line,
            column,
            width,
            severity,
            message,
            help,
            source_line,
        });
    }
}

/// Messages quote names, which may be as long as the document.
fn clipped(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(LONGEST_MESSAGE) {
        text.truncate(end);
        text.push('…');
    }
    text
}
