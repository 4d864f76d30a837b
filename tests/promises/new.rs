//! For people who add a tool: a file to begin with, completion in the editor, and a page that lists the tools.

use super::support::{Server, Setup};
use serde_json::Value;

#[tokio::test]
async fn a_new_file_compiles_as_it_is_and_can_be_called() {
    for (name, group, arguments) in [
        ("slack_read_latest", "slack", "channel=#deploys"),
        ("github_look_up", "github", "owner=acme name=checkout"),
        ("datadog_find_monitors", "datadog", "first=2"),
        ("who_talks", "joined", "channel=#deploys"),
    ] {
        let setup = Setup::new().await;
        let run = setup.run(&["new", name]).await;
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let path = format!("queries/{group}/{name}.graphql");
        assert!(run.stdout.starts_with(&path), "{}", run.stdout);
        assert!(
            run.stdout.contains(&format!("braid check {path}")),
            "what to do next: {}",
            run.stdout
        );
        let check = setup.run(&["check", &path, "--json"]).await;
        let report: Value = serde_json::from_str(&check.stdout).unwrap();
        let findings = report["diagnostics"].as_array().unwrap().iter();
        assert_eq!(
            findings.filter(|found| found["severity"] != "note").count(),
            0,
            "{report:#}"
        );
        let tool = &report["tools"][0];
        assert_eq!(
            (tool["name"].as_str(), tool["group"].as_str()),
            (Some(name), Some(group))
        );
        assert!(tool["text"].as_str().unwrap().starts_with("# "), "it is commented");
        let call: Vec<_> = ["call", name, "--queries", &path]
            .into_iter()
            .chain(arguments.split(' '))
            .collect();
        let call = setup.run(&call).await;
        assert_eq!(call.code, Some(0), "{}{}", call.stdout, call.stderr);
    }
}

/// The words of the name choose the field; the command that is printed runs as it is.
#[tokio::test]
async fn a_new_file_fits_its_name_and_the_printed_commands_run() {
    for (name, selected) in [
        ("github_find_issue", "issue("),
        ("github_list_labels", "labels"),
        ("github_pull_request_checks", "checks"),
        ("github_pull_request_author", "author"),
        ("github_repository_languages", " languages("),
        ("slack_thread_replies", "replyCount"),
        ("slack_find_channel", "channel("),
        ("datadog_search_monitors", "searchMonitors("),
        ("datadog_monitor_tags", "tags"),
        ("monitor_state", "monitor("),
    ] {
        let setup = Setup::new().await;
        let run = setup.run(&["new", name]).await;
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        let path = run.stdout.lines().next().unwrap();
        let text = std::fs::read_to_string(setup.path(path)).unwrap();
        assert!(text.contains(selected), "{name}: {text}");
        let commands: Vec<_> = run
            .stdout
            .lines()
            .filter_map(|line| line.trim().strip_prefix("braid "))
            .collect();
        assert_eq!(commands.len(), 2, "{}", run.stdout);
        for command in commands {
            let arguments: Vec<_> = command.split_whitespace().collect();
            let run = setup.run(&arguments).await;
            assert_eq!(run.code, Some(0), "{command}\n{text}\n{}{}", run.stdout, run.stderr);
        }
    }
}

#[tokio::test]
async fn what_is_there_stays_and_bad_names_are_refused() {
    let setup = Setup::new().await.file("mine/own_tool.graphql", "mine");
    for (arguments, said) in [
        (
            vec!["new", "own_tool", "mine"],
            "mine/own_tool.graphql is there already",
        ),
        (vec!["new", "BadName"], "rename the file to `bad_name.graphql`"),
        (
            vec!["new", "slack_search"],
            "there is a tool called `slack_search` already",
        ),
        (vec!["new", "../outside"], "is a path"),
        (
            vec!["new", "a_name_that_is_much_longer_than_clients_take_it"],
            "shorter name",
        ),
    ] {
        let run = setup.run(&arguments).await;
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(run.stderr.contains(said), "{arguments:?}: {}", run.stderr);
    }
    let check = setup.run(&["check", "mine", "--json"]).await;
    assert!(
        check.stdout.contains("\"source_line\": \"mine\""),
        "as it was: {}",
        check.stdout
    );
    let named = setup.run(&["new", "other_tool", "mine", "--json"]).await;
    assert_eq!(
        serde_json::from_str::<Value>(&named.stdout).unwrap()["path"],
        "mine/other_tool.graphql"
    );
}

#[test]
fn the_editors_configuration_names_what_is_there() {
    let config = std::fs::read_to_string("graphql.config.yml").unwrap();
    let value = |key: &str| {
        let line = config.lines().find_map(|line| line.strip_prefix(key));
        line.unwrap_or_else(|| panic!("no {key}")).trim().to_owned()
    };
    assert!(std::path::Path::new(&value("schema:")).is_file());
    assert_eq!(value("documents:"), "queries/**/*.graphql");
}

#[tokio::test]
async fn a_page_lists_the_tools_and_has_the_file_of_each() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let page = server.get("/graphiql/tools").await;
    assert_eq!(page.status, 200);
    let sources = page.body.split('"').filter(|part| part.starts_with("tools."));
    for source in sources {
        let file = server.get(&format!("/graphiql/{source}")).await;
        assert_eq!(file.status, 200, "{source} is served here");
    }
    assert!(!page.body.contains("//"), "nothing comes from elsewhere: {}", page.body);
    let files = server.get("/graphiql/tools.json").await.json();
    let search = files
        .as_array()
        .unwrap()
        .iter()
        .find(|tool| tool["name"] == "slack_search")
        .unwrap();
    let written = std::fs::read_to_string("queries/slack/slack_search.graphql").unwrap();
    assert_eq!(search["text"], written, "as it is in the file");
    // What GraphiQL opens runs as it stands.
    let body = serde_json::json!({ "query": written, "variables": { "query": "checkout", "count": 1 } }).to_string();
    let answer = server
        .send(
            reqwest::Method::POST,
            "/graphql",
            &[("content-type", "application/json")],
            body,
        )
        .await;
    assert_eq!(answer.json()["errors"], Value::Null, "{}", answer.body);
}
