//! `braid stdio --sandbox`, asked line by line.

use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A server that ends with its handle.
pub(crate) struct Server {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    _process: Child,
}

impl Server {
    pub(crate) fn start(further: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_braid"))
            .args(["stdio", "--sandbox"])
            .args(further)
            .env_clear()
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            input: process.stdin.take().unwrap(),
            output: BufReader::new(process.stdout.take().unwrap()),
            _process: process,
        }
    }

    /// Sends a request of 2026-07-28 and gives its result.
    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Value {
        result(&self.line(method, params).await)
    }

    /// Sends a request and gives the line that answers it: to read a list of a thousand tools is the client's time.
    pub(crate) async fn line(&mut self, method: &str, mut params: Value) -> String {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": { "name": "compile", "version": "1" },
        });
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        self.input.write_all(format!("{request}\n").as_bytes()).await.unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).await.unwrap();
        line
    }
}

/// The result in an answer.
pub(crate) fn result(line: &str) -> Value {
    let mut answer: Value = serde_json::from_str(line).expect("an answer");
    answer["result"].take()
}
