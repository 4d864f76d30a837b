//! What a person sees at a terminal, and what a pipe gets: colours, tables and a waiting line are for people only.

use super::support::{self, Era, Setup};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use sandbox::{Effect, Fault, Vendor};
use serde_json::{Value, json};
use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::Stdio;

/// Runs the binary with a wide terminal as its output and its errors, and gives what the terminal was sent.
async fn at_a_terminal(setup: &Setup, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    at_a_terminal_of(240, setup, arguments, variables).await
}

/// The same at a terminal with so many columns.
async fn at_a_terminal_of(columns: u16, setup: &Setup, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let ours: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    let size = Winsize {
        ws_row: 50,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(&ours, size).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = || {
        File::options()
            .read(true)
            .write(true)
            .open(name.to_str().unwrap())
            .unwrap()
    };
    let mut command = setup.command(arguments);
    command
        .env("TERM", "xterm-256color")
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(theirs())
        .stderr(theirs());
    let mut child = command.spawn().unwrap();
    // The command holds the other ends, and reading ends when the last of them is closed.
    drop(command);
    let read = tokio::task::spawn_blocking(move || {
        let (mut file, mut seen, mut buffer) = (File::from(ours), Vec::new(), [0; 4096]);
        // The end of a pseudo-terminal is an error on Linux.
        while let Ok(count @ 1..) = file.read(&mut buffer) {
            seen.extend_from_slice(&buffer[..count]);
        }
        String::from_utf8(seen).unwrap().replace("\r\n", "\n")
    });
    child.wait().await.unwrap();
    read.await.unwrap()
}

#[tokio::test]
async fn a_call_is_a_table_for_people_and_json_for_programs() {
    let setup = Setup::new().await;
    let call = ["call", "slack_get_history", "channel=C0INCIDENT", "limit=3"];
    let seen = at_a_terminal(&setup, &call, &[]).await;
    assert!(seen.contains("\u{1b}["), "{seen}");
    let plain = at_a_terminal(&setup, &call, &[("NO_COLOR", "1")]).await;
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    let lines: Vec<_> = plain.lines().collect();
    assert_eq!(lines[0], "messages");
    // What is the same in all rows is said once, and the text comes last.
    assert_eq!(lines[1].trim(), "channel  C0INCIDENT", "{plain}");
    assert!(
        lines[2].trim_start().starts_with("ts ") && lines[2].ends_with("text"),
        "{plain}"
    );
    let column = lines[2].find("author").unwrap();
    assert!(lines[3][column..].starts_with("Priya "), "{plain}");
    let piped = setup.run(&call).await;
    let result: Value = serde_json::from_str(&piped.stdout).unwrap();
    assert_eq!(result["messages"].as_array().unwrap().len(), 3);
    let as_json = at_a_terminal(&setup, &[&call[..], &["--json"]].concat(), &[]).await;
    assert_eq!(serde_json::from_str::<Value>(&as_json).unwrap(), result);
}

#[tokio::test]
async fn faults_are_in_colour_at_a_terminal_only() {
    let setup = Setup::new()
        .await
        .file("queries/a/bad.graphql", "\"\"\"A.\"\"\"\nquery A { slack { nope } }\n");
    let check = ["check", "queries"];
    let seen = at_a_terminal(&setup, &check, &[]).await;
    assert!(seen.contains("\u{1b}[1m\u{1b}[31merror\u{1b}[0m"), "{seen:?}");
    let piped = setup.run(&check).await;
    assert!(
        !piped.stdout.contains('\u{1b}') && piped.stdout.contains("queries/a/bad.graphql:2:19: error: "),
        "{piped:?}"
    );
    let wrong = ["tools", "--groups", "slak"];
    assert!(at_a_terminal(&setup, &wrong, &[]).await.contains("\u{1b}[31mbraid:"));
    let piped = setup.run(&wrong).await;
    assert!(piped.stderr.starts_with("braid: --groups"), "{piped:?}");
}

#[tokio::test]
async fn a_slow_call_says_that_it_waits() {
    let setup = Setup::new().await;
    let delay = Effect::Delay { ms: 2500 };
    setup.sandbox.inject(Vendor::GitHub, Fault::always(delay));
    let call = ["call", "github_get_repo", "owner=acme", "name=checkout"];
    let seen = at_a_terminal(&setup, &call, &[("NO_COLOR", "1")]).await;
    assert!(
        seen.contains("waiting for 1 s") && seen.contains("waiting for 2 s"),
        "{seen:?}"
    );
    let left = seen.rsplit("\u{1b}[K").next().unwrap();
    assert!(
        !left.contains("waiting") && left.contains("checkout"),
        "the line is gone: {seen:?}"
    );
    let piped = setup.run(&call).await;
    assert_eq!(piped.stderr, "");
}

#[tokio::test]
async fn the_list_says_what_is_off_and_every_reason() {
    let setup = Setup::new().await.unset("SLACK_BOT_TOKEN").unset("SLACK_USER_TOKEN");
    let list = setup.run(&["tools"]).await;
    let entry = |name: &str| {
        let start = list
            .stdout
            .find(&format!(" {name}("))
            .unwrap_or_else(|| panic!("{}", list.stdout));
        let rest = &list.stdout[start..];
        rest[..rest.find("\n  o").unwrap_or(rest.len())].to_owned()
    };
    let send = entry("slack_send_message");
    assert!(
        send.contains("off: it writes, and is allowed by `--allow-writes slack_send_message`"),
        "{send}"
    );
    assert!(
        send.contains("off: slack has no credentials, set SLACK_BOT_TOKEN"),
        "{send}"
    );
    assert!(
        send.contains("1 to 3 upstream requests, a result of at most "),
        "{send}"
    );
    assert!(
        send.contains("Post a message to a Slack channel, or a reply to a thread."),
        "{send}"
    );
    assert!(
        list.stdout.contains("\njoined\n  on  monitor_context(id, [limit])\n"),
        "{}",
        list.stdout
    );
    assert!(!entry("github_get_repo").contains("off:"));
    let groups = setup.run(&["tools", "--groups", "github"]).await;
    assert!(
        groups.stdout.contains("off: --groups does not name `slack`"),
        "{}",
        groups.stdout
    );
}

#[tokio::test]
async fn one_tool_is_shown_exactly_as_an_agent_gets_it() {
    for mode in ["both", "text"] {
        let setup = Setup::new()
            .await
            .file("braid.toml", &format!("[results]\nmode = \"{mode}\"\n"));
        let mut client = support::Stdio::open(&setup, Era::Modern).await;
        let listed = client.request("tools/list", json!({})).await;
        for tool in listed["result"]["tools"].as_array().unwrap() {
            let name = tool["name"].as_str().unwrap();
            let shown = setup.run(&["tools", name, "--allow-writes", "all"]).await;
            assert_eq!((shown.code, shown.stderr.as_str()), (Some(0), ""), "{name}");
            assert_eq!(&serde_json::from_str::<Value>(&shown.stdout).unwrap(), tool, "{name}");
        }
    }
    let setup = Setup::new().await;
    let hidden = setup.run(&["tools", "slack_send_message"]).await;
    assert!(
        hidden.stderr.contains("No agent sees it") && hidden.stderr.contains("--allow-writes"),
        "{hidden:?}"
    );
    let unknown = setup.run(&["tools", "slack_history"]).await;
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("`slack_get_history`"), "{unknown:?}");
}

#[tokio::test]
async fn results_and_help_fit_the_terminal() {
    let setup = Setup::new().await;
    let commands: [(&str, &[&str]); 6] = [
        ("monitor_context", &["call", "monitor_context", "id=40", "limit=3"]),
        ("slack_search", &["call", "slack_search", "query=checkout", "count=3"]),
        (
            "github_get_repo",
            &["call", "github_get_repo", "owner=acme", "name=checkout"],
        ),
        (
            "github_search_repos",
            &["call", "github_search_repos", "query=org:acme", "first=3"],
        ),
        (
            "datadog_query_metrics",
            &[
                "call",
                "datadog_query_metrics",
                "query=avg:checkout.error_rate{*}",
                "from=2026-11-20T10:00:00Z",
                "to=2026-11-20T10:45:00Z",
            ],
        ),
        ("help", &["call", "--help"]),
    ];
    for columns in [60, 80, 140] {
        for (name, command) in commands {
            let shown = at_a_terminal_of(columns, &setup, command, &[("NO_COLOR", "1")]).await;
            for line in shown.lines() {
                let words = line.split_whitespace().map(str::len).max().unwrap_or_default();
                let indent = line.len() - line.trim_start().len();
                assert!(
                    line.chars().count() <= usize::from(columns) || words + indent >= usize::from(columns) - 24,
                    "{name} at {columns}: {line}"
                );
            }
            if name != "help" {
                insta::assert_snapshot!(format!("terminal_{columns}_{name}"), shown);
            }
        }
    }
}
