//! Results fit, and what was cut can be had: by the result's own cursor, or by the call that `truncated` names, which is
//! run as it stands.

use super::support::{Era, Run, Setup, Stdio, failure, structured, text};
use serde_json::{Value, json};
use std::path::Path;
use tokio::process::Command;

const SMALL: &str = "[results]\nbudget = 2000\n";

fn ts(messages: &Value) -> Vec<String> {
    let messages = messages.as_array().unwrap().iter();
    messages
        .map(|message| message["ts"].as_str().unwrap().to_owned())
        .collect()
}

/// A line of the answer, given to a shell as it is.
async fn shell(setup: &Setup, line: &str) -> Value {
    let binary = Path::new(env!("CARGO_BIN_EXE_braid"));
    let mut shell: Command = setup.command(&[]);
    let of_setup: Vec<_> = shell
        .as_std()
        .get_envs()
        .map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned)))
        .collect();
    let folder = shell.as_std().get_current_dir().unwrap().to_owned();
    shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("{} call {line}", binary.display()))
        .env_clear()
        .current_dir(folder);
    for (name, value) in of_setup {
        shell.env(name, value.unwrap_or_default());
    }
    let output = shell.output().await.unwrap();
    assert!(
        output.status.success(),
        "{line}: {}",
        String::from_utf8_lossy(&output.stdout)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn following_next_cursor_gives_every_message_once_whatever_was_cut() {
    let whole = Setup::new().await.file("braid.toml", "[results]\nbudget = 200000\n");
    let all = whole
        .run(&["call", "slack_get_history", "channel=C0INCIDENT", "limit=60"])
        .await;
    let all = ts(&serde_json::from_str::<Value>(&all.stdout).unwrap()["messages"]);
    let setup = Setup::new().await.file("braid.toml", SMALL);
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let (mut seen, mut cursor, mut cuts) = (Vec::new(), Value::Null, 0);
    while seen.len() < all.len() {
        let page = client
            .call(
                "slack_get_history",
                json!({ "channel": "C0INCIDENT", "limit": 20, "cursor": cursor }),
            )
            .await;
        let page = structured(&page);
        cuts += usize::from(page.get("truncated").is_some());
        seen.extend(ts(&page["messages"]));
        cursor = page["next_cursor"].clone();
    }
    seen.truncate(all.len());
    assert_eq!(seen, all);
    assert!(cuts > 3, "the budget cuts most pages: {cuts}");
}

#[tokio::test]
async fn pages_by_number_go_on_within_a_page_too() {
    let setup = Setup::new().await.file("braid.toml", SMALL);
    let whole = Setup::new().await.file("braid.toml", "[results]\nbudget = 200000\n");
    let pages = [
        (
            "slack_search",
            json!({ "query": "checkout in:#incident-checkout", "count": 14 }),
            "messages",
            "permalink",
        ),
        (
            "github_search_repos",
            json!({ "query": "org:acme", "first": 14 }),
            "repositories",
            "url",
        ),
    ];
    for (tool, arguments, list, key) in pages {
        let mut runs = Vec::new();
        for setup in [&whole, &setup] {
            let mut client = Stdio::open(setup, Era::Legacy).await;
            let (mut seen, mut cursor) = (Vec::<Value>::new(), Value::Null);
            loop {
                let mut arguments = arguments.clone();
                arguments["cursor"] = cursor;
                let page = client.call(tool, arguments).await;
                let page = structured(&page).clone();
                seen.extend(page[list].as_array().unwrap().iter().map(|item| item[key].clone()));
                cursor = page["next_cursor"].clone();
                if cursor.is_null() {
                    break;
                }
            }
            runs.push(seen);
        }
        assert!(runs[0].len() > 14, "{tool} has several pages: {}", runs[0].len());
        assert_eq!(runs[0], runs[1], "{tool}");
    }
}

#[tokio::test]
async fn the_rest_of_a_nested_list_is_a_call_that_runs_as_it_stands() {
    let setup = Setup::new().await.file("braid.toml", SMALL);
    let run = setup.run(&["call", "monitor_context", "id=40", "limit=20"]).await;
    let result: Value = serde_json::from_str(&run.stdout).unwrap();
    let cut = result["truncated"].as_array().unwrap();
    let cut: Vec<_> = cut
        .iter()
        .filter(|cut| cut["path"].as_str().unwrap().ends_with(".history"))
        .collect();
    assert!(!cut.is_empty(), "{result:#}");
    for cut in cut {
        let place: usize = cut["path"]
            .as_str()
            .unwrap()
            .split('.')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let shown = ts(&result["notifies"][place]["history"]);
        assert_eq!(cut["kept"], shown.len());
        let rest = shell(&setup, cut["rest"].as_str().unwrap()).await;
        let channel = &result["notifies"][place]["id"];
        assert_eq!(&rest["messages"][0]["channel"], channel);
        // What comes next in the channel is what comes first in the rest.
        let limit = format!("limit={}", shown.len() + 1);
        let whole = Setup::new()
            .await
            .run(&[
                "call",
                "slack_get_history",
                &format!("channel={}", channel.as_str().unwrap()),
                &limit,
            ])
            .await;
        let whole: Value = serde_json::from_str(&whole.stdout).unwrap();
        assert_eq!(rest["messages"][0]["ts"], whole["messages"][shown.len()]["ts"], "{cut}");
    }
}

#[tokio::test]
async fn a_cursor_is_refused_by_every_list_but_its_own() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let found = client
        .call("slack_search", json!({ "query": "checkout", "count": 5 }))
        .await;
    let cursor = structured(&found)["next_cursor"].clone();
    let refused = client
        .call(
            "slack_get_history",
            json!({ "channel": "C0INCIDENT", "cursor": cursor }),
        )
        .await;
    let said = failure(&refused);
    assert!(
        said.contains("`cursor` is one of slack.search, and this list is slack.history"),
        "{said}"
    );
    // And it survives a restart.
    let mut again = Stdio::open(&setup, Era::Legacy).await;
    let page = again
        .call(
            "slack_search",
            json!({ "query": "checkout", "count": 5, "cursor": cursor }),
        )
        .await;
    assert_eq!(structured(&page)["messages"].as_array().unwrap().len(), 5);
}

#[tokio::test]
async fn text_alone_is_shorter_than_json_and_no_output_schema_is_listed() {
    let setup = Setup::new()
        .await
        .file("braid.toml", "[results]\nmode = \"text\"\nbudget = 60000\n");
    let json_setup = Setup::new().await.file("braid.toml", "[results]\nbudget = 60000\n");
    let mut texts = Stdio::open(&setup, Era::Modern).await;
    let mut both = Stdio::open(&json_setup, Era::Modern).await;
    let listed = texts.request("tools/list", json!({})).await;
    let tools = listed["result"]["tools"].as_array().unwrap();
    assert!(
        tools.iter().all(|tool| tool.get("outputSchema").is_none()),
        "{listed:#}"
    );
    let calls = [
        ("slack_get_history", json!({ "channel": "C0INCIDENT" })),
        ("slack_search", json!({ "query": "checkout" })),
        ("github_get_repo", json!({ "owner": "acme", "name": "checkout" })),
        ("github_search_repos", json!({ "query": "org:acme" })),
        (
            "datadog_query_metrics",
            json!({ "query": "avg:system.cpu.user{*} by {host}" }),
        ),
        ("monitor_context", json!({ "id": 40 })),
    ];
    for (tool, arguments) in calls {
        let as_text = texts.call(tool, arguments.clone()).await;
        assert_eq!(as_text["structuredContent"], Value::Null, "{tool}");
        let as_json = both.call(tool, arguments).await;
        structured(&as_json);
        let (text_bytes, json_bytes) = (text(&as_text).len(), text(&as_json).len());
        assert!(
            text_bytes < json_bytes,
            "{tool}: {text_bytes} of {json_bytes}\n{}",
            text(&as_text)
        );
        insta::with_settings!({ snapshot_path => "snapshots/text", prepend_module_to_snapshot => false, omit_expression => true }, {
            // Metrics of the last hour differ from one hour to the next.
            if tool != "datadog_query_metrics" {
                insta::assert_snapshot!(tool, text(&as_text));
            }
        });
    }
}

#[tokio::test]
async fn text_alone_fits_the_budget_as_it_is_sent() {
    let setup = Setup::new()
        .await
        .file("braid.toml", "[results]\nmode = \"text\"\nbudget = 2000\n");
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client
        .call("slack_get_history", json!({ "channel": "C0INCIDENT", "limit": 60 }))
        .await;
    let said = text(&result);
    assert!(said.len() <= 2000, "{}", said.len());
    assert!(said.len() > 1500, "the room is used: {}", said.len());
    assert!(said.contains("`next_cursor` goes on after them"), "{said}");
    let call = setup.run(&["call", "slack_get_history", "channel=C0INCIDENT"]).await;
    assert!(
        serde_json::from_str::<Value>(&call.stdout).unwrap()["messages"].is_array(),
        "a pipe gets JSON"
    );
    let failed = client.call("slack_get_history", json!({ "channel": "#nowhere" })).await;
    assert_eq!(failed["isError"], true);
    assert_eq!(failed["structuredContent"], Value::Null);
}

#[tokio::test]
async fn a_tool_that_may_cost_too_much_is_refused_with_its_place() {
    let config = "[tools]\nrequests = 3\n[tools.units]\n\"slack tier 3\" = 1\n";
    let setup = Setup::new().await.file("braid.toml", config).file(
        "queries/slack/slack_users.graphql",
        "\"\"\"Who wrote.\"\"\"\nquery SlackUsers {\n  slack {\n    history(channel: \"#a\", limit: 50) {\n      nodes { author { name } }\n    }\n  }\n}\n",
    );
    let check: Run = setup.run(&["check", "queries"]).await;
    assert_eq!(check.code, Some(1));
    for part in [
        "queries/slack/slack_users.graphql:5:15: error: a call may cost 51 upstream requests; the budget is 3",
        "      nodes { author { name } }",
        "help: most of it is `author`: ask for less of it",
        "0 tools, 1 error, 0 warnings",
    ] {
        assert!(check.stdout.contains(part), "{part}\n{}", check.stdout);
    }
    // The built-in ones are held to it at the start, with their own places.
    let start = setup.run(&["stdio"]).await;
    assert_eq!((start.code, start.stdout.as_str()), (Some(2), ""));
    assert!(
        start.stderr.contains("queries/joined/monitor_context.graphql:")
            && start.stderr.contains("upstream requests; the budget is 3"),
        "{}",
        start.stderr
    );
    let misspelt = Setup::new()
        .await
        .file("braid.toml", "[tools.units]\n\"github point\" = 1\n");
    for command in ["check", "stdio"] {
        let refused = misspelt.run(&[command]).await;
        assert_eq!(refused.code, Some(2), "{command}");
        assert!(
            refused
                .stderr
                .contains("nothing is metered as `github point`; there are: github nodes, github points, slack"),
            "{}",
            refused.stderr
        );
    }
}
