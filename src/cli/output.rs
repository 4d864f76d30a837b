//! Printing: standard output for what was asked for, standard error for everything else.

use std::io::Write;

/// Prints what was asked for. A reader that closed the pipe (`braid tools | head`) has what it wanted.
pub(super) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
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
    let _nobody_listens = writeln!(std::io::stderr(), "braid: {message}");
}
