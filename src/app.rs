//! The composition root: the one place that knows every concrete type and puts them together.

mod budget;
mod doctor;
mod dropped_in;
mod folders;
mod login;
mod operations;
mod roads;
mod serving;
mod watch;

pub use budget::within_budget;
pub use doctor::{Finding, State};
pub use dropped_in::{clash, is_taken};
pub use login::{Account, NoLogin, Visit};
pub use operations::Operations;
pub use watch::Watch;

use crate::config::{Config, ConfigError, Env, ResultMode};
use crate::graph;
use crate::graph::engine::{self, Engine};
use crate::tools::catalog::{self, Catalog, CatalogError, Writes};
use crate::tools::embedded::{self, NoTools};
use crate::tools::explore::Explorer;
use crate::tools::{Library, Live, Results, Tools, call};
use arc_swap::ArcSwap;
use dropped_in::DroppedIn;
use sandbox::Sandbox;
pub use sandbox::example;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use toolgen::Diagnostic;
use upstream::Failure;
use upstream::metrics::Metrics;

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
    /// What results consist of, where it is not for the configuration to say.
    pub results: Option<Results>,
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
    /// The budget bounds what nobody meters.
    #[error("braid.toml: [tools] units: nothing is metered as `{unit}`; there are: {}", known.join(", "))]
    NoSuchUnit {
        /// The name that was given.
        unit: String,
        /// The names there are.
        known: Vec<String>,
    },
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
    live: Arc<Live>,
    /// The tools in folders, until they are watched.
    dropped_in: Option<DroppedIn>,
    /// What is wrong with the files in folders, as they are now.
    faults: Arc<ArcSwap<Vec<Diagnostic>>>,
}

impl App {
    /// Puts everything together, for a command that does one thing and ends: a file with errors stops it, since whoever
    /// typed the command is there to see why. Nothing is asked of any vendor yet.
    pub async fn build(selection: &Selection, env: &Env) -> Result<Self, StartError> {
        let app = Self::build_to_serve(selection, env).await?;
        let faults = app.faults.load();
        if faults.is_empty() {
            drop(faults);
            Ok(app)
        } else {
            Err(StartError::Operations(faults.to_vec()))
        }
    }

    /// Puts everything together, for a server: a file in a folder that has errors takes no other tool away, no more at the
    /// start than later. Nothing is asked of any vendor yet.
    pub async fn build_to_serve(selection: &Selection, env: &Env) -> Result<Self, StartError> {
        let file = selection.config.as_deref();
        let mut config = if selection.sandbox {
            Config::load_for_sandbox(env, file)?
        } else {
            Config::load(env, file)?
        };
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
        let built_in: Vec<_> = embedded::tools()?.into_iter().map(Arc::new).collect();
        let budget = budget::checked(&schema, &config.tools)?;
        budget::hold(&budget, &built_in)?;
        let dropped_in = if selection.queries.is_empty() {
            None
        } else {
            Some(DroppedIn::open(dropped_in::Params {
                roots: selection.queries.clone(),
                schema: &schema,
                budget,
                built_in: built_in.clone(),
            })?)
        };
        let faults = dropped_in
            .as_ref()
            .map(|it| it.state().faults.clone())
            .unwrap_or_default();
        let writes = writes(selection);
        let off = roads::off(&clients);
        let listing = catalog::Params {
            built_in: built_in.iter().map(|tool| tool.name.clone()).collect(),
            specs: dropped_in.as_ref().map_or(built_in, DroppedIn::all_tools),
            writes: writes.clone(),
            groups: selection.groups.as_deref().map(names),
            off: off.clone(),
            explorer: explorer(selection)?,
        };
        let catalog = if faults.is_empty() {
            Catalog::new(listing)?
        } else {
            Catalog::of(listing)?
        };
        let live = Arc::new(Live::new(catalog));
        let engine = Arc::new(Engine::new(engine::Params {
            schema,
            clients: clients.clone(),
            deadline: config.deadline,
        }));
        let tools = Arc::new(Tools::new(call::Params {
            engine: Arc::clone(&engine),
            live: Arc::clone(&live),
            results: selection.results.unwrap_or(match config.results.mode {
                ResultMode::Both => Results::Both,
                ResultMode::Text => Results::Text,
            }),
            budget: config.results.budget,
            library: Library::new(embedded::SCHEMA, embedded::prompts()?, clients.clone()),
            clock: jiff::Timestamp::now,
            metrics: metrics.clone(),
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
            live,
            dropped_in,
            faults: Arc::new(ArcSwap::from_pointee(faults)),
        })
    }

    /// Follows the files in folders from now on, until what is returned is dropped. Without folders, and a second time,
    /// there is nothing to follow.
    pub fn watch(&mut self) -> Option<Watch> {
        let dropped_in = self.dropped_in.take()?;
        Some(Watch::start(watch::Params {
            dropped_in,
            live: Arc::clone(&self.live),
            faults: Arc::clone(&self.faults),
        }))
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
