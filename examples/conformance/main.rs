//! What the conformance suite talks to: the real server, on the sandbox, with the suite's own tools and prompts in its
//! catalogue, and around its handler one that gives what Braid never gives. Run by `.ci/protocol`; no part of `braid`.

mod around;

use around::Around;
use braid::app::{App, Selection};
use braid::config::Env;
use braid::mcp::Handler;
use braid::serve::{http, shutdown};
use braid::tools::call::{self, DEFAULT_BUDGET};
use braid::tools::{Catalog, Library, Live, Results, Tools, Writes, catalog, embedded};
use sandbox::{Effect, Fault, Vendor};
use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use toolgen::prompt::{self, PromptSpec};
use toolgen::{Diagnostic, Source};

/// Long enough for three reports of progress: the first comes after a second, the others every three.
const SLOW_MS: u64 = 8_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _installed_by_another = rustls::crypto::ring::default_provider().install_default();
    let selection = Selection {
        sandbox: true,
        queries: vec![folder("queries")],
        ..Selection::default()
    };
    let app = App::build(&selection, &Env::of_process()).await?;
    if let Some(sandbox) = &app.sandbox {
        sandbox.inject(Vendor::Datadog, Fault::always(Effect::Delay { ms: SLOW_MS }));
    }
    let catalog = Catalog::new(catalog::Params {
        specs: app.tools.catalog().all().map(|tool| Arc::clone(&tool.spec)).collect(),
        writes: Writes::All,
        ..catalog::Params::default()
    })?;
    let live = Arc::new(Live::new(catalog));
    let tools = Arc::new(Tools::new(call::Params {
        engine: Arc::clone(&app.engine),
        live: Arc::clone(&live),
        results: Results::Both,
        budget: DEFAULT_BUDGET,
        library: Library::new(embedded::SCHEMA, prompts()?, app.clients.clone()),
        clock: jiff::Timestamp::now,
        metrics: app.metrics.clone(),
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stderr(), "conformance on http://{}", listener.local_addr()?)?;
    let ours = app.http();
    let params = http::Params {
        handler: Around::new(Handler::new(tools), live),
        routes: ours.routes,
        token: ours.token,
        hosts: ours.hosts,
        origins: ours.origins,
        body_limit: ours.body_limit,
        sessions: ours.sessions,
        patience: ours.patience,
        connections: ours.connections,
        details: ours.details,
    };
    http::run(listener, shutdown(), params).await?;
    Ok(())
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples/conformance")
        .join(name)
}

fn prompts() -> Result<Vec<PromptSpec>, Box<dyn Error>> {
    let mut sources = Vec::new();
    for entry in folder("prompts").read_dir()? {
        let path = entry?.path();
        sources.push(Source {
            text: std::fs::read_to_string(&path)?,
            path: path.display().to_string(),
        });
    }
    prompt::read(&sources).map_err(|found| {
        let all: Vec<_> = found.iter().map(Diagnostic::render).collect();
        all.join("\n").into()
    })
}
