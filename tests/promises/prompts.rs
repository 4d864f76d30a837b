//! Prompts: what is listed, what a client gets with its values filled in, and values to choose from.

use super::support::{Era, Server, Setup, Stdio};
use sandbox::{Effect, Fault, Vendor};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

async fn complete(server: &Server, era: Era, prompt: &str, argument: &str, typed: &str) -> Value {
    let params = json!({
        "ref": { "type": "ref/prompt", "name": prompt },
        "argument": { "name": argument, "value": typed },
    });
    server.request(era, "completion/complete", params).await
}

#[tokio::test]
async fn the_shipped_prompts_are_listed_in_both_eras() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        let mut client = Stdio::open(&setup, era).await;
        let list = client.request("prompts/list", json!({})).await;
        let prompts = list["result"]["prompts"].as_array().unwrap();
        let names: Vec<_> = prompts.iter().map(|prompt| prompt["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["incident_review", "morning_brief", "release_note"]);
        for prompt in prompts {
            assert!(
                prompt["title"].is_string() && prompt["description"].is_string(),
                "{prompt:#}"
            );
            assert!(prompt["arguments"][0]["description"].is_string(), "{prompt:#}");
            assert_eq!(prompt["arguments"][0]["required"], true);
        }
        let cursor = client.request("prompts/list", json!({ "cursor": "x" })).await;
        assert_eq!(cursor["error"]["code"], -32602, "{cursor:#}");
    }
}

#[tokio::test]
async fn a_prompt_comes_with_its_values() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        let mut client = Stdio::open(&setup, era).await;
        let params = json!({ "name": "incident_review", "arguments": { "monitor": "40" } });
        let answer = client.request("prompts/get", params).await;
        let message = &answer["result"]["messages"][0];
        assert_eq!(message["role"], "user");
        let text = message["content"]["text"].as_str().unwrap();
        assert!(
            text.starts_with("Review the incident behind Datadog monitor 40."),
            "{text}"
        );
        assert!(!text.contains("{{"), "every place is filled: {text}");
    }
}

#[tokio::test]
async fn what_is_missing_or_unknown_is_named() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for era in Era::BOTH {
        for (params, said) in [
            (json!({ "name": "incident_review" }), "needs the argument `monitor`"),
            (
                json!({ "name": "incident_review", "arguments": { "monitr": "40" } }),
                "did you mean `monitor`?",
            ),
            (json!({ "name": "incident_revue" }), "did you mean `incident_review`?"),
            (
                json!({ "name": "incident_review", "arguments": [1] }),
                "the parameters of prompts/get cannot be read",
            ),
        ] {
            let error = server.request(era, "prompts/get", params).await["error"].clone();
            assert_eq!(error["code"], -32602, "{error:#}");
            assert!(error["message"].as_str().unwrap().contains(said), "{said}: {error:#}");
        }
    }
}

/// A prompt that names a tool, or an argument of it, that is not there sends an agent the wrong way.
#[tokio::test]
async fn every_tool_that_a_prompt_names_exists_with_its_arguments() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let list = client.request("tools/list", json!({})).await;
    let arguments = |name: &str| -> Option<BTreeSet<String>> {
        let tools = list["result"]["tools"].as_array().unwrap();
        let tool = tools.iter().find(|tool| tool["name"] == name)?;
        Some(
            tool["inputSchema"]["properties"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect(),
        )
    };
    let mut named = 0;
    for entry in std::fs::read_dir("prompts").unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for code in text.split('`').skip(1).step_by(2) {
            let (name, given) = match code.split_once('(') {
                Some((name, given)) => (name, given.strip_suffix(')').unwrap()),
                None if code.contains('_') && !["next_cursor"].contains(&code) => (code, ""),
                None => continue,
            };
            named += 1;
            let known = arguments(name).unwrap_or_else(|| panic!("{}: there is no tool {name}", path.display()));
            for argument in given.split(", ").filter(|argument| !argument.is_empty()) {
                assert!(
                    known.contains(argument),
                    "{}: {name} has no argument {argument}",
                    path.display()
                );
            }
        }
    }
    assert!(named > 8, "{named}");
}

#[tokio::test]
async fn values_come_from_the_directories() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for era in Era::BOTH {
        let found = async |prompt: &str, argument: &str, typed: &str| {
            let answer = complete(&server, era, prompt, argument, typed).await;
            let completion = answer["result"]["completion"].clone();
            assert!(completion["values"].is_array(), "{answer:#}");
            completion
        };
        let channels = found("morning_brief", "channel", "#dep").await;
        assert_eq!(channels["values"][0], "#deploys", "{channels:#}");
        assert_eq!(
            found("morning_brief", "channel", "checkout").await["values"][0],
            "#incident-checkout"
        );
        let repositories = found("release_note", "repository", "acme/check").await;
        let repositories = repositories["values"].as_array().unwrap();
        assert_eq!(repositories[0], "acme/checkout");
        let begins = |name: &Value| name.as_str().unwrap().starts_with("acme/check");
        assert!(repositories.iter().all(begins), "{repositories:#?}");
        let services = found("morning_brief", "service", "ch").await;
        assert_eq!(services["values"][0], "checkout", "{services:#}");
        assert_eq!(
            found("incident_review", "monitor", "4").await["total"],
            0,
            "nothing to choose from"
        );
        let all = found("morning_brief", "channel", "").await;
        let shown = all["values"].as_array().unwrap().len();
        assert!(shown <= 100, "{shown}");
        assert_eq!(all["hasMore"], all["total"].as_u64().unwrap() > 100, "{}", all["total"]);
    }
    let asked = setup.requests();
    complete(&server, Era::Modern, "release_note", "repository", "acme/s").await;
    complete(&server, Era::Modern, "morning_brief", "service", "c").await;
    complete(&server, Era::Modern, "morning_brief", "channel", "x").await;
    assert_eq!(setup.requests(), asked, "the next letter asks nobody");
}

#[tokio::test]
async fn a_backend_that_is_off_or_ill_gives_an_empty_list_and_soon() {
    let setup = Setup::new().await.unset("GITHUB_TOKEN");
    setup
        .sandbox
        .inject(Vendor::Datadog, Fault::always(Effect::Html { status: 503 }));
    setup.sandbox.inject(Vendor::Slack, Fault::always(Effect::Hang));
    let server = Server::start(&setup).await;
    for (prompt, argument) in [
        ("release_note", "repository"),
        ("morning_brief", "service"),
        ("morning_brief", "channel"),
    ] {
        let begun = Instant::now();
        let answer = complete(&server, Era::Modern, prompt, argument, "a").await;
        assert_eq!(
            answer["result"]["completion"],
            json!({ "values": [], "total": 0, "hasMore": false }),
            "{argument}: {answer:#}"
        );
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{argument}: {:?}",
            begun.elapsed()
        );
    }
}

#[tokio::test]
async fn what_cannot_be_completed_is_said() {
    let server = Server::start(&Setup::new().await).await;
    for era in Era::BOTH {
        for (prompt, argument) in [("incident_revue", "monitor"), ("incident_review", "montor")] {
            let answer = complete(&server, era, prompt, argument, "").await;
            assert_eq!(answer["error"]["code"], -32602, "{answer:#}");
        }
    }
}
