use crate::config::file::File;
use crate::config::{Config, Env};
use secrecy::ExposeSecret;
use std::path::Path;

fn env() -> Env {
    Env::of([("CORP_PASSWORD", "hunter2"), ("CORP_KEY", "key-77")])
}

fn config(text: &str) -> Result<Config, String> {
    let file = File::parse(Path::new("braid.toml"), text).map_err(|error| error.to_string())?;
    Config::from_parts(&env(), &file).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let message = config(text).unwrap_err();
    assert!(message.starts_with(expected), "{message}");
    assert!(!message.contains("hunter2"), "{message}");
}

#[test]
fn each_kind_is_read_with_its_own_keys() {
    let folder = tempfile::tempdir().unwrap();
    let pem = folder.path().join("app.pem");
    std::fs::write(&pem, include_str!("../../../crates/upstream/src/auth/testdata/app.pem")).unwrap();
    let config = config(&format!(
        r#"
        [slack.auth]
        kind = "oauth"
        client_id = "1.2"
        client_secret = "env:CORP_KEY"
        scopes = ["channels:read", "chat:write"]
        token_file = "tokens/slack.json"
        redirect_port = 8751
        [slack.user_auth]
        kind = "bearer"
        token = "env:CORP_PASSWORD"
        [github.auth]
        private_key = "file:{}"
        installation_id = 7
        app_id = 12
        kind = "github_app"
        [github.gateway]
        kind = "basic"
        user = "ada"
        password = "env:CORP_PASSWORD"
        header = "Proxy-Authorization"
        [datadog.auth]
        kind = "api_keys"
        headers = {{ "DD-API-KEY" = "env:CORP_KEY" }}
        [[datadog.gateway]]
        kind = "hmac"
        key = "env:CORP_KEY"
        timestamp_header = "X-Timestamp"
        [[datadog.gateway]]
        kind = "client_credentials"
        token_url = "https://auth.example/token"
        client_id = "braid"
        client_secret = "env:CORP_PASSWORD"
        "#,
        pem.display()
    ))
    .unwrap();
    let kinds = |chosen: &[super::Chosen]| chosen.iter().map(super::Chosen::kind).collect::<Vec<_>>().join(" ");
    let (slack, github, datadog) = (&config.slack.chosen, &config.github.chosen, &config.datadog.chosen);
    assert_eq!(slack.auth.as_ref().unwrap().kind(), "oauth");
    assert_eq!(github.auth.as_ref().unwrap().kind(), "github_app");
    assert_eq!(kinds(&github.gateway), "basic", "one table is a list of one");
    assert_eq!(kinds(&datadog.gateway), "hmac client_credentials");
    let Some(super::Auth::Bearer(user)) = &slack.user_auth else {
        panic!()
    };
    assert_eq!(user.token.current().expose_secret(), "hunter2");
    let shown = format!("{config:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("key-77"), "{shown}");
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_what_was_expected() {
    refused(
        "[slack.auth]\nkind = \"bearer\"\ntokn = \"env:X\"",
        "braid.toml:3:1: unknown field `tokn`, expected one of `token`, `header`, `scheme`",
    );
    refused(
        "[slack.auth]\ntoken = \"env:X\"",
        "braid.toml:1:1: missing field `kind`, expected e.g. `kind = \"bearer\"`",
    );
    refused(
        "[slack.auth]\nkind = \"bearrer\"\ntoken = \"env:X\"",
        "braid.toml:2:8: kind: unknown variant `bearrer`, expected one of `bearer`, `api_keys`, `basic`, \
         `client_credentials`, `oauth`, `github_app`, `hmac`",
    );
    refused(
        "[slack.auth]\nkind = 7",
        "braid.toml:2:8: kind: invalid type: integer `7`, expected a string",
    );
    refused(
        "[slack.auth]\nkind = \"bearer\"",
        "braid.toml:1:1: missing field `token`",
    );
    refused(
        "[slack]\nauth = \"hunter2\"",
        "braid.toml:2:8: auth: expected a table with `kind`",
    );
    refused(
        "[[slack.auth]]\nkind = \"bearer\"",
        "braid.toml:1:1: expected one table; what goes with it stands in `gateway`",
    );
    refused(
        "[slack]\ngateway = [\"hunter2\"]",
        "braid.toml:2:12: gateway: expected a table with `kind`",
    );
    refused(
        "[[github.gateway]]\nkind = \"basic\"\nuser = \"ada\"\npassword = \"env:X\"\nheader = \"Content-Type\"",
        "braid.toml:5:10: header: `Content-Type` belongs to the request itself",
    );
    refused(
        "[[github.gateway]]\nkind = \"hmac\"\nkey = \"env:X\"\nsign = [\"method\", \"url\"]",
        "braid.toml:4:8: sign: `url` is no part of a request, expected `method`, `host`, `path`",
    );
    refused(
        "[github.gateway]\nkind = \"client_credentials\"\nclient_id = \"b\"\nclient_secret = \"env:X\"\n\
         token_url = \"http://auth.example/token\"",
        "braid.toml:5:13: token_url: plain http to auth.example would show the credentials",
    );
}

/// Somebody may have written the secret itself.
#[test]
fn a_secret_in_the_file_is_refused_and_not_repeated() {
    for secret in ["\"hunter2\"", "\"env:\"", "[\"hunter2\"]", "\"http://hunter2\""] {
        refused(
            &format!("[slack.auth]\nkind = \"bearer\"\ntoken = {secret}"),
            "braid.toml:3:9: token: expected where the secret is, \"env:NAME\" or \"file:PATH\": no secret may stand",
        );
    }
}

#[test]
fn a_secret_that_is_not_there_is_named() {
    refused(
        "[slack.auth]\nkind = \"bearer\"\ntoken = \"env:NOWHERE\"",
        "braid.toml:3:9: slack.auth.token: neither NOWHERE nor NOWHERE_FILE is set",
    );
    refused(
        "[slack.auth]\nkind = \"bearer\"\ntoken = \"file:nowhere/token\"",
        "braid.toml:3:9: slack.auth.token: nowhere/token: ",
    );
}

#[test]
fn what_does_not_go_together_is_refused() {
    refused(
        "[slack.gateway]\nkind = \"basic\"\nuser = \"ada\"\npassword = \"env:CORP_PASSWORD\"",
        "braid.toml:1:1: gateway 1 of slack would set the header `authorization`, which the credentials of slack in the \
         environment set already",
    );
    refused(
        "[github.auth]\nkind = \"bearer\"\ntoken = \"env:CORP_KEY\"\nheader = \"X-Token\"\n\
         [[github.gateway]]\nkind = \"api_keys\"\nheaders = { \"x-a\" = \"env:CORP_KEY\" }\n\
         [[github.gateway]]\nkind = \"api_keys\"\nheaders = { \"X-A\" = \"env:CORP_KEY\" }",
        "braid.toml:8:1: gateway 2 of github would set the header `x-a`, which gateway 1 of github set already",
    );
    refused(
        "[slack.auth]\nkind = \"github_app\"\napp_id = 1\ninstallation_id = 1\nprivate_key = \"env:CORP_KEY\"",
        "braid.toml:1:1: slack.auth: `github_app` is for github.auth",
    );
    refused(
        "[github.auth]\nkind = \"github_app\"\ninstallation_id = 1\nprivate_key = \"env:CORP_KEY\"",
        "braid.toml:1:1: github.auth: expected `client_id` or `app_id`, one of them",
    );
    refused(
        "[github.auth]\nkind = \"github_app\"\napp_id = 1\ninstallation_id = 1\nprivate_key = \"env:CORP_KEY\"",
        "braid.toml:1:1: github.auth: `private_key` is no RSA key in PEM",
    );
    refused(
        "[datadog.gateway]\nkind = \"hmac\"\nkey = \"env:CORP_KEY\"",
        "braid.toml:1:1: datadog.gateway: the timestamp is signed but not sent",
    );
    refused(
        "[slack.auth]\nkind = \"oauth\"\nclient_id = \"1\"\ntoken_file = \"t.json\"\n\
         [slack.user_auth]\nkind = \"oauth\"\nclient_id = \"1\"\ntoken_file = \"t.json\"",
        "braid.toml:5:1: slack.user_auth: `token_file` is that of slack.auth",
    );
}

/// Every key that the parser knows stands in the documentation, below the heading of its table or kind. The parser is
/// asked by a key that it cannot know: its refusal lists all it does.
#[test]
fn every_key_is_documented() {
    const PAGE: &str = include_str!("../../../docs/configuration.md");
    let below = |heading: &str| {
        let (_, rest) = PAGE
            .split_once(&format!("\n## {heading}\n"))
            .unwrap_or_else(|| panic!("no heading for {heading}"));
        rest.split("\n#").next().unwrap()
    };
    let known = |text: &str| -> Vec<String> {
        let message = config(&format!("{text}\nno_such_key = 1")).unwrap_err();
        let (_, list) = message.split_once("expected ").unwrap_or_else(|| panic!("{message}"));
        list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    };
    let mut checked = 0;
    let mut check = |heading: &str, keys: Vec<String>| {
        assert!(!keys.is_empty(), "{heading}");
        for key in keys {
            assert!(
                below(heading).contains(&format!("`{key}`")),
                "{heading}: `{key}` is not documented"
            );
            checked += 1;
        }
    };
    for table in known("") {
        check(&format!("`[{table}]`"), known(&format!("[{table}]")));
    }
    let kinds = config("[slack.auth]\nkind = \"\"").unwrap_err();
    let (_, kinds) = kinds.split_once("expected one of ").unwrap();
    for kind in kinds.split('`').skip(1).step_by(2) {
        check(
            &format!("Kind `{kind}`"),
            known(&format!("[slack.auth]\nkind = \"{kind}\"")),
        );
    }
    assert!(checked > 40, "{checked}");
}
