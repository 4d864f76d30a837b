use super::*;

fn parse(text: &str) -> Result<File, ConfigError> {
    File::parse(Path::new("braid.toml"), text)
}

fn error(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

#[test]
fn nothing_set_gives_the_vendors_own_addresses() {
    let config = Config::from_parts(&Env::default(), &File::default()).unwrap();
    assert_eq!(config.slack.api_url.as_str(), "https://slack.com/api");
    assert_eq!(config.github.graphql_url.as_str(), "https://api.github.com/graphql");
    assert_eq!(config.datadog.api_url.as_str(), "https://api.datadoghq.com/");
    assert_eq!(config.datadog.app_url.as_str(), "https://app.datadoghq.com/");
    assert_eq!(
        config.results,
        Results {
            mode: ResultMode::Both,
            budget: 8_000
        }
    );
    assert_eq!(config.deadline, Duration::from_secs(25));
    assert!(config.slack.bot_token.is_none());
}

#[test]
fn a_site_makes_both_datadog_addresses() {
    let env = Env::of([("DATADOG_SITE", "us5.datadoghq.com")]);
    let config = Config::from_parts(&env, &File::default()).unwrap();
    assert_eq!(config.datadog.api_url.as_str(), "https://api.us5.datadoghq.com/");
    assert_eq!(config.datadog.app_url.as_str(), "https://us5.datadoghq.com/");
}

#[test]
fn the_environment_wins_over_the_file() {
    let file = parse("[slack]\napi_url = \"https://file.example/api\"").unwrap();
    let from_file = Config::from_parts(&Env::default(), &file).unwrap();
    assert_eq!(from_file.slack.api_url.as_str(), "https://file.example/api");
    let env = Env::of([("SLACK_API_URL", "http://127.0.0.1:9/api")]);
    assert_eq!(
        Config::from_parts(&env, &file).unwrap().slack.api_url.as_str(),
        "http://127.0.0.1:9/api"
    );
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let refused = Env::of([("GITHUB_GRAPHQL_URL", "http://github.internal/graphql")]);
    let message = Config::from_parts(&refused, &File::default()).unwrap_err().to_string();
    assert!(
        message.starts_with("GITHUB_GRAPHQL_URL: `http://github.internal/graphql`"),
        "{message}"
    );
    assert!(message.contains("plain http is for this machine only"), "{message}");
    let taken = Env::of([("GITHUB_GRAPHQL_URL", "http://[::1]:80/graphql")]);
    assert!(Config::from_parts(&taken, &File::default()).is_ok());
}

#[test]
fn a_password_in_a_url_is_refused_and_not_repeated() {
    let env = Env::of([("SLACK_API_URL", "https://user:hunter2@slack.com/api")]);
    let message = Config::from_parts(&env, &File::default()).unwrap_err().to_string();
    assert!(
        message.contains("must not hold credentials") && !message.contains("hunter2"),
        "{message}"
    );
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_known_ones() {
    assert_eq!(
        error("[results]\nmode = \"text\"\nbudgit = 1"),
        "braid.toml:3:1: unknown field `budgit`, expected `mode` or `budget`"
    );
}

#[test]
fn a_wrong_value_is_named_with_its_key_and_what_was_expected() {
    assert_eq!(
        error("[results]\nbudget = 5"),
        "braid.toml:2:10: budget: 5 is out of range, expected 1000 to 1000000 bytes"
    );
    assert_eq!(
        error("[call]\ndeadline = \"soon\""),
        "braid.toml:2:12: deadline: `soon` is no span of time, expected e.g. \"25s\" or \"1m 30s\""
    );
    assert_eq!(
        error("[datadog]\nslack_account = \"@slack-\""),
        "braid.toml:2:17: slack_account: `@slack-` names no Slack account; give the name that stands in monitors' \
         handles, e.g. \"acme\" for `@slack-acme-incidents`"
    );
}

#[test]
fn a_slack_account_may_be_written_as_a_handle_begins() {
    for (written, read) in [("acme", "acme"), (" @slack-acme- ", "acme")] {
        let text = format!("[datadog]\nslack_account = \"{written}\"");
        let file = parse(&text).unwrap();
        let config = Config::from_parts(&Env::default(), &file).unwrap();
        assert_eq!(config.datadog.slack_account.as_deref(), Some(read));
    }
}

#[test]
fn a_secret_shows_nowhere_and_an_empty_one_is_none() {
    let env = Env::of([("GITHUB_TOKEN", "ghp_hunter2"), ("SLACK_BOT_TOKEN", " ")]);
    let config = Config::from_parts(&env, &File::default()).unwrap();
    assert!(config.github.token.is_some() && config.slack.bot_token.is_none());
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn a_secret_comes_from_one_place_and_its_file_must_be_there() {
    let twice = Env::of([("GITHUB_TOKEN", "a"), ("GITHUB_TOKEN_FILE", "b")]);
    let message = Config::from_parts(&twice, &File::default()).unwrap_err().to_string();
    assert_eq!(
        message,
        "GITHUB_TOKEN and GITHUB_TOKEN_FILE are both set: unset one of them"
    );
    let gone = Env::of([("GITHUB_TOKEN_FILE", "/nowhere/token")]);
    let message = Config::from_parts(&gone, &File::default()).unwrap_err().to_string();
    assert!(message.starts_with("GITHUB_TOKEN_FILE: /nowhere/token: "), "{message}");
}

/// What is wrong with this file, whatever the environment says beside it.
fn refused(text: &str, env: &[(&str, &str)]) -> String {
    let file = parse(text).unwrap();
    let env = Env::of(env.iter().copied());
    Config::from_parts(&env, &file).unwrap_err().to_string()
}

#[test]
fn a_wrong_address_in_the_file_is_named_with_its_place_and_key() {
    let rows = [
        (
            "[slack]\napi_url = \"http://example.com\"",
            "braid.toml:2:11: slack.api_url: `http://example.com` is no URL that can be used: plain http is for this \
             machine only; expected e.g. `https://slack.com/api`",
        ),
        (
            "[github]\ngraphql_url = \"api.github.com\"",
            "braid.toml:2:15: github.graphql_url: `api.github.com` is no URL that can be used: relative URL without a \
             base; expected e.g. `https://api.github.com/graphql`",
        ),
        (
            "[github]\napi_url = \"ftp://github.internal\"",
            "braid.toml:2:11: github.api_url: `ftp://github.internal` is no URL that can be used: `ftp` is not https; \
             expected e.g. `https://api.github.com`",
        ),
        (
            "[datadog]\nsite = \"datadoghq.eu\"\napi_url = \"https://ada:hunter2@dd.internal\"",
            "braid.toml:3:11: datadog.api_url: `dd.internal` is no URL that can be used: a URL must not hold \
             credentials; expected e.g. `https://api.datadoghq.eu`",
        ),
        (
            "datadog = { app_url = \"https://dd.internal/?a=b\" }",
            "braid.toml:1:23: datadog: datadog.app_url: `https://dd.internal/?a=b` is no URL that can be used: the URL \
             must end with its path, without a query or fragment; expected e.g. `https://app.datadoghq.com`",
        ),
    ];
    for (text, expected) in rows {
        assert_eq!(refused(text, &[]), expected);
    }
    // The variable wins, and the file is wrong all the same.
    let env = [("SLACK_API_URL", "https://slack.example/api")];
    let both = refused("[slack]\napi_url = \"http://example.com\"", &env);
    assert!(both.starts_with("braid.toml:2:11: slack.api_url: "), "{both}");
}

#[test]
fn a_site_is_a_host_and_is_told_of_where_it_stands() {
    for site in [
        "foo bar",
        "datadoghq.com/",
        "https://datadoghq.com",
        "a..b",
        "me@evil.example",
        "dd:8443",
    ] {
        assert_eq!(
            refused(&format!("[datadog]\nsite = \"{site}\""), &[]),
            format!(
                "braid.toml:2:8: datadog.site: `{site}` is no site of Datadog's; expected a host, e.g. `datadoghq.com`"
            )
        );
        assert_eq!(
            refused("", &[("DATADOG_SITE", site)]),
            format!("DATADOG_SITE: `{site}` is no site of Datadog's; expected a host, e.g. `datadoghq.com`")
        );
    }
    let file = parse("[datadog]\nsite = \"ap2.datadoghq.com\"").unwrap();
    let config = Config::from_parts(&Env::default(), &file).unwrap();
    assert_eq!(config.datadog.api_url.as_str(), "https://api.ap2.datadoghq.com/");
}

#[test]
fn names_that_nobody_can_call_the_server_by_are_refused() {
    assert_eq!(
        refused("[http]\nallowed_hosts = [\"braid.example.com\", \"a b\"]", &[]),
        "braid.toml:2:39: http.allowed_hosts: `a b` is no host, expected e.g. `braid.example.com` or \
         `braid.example.com:8443`"
    );
    assert_eq!(
        refused("[http]\nallowed_origins = [\n  \"app.example.com\",\n]", &[]),
        "braid.toml:3:3: http.allowed_origins: `app.example.com` is no origin, expected e.g. `https://app.example.com`"
    );
    let file = parse("[http]\nallowed_hosts = [\"[::1]:80\"]\nallowed_origins = [\"https://a.example:*\"]").unwrap();
    let http = Config::from_parts(&Env::default(), &file).unwrap().http;
    assert_eq!(
        (http.allowed_hosts, http.allowed_origins),
        (vec!["[::1]:80".to_owned()], vec!["https://a.example:*".to_owned()],)
    );
}
