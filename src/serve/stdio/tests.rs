//! The protocol on pipes in memory, byte by byte.

use super::{Params, serve};
use crate::mcp::Handler;
use crate::tools::Results;
use crate::tools::fixture::{Gate, gated};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

struct Process {
    input: DuplexStream,
    output: Lines<BufReader<DuplexStream>>,
    gate: Arc<Gate>,
    shutdown: CancellationToken,
    ended: JoinHandle<Result<(), super::StdioError>>,
}

fn start() -> Process {
    let (tools, gate) = gated(Results::Both);
    let (input, stdin) = tokio::io::duplex(65_536);
    let (stdout, output) = tokio::io::duplex(65_536);
    let shutdown = CancellationToken::new();
    let params = Params {
        handler: Handler::new(Arc::new(tools)),
        patience: Duration::from_secs(20),
    };
    Process {
        input,
        output: BufReader::new(output).lines(),
        gate,
        ended: tokio::spawn(serve(params, (stdin, stdout), shutdown.clone().cancelled_owned())),
        shutdown,
    }
}

impl Process {
    async fn write(&mut self, line: &str) {
        self.input.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    async fn send(&mut self, message: Value) {
        self.write(&message.to_string()).await;
    }

    async fn receive(&mut self) -> Option<Value> {
        let line = self.output.next_line().await.unwrap()?;
        Some(serde_json::from_str(&line).unwrap())
    }

    async fn open(&mut self) {
        self.send(json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
        } }))
        .await;
        assert_eq!(self.receive().await.unwrap()["result"]["protocolVersion"], "2025-11-25");
        self.send(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))
            .await;
    }

    async fn call_slow(&mut self, id: u32) {
        let params = json!({ "name": "shop_wait", "arguments": { "seconds": 15 } });
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params }))
            .await;
    }

    /// Ends the input; what is left of the output comes with the end.
    async fn finish(self) -> Vec<Value> {
        let Self {
            input,
            mut output,
            ended,
            ..
        } = self;
        drop(input);
        let mut rest = Vec::new();
        while let Some(line) = output.next_line().await.unwrap() {
            rest.push(serde_json::from_str(&line).unwrap());
        }
        ended.await.unwrap().unwrap();
        rest
    }
}

#[tokio::test]
async fn the_end_of_the_input_before_any_request_is_a_clean_end() {
    assert_eq!(start().finish().await, Vec::<Value>::new());
}

#[tokio::test]
async fn garbage_gets_no_answer_and_does_no_harm() {
    let mut process = start();
    for garbage in [
        "",
        "hello",
        "{\"jsonrpc\":",
        "\u{feff}nonsense",
        "[1,2]",
        "42",
        "{\"a\":1}",
    ] {
        process.write(garbage).await;
    }
    process
        .send(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))
        .await;
    process.open().await;
    process.write("more garbage").await;
    process
        .send(json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }))
        .await;
    assert_eq!(
        process.receive().await.unwrap(),
        json!({ "jsonrpc": "2.0", "id": 1, "result": {} })
    );
    assert_eq!(process.finish().await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_request_that_is_none_is_answered_by_its_id() {
    let mut process = start();
    process.write(r#"{"jsonrpc":"1.0","id":5,"method":"tools/list"}"#).await;
    let answer = process.receive().await.unwrap();
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(5), &json!(-32600)));
}

#[tokio::test]
async fn an_overlong_line_is_passed_over() {
    let mut process = start();
    process.open().await;
    process.write(&"x".repeat(5 * 1024 * 1024)).await;
    process
        .send(json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }))
        .await;
    assert_eq!(process.receive().await.unwrap()["id"], 1);
}

#[tokio::test]
async fn calls_in_flight_are_answered_after_the_end_of_the_input() {
    let mut process = start();
    process.open().await;
    process.call_slow(7).await;
    process.gate.waiting(1).await;
    let gate = Arc::clone(&process.gate);
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        gate.open();
    });
    let rest = process.finish().await;
    assert_eq!(rest.len(), 1, "{rest:?}");
    assert_eq!(rest[0]["result"]["structuredContent"], json!({ "slow": 15 }));
}

#[tokio::test]
async fn being_asked_to_end_answers_calls_in_flight_and_takes_no_more() {
    let mut process = start();
    process.open().await;
    process.call_slow(7).await;
    process.gate.waiting(1).await;
    process.shutdown.cancel();
    tokio::task::yield_now().await;
    process
        .send(json!({ "jsonrpc": "2.0", "id": 8, "method": "ping" }))
        .await;
    process.gate.open();
    let answer = process.receive().await.unwrap();
    assert_eq!(answer["id"], 7);
    assert_eq!(process.receive().await, None);
    process.ended.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_call_is_not_waited_for() {
    let mut process = start();
    process.open().await;
    process.call_slow(7).await;
    process.gate.waiting(1).await;
    process
        .send(json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 } }))
        .await;
    process.gate.waiting(0).await;
    let before = tokio::time::Instant::now();
    assert_eq!(process.finish().await, Vec::<Value>::new());
    assert!(before.elapsed() < Duration::from_secs(1));
}
