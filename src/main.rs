//! The program: reads the command line and runs it.

use braid::cli;
use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(cli::Cli::parse())
}
