//! The composition root: the one place that knows every concrete type and puts them together.

mod doctor;
mod operations;
mod roads;
mod serving;

pub use doctor::{Finding, State};
pub use operations::{Operations, compile};

use crate::config::{Config, ConfigError, Env, ResultMode};
use crate::graph;
use crate::graph::engine::{self, Engine};
use crate::tools::catalog::{self, Catalog, CatalogError, Writes};
use crate::tools::embedded::{self, NoTools};
use crate::tools::explore::Explorer;
use crate::tools::{Library, Results, Tools, call};
use crate::upstream::Failure;
use crate::upstream::metrics::Metrics;
use arc_swap::ArcSwap;
use sandbox::Sandbox;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use toolgen::Diagnostic;

/// What the command line chose.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Run against the embedded stand-ins.
    pub sandbox: bool,
    /// Folders with further operations.
    pub queries: Vec<PathBuf>,
    /// `all`, or names of writing tools, separated by commas.
    pub allow_writes: Option<String>,
    /// Groups to list, separated by commas.
    pub groups: Option<String>,
    /// The configuration file.
    pub config: Option<PathBuf>,
    /// List the tools that explore the schema.
    pub explore: bool,
}

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The binary has no tools.
    #[error(transparent)]
    NoTools(#[from] NoTools),
    /// The tools do not go together with the options.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// Operation files are wrong.
    #[error("{}", rendered(.0))]
    Operations(Vec<Diagnostic>),
    /// A folder of operations cannot be read.
    #[error("--queries: {}: {reason}", path.display())]
    Queries {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A backend cannot be reached as configured.
    #[error(transparent)]
    Road(#[from] Failure),
    /// The figures cannot be kept: two of them have one name.
    #[error("metrics: {0}")]
    Metrics(#[from] prometheus::Error),
    /// The sandbox cannot listen on loopback.
    #[error("the sandbox cannot listen on 127.0.0.1: {0}")]
    Sandbox(std::io::Error),
}

fn rendered(diagnostics: &[Diagnostic]) -> String {
    let texts: Vec<_> = diagnostics.iter().map(Diagnostic::render).collect();
    format!("the operation files have errors\n\n{}", texts.join("\n"))
}

/// A program that is ready to serve.
pub struct App {
    /// The tools.
    pub tools: Arc<Tools>,
    /// What runs operations, for `/graphql`.
    pub engine: Arc<Engine>,
    /// The clients, for the doctor.
    pub clients: crate::loaders::Clients,
    /// What the program was told.
    pub config: Config,
    /// Which writes are allowed.
    pub writes: Writes,
    /// The backends that are off, with the variables that would turn them on.
    pub off: BTreeMap<String, Vec<String>>,
    /// The figures of all roads and tools.
    pub metrics: Metrics,
    /// The stand-ins, alive as long as this is.
    pub sandbox: Option<Sandbox>,
}

impl App {
    /// Puts everything together. Nothing is asked of any vendor yet.
    pub async fn build(selection: &Selection, env: &Env) -> Result<Self, StartError> {
        let mut config = Config::load(env, selection.config.as_deref())?;
        let sandbox = if selection.sandbox {
            let started = sandbox::start(sandbox::Options::default())
                .await
                .map_err(StartError::Sandbox)?;
            roads::to_sandbox(&mut config, &started);
            Some(started)
        } else {
            None
        };
        let metrics = Metrics::new()?;
        let clients = roads::clients(&config, &metrics)?;
        let schema = graph::builder().finish();
        let specs = operations::load(&schema, &selection.queries)?;
        let writes = writes(selection);
        let off = roads::off(&clients);
        let catalog = Catalog::new(catalog::Params {
            specs,
            writes: writes.clone(),
            groups: selection.groups.as_deref().map(names),
            off: off.clone(),
            explorer: explorer(selection)?,
        })?;
        let engine = Arc::new(Engine::new(engine::Params {
            schema,
            clients: clients.clone(),
            deadline: config.deadline,
        }));
        let tools = Arc::new(Tools::new(call::Params {
            engine: Arc::clone(&engine),
            catalog: Arc::new(ArcSwap::from_pointee(catalog)),
            results: match config.results.mode {
                ResultMode::Both => Results::Both,
                ResultMode::Text => Results::Text,
            },
            budget: config.results.budget,
            library: Library::new(embedded::SCHEMA, embedded::prompts()?, clients.clone()),
            clock: jiff::Timestamp::now,
        }));
        Ok(Self {
            tools,
            engine,
            clients,
            config,
            writes,
            off,
            metrics,
            sandbox,
        })
    }
}

/// The sandbox allows writes unless it is told otherwise: nobody gets hurt there.
fn writes(selection: &Selection) -> Writes {
    match selection.allow_writes.as_deref() {
        Some("all") => Writes::All,
        Some(list) => Writes::Only(names(list)),
        None if selection.sandbox => Writes::All,
        None => Writes::None,
    }
}

/// Reading the schema takes time: only where it is asked for.
fn explorer(selection: &Selection) -> Result<Option<Arc<Explorer>>, StartError> {
    if !selection.explore {
        return Ok(None);
    }
    let explorer = Explorer::new(embedded::SCHEMA, embedded::options()).map_err(StartError::Operations)?;
    Ok(Some(Arc::new(explorer)))
}

fn names(list: &str) -> Vec<String> {
    list.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
