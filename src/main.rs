//! The program: reads the command line and runs it.

use braid::{cli, telemetry};
use clap::Parser as _;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let variable = |name| std::env::var(name).ok();
    let (filter, format) = (variable("BRAID_LOG"), variable("BRAID_LOG_FORMAT"));
    let telemetry = telemetry::start(telemetry::Logs {
        filter: filter.as_deref(),
        format: format.as_deref(),
    });
    let code = cli::run(cli).await;
    telemetry.end().await;
    code
}
