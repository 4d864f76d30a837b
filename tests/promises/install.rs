//! What a release ships besides the server: the version, manual pages, completions, the container's health check.

use super::support::{Server, Setup};

#[tokio::test]
async fn the_version_names_the_commit_and_the_protocol_revisions() {
    let setup = Setup::new().await;
    let short = setup.run(&["-V"]).await.stdout;
    assert!(
        short.starts_with(concat!("braid ", env!("CARGO_PKG_VERSION"))),
        "{short}"
    );
    if let Some(commit) = short.trim().split_once('(').map(|(_, rest)| rest.trim_end_matches(')')) {
        assert_eq!(commit.len(), 9, "{short}");
        assert!(commit.chars().all(|c| c.is_ascii_hexdigit()), "{short}");
    }
    let long = setup.run(&["--version"]).await.stdout;
    let (first, revisions) = long.trim().split_once('\n').expect("two lines");
    assert_eq!(first, short.trim());
    for revision in ["2025-11-25", "2026-07-28"] {
        assert!(revisions.contains(revision), "{revisions}");
    }
}

#[tokio::test]
async fn every_command_has_a_manual_page_and_is_completed() {
    let setup = Setup::new().await;
    let help = setup.run(&["--help"]).await.stdout;
    let commands = help.split("Commands:\n").nth(1).expect("a list of commands");
    let commands: Vec<_> = commands
        .lines()
        .take_while(|line| line.starts_with("  "))
        // A description goes on in a line that is further in.
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.contains(&"serve") && commands.len() > 8, "{commands:?}");
    assert_eq!(setup.run(&["man", "pages"]).await.code, Some(0));
    for command in &commands {
        let page = std::fs::read_to_string(setup.path(&format!("pages/braid-{command}.1")))
            .unwrap_or_else(|error| panic!("{command}: {error}"));
        assert!(page.contains(".SH NAME"), "{command}: {page}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = setup.run(&["completions", shell]).await.stdout;
        for command in &commands {
            assert!(script.contains(command), "{shell} does not know {command}");
        }
    }
}

#[tokio::test]
async fn the_health_check_ends_by_what_the_server_answers() {
    // As in a container, which listens beyond loopback and so has a token that the check does not know.
    let setup = Setup::new().await.set("BRAID_TOKEN", "open-sesame-31");
    let server = Server::start(&setup).await;
    let address = server.url.trim_start_matches("http://").to_owned();
    let up = setup.run(&["health", "--listen", &address]).await;
    assert_eq!((up.code, up.stdout.as_str()), (Some(0), ""), "{}", up.stderr);
    drop(server);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free = listener.local_addr().unwrap().to_string();
    drop(listener);
    let down = setup.run(&["health", "--listen", &free]).await;
    assert_eq!(down.code, Some(1));
    assert!(down.stderr.contains(&free), "{}", down.stderr);
}
