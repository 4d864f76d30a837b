//! Vendors that are sick, slow, hostile or closed to us: a problem with the vendor's name and the fact, the rest of the
//! answer beside it, no panic, no hang, and no credential where it does not belong. What each fault costs and says by itself
//! stands in `matrix`.

use super::support::{Era, Setup, Stdio, eventually, failure, structured};
use sandbox::{Effect, Fault, LimitForm, Options, Outcome, RetryAfter, Vendor};
use serde_json::{Value, json};

async fn context(setup: &Setup) -> Value {
    Stdio::open(setup, Era::Modern)
        .await
        .call("monitor_context", json!({ "id": 40, "limit": 12 }))
        .await
}

/// The problems that a result names, by backend.
fn problems<'a>(result: &'a Value, backend: &str) -> Vec<&'a Value> {
    let all = structured(result)["problems"]
        .as_array()
        .unwrap_or_else(|| panic!("no problems: {result:#}"));
    all.iter().filter(|problem| problem["backend"] == backend).collect()
}

fn repository() -> Value {
    json!({ "owner": "acme", "name": "checkout" })
}

#[tokio::test]
async fn github_down_leaves_the_monitor_and_its_messages() {
    let setup = Setup::new().await;
    setup.sandbox.inject(Vendor::GitHub, Fault::always(Effect::status(503)));
    let result = context(&setup).await;
    let found = problems(&result, "github");
    assert_eq!(found.len(), 1, "one entry for all links: {found:#?}");
    assert!(found[0]["count"].as_u64().unwrap() > 1, "{:#}", found[0]);
    assert!(found[0]["path"].as_str().unwrap().contains("links"), "{:#}", found[0]);
    let data = structured(&result);
    assert_eq!(data["state"], "ALERT");
    assert_eq!(data["notifies"][0]["history"].as_array().unwrap().len(), 12);
}

#[tokio::test]
async fn slack_down_leaves_the_monitor() {
    let setup = Setup::new().await;
    setup.sandbox.inject(Vendor::Slack, Fault::always(Effect::status(500)));
    let result = context(&setup).await;
    assert!(!problems(&result, "slack").is_empty());
    assert_eq!(structured(&result)["name"], "[P1] Checkout error rate above 5%");
}

#[tokio::test]
async fn datadog_down_leaves_nothing_and_says_so() {
    let setup = Setup::new().await;
    setup
        .sandbox
        .inject(Vendor::Datadog, Fault::always(Effect::status(502)));
    let result = context(&setup).await;
    let said = failure(&result);
    assert!(said.contains("datadog") && said.contains("502"), "{said}");
}

#[tokio::test]
async fn credentials_never_follow_a_redirect() {
    let (setup, elsewhere) = (Setup::new().await, Setup::new().await);
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let calls = [
        (
            Vendor::Slack,
            &elsewhere.sandbox.slack_api,
            "slack",
            "slack_get_history",
            json!({ "channel": "C0DEPLOYS" }),
        ),
        (
            Vendor::GitHub,
            &elsewhere.sandbox.github_graphql,
            "github",
            "github_get_repo",
            repository(),
        ),
        (
            Vendor::Datadog,
            &elsewhere.sandbox.datadog_api,
            "datadog",
            "datadog_query_metrics",
            json!({ "query": "avg:a{*}" }),
        ),
    ];
    for status in [301, 302, 303, 307, 308] {
        for (vendor, location, name, tool, arguments) in &calls {
            setup.sandbox.clear_faults();
            setup.sandbox.inject(
                *vendor,
                Fault::always(Effect::Redirect {
                    status,
                    location: location.to_string(),
                }),
            );
            let result = client.call(tool, arguments.clone()).await;
            assert!(
                failure(&result).contains(name) && failure(&result).contains("redirect"),
                "{}",
                failure(&result)
            );
        }
    }
    for vendor in [Vendor::Slack, Vendor::GitHub, Vendor::Datadog] {
        assert_eq!(elsewhere.sandbox.requests(vendor), [], "nobody may have gone there");
    }
}

#[tokio::test]
async fn a_vendor_that_says_nothing_ends_with_the_calls_deadline() {
    let setup = Setup::new().await.file("braid.toml", "[call]\ndeadline = \"6s\"\n");
    setup.sandbox.inject(Vendor::GitHub, Fault::always(Effect::Hang));
    let result = context(&setup).await;
    assert_eq!(problems(&result, "github").len(), 1, "{result:#}");
    assert_eq!(structured(&result)["state"], "ALERT");
    let dropped = || {
        let requests = setup.sandbox.requests(Vendor::GitHub);
        requests.iter().all(|request| request.outcome == Outcome::Abandoned)
    };
    eventually(dropped).await;

    setup.sandbox.inject(
        Vendor::Datadog,
        Fault::always(Effect::Drip {
            bytes: 1,
            every_ms: 200,
        }),
    );
    let result = context(&setup).await;
    assert!(failure(&result).contains("datadog"), "{}", failure(&result));
}

#[tokio::test]
async fn missing_credentials_name_their_variables() {
    let setup = Setup::new().await.unset("GITHUB_TOKEN");
    let result = context(&setup).await;
    let problem = problems(&result, "github")[0];
    assert!(problem.to_string().contains("GITHUB_TOKEN"), "{problem:#}");
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client.call("github_get_repo", repository()).await;
    assert!(failure(&result).contains("GITHUB_TOKEN"), "{}", failure(&result));

    let setup = Setup::new().await.unset("SLACK_USER_TOKEN");
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client.call("slack_search", json!({ "query": "checkout" })).await;
    assert!(failure(&result).contains("SLACK_USER_TOKEN"), "{}", failure(&result));
    // A client that fills in `${VAR}` passes on an empty string for what it does not have.
    let setup = setup.set("SLACK_USER_TOKEN", "");
    let result = Stdio::open(&setup, Era::Modern)
        .await
        .call("slack_search", json!({ "query": "checkout" }))
        .await;
    assert!(failure(&result).contains("SLACK_USER_TOKEN"), "{}", failure(&result));
}

#[tokio::test]
async fn wrong_credentials_are_told_with_their_variable_and_without_their_value() {
    let calls = [
        (
            "SLACK_BOT_TOKEN",
            "xoxb-wrong-9f1",
            "slack_get_history",
            json!({ "channel": "C0DEPLOYS" }),
        ),
        (
            "SLACK_USER_TOKEN",
            "xoxp-wrong-9f1",
            "slack_search",
            json!({ "query": "checkout" }),
        ),
        ("GITHUB_TOKEN", "ghp_wrong9f1", "github_get_repo", repository()),
        (
            "DATADOG_API_KEY",
            "wrong-9f1",
            "datadog_query_metrics",
            json!({ "query": "avg:checkout.errors{*}" }),
        ),
        ("DATADOG_APP_KEY", "wrong-9f1", "monitor_context", json!({ "id": 40 })),
    ];
    for (variable, value, tool, arguments) in calls {
        let setup = Setup::new().await.set(variable, value);
        let result = Stdio::open(&setup, Era::Modern).await.call(tool, arguments).await;
        let said = failure(&result);
        assert!(said.contains(variable), "{variable}: {said}");
        assert!(!said.contains("9f1"), "{said}");
    }
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let options = Options {
        slack_bot_lacks: vec!["chat:write".to_owned()],
        ..Options::default()
    };
    let setup = Setup::with(options).await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let result = client
        .call("slack_send_message", json!({ "channel": "C0DEPLOYS", "text": "hello" }))
        .await;
    assert!(failure(&result).contains("chat:write"), "{}", failure(&result));
    let options = Options {
        slack_user_lacks: vec!["search:read".to_owned()],
        ..Options::default()
    };
    let setup = Setup::with(options).await;
    let result = Stdio::open(&setup, Era::Modern)
        .await
        .call("slack_search", json!({ "query": "checkout" }))
        .await;
    assert!(failure(&result).contains("search:read"), "{}", failure(&result));
}

#[tokio::test]
async fn a_rate_limit_says_until_when() {
    let setup = Setup::new().await.file("braid.toml", "[call]\ndeadline = \"2s\"\n");
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let limit = |form| {
        Fault::always(Effect::RateLimit {
            retry_after: Some(RetryAfter::Seconds(120)),
            form,
        })
    };
    let calls = [
        (
            Vendor::Slack,
            LimitForm::Primary,
            "slack_get_history",
            json!({ "channel": "C0DEPLOYS" }),
        ),
        (Vendor::GitHub, LimitForm::Primary, "github_get_repo", repository()),
        (Vendor::GitHub, LimitForm::Secondary, "github_get_repo", repository()),
        (
            Vendor::GitHub,
            LimitForm::SecondaryTooMany,
            "github_get_repo",
            repository(),
        ),
        (
            Vendor::Datadog,
            LimitForm::Primary,
            "datadog_query_metrics",
            json!({ "query": "avg:checkout.errors{*}" }),
        ),
    ];
    for (vendor, form, tool, arguments) in calls {
        setup.sandbox.clear_faults();
        setup.sandbox.clear_requests();
        setup.sandbox.inject(vendor, limit(form));
        let result = client.call(tool, arguments).await;
        let said = failure(&result).to_owned();
        let until = said
            .split("rate limited until ")
            .nth(1)
            .unwrap_or_else(|| panic!("{tool} {form:?}: {said}"));
        assert!(until.get(..9).is_some_and(|time| time.ends_with('Z')), "{said}");
        // An hour's wait is not slept through, and nothing is asked in vain.
        assert!(setup.sandbox.requests(vendor).len() <= 1, "{tool} {form:?}");
    }
}

#[tokio::test]
async fn what_github_refuses_in_part_is_missing_in_part() {
    let setup = Setup::new().await;
    let result = context(&setup).await;
    // One of the linked pull requests is in a repository that the token may not see.
    let text = result["content"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("\"number\":617") && text.contains("\"author\":\"mona\""),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_not_there_is_told_as_not_found() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let calls = [
        ("monitor_context", json!({ "id": 999_999 })),
        ("github_get_repo", json!({ "owner": "acme", "name": "nothing-here" })),
        ("slack_get_history", json!({ "channel": "C0NOTHERE" })),
        ("slack_get_history", json!({ "channel": "#nothing-like-it-anywhere" })),
    ];
    for (tool, arguments) in calls {
        let result = client.call(tool, arguments.clone()).await;
        assert!(
            failure(&result).contains("not_found"),
            "{tool} {arguments}: {}",
            failure(&result)
        );
    }
}
