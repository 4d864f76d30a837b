//! Printing: standard output for what was asked for, standard error for everything else; colours on a terminal only, and
//! not where `NO_COLOR` is set.

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use toolgen::{Diagnostic, Part, Severity};

/// What went wrong.
pub(super) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What might be better.
pub(super) const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
/// What is as it should be.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// Names and headings.
pub(super) const NAME: Style = Style::new().bold();
/// What stands beside the matter.
pub(super) const ASIDE: Style = Style::new().dimmed();

/// The columns of a terminal that does not say how many it has.
const DEFAULT_WIDTH: usize = 80;

/// Prints what was asked for; styles in it show on a terminal and are dropped elsewhere. A reader that closed the pipe
/// (`braid tools | head`) has what it wanted.
pub(super) fn print(text: &str) {
    let mut out = AutoStream::auto(std::io::stdout().lock());
    let _reader_left = out.write_all(text.as_bytes()).and_then(|()| {
        if text.ends_with('\n') {
            Ok(())
        } else {
            out.write_all(b"\n")
        }
    });
    let _reader_left = out.flush();
}

/// Prints JSON for scripts.
pub(super) fn print_json(value: &serde_json::Value) {
    print(&format!("{value:#}"));
}

/// Says why a command could not do its work.
pub(super) fn complain(message: &str) {
    let mut err = AutoStream::auto(std::io::stderr().lock());
    let _nobody_listens = writeln!(err, "{} {message}", styled(BAD, "braid:"));
}

/// Says something beside what was asked for.
pub(super) fn remark(message: &str) {
    let mut err = AutoStream::auto(std::io::stderr().lock());
    let _nobody_listens = writeln!(err, "{message}");
}

/// Text in a style.
pub(super) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A finding of the compiler, in colour.
pub(super) fn finding(diagnostic: &Diagnostic) -> String {
    diagnostic.render_with(|part, text| match part {
        Part::Place => styled(NAME, text),
        Part::Severity(Severity::Error) => styled(BAD, text),
        Part::Severity(Severity::Warning) => styled(DOUBTFUL, text),
        Part::Severity(Severity::Note) | Part::Help => styled(GOOD, text),
    })
}

/// The text with a capital at its start.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// How many columns the terminal has.
pub(super) fn width() -> usize {
    let size = terminal_size::terminal_size_of(std::io::stdout());
    size.map_or(DEFAULT_WIDTH, |(terminal_size::Width(columns), _)| columns.into())
}

/// Whether a person reads what is printed.
pub(super) fn is_read_by_a_person() -> bool {
    std::io::stdout().is_terminal()
}
