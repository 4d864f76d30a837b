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
