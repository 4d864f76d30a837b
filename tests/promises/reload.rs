//! Files that are dropped into `--queries` while the server runs: they become tools, change and go, clients are told, and no
//! call is disturbed.

mod listener;
mod load;

use super::support::{Era, Run, Server, Setup, Stdio, eventually, structured};
use listener::{Listener, Transport};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

/// Where the files are, and the tool that comes of them.
const FOLDER: &str = "more";
const FILE: &str = "more/datadog/datadog_get_monitor.graphql";
const TOOL: &str = "datadog_get_monitor";

/// The tool's file, with these fields.
fn monitor(fields: &str) -> String {
    format!(
        "\"\"\"A monitor.\"\"\"\nquery DatadogGetMonitor($id: ID!) {{ datadog {{ monitor(id: $id) {{ {fields} }} }} }}\n"
    )
}

async fn setup() -> Setup {
    let setup = Setup::new().await;
    std::fs::create_dir(setup.path(FOLDER)).unwrap();
    setup
}

/// Lines of standard error that hold this.
fn count(run: &Run, part: &str) -> usize {
    run.stderr.lines().filter(|line| line.contains(part)).count()
}

/// A file comes, changes, breaks, is mended and goes; the client is told each time that there is something to see, and not
/// otherwise.
async fn story(transport: Transport, era: Era) -> Run {
    let setup = setup().await;
    let mut client = Listener::open(&setup, transport, era).await;
    let built_in = client.tools().await;
    let mut quickest = Duration::MAX;

    let start = Instant::now();
    setup.write(FILE, &monitor("name state"));
    client.told().await;
    quickest = quickest.min(start.elapsed());
    let mut more = built_in.clone();
    more.push(TOOL.to_owned());
    more.sort();
    assert_eq!(client.tools().await, more);
    let result = client.call(TOOL, json!({ "id": 40 })).await;
    assert_eq!(
        *structured(&result),
        json!({ "name": "[P1] Checkout error rate above 5%", "state": "ALERT" })
    );

    let start = Instant::now();
    setup.write(FILE, &monitor("name state id"));
    client.told().await;
    quickest = quickest.min(start.elapsed());
    assert_eq!(structured(&client.call(TOOL, json!({ "id": 40 })).await)["id"], "40");

    // Nothing that an agent sees: the last good version stays.
    setup.write(FILE, &monitor("name stat"));
    client.said("`datadog_get_monitor` stays as it was").await;
    assert_eq!(client.tools().await, more);
    assert_eq!(structured(&client.call(TOOL, json!({ "id": 40 })).await)["id"], "40");

    setup.write(FILE, &monitor("name"));
    client.told().await;
    assert_eq!(
        *structured(&client.call(TOOL, json!({ "id": 40 })).await),
        json!({ "name": "[P1] Checkout error rate above 5%" })
    );

    let start = Instant::now();
    std::fs::remove_file(setup.path(FILE)).unwrap();
    client.told().await;
    quickest = quickest.min(start.elapsed());
    assert_eq!(client.tools().await, built_in);
    // The least of them, since other things run on this machine.
    assert!(quickest < Duration::from_secs(1), "{quickest:?}");
    client.end().await
}

#[tokio::test]
async fn a_file_comes_changes_breaks_and_goes() {
    for transport in [Transport::Stdio, Transport::Http] {
        for era in Era::BOTH {
            let end = story(transport, era).await;
            assert_eq!(end.code, Some(0), "{transport:?} {era:?}: {}", end.stderr);
            for (line, times) in [
                (format!("{FILE}: `{TOOL}` is a tool now"), 1),
                (format!("{FILE}: `{TOOL}` has changed"), 2),
                (format!("{FILE}:2:71: error:"), 1),
                (format!("{FILE}: no errors any more"), 1),
                (format!("{FILE}: `{TOOL}` is no tool any more"), 1),
            ] {
                assert_eq!(
                    count(&end, &line),
                    times,
                    "{transport:?} {era:?}: {line}\n{}",
                    end.stderr
                );
            }
        }
    }
}

#[tokio::test]
async fn the_server_says_that_its_tools_may_change() {
    let setup = Setup::new().await;
    let expected = json!({ "listChanged": true });
    let discovery = Stdio::open(&setup, Era::Modern)
        .await
        .request("server/discover", json!({}))
        .await;
    assert_eq!(discovery["result"]["capabilities"]["tools"], expected);
    let mut client = Stdio::start(&setup, &["stdio"], Era::Legacy);
    let handshake = client.request("initialize", Era::handshake()).await;
    assert_eq!(handshake["result"]["capabilities"]["tools"], expected);
}

#[tokio::test]
async fn a_bad_file_at_the_start_takes_nothing_else_away() {
    let setup = setup().await;
    setup.write(FILE, &monitor("nme"));
    setup.write("more/datadog/datadog_monitor_url.graphql", &monitor("url name"));
    // A group that only the bad file would have.
    setup.write("more/ours/ours_bad.graphql", "query {");
    let server = Server::with(&setup, &["--queries", FOLDER, "--groups", "datadog,ours"]).await;
    let tools = async || -> Vec<String> {
        let answer = server.request(Era::Modern, "tools/list", json!({})).await;
        let tools = answer["result"]["tools"].as_array().unwrap().clone();
        tools
            .iter()
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(tools().await, ["datadog_monitor_url", "datadog_query_metrics"]);

    let ready = server.get("/readyz").await.json();
    assert_eq!((&ready["ready"], &ready["tools"]), (&json!(true), &json!(2)));
    let faults = ready["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 2, "{ready:#}");
    assert_eq!((&faults[0]["path"], &faults[0]["line"]), (&json!(FILE), &json!(2)));
    assert!(faults[0]["help"].as_str().unwrap().contains("`name`"), "{ready:#}");

    setup.write(FILE, &monitor("name url"));
    std::fs::remove_file(setup.path("more/ours/ours_bad.graphql")).unwrap();
    let mended = async || server.get("/readyz").await.json()["faults"] == json!([]);
    eventually_async(mended).await;
    assert_eq!(tools().await.len(), 3);
    assert_eq!(server.get("/readyz").await.json()["tools"], 3);

    // `check` says the same of the same file.
    setup.write(FILE, &monitor("nme"));
    let check = setup.run(&["check", "--queries", FOLDER]).await;
    assert_eq!(check.code, Some(1));
    assert!(
        check.stdout.contains(&format!("{FILE}:2:66: error:")),
        "{}",
        check.stdout
    );
    server.signal("TERM").await;
    let end = server.ended().await;
    assert!(count(&end, "error:") >= 2, "{}", end.stderr);
}

#[tokio::test]
async fn a_folder_is_followed_when_it_goes_and_comes_again() {
    let setup = setup().await;
    setup.write(FILE, &monitor("name state"));
    let mut client = Listener::open(&setup, Transport::Stdio, Era::Modern).await;
    let all = client.tools().await;
    std::fs::remove_dir_all(setup.path(FOLDER)).unwrap();
    client.told().await;
    assert_eq!(client.tools().await.len(), all.len() - 1);
    setup.write(FILE, &monitor("name state"));
    client.told().await;
    assert_eq!(client.tools().await, all);
    // It is the new folder that is followed now.
    std::fs::write(setup.path("draft"), monitor("name url")).unwrap();
    std::fs::rename(setup.path("draft"), setup.path(FILE)).unwrap();
    client.told().await;
    assert!(structured(&client.call(TOOL, json!({ "id": 40 })).await)["url"].is_string());
}

/// As Kubernetes mounts a `ConfigMap`: the files are links into a folder that is swapped as a whole.
#[cfg(unix)]
#[tokio::test]
async fn a_swapped_link_is_a_change() {
    use std::os::unix::fs::symlink;
    let setup = setup().await;
    let name = format!("{TOOL}.graphql");
    setup.write(&format!("more/..1/{name}"), &monitor("name state"));
    setup.write(&format!("more/..2/{name}"), &monitor("name url"));
    symlink("..1", setup.path("more/..data")).unwrap();
    symlink(format!("..data/{name}"), setup.path(&format!("more/{name}"))).unwrap();
    let mut client = Listener::open(&setup, Transport::Stdio, Era::Legacy).await;
    assert_eq!(
        structured(&client.call(TOOL, json!({ "id": 40 })).await)["state"],
        "ALERT"
    );
    symlink("..2", setup.path("more/..data_tmp")).unwrap();
    std::fs::rename(setup.path("more/..data_tmp"), setup.path("more/..data")).unwrap();
    client.told().await;
    assert!(structured(&client.call(TOOL, json!({ "id": 40 })).await)["url"].is_string());
}

#[tokio::test]
async fn a_call_under_way_ends_as_it_began() {
    use sandbox::{Effect, Fault, Vendor};
    let setup = setup().await;
    setup.write(FILE, &monitor("name state"));
    for era in Era::BOTH {
        setup.sandbox.clear_requests();
        setup
            .sandbox
            .inject(Vendor::Datadog, Fault::once(Effect::Delay { ms: 1_500 }));
        let mut client = Stdio::open_with(&setup, &["--queries", FOLDER], era).await;
        let id = client
            .ask("tools/call", json!({ "name": TOOL, "arguments": { "id": 40 } }))
            .await;
        eventually(|| !setup.sandbox.requests(Vendor::Datadog).is_empty()).await;
        std::fs::rename(setup.path(FILE), setup.path("away")).unwrap();
        // The tool goes while the call waits for Datadog.
        loop {
            let list = client.ask("tools/list", json!({})).await;
            let mut answer = client.hear().await;
            while answer["id"] != list {
                assert_ne!(answer["id"], id, "the call is still under way: {answer:#}");
                answer = client.hear().await;
            }
            if !answer.to_string().contains(TOOL) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut answer = client.hear().await;
        while answer["id"] != id {
            answer = client.hear().await;
        }
        assert_eq!(structured(&answer["result"])["state"], "ALERT");
        std::fs::rename(setup.path("away"), setup.path(FILE)).unwrap();
    }
}

/// Resolves when the condition holds.
async fn eventually_async(condition: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !condition().await {
        assert!(start.elapsed() < Duration::from_secs(60), "nothing came of it");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn names(answer: &Value) -> Vec<String> {
    let tools = answer["result"]["tools"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:#}"));
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}
