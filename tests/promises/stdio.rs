//! Standard input and output: only the protocol on stdout, both eras, and an end that loses no call.

use super::support::{Era, Setup, Stdio, eventually, structured};
use sandbox::{Effect, Fault, Vendor};
use serde_json::{Value, json};

/// A call that is still under way when the test goes on: the stand-in has it, and answers later.
async fn call_under_way(setup: &Setup, client: &mut Stdio) -> u64 {
    setup
        .sandbox
        .inject(Vendor::GitHub, Fault::always(Effect::Delay { ms: 600 }));
    let call = json!({ "name": "github_get_repo", "arguments": { "owner": "acme", "name": "checkout" } });
    let id = client.ask("tools/call", call).await;
    eventually(|| !setup.sandbox.requests(Vendor::GitHub).is_empty()).await;
    id
}

fn answer_in(stdout: &str, id: u64) -> Value {
    let messages = stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    messages
        .into_iter()
        .find(|message| message["id"] == id)
        .unwrap_or_else(|| panic!("no answer to {id} in {stdout:?}"))
}

#[tokio::test]
async fn lists_and_calls_in_both_eras() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        let mut client = Stdio::open(&setup, era).await;
        let list = client.request("tools/list", json!({})).await;
        assert!(list["result"]["tools"].as_array().unwrap().len() >= 8, "{list:#}");
        let repository = client
            .call("github_get_repo", json!({ "owner": "acme", "name": "checkout" }))
            .await;
        assert_eq!(structured(&repository)["owner"], "acme");
        let channel = client
            .call("slack_get_history", json!({ "channel": "#deploys", "limit": 1 }))
            .await;
        assert_eq!(structured(&channel)["messages"].as_array().unwrap().len(), 1);
        client.hang_up();
        let end = client.ended().await;
        assert_eq!((end.code, end.stdout.as_str()), (Some(0), ""), "{}", end.stderr);
    }
}

#[tokio::test]
async fn discovery_says_who_answers_and_how_to_use_it() {
    let setup = Setup::new().await;
    let answer = Stdio::open(&setup, Era::Modern)
        .await
        .request("server/discover", json!({}))
        .await;
    let result = &answer["result"];
    for era in Era::BOTH {
        assert!(
            result["supportedVersions"]
                .as_array()
                .unwrap()
                .contains(&json!(era.version())),
            "{result:#}"
        );
    }
    assert_eq!(result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "braid");
    let instructions = result["instructions"].as_str().unwrap();
    assert!(
        instructions.contains("data") && instructions.contains("monitor_context"),
        "{instructions}"
    );
}

#[tokio::test]
async fn a_garbage_line_is_said_on_stderr_once_and_nowhere_else() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        let mut client = Stdio::open(&setup, era).await;
        client.request("tools/list", json!({})).await;
        client.line("{\"jsonrpc\": \"2.0\", garbage").await;
        // The next line on stdout is this one's answer.
        let id = client.ask("tools/list", json!({})).await;
        assert_eq!(client.hear().await["id"], id);
        client.hang_up();
        let end = client.ended().await;
        assert_eq!((end.code, end.stdout.as_str()), (Some(0), ""));
        let about_it: Vec<_> = end
            .stderr
            .lines()
            .filter(|line| line.contains("no JSON-RPC message"))
            .collect();
        assert_eq!(about_it.len(), 1, "{}", end.stderr);
    }
}

#[tokio::test]
async fn garbage_before_anything_else_does_not_end_it() {
    let setup = Setup::new().await;
    let mut client = Stdio::start(&setup, &["stdio"], Era::Modern);
    client.line("hello?").await;
    client.line("").await;
    client.line("[1, 2").await;
    let list = client.request("tools/list", json!({})).await;
    assert!(list["result"]["tools"].is_array(), "{list:#}");
}

#[tokio::test]
async fn the_end_of_the_input_is_an_end_like_any_other() {
    let setup = Setup::new().await;
    let before_anything = setup.run(&["stdio"]).await;
    assert_eq!(
        (before_anything.code, before_anything.stdout.as_str()),
        (Some(0), ""),
        "{}",
        before_anything.stderr
    );
    let handshake = Era::Legacy.request(1, "initialize", Era::handshake());
    let after_the_handshake = setup.run_with(&["stdio"], &format!("{handshake}\n")).await;
    assert_eq!(after_the_handshake.code, Some(0), "{}", after_the_handshake.stderr);
    assert_eq!(
        answer_in(&after_the_handshake.stdout, 1)["result"]["serverInfo"]["name"],
        "braid"
    );
}

#[tokio::test]
async fn the_end_of_the_input_lets_calls_finish() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        setup.sandbox.clear_requests();
        let mut client = Stdio::open(&setup, era).await;
        let id = call_under_way(&setup, &mut client).await;
        client.hang_up();
        let end = client.ended().await;
        assert_eq!(end.code, Some(0), "{}", end.stderr);
        assert_eq!(structured(&answer_in(&end.stdout, id)["result"])["name"], "checkout");
    }
}

#[tokio::test]
async fn signals_let_calls_finish() {
    let setup = Setup::new().await;
    for signal in ["TERM", "INT"] {
        setup.sandbox.clear_requests();
        let mut client = Stdio::open(&setup, Era::Modern).await;
        let id = call_under_way(&setup, &mut client).await;
        client.signal(signal).await;
        let end = client.ended().await;
        assert_eq!(end.code, Some(0), "{signal}: {}", end.stderr);
        assert_eq!(
            structured(&answer_in(&end.stdout, id)["result"])["name"],
            "checkout",
            "{signal}"
        );
    }
}

#[tokio::test]
async fn signals_end_a_server_that_nobody_uses() {
    let setup = Setup::new().await;
    for signal in ["TERM", "INT"] {
        for era in Era::BOTH {
            let mut client = Stdio::open(&setup, era).await;
            client.request("tools/list", json!({})).await;
            client.signal(signal).await;
            let end = client.ended().await;
            assert_eq!(
                (end.code, end.stdout.as_str()),
                (Some(0), ""),
                "{signal}: {}",
                end.stderr
            );
        }
    }
}

#[tokio::test]
async fn unknown_tools_and_malformed_parameters_are_protocol_errors() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        let mut client = Stdio::open(&setup, era).await;
        let unknown = client
            .request("tools/call", json!({ "name": "slack_get_histroy", "arguments": {} }))
            .await;
        assert_eq!(unknown["error"]["code"], -32602, "{unknown:#}");
        assert!(
            unknown["error"]["message"]
                .as_str()
                .unwrap()
                .contains("`slack_get_history`"),
            "{unknown:#}"
        );
        let malformed = client
            .request("tools/call", json!({ "name": "slack_search", "arguments": [1] }))
            .await;
        assert_eq!(malformed["error"]["code"], -32602, "{malformed:#}");
        let method = client.request("tools/nonsense", json!({})).await;
        assert_eq!(method["error"]["code"], -32601, "{method:#}");
    }
}

#[tokio::test]
async fn progress_is_reported_to_who_asked_for_it() {
    let setup = Setup::new().await;
    setup
        .sandbox
        .inject(Vendor::GitHub, Fault::once(Effect::Delay { ms: 1_300 }));
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let call = json!({
        "name": "github_get_repo", "arguments": { "owner": "acme", "name": "checkout" }, "_meta": { "progressToken": "p-1" }
    });
    let id = client.ask("tools/call", call).await;
    let report = client.hear().await;
    assert_eq!(report["method"], "notifications/progress", "{report:#}");
    assert_eq!(report["params"]["progressToken"], "p-1");
    assert!(report["params"]["progress"].as_f64().unwrap() > 0.0);
    assert_eq!(client.hear().await["id"], id);
}
