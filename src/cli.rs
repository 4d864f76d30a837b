//! The command line: what may be said, and which file answers it.

mod call;
mod check;
mod completions;
mod doctor;
mod health;
mod login;
mod man;
mod new;
mod output;
mod pretty;
mod price;
mod schema;
mod serve;
mod stdio;
mod tools;
mod version;

use crate::app::Selection;
use crate::telemetry;
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// One MCP server in front of Slack, GitHub and Datadog: every named GraphQL operation in a file is a tool.
///
/// Try it without any account: `braid call monitor_context id=40 --sandbox`
#[derive(Debug, Parser)]
#[command(name = "braid", version = version::short(), long_version = version::long(), max_term_width = 110)]
#[command(
    after_help = "Credentials come from the environment: SLACK_BOT_TOKEN, SLACK_USER_TOKEN (search), GITHUB_TOKEN, DATADOG_API_KEY \
and DATADOG_APP_KEY, or from files that NAME_FILE names. A backend without credentials is off. `braid doctor` says which are missing.\n\n\
Exit codes: 0 all well; 1 the tool, the check or the doctor found a fault; 2 wrong usage or configuration."
)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command understands where it makes sense.
#[derive(Debug, Clone, Args)]
struct Common {
    /// Run against the embedded stand-ins of the three vendors; no account is needed and writes are allowed
    #[arg(long, global = true)]
    sandbox: bool,
    /// Add the operations in this folder to the built-in ones (repeatable)
    #[arg(long, global = true, value_name = "DIR")]
    queries: Vec<PathBuf>,
    /// Allow writing tools: `all`, or their names separated by commas
    #[arg(long, global = true, value_name = "LIST|all")]
    allow_writes: Option<String>,
    /// List only the tools of these groups, separated by commas
    #[arg(long, global = true, value_name = "LIST")]
    groups: Option<String>,
    /// Add two tools for what no other gives: `search_schema` and `run_query`, which runs any query that reads
    #[arg(long, global = true)]
    explore: bool,
    /// Read this configuration file instead of ./braid.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve MCP on standard input and output, for a client that starts the program
    Stdio,
    /// Serve MCP at /mcp, GraphQL at /graphql and GraphiQL at /graphiql over HTTP
    Serve {
        /// The address to listen on; beyond loopback the variable `BRAID_TOKEN` must be set
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8750")]
        listen: SocketAddr,
    },
    /// Compile operation files and say what is wrong with them, or what they become
    Check {
        /// Files or folders; without any, the built-in operations and those of --queries
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Write a file to begin a tool with
    New {
        /// The tool's name, in `snake_case`
        name: String,
        /// The folder to put it into; without it, `queries/<group>`, the group being what the name begins with
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// List the tools: what each does and costs, whether it is on, and why not
    Tools {
        /// Print this one exactly as an agent sees it
        #[arg(conflicts_with = "markdown")]
        name: Option<String>,
        /// Print the table that stands in the README
        #[arg(long, conflicts_with = "json")]
        markdown: bool,
    },
    /// Call a tool once and print its result: a table on a terminal, JSON in a pipe
    Call {
        /// The tool's name
        name: String,
        /// Arguments as key=value; a list or an object as JSON
        #[arg(value_name = "KEY=VALUE")]
        pairs: Vec<String>,
        /// All arguments as one JSON object
        #[arg(long, value_name = "JSON", conflicts_with = "pairs")]
        args: Option<String>,
    },
    /// Print the unified GraphQL schema
    Schema,
    /// Say which backends are on, what is missing, and whether the credentials work
    Doctor,
    /// Ask a running server whether it is up: exit code 0 if /healthz answers 200, else 1; for container health checks
    Health {
        /// Where it listens
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8750")]
        listen: SocketAddr,
    },
    /// Print a completion script for a shell
    #[command(after_help = completions::HELP)]
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// Write the manual pages, one per command, into a folder
    Man {
        /// The folder; created if it does not exist
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Log in to a backend in a browser; its credentials in braid.toml are of the kind `oauth`
    Login(login::Request),
}

/// Runs the command. The runtime is made here and not in `main`, so that everything that runs on it is compiled with the
/// library, once: a binary that awaited it would compile all of it again.
pub fn run(cli: Cli) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::complain(&format!("the runtime cannot be started: {error}"));
            return ExitCode::from(2);
        }
    };
    let code = runtime.block_on(async {
        let variable = |name| std::env::var(name).ok();
        let (filter, format) = (variable("BRAID_LOG"), variable("BRAID_LOG_FORMAT"));
        let telemetry = telemetry::start(telemetry::Logs {
            filter: filter.as_deref(),
            format: format.as_deref(),
        });
        let code = command(cli).await;
        telemetry.end().await;
        code
    });
    // A read of standard input that nobody answers is a thread that would be waited for.
    runtime.shutdown_background();
    code
}

async fn command(cli: Cli) -> ExitCode {
    let Cli { common, command } = cli;
    let done = match command {
        // The largest future there is; moved about as a pointer.
        Command::Stdio => Box::pin(stdio::run(&common)).await,
        Command::Serve { listen } => serve::run(&common, listen).await,
        Command::Check { paths } => check::run(&common, &paths),
        Command::New { name, folder } => new::run(&common, &name, folder.as_deref()),
        Command::Tools { name: Some(name), .. } => tools::show(&common, &name).await,
        Command::Tools { name: None, markdown } => tools::run(&common, tools::Form::of(common.json, markdown)).await,
        Command::Call { name, pairs, args } => call::run(&common, call::Request { name, pairs, args }).await,
        Command::Schema => Ok(schema::run(&common)),
        Command::Health { listen } => health::run(listen).await,
        Command::Completions { shell } => Ok(completions::run(shell)),
        Command::Man { folder } => man::run(&folder),
        Command::Doctor => doctor::run(&common).await,
        Command::Login(request) => login::run(&common, request).await,
    };
    match done {
        Ok(Verdict::Well) => ExitCode::SUCCESS,
        Ok(Verdict::Fault) => ExitCode::from(1),
        Err(message) => {
            output::complain(&message);
            ExitCode::from(2)
        }
    }
}

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// All well.
    Well,
    /// It found a fault, and said so.
    Fault,
}

/// What keeps a command from doing its work, in words for the terminal.
type Done = Result<Verdict, String>;

impl Common {
    fn selection(&self) -> Selection {
        Selection {
            sandbox: self.sandbox,
            queries: self.queries.clone(),
            allow_writes: self.allow_writes.clone(),
            groups: self.groups.clone(),
            config: self.config.clone(),
            explore: self.explore,
            results: None,
        }
    }
}
