//! `braid stdio`, line by line.

use super::{Complaints, Era, Run, Setup, within};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A client that sends and reads lines.
pub(crate) struct Stdio {
    child: Child,
    input: Option<ChildStdin>,
    lines: Lines<BufReader<ChildStdout>>,
    pub(crate) complaints: Complaints,
    era: Era,
    last: u64,
}

impl Stdio {
    /// Starts the server; in the legacy era the handshake is done.
    pub(crate) async fn open(setup: &Setup, era: Era) -> Self {
        Self::open_with(setup, &["--allow-writes", "all"], era).await
    }

    /// Starts the server with these further arguments; in the legacy era the handshake is done.
    pub(crate) async fn open_with(setup: &Setup, further: &[&str], era: Era) -> Self {
        let arguments: Vec<_> = ["stdio"].iter().chain(further).copied().collect();
        let mut client = Self::start(setup, &arguments, era);
        if era == Era::Legacy {
            let answer = client.request("initialize", Era::handshake()).await;
            assert_eq!(answer["result"]["protocolVersion"], era.version(), "{answer:#}");
            client
                .say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))
                .await;
        }
        client
    }

    /// Starts the server and says nothing.
    pub(crate) fn start(setup: &Setup, arguments: &[&str], era: Era) -> Self {
        let mut child = setup.command(arguments).spawn().unwrap();
        let input = child.stdin.take();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let complaints = Complaints::of(child.stderr.take().unwrap());
        Self {
            child,
            input,
            lines,
            complaints,
            era,
            last: 0,
        }
    }

    /// Sends a line as it is.
    pub(crate) async fn line(&mut self, line: &str) {
        let input = self.input.as_mut().expect("the input is open");
        input.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        input.flush().await.unwrap();
    }

    /// Sends a message.
    pub(crate) async fn say(&mut self, message: &Value) {
        self.line(&message.to_string()).await;
    }

    /// The next message.
    #[track_caller]
    pub(crate) fn hear(&mut self) -> impl Future<Output = Value> {
        let line = within(self.lines.next_line());
        async move {
            let line = line.await.unwrap().expect("the server still answers");
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} on standard output: {line}"))
        }
    }

    /// Sends a request without waiting for its answer, and gives its id.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> u64 {
        self.last += 1;
        let request = self.era.request(self.last, method, params);
        self.say(&request).await;
        self.last
    }

    /// Sends a request and gives its answer.
    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params).await;
        loop {
            let message = self.hear().await;
            if message["id"] == id {
                return message;
            }
            assert!(
                message["method"].is_string(),
                "an answer that nobody waits for: {message:#}"
            );
        }
    }

    /// Calls a tool and gives its result.
    pub(crate) async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let mut answer = self
            .request("tools/call", json!({ "name": tool, "arguments": arguments }))
            .await;
        assert_eq!(answer["error"], Value::Null, "a protocol error: {answer:#}");
        answer["result"].take()
    }

    /// Makes all of these calls at once, and gives the results in the same order. What is said is heard while more is
    /// being asked, or both sides would wait for the other to read.
    pub(crate) async fn call_all(&mut self, calls: &[(&str, Value)]) -> Vec<Value> {
        let first = self.last + 1;
        let mut lines = String::new();
        for (tool, arguments) in calls {
            self.last += 1;
            let params = json!({ "name": tool, "arguments": arguments });
            lines.push_str(&self.era.request(self.last, "tools/call", params).to_string());
            lines.push('\n');
        }
        let input = self.input.as_mut().expect("the input is open");
        let asked = async { input.write_all(lines.as_bytes()).await.unwrap() };
        let mut results = vec![None; calls.len()];
        let heard = async {
            while results.contains(&None) {
                let line = within(self.lines.next_line()).await.unwrap();
                let mut message: Value = serde_json::from_str(&line.expect("the server still answers")).unwrap();
                if let Some(id) = message["id"].as_u64() {
                    assert_eq!(message["error"], Value::Null, "a protocol error: {message:#}");
                    results[usize::try_from(id - first).unwrap()] = Some(message["result"].take());
                }
            }
        };
        tokio::join!(asked, heard);
        results.into_iter().flatten().collect()
    }

    /// The process's resident memory in KiB (Linux).
    pub(crate) fn resident(&self) -> u64 {
        let pid = self.child.id().expect("it still runs");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Ends the input.
    pub(crate) fn hang_up(&mut self) {
        drop(self.input.take());
    }

    /// Sends the process a signal: `INT`, `TERM`.
    pub(crate) async fn signal(&self, name: &str) {
        signal(&self.child, name).await;
    }

    /// Waits for the end of the process, and gives what was not read yet. The input stays as it is.
    pub(crate) async fn ended(mut self) -> Run {
        let mut stdout = String::new();
        while let Some(line) = within(self.lines.next_line()).await.unwrap() {
            stdout.push_str(&line);
            stdout.push('\n');
        }
        let status = within(self.child.wait()).await.unwrap();
        Run {
            code: status.code(),
            stdout,
            stderr: self.complaints.whole().await,
        }
    }
}

/// Sends a process a signal. The standard library can only kill.
pub(super) async fn signal(child: &Child, name: &str) {
    let pid = child.id().expect("it still runs").to_string();
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &pid])
        .status()
        .await
        .unwrap();
    assert!(sent.success());
}
