//! The program: reads the command line and runs it.

use braid::{cli, telemetry};
use clap::Parser as _;
use std::io::Write as _;
use std::process::ExitCode;
use tokio::runtime::Runtime;

fn main() -> ExitCode {
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _nobody_listens = writeln!(std::io::stderr(), "error: no threads to run on: {error}");
            return ExitCode::from(2);
        }
    };
    let code = runtime.block_on(run());
    // Reading a terminal blocks a thread that cannot be called off: waiting for it would keep a process that was asked to
    // end until somebody presses a key.
    runtime.shutdown_background();
    code
}

async fn run() -> ExitCode {
    let cli = cli::Cli::parse();
    telemetry::start(
        std::env::var("BRAID_LOG").ok().as_deref(),
        std::env::var("BRAID_LOG_FORMAT").ok().as_deref(),
    );
    cli::run(cli).await
}
