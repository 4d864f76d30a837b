//! The program: reads the command line and runs it.

use braid::{cli, telemetry};
use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    telemetry::start(
        std::env::var("BRAID_LOG").ok().as_deref(),
        std::env::var("BRAID_LOG_FORMAT").ok().as_deref(),
    );
    cli::run(cli)
}
