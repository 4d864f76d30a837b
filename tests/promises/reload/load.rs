//! Many calls while files come, change, break and go: none may fail.

use super::{FILE, FOLDER, TOOL, monitor, setup};
use crate::promises::support::{Server, structured};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// Clients at once.
const CLIENTS: usize = 8;

/// Each version of the called tool several times.
const CHANGES: usize = 24;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_fails_while_files_change() {
    under_load(1_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute: cargo test --test promises ten_thousand -- --ignored"]
async fn no_call_of_ten_thousand_fails_while_files_change() {
    under_load(10_000).await;
}

async fn under_load(calls: usize) {
    let setup = Arc::new(setup().await);
    setup.write(FILE, &monitor("name state"));
    let server = Arc::new(Server::with(&setup, &["--queries", FOLDER]).await);
    let (turns, changing) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&setup));
    let done = Arc::clone(&turns);
    let changer = tokio::spawn(async move {
        for turn in 0_usize.. {
            // What is called turns between three right versions and a wrong one; beside it, files come and go.
            let fields = ["name url", "name state", "name nme", "name id"][turn % 4];
            changing.write(FILE, &monitor(fields));
            let beside = format!("more/datadog/beside_{}.graphql", turn % 5);
            if changing.path(&beside).exists() {
                std::fs::remove_file(changing.path(&beside)).unwrap();
            } else {
                changing.write(&beside, &monitor("name state url"));
            }
            done.store(turn, Ordering::Relaxed);
            // Long enough that each is looked at by itself.
            tokio::time::sleep(Duration::from_millis(90)).await;
        }
    });
    let next = Arc::new(AtomicUsize::new(0));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let (server, next, turns) = (Arc::clone(&server), Arc::clone(&next), Arc::clone(&turns));
        clients.spawn(async move {
            let mut shapes = [0_usize; 3];
            while next.fetch_add(1, Ordering::Relaxed) < calls || turns.load(Ordering::Relaxed) < CHANGES {
                let call = json!({ "name": TOOL, "arguments": { "id": 40 } });
                let answer = server.modern("tools/call", call).await.message();
                let result = structured(&answer["result"]);
                assert_eq!(result["name"], "[P1] Checkout error rate above 5%");
                let shape = ["url", "state", "id"].iter().position(|key| result[*key].is_string());
                shapes[shape.expect("one of the right versions")] += 1;
            }
            shapes
        });
    }
    let shapes = clients.join_all().await;
    assert!(!changer.is_finished(), "files changed all the time");
    changer.abort();
    for shape in 0..3 {
        assert!(
            shapes.iter().map(|shapes| shapes[shape]).sum::<usize>() > 0,
            "each version was called: {shapes:?}"
        );
    }
}
