//! What a tool call costs, measured against a bare HTTP handler that makes the same upstream request and returns the
//! same bytes. Everything runs in one go on loopback; compare the ratios, not the times.
//!
//! ```sh
//! cargo bench --bench road
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be made ends, and its figures are what it prints"
)]

mod road {
    pub(crate) mod bare;
    pub(crate) mod client;
    pub(crate) mod measure;
    pub(crate) mod process;
    pub(crate) mod world;
}

use road::bare;
use road::client::{Era, Http, Stdio};
use road::measure::{self, Line};
use road::process::{Server, start_to_first_list};
use road::world::World;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use url::Url;

/// One request upstream, with a small answer.
const TOOL: &str = "datadog_query_metrics";
/// Calls for each figure of one client.
const CALLS: usize = 2_000;
/// Clients at once.
const CLIENTS: usize = 32;
/// Calls for each figure of many clients.
const CROWD: usize = 8_000;
/// Calls before the memory is read the second time.
const LOAD: usize = 10_000;

#[tokio::main]
async fn main() {
    match std::env::var(bare::VARIABLE) {
        Ok(settings) => bare::serve(&settings).await,
        Err(_) => compare().await,
    }
}

async fn compare() {
    let world = World::start().await;
    let server = Server::start(&world).await;
    let mut modern = Http::open(&server.url, Era::Modern).await;
    let mut legacy = Http::open(&server.url, Era::Legacy).await;
    let mut stdio = Stdio::open(&world);
    let answer = modern.call(TOOL, &arguments(0)).await;
    let handler = bare::start(&world, &answer).await;

    println!(
        "one client, {CALLS} calls with one upstream request each, {} bytes of answer",
        answer.len()
    );
    let base = measure::alone(CALLS, async |call| handler.get(call).await).await;
    Line::of("bare handler", &base).print(&base);
    Line::of(
        "HTTP, 2026-07-28",
        &measure::alone(CALLS, async |_| modern.call(TOOL, &fresh()).await).await,
    )
    .print(&base);
    Line::of(
        "HTTP, 2025-11-25",
        &measure::alone(CALLS, async |_| legacy.call(TOOL, &fresh()).await).await,
    )
    .print(&base);
    Line::of(
        "stdio, 2026-07-28",
        &measure::alone(CALLS, async |_| stdio.call(TOOL, &fresh()).await).await,
    )
    .print(&base);
    Line::of(
        "the same call again",
        &measure::alone(CALLS, async |_| modern.call(TOOL, &arguments(1)).await).await,
    )
    .print(&base);

    println!("\n{CLIENTS} clients at once, {CROWD} calls");
    let handlers = vec![handler.clone(); CLIENTS];
    let base = measure::together(CROWD, handlers, async |handler, call| handler.get(call).await).await;
    Line::of("bare handler", &base).print(&base);
    for (name, era) in [("HTTP, 2026-07-28", Era::Modern), ("HTTP, 2025-11-25", Era::Legacy)] {
        let clients = crowd(&server, era).await;
        let before = server.cpu();
        let sample = measure::together(CROWD, clients, async |client, _| client.call(TOOL, &fresh()).await).await;
        Line::of(name, &sample).print(&base);
        println!(
            "    server CPU a call: {:.0} µs",
            server.cpu().saturating_sub(before).as_secs_f64() * 1e6 / as_f64(CROWD)
        );
    }

    println!("\nmemory and start");
    let idle = Server::start(&world).await;
    println!("  resident, idle: {} KiB", idle.resident());
    let clients = crowd(&idle, Era::Modern).await;
    measure::together(LOAD, clients, async |client, _| client.call(TOOL, &fresh()).await).await;
    println!(
        "  resident, after {LOAD} calls of {CLIENTS} clients: {} KiB",
        idle.resident()
    );
    let (start, bytes) = start_to_first_list(&world, 20).await;
    println!(
        "  process start to first tools/list answer: {:.1} ms (median of 20)",
        start.as_secs_f64() * 1e3
    );
    println!("  tools/list: {bytes} bytes");
}

async fn crowd(server: &Server, era: Era) -> Vec<Http> {
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(Http::open(&server.url, era).await);
    }
    clients
}

/// Every call asks for another span, so that nothing can be answered from a cache.
fn fresh() -> Value {
    static CALLS: AtomicUsize = AtomicUsize::new(1);
    arguments(CALLS.fetch_add(1, Ordering::Relaxed))
}

/// The arguments of one call of many.
fn arguments(call: usize) -> Value {
    let (from, to) = span(call);
    json!({ "query": QUERY, "from": from.to_string(), "to": to.to_string() })
}

/// What is asked of the stand-in.
const QUERY: &str = "avg:checkout.error_rate{service:checkout}";

/// The span that a call asks for, in epoch seconds.
fn span(call: usize) -> (usize, usize) {
    let to = 1_795_170_600 - call;
    (to - 300, to)
}

/// The request that a call makes to Datadog.
fn upstream(datadog: &str, call: usize) -> Url {
    let (from, to) = span(call);
    let pairs = [
        ("from", from.to_string()),
        ("to", to.to_string()),
        ("query", QUERY.to_owned()),
    ];
    Url::parse_with_params(&format!("{datadog}api/v1/query"), pairs).unwrap()
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}
