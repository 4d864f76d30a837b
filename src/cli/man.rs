//! `braid man`: a manual page for the program and for each command.

use super::{Cli, Done, Verdict, output};
use clap::CommandFactory as _;
use std::path::Path;

/// Writes `braid.1`, `braid-call.1` and so on, over older ones.
pub(super) fn run(folder: &Path) -> Done {
    let unwritable = |error| format!("the manual pages cannot be written to {}: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    clap_mangen::generate_to(Cli::command(), folder).map_err(unwritable)?;
    output::print(&folder.display().to_string());
    Ok(Verdict::Well)
}
