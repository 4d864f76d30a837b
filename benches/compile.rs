//! What files cost: to compile them, to compile a change, to start with them; and what agents pay for the tools and their
//! results in bytes and tokens.
//!
//! ```sh
//! cargo bench --bench compile
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that cannot be made ends, and its figures are what it prints"
)]

mod compile {
    pub(crate) mod files;
    pub(crate) mod process;
}

use braid::graph;
use braid::tools::embedded;
use compile::files;
use compile::process::{Server, result};
use serde_json::{Value, json};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;
use toolgen::{Compiler, Project, Source};

/// How many files.
const COUNTS: [usize; 3] = [10, 100, 1_000];
/// Of so many goes, the median.
const GOES: usize = 11;
/// Characters that a token is taken for: an estimate that is the same for every tokenizer, and off by up to a third for each.
const CHARACTERS_A_TOKEN: usize = 4;

/// A call of each shipped tool, on the sandbox's story.
const CALLS: &[(&str, &str)] = &[
    (
        "datadog_create_alert",
        r#"{"name": "CPU", "type": "metric alert", "query": "avg(last_5m):avg:system.load.1{*} > 4"}"#,
    ),
    (
        "datadog_query_metrics",
        r#"{"query": "avg:checkout.error_rate{service:checkout}"}"#,
    ),
    ("github_get_repo", r#"{"owner": "acme", "name": "checkout"}"#),
    ("github_search_repos", r#"{"query": "org:acme"}"#),
    ("monitor_context", r#"{"id": 40}"#),
    ("slack_get_history", r##"{"channel": "#incident-checkout"}"##),
    ("slack_search", r#"{"query": "checkout"}"#),
    ("slack_send_message", r##"{"channel": "#deploys", "text": "hello"}"##),
];

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() {
    compiling();
    starting().await;
    sizes().await;
}

fn compiling() {
    let schema = graph::sdl(&graph::builder().finish());
    let compiler = || Compiler::new(&schema, embedded::options()).unwrap_or_else(|found| panic!("{found:?}"));
    println!("compile (median of {GOES})");
    println!("  the schema, once:                {}", shown(median(compiler)));
    let compiler = compiler();
    for count in COUNTS {
        let sources = files::sources(count);
        let anew = median(|| {
            let mut project = Project::default();
            project.update(&compiler, sources.clone());
            assert_eq!(
                project.outcomes().filter(|outcome| outcome.tool.is_some()).count(),
                count
            );
        });
        let mut project = Project::default();
        project.update(&compiler, sources.clone());
        let mut turn = 0;
        let mut change = |index: usize, compiled: usize| {
            median(|| {
                turn += 1;
                let mut changed = sources.clone();
                changed[index] = files::changed(&changed[index], turn);
                project.update(&compiler, changed);
                // The change of the turn before, in another file, is taken back.
                assert!(project.compiled() >= compiled, "{} of {compiled}", project.compiled());
            })
        };
        let (one, fragment) = (change(1, 1), change(0, count / files::SHARING));
        println!("  {count:>5} files anew:               {}", shown(anew));
        println!("        one of them changed:       {}", shown(one));
        println!(
            "        a fragment of {:>3} changed:  {}",
            count / files::SHARING,
            shown(fragment)
        );
    }
}

async fn starting() {
    println!("\nprocess start to first tools/list answer, sandbox included (median of {GOES})");
    let mut few = None;
    for count in [0].into_iter().chain(COUNTS) {
        let folder = TempDir::new().unwrap();
        for Source { path, text } in files::sources(count) {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let named = folder.path().to_str().unwrap();
        let arguments: &[&str] = if count == 0 { &[] } else { &["--queries", named] };
        let mut took = Vec::new();
        for _ in 0..GOES {
            let start = Instant::now();
            let mut server = Server::start(arguments);
            let line = server.line("tools/list", json!({})).await;
            took.push(start.elapsed());
            let tools = result(&line)["tools"].as_array().unwrap().len();
            assert!(tools >= count, "{tools} tools");
        }
        took.sort_unstable();
        let median = took[GOES / 2];
        let more = few.map(|few| format!(", {} more than with {}", shown(median.saturating_sub(few)), COUNTS[0]));
        println!("  {count:>5} files: {}{}", shown(median), more.unwrap_or_default());
        if count == COUNTS[0] {
            few = Some(median);
        }
    }
}

async fn sizes() {
    println!("\nwhat agents read (a token taken for {CHARACTERS_A_TOKEN} characters)");
    let mut server = Server::start(&[]);
    let list = server.request("tools/list", json!({})).await;
    let tools = list["tools"].as_array().unwrap();
    println!(
        "  tools/list, {} tools: {}",
        tools.len(),
        weight(&list["tools"].to_string())
    );
    for tool in tools {
        let name = tool["name"].as_str().unwrap();
        let arguments = CALLS.iter().find(|(known, _)| *known == name);
        let Some((_, arguments)) = arguments else {
            println!("  {name:<24} listed: {}", weight(&tool.to_string()));
            continue;
        };
        let arguments: Value = serde_json::from_str(arguments).unwrap();
        let result = server
            .request("tools/call", json!({ "name": name, "arguments": arguments }))
            .await;
        assert_ne!(result["isError"], true, "{result:#}");
        let text = result["content"][0]["text"].as_str().unwrap();
        println!(
            "  {name:<24} listed: {}; result: {}",
            weight(&tool.to_string()),
            weight(text)
        );
    }
}

fn median<T>(mut work: impl FnMut() -> T) -> Duration {
    let mut took: Vec<_> = (0..GOES)
        .map(|_| {
            let start = Instant::now();
            let _kept_until_timed = work();
            start.elapsed()
        })
        .collect();
    took.sort_unstable();
    took[GOES / 2]
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

fn weight(text: &str) -> String {
    let tokens = text.chars().count().div_ceil(CHARACTERS_A_TOKEN);
    format!("{} bytes, about {tokens} tokens", text.len())
}
