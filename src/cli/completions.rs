//! `braid completions`: a script that completes commands and flags in a shell.

use super::{Cli, Verdict, output};
use clap::CommandFactory as _;
use clap_complete::Shell;

/// Where each shell looks for the script.
pub(super) const HELP: &str = "\
bash: braid completions bash > ~/.local/share/bash-completion/completions/braid
zsh:  braid completions zsh > \"${fpath[1]}/_braid\"
fish: braid completions fish > ~/.config/fish/completions/braid.fish";

/// Prints the script.
pub(super) fn run(shell: Shell) -> Verdict {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "braid", &mut script);
    output::print(&String::from_utf8_lossy(&script));
    Verdict::Well
}
