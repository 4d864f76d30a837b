//! The server: started, asked of the system what it holds (Linux), and ended.

use crate::under_way;
use sandbox::Sandbox;
use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::Instant;

/// `braid serve`.
pub(crate) struct Server {
    pub(crate) url: String,
    process: Child,
    complaints: Arc<Mutex<BTreeMap<String, usize>>>,
    /// Where its configuration is.
    _folder: TempDir,
}

/// What the process holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    pub(crate) resident_kib: u64,
    pub(crate) files: usize,
}

impl Server {
    pub(crate) async fn start(sandbox: &Sandbox, deadline: Duration) -> Self {
        let folder = TempDir::new().unwrap();
        let config = format!("[call]\ndeadline = \"{}s\"\n", deadline.as_secs());
        fs::write(folder.path().join("braid.toml"), config).unwrap();
        let credentials = &sandbox.credentials;
        let mut process = Command::new(env!("CARGO_BIN_EXE_braid"))
            .args(["serve", "--listen", "127.0.0.1:0", "--allow-writes", "all"])
            .env_clear()
            .env("BRAID_LOG", "error")
            .env("SLACK_API_URL", sandbox.slack_api.as_str())
            .env("SLACK_BOT_TOKEN", &credentials.slack_bot_token)
            .env("SLACK_USER_TOKEN", &credentials.slack_user_token)
            .env("GITHUB_GRAPHQL_URL", sandbox.github_graphql.as_str())
            .env("GITHUB_API_URL", sandbox.github_api.as_str())
            .env("GITHUB_TOKEN", &credentials.github_token)
            .env("DATADOG_API_URL", sandbox.datadog_api.as_str())
            .env("DATADOG_API_KEY", &credentials.datadog_api_key)
            .env("DATADOG_APP_KEY", &credentials.datadog_app_key)
            .current_dir(folder.path())
            .stderr(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let url = loop {
            let line = lines.next_line().await.unwrap().expect("it starts");
            if let Some(from) = line.find("http://") {
                break line[from..]
                    .split_whitespace()
                    .next()
                    .unwrap()
                    .trim_end_matches(':')
                    .to_owned();
            }
        };
        let complaints = Arc::<Mutex<BTreeMap<_, _>>>::default();
        let heard = Arc::clone(&complaints);
        // It goes on reading, so that the server never waits for somebody to hear it.
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                // Without its time.
                let words = line.split_once(' ').map_or(line.as_str(), |(_, words)| words.trim());
                *heard.lock().unwrap().entry(words.to_owned()).or_default() += 1;
            }
        });
        Self {
            url,
            process,
            complaints,
            _folder: folder,
        }
    }

    pub(crate) fn state(&self) -> State {
        let pid = self.process.id().expect("it runs");
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        State {
            resident_kib: resident.trim().trim_end_matches(" kB").parse().unwrap(),
            files: fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count(),
        }
    }

    /// What it said on standard error, each line with how often.
    pub(crate) fn said(&self) -> String {
        let complaints = self.complaints.lock().unwrap();
        complaints.iter().fold(String::new(), |said, (words, count)| {
            format!("{said}  {count:>5}  {words}\n")
        })
    }

    /// What is still under way upstream so long after the last call.
    pub(crate) async fn left_after(&self, patience: Duration, sandbox: &Sandbox) -> Option<String> {
        let until = Instant::now() + patience;
        while under_way(sandbox) > 0 && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let left = under_way(sandbox);
        (left > 0).then(|| format!("{left} requests are still under way upstream"))
    }

    /// Asks it to end, which must not take long: it has nothing to wait for.
    pub(crate) async fn end(mut self) -> Option<String> {
        let pid = self.process.id().expect("it runs").to_string();
        Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(10), self.process.wait()).await;
        match ended {
            Ok(status) => (!status.as_ref().unwrap().success()).then(|| format!("it ended with {}", status.unwrap())),
            Err(_elapsed) => Some("it does not end".to_owned()),
        }
    }
}
