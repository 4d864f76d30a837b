//! The processes that are measured: started, timed, and asked of the system what they use (Linux).

use super::client::Stdio;
use crate::environment;
use braid::sandbox::Sandbox;
use serde_json::json;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::Instant;

/// A process that ends with its handle.
pub(crate) struct Child(pub(crate) tokio::process::Child);

/// `braid serve`.
pub(crate) struct Server {
    pub(crate) url: String,
    process: Child,
}

impl Server {
    pub(crate) async fn start(sandbox: &Sandbox) -> Self {
        let (process, url) = spawn(braid(sandbox, &["serve", "--listen", "127.0.0.1:0"])).await;
        Self { url, process }
    }

    /// What it has computed so far.
    pub(crate) fn cpu(&self) -> Duration {
        let stat = self.read("stat");
        // The program's name, in brackets, may hold spaces; after it come the state and then numbers.
        let fields: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks: u64 = [fields[11], fields[12]]
            .iter()
            .map(|ticks| ticks.parse::<u64>().unwrap())
            .sum();
        // Linux tells it in hundredths of a second, whatever the kernel's own clock.
        Duration::from_millis(ticks * 10)
    }

    /// Its resident memory in KiB.
    pub(crate) fn resident(&self) -> u64 {
        let status = self.read("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    fn read(&self, file: &str) -> String {
        let pid = self.process.0.id().expect("it runs");
        std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap()
    }
}

/// The binary, told of the stand-ins and of nothing else.
pub(crate) fn braid(sandbox: &Sandbox, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_braid"));
    command
        .args(arguments)
        .env_clear()
        .envs(environment(sandbox))
        .current_dir(std::env::temp_dir())
        .stderr(std::process::Stdio::null())
        .kill_on_drop(true);
    command
}

/// Starts a server, and gives the address that it says on standard error.
pub(crate) async fn spawn(mut command: Command) -> (Child, String) {
    let mut process = command
        .stderr(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(process.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("http://") {
        line.clear();
        assert_ne!(stderr.read_line(&mut line).await.unwrap(), 0, "it did not start");
    }
    // It goes on reading, so that the server never waits for somebody to hear it.
    tokio::spawn(async move { while stderr.read_line(&mut String::new()).await.is_ok_and(|read| read > 0) {} });
    let from = line.split("http://").nth(1).unwrap();
    let address = from.split_whitespace().next().unwrap().trim_end_matches(':');
    (Child(process), format!("http://{address}"))
}

/// How long it takes from the start of a process to its first `tools/list` answer, the median, and the answer's bytes.
pub(crate) async fn start_to_first_list(sandbox: &Sandbox, times: usize) -> (Duration, usize) {
    let (mut took, mut bytes) = (Vec::new(), 0);
    for _ in 0..times {
        let start = Instant::now();
        let mut client = Stdio::open(sandbox);
        bytes = client.request("tools/list", &json!({})).await.len();
        took.push(start.elapsed());
    }
    took.sort_unstable();
    (took[took.len() / 2], bytes)
}
