//! Any bytes as a file of operations, against the shipped schema: a tool or an error comes of them, and never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Map;
use std::sync::LazyLock;
use toolgen::{AdHoc, Budget, Compiler, Options, Request, Source};

const SCHEMA: &str = include_str!("../../../../schema/braid.graphql");
const WEIGHTS: &str = include_str!("../../../../schema/weights.graphql");

static COMPILER: LazyLock<Compiler> = LazyLock::new(|| {
    let options = Options {
        weights: WEIGHTS.to_owned(),
        ..Options::default()
    };
    Compiler::new(SCHEMA, options).expect("the shipped schema")
});

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let query = text.clone();
    let source = Source {
        path: "queries/slack/slack_tool.graphql".to_owned(),
        text,
    };
    let compiled = COMPILER.compile(&[source]);
    for found in &compiled.diagnostics {
        assert!(!found.render().is_empty());
        serde_json::to_string(found).expect("a diagnostic as JSON");
    }
    assert!(
        !compiled.tools.is_empty() || compiled.errors().next().is_some(),
        "neither tool nor error"
    );
    let request = Request {
        text: &query,
        operation: None,
        variables: &Map::new(),
        budget: &Budget::default(),
    };
    if let Err(refused) = COMPILER.check_request(&request) {
        assert!(!refused.diagnostics.is_empty(), "refused without a reason");
    }
    let query = AdHoc {
        name: "run_query",
        text: &query,
        variables: &Map::new(),
        budget: &Budget::default(),
    };
    if let Err(found) = COMPILER.compile_query(&query) {
        assert!(!found.is_empty(), "refused without a reason");
    }
});
