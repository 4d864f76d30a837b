//! What a file in `--queries` may not do to the others: stop them, or be taken for one of them.

use super::support::{Era, Server, Setup, Stdio, failure, structured};
use serde_json::{Value, json};

const RIGHT: &str = "\"A monitor.\"\nquery State($id: ID!) { datadog { monitor(id: $id) { name state } } }\n";

/// Nested deeper than the executor's parser goes; the compiler's own takes it.
fn deep() -> String {
    let (open, close) = ("... { ".repeat(70), "} ".repeat(70));
    format!("\"Deep.\"\nquery Deep {{ slack {{ {open} user(id: 1) {{ id name }} {close} }} }}\n")
}

#[tokio::test]
async fn one_bad_file_stops_nobody_else() {
    for bad in [deep(), "\"E.\"\nquery E { slack { } }\n".to_owned()] {
        let setup = Setup::new()
            .await
            .file("more/datadog/state.graphql", RIGHT)
            .file("more/slack/bad.graphql", &bad);
        let server = Server::with(&setup, &["--queries", "more"]).await;
        let answer = server
            .request(
                Era::Modern,
                "tools/call",
                json!({ "name": "state", "arguments": { "id": 40 } }),
            )
            .await;
        assert_eq!(structured(&answer["result"])["state"], "ALERT");
        let faults = server.get("/readyz").await.json()["faults"].clone();
        assert!(faults.to_string().contains("bad.graphql"), "{faults:#}");
        let run = setup.run(&["check", "more"]).await;
        assert_eq!(run.code, Some(1), "{}", run.stdout);
        assert!(
            run.stdout.contains("bad.graphql") && run.stdout.contains("1 tool, 1 error"),
            "{}",
            run.stdout
        );
    }
}

/// Only the tool that can be asked for any channel says how to go on with one.
#[tokio::test]
async fn a_tool_for_one_channel_does_not_page_the_others() {
    let history = |name: &str, channel: &str| {
        format!(
            "\"Read it.\"\nquery {name}($ch: String! @fixed(value: \"#general\"), \"C.\" $cursor: String) {{ slack {{ channel(channel: $ch) {{ id }} \
             history(channel: {channel}, limit: 100, cursor: $cursor) {{ messages: nodes {{ ts text }} next_cursor: pageInfo {{ endCursor }} }} }} }}\n"
        )
    };
    let setup = Setup::new()
        .await
        .file("more/slack/alerts_channel.graphql", &history("A", "\"#general\""))
        .file("more/slack/alerts_fixed.graphql", &history("B", "$ch"));
    let mut client = Stdio::open_with(&setup, &["--queries", "more"], Era::Modern).await;
    let result = client.call("monitor_context", json!({ "id": 40, "limit": 100 })).await;
    let rests: Vec<&str> = structured(&result)["truncated"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["rest"].as_str())
        .collect();
    assert!(
        rests
            .iter()
            .any(|rest| rest.starts_with("slack_get_history channel=C0INCIDENT ")),
        "{rests:#?}"
    );
    assert!(!rests.iter().any(|rest| rest.contains("alerts_")), "{rests:#?}");
}

#[tokio::test]
async fn a_page_size_that_is_left_out_is_the_schemas() {
    let query = "query A($n: Int) { slack { history(channel: \"#incident-checkout\", limit: $n) { nodes { ts } } } }";
    let setup = Setup::new()
        .await
        .file("more/slack/some_history.graphql", &format!("\"Read it.\"\n{query}\n"));
    let mut client = Stdio::open_with(&setup, &["--queries", "more", "--explore"], Era::Modern).await;
    let count = |result: &Value| structured(result)["nodes"].as_array().unwrap().len();
    for arguments in [json!({}), json!({ "n": null })] {
        assert_eq!(
            count(&client.call("some_history", arguments.clone()).await),
            20,
            "{arguments}"
        );
        let given = json!({ "query": query, "variables": arguments });
        assert_eq!(count(&client.call("run_query", given).await), 20, "{arguments}");
    }
    assert_eq!(count(&client.call("some_history", json!({ "n": 3 })).await), 3);
    let refused = client
        .call("run_query", json!({ "query": query, "variables": { "n": 500 } }))
        .await;
    assert!(
        failure(&refused).contains("`limit` takes 1 to 200, and `$n` is 500"),
        "{refused:#}"
    );
}

#[tokio::test]
async fn check_and_a_server_agree() {
    let setup = Setup::new()
        .await
        .file("more/datadog/github_get_repo.graphql", RIGHT)
        .file("more/datadog/state.graphql", &RIGHT.replace("name state", "...Named"))
        .file(
            "more/fragments/named.graphql",
            "fragment Named on DatadogMonitor { name state }\n",
        );
    let run = setup.run(&["check", "more"]).await;
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("a built-in tool has the name `github_get_repo` already"),
        "{}",
        run.stdout
    );
    std::fs::remove_file(setup.path("more/datadog/github_get_repo.graphql")).unwrap();
    for path in ["more", "more/datadog", "more/datadog/state.graphql"] {
        let run = setup.run(&["check", path]).await;
        assert_eq!(run.code, Some(0), "check {path}: {}{}", run.stdout, run.stderr);
        let run = setup.run(&["call", "state", "id=40", "--queries", path]).await;
        assert_eq!(run.code, Some(0), "call {path}: {}{}", run.stdout, run.stderr);
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(".", setup.path("more/datadog/loop")).unwrap();
        std::os::unix::fs::symlink("/no/such/file", setup.path("more/datadog/gone.graphql")).unwrap();
        let run = setup.run(&["check", "more"]).await;
        assert_eq!(run.code, Some(1), "{}{}", run.stdout, run.stderr);
        assert!(
            run.stdout.contains("more/datadog/loop: error: this link leads back to"),
            "{}",
            run.stdout
        );
        assert!(run.stdout.contains("1 tool, 1 error"), "{}", run.stdout);
    }
}
