//! A soak, run by hand: the real binary over HTTP, several clients that mix all kinds of calls, and vendors whose faults
//! come and go. What is looked for is what leaks or sticks: memory, files, calls without an answer.
//!
//! ```sh
//! cargo bench --bench soak -- --minutes 10
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be made ends, and its figures are what it prints"
)]

mod soak {
    pub(crate) mod calls;
    pub(crate) mod process;
    pub(crate) mod tally;
    pub(crate) mod weather;
}

use clap::Parser;
use sandbox::{Options, Sandbox, SlackRates, Vendor};
use soak::calls::Client;
use soak::process::{Server, State};
use soak::tally::{Class, Tally};
use soak::weather;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// How many clients there are.
const CLIENTS: usize = 8;
/// What one call may take beyond its deadline before it counts as stuck.
const STUCK: Duration = Duration::from_secs(10);
/// The deadline of a call; short, so that a vendor's silence does not fill the soak.
const DEADLINE: Duration = Duration::from_secs(5);
/// How long the server may take to have nothing under way any more, once nobody asks.
const DRAIN: Duration = Duration::from_secs(15);
/// Growth of memory after the first minute that is no leak: caches that fill, pages that an allocator keeps.
const GROWTH_MIB: u64 = 48;
/// Files more than at the start that are no leak: the pools of connections.
const FILES: usize = 80;

#[derive(Debug, Parser)]
struct Arguments {
    /// How long, in minutes.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// The seed of what is called and of the faults, for a soak that shall be the same again.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What Cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() {
    let Arguments { minutes, seed, .. } = Arguments::parse();
    let sandbox = Arc::new(sandbox::start(options()).await.unwrap());
    let server = Server::start(&sandbox, DEADLINE).await;
    println!("{minutes} min, {CLIENTS} clients, seed {seed}\n");

    let (tally, over) = (Arc::new(Tally::default()), CancellationToken::new());
    let faults = tokio::spawn(weather::change(Arc::clone(&sandbox), seed, over.clone()));
    let mut clients = JoinSet::new();
    for index in 0..CLIENTS {
        let client = Client::new(&server.url, seed + index as u64);
        clients.spawn(call_on(client, Arc::clone(&tally), over.clone()));
    }
    let states = watch(&server, minutes, &tally).await;

    over.cancel();
    faults.await.unwrap();
    let drained = timeout(DEADLINE + STUCK, async { while clients.join_next().await.is_some() {} }).await;
    let left = server.left_after(DRAIN, &sandbox).await;
    let working = still_works(&server).await;
    let end = server.state();
    let said = server.said();
    let ending = server.end().await;

    println!("\n{}standard error\n{said}", tally.table());
    let mut findings = judge(&states, &end, &tally);
    findings.extend(ending);
    if drained.is_err() {
        findings.push("clients still wait for answers".to_owned());
    }
    findings.extend(left);
    findings.extend(working);
    if findings.is_empty() {
        println!("verdict: nothing leaks, nothing sticks");
    } else {
        println!("verdict: {}", findings.join("; "));
        std::process::exit(1);
    }
}

/// Calls one after the other, with a breath between them.
async fn call_on(mut client: Client, tally: Arc<Tally>, over: CancellationToken) {
    while !over.is_cancelled() {
        let started = Instant::now();
        let class = match timeout(DEADLINE + STUCK, client.call()).await {
            Ok(class) => class,
            Err(_elapsed) => Class::Stuck,
        };
        tally.note(class, started.elapsed());
        sleep_until(started + Duration::from_millis(40)).await;
    }
}

/// Looks at the process once a minute, and says what it sees.
async fn watch(server: &Server, minutes: u64, tally: &Tally) -> Vec<State> {
    let start = Instant::now();
    let mut states = vec![server.state()];
    println!("minute  resident  files  calls");
    println!("{}", line(0, &states[0], 0));
    for minute in 1..=minutes {
        sleep_until(start + Duration::from_secs(60 * minute)).await;
        tally.next_minute();
        let state = server.state();
        println!("{}", line(minute, &state, tally.calls()));
        states.push(state);
    }
    states
}

fn line(minute: u64, state: &State, calls: usize) -> String {
    format!(
        "{minute:>6}  {:>4} MiB  {:>5}  {calls:>5}",
        state.resident_kib / 1024,
        state.files
    )
}

/// What looks like a leak or a standstill.
fn judge(states: &[State], end: &State, tally: &Tally) -> Vec<String> {
    let mut findings = Vec::new();
    // Before the first minute is over, caches and pools fill.
    let settled = &states[1.min(states.len() - 1)];
    let grown = end.resident_kib.saturating_sub(settled.resident_kib) / 1024;
    if grown > GROWTH_MIB {
        findings.push(format!("memory grew by {grown} MiB after the first minute"));
    }
    let files = end.files.saturating_sub(states[0].files);
    if files > FILES {
        findings.push(format!("{files} more files are open than at the start"));
    }
    let stuck = tally.of(Class::Stuck);
    if stuck > 0 {
        findings.push(format!("{stuck} calls got no answer in time"));
    }
    let broken = tally.of(Class::Broken);
    if broken > 0 {
        findings.push(format!("{broken} calls got something that is no tool's result"));
    }
    findings
}

/// Whether every tool works once the faults are over. What a breaker or a limit still holds back has its time.
async fn still_works(server: &Server) -> Option<String> {
    let patience = Duration::from_secs(90);
    let mut client = Client::new(&server.url, 0);
    let all = async {
        for kind in Client::KINDS {
            while client.call_of(kind).await != Class::Whole {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    };
    let done = timeout(patience, all).await;
    done.is_err()
        .then(|| format!("not every tool works {} s after the last fault", patience.as_secs()))
}

/// Stand-ins that count no calls of Slack's: what is to be seen is what faults do.
fn options() -> Options {
    const MANY: u32 = 1_000_000;
    Options {
        slack_rates: SlackRates {
            tier1: MANY,
            tier2: MANY,
            tier3: MANY,
            tier4: MANY,
            posts: MANY,
        },
        github_points: MANY,
        ..Options::default()
    }
}

/// The vendors.
const VENDORS: [Vendor; 3] = [Vendor::Slack, Vendor::GitHub, Vendor::Datadog];

/// How many requests are under way at the stand-ins.
fn under_way(sandbox: &Sandbox) -> usize {
    VENDORS.into_iter().map(|vendor| sandbox.in_flight(vendor)).sum()
}
