//! What a process says on standard error, as it says it.

use super::within;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::ChildStderr;
use tokio::task::JoinHandle;

/// All that was said so far.
pub(crate) struct Complaints {
    heard: Arc<Mutex<String>>,
    end: JoinHandle<()>,
}

impl Complaints {
    pub(super) fn of(stderr: ChildStderr) -> Self {
        Self::going_on(BufReader::new(stderr), String::new())
    }

    /// What follows what was heard before.
    pub(super) fn going_on(mut stderr: BufReader<ChildStderr>, before: String) -> Self {
        let heard = Arc::new(Mutex::new(before));
        let all = Arc::clone(&heard);
        let end = tokio::spawn(async move {
            let mut line = String::new();
            while stderr.read_line(&mut line).await.unwrap() > 0 {
                all.lock().unwrap().push_str(&std::mem::take(&mut line));
            }
        });
        Self { heard, end }
    }

    pub(crate) fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }

    /// All of it, when the process has ended.
    pub(super) async fn whole(self) -> String {
        within(self.end).await.unwrap();
        Arc::into_inner(self.heard).unwrap().into_inner().unwrap()
    }
}
