//! The real binary with a clean environment, pointed at stand-ins that run in the test's process.

use super::within;
use sandbox::{Options, Sandbox, SlackRates, Vendor};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// Stand-ins, and what the binary is told.
pub(crate) struct Setup {
    /// The stand-ins.
    pub(crate) sandbox: Sandbox,
    environment: BTreeMap<String, String>,
    /// Where the binary runs, so that no `braid.toml` but the test's own is found.
    folder: TempDir,
}

/// A command that ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Setup {
    /// Stand-ins that take every credential and count no calls, so that a test meets only the limits it asks for.
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// Stand-ins with these options, except for how many calls Slack allows.
    pub(crate) async fn with(options: Options) -> Self {
        let slack_rates = SlackRates {
            tier1: 100_000,
            tier2: 100_000,
            tier3: 100_000,
            tier4: 100_000,
            posts: 100_000,
        };
        let sandbox = sandbox::start(Options { slack_rates, ..options }).await.unwrap();
        let credentials = &sandbox.credentials;
        let environment = [
            ("SLACK_API_URL", sandbox.slack_api.as_str()),
            ("SLACK_BOT_TOKEN", &credentials.slack_bot_token),
            ("SLACK_USER_TOKEN", &credentials.slack_user_token),
            ("GITHUB_GRAPHQL_URL", sandbox.github_graphql.as_str()),
            ("GITHUB_API_URL", sandbox.github_api.as_str()),
            ("GITHUB_TOKEN", &credentials.github_token),
            ("DATADOG_API_URL", sandbox.datadog_api.as_str()),
            ("DATADOG_API_KEY", &credentials.datadog_api_key),
            ("DATADOG_APP_KEY", &credentials.datadog_app_key),
        ];
        let environment = environment
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
        Self {
            sandbox,
            environment,
            folder: TempDir::new().unwrap(),
        }
    }

    /// Sets a variable.
    #[must_use]
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Takes a variable away.
    #[must_use]
    pub(crate) fn unset(mut self, name: &str) -> Self {
        self.environment.remove(name).expect("it was set");
        self
    }

    /// Writes a file where the binary runs, such as `braid.toml`.
    #[must_use]
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        self.write(name, text);
        self
    }

    /// Where the binary runs.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file while the binary runs.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Where the binary runs.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The binary with these arguments.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_braid"));
        command
            .args(arguments)
            .env_clear()
            .envs(&self.environment)
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// How many requests the stand-ins have had.
    pub(crate) fn requests(&self) -> usize {
        let vendors = [Vendor::Slack, Vendor::GitHub, Vendor::Datadog];
        vendors.map(|vendor| self.sandbox.requests(vendor).len()).iter().sum()
    }

    /// Runs the binary to its end, without input.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments), "").await
    }

    /// Runs this package's build script as Cargo does, in the folder of the files.
    pub(crate) async fn build_script(&self) -> Run {
        let mut script = Command::new(build_script());
        script
            .env_clear()
            .env("OUT_DIR", "out")
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Run::of(script, "").await
    }

    /// Runs the binary to its end with all of this as its input.
    pub(crate) async fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        Run::of(self.command(arguments), input).await
    }
}

impl Run {
    async fn of(mut command: Command, input: &str) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A command that does not read its input may have closed it.
        let _closed = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let Output { status, stdout, stderr } = within(child.wait_with_output()).await.unwrap();
        Self {
            code: status.code(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }
}

/// The newest build script of this package: Cargo puts it beside the folder that it wrote into.
fn build_script() -> PathBuf {
    let out = Path::new(env!("OUT_DIR"));
    let folders = out.parent().and_then(Path::parent).unwrap().read_dir().unwrap();
    let mine = folders.map(|entry| entry.unwrap().path()).filter(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("braid-"))
    });
    let scripts = mine
        .map(|folder| folder.join("build-script-build"))
        .filter(|script| script.is_file());
    let age = |script: &PathBuf| script.metadata().and_then(|meta| meta.modified()).unwrap();
    scripts
        .max_by_key(age)
        .expect("the build script that was run for this very test")
}
