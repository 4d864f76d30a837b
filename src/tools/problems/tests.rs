//! What an agent reads when something failed.

use super::words::clean;
use super::{Scene, as_json, as_text, bad_arguments, collect, hidden, out_of_date, unknown_tool};
use crate::graph::failure::graphql_error;
use crate::graph::scalars::REASON;
use crate::tools::arguments::variables;
use crate::tools::catalog::tests::{self, spec};
use crate::tools::catalog::{Catalog, Params};
use crate::tools::path::{Path, Step};
use async_graphql::{InputValueError, PathSegment, Pos, ServerError};
use serde_json::{Map, Value, json};
use std::time::Duration;
use toolgen::ToolSpec;
use toolgen::spec::{Argument, Input, OperationKind};
use upstream::{Cause, Failure, Outcome, Stale};

fn error(path: &str, failure: &Failure) -> ServerError {
    let path = path
        .split('.')
        .map(|step| {
            step.parse()
                .map_or_else(|_| PathSegment::Field(step.to_owned()), PathSegment::Index)
        })
        .collect();
    graphql_error(failure).into_server_error(Pos::default()).with_path(path)
}

fn failure(cause: Cause) -> Failure {
    Failure::new("github", "search", cause)
}

fn as_is(path: &[PathSegment]) -> Path {
    let steps = path.iter().map(|segment| match segment {
        PathSegment::Field(key) => Step::Key(key.clone()),
        PathSegment::Index(index) => Step::Index(*index),
    });
    Path(steps.collect())
}

fn taking(name: &str, arguments: &[&str]) -> ToolSpec {
    let arguments = arguments.iter().map(|name| tests::argument(name, Input::String));
    ToolSpec {
        arguments: arguments.collect(),
        ..spec(name)
    }
}

fn told(errors: &[ServerError]) -> (Value, String) {
    told_of(&spec("the_tool"), errors)
}

fn told_of(tool: &ToolSpec, errors: &[ServerError]) -> (Value, String) {
    let catalog = Catalog::new(Params {
        specs: vec![
            taking("slack_search", &["query", "cursor"]).into(),
            taking("slack_get_history", &["channel", "cursor"]).into(),
        ],
        ..Params::default()
    })
    .unwrap();
    let variables = Map::from_iter([("from".to_owned(), json!("yesterday"))]);
    let scene = Scene {
        tool,
        variables: &variables,
        catalog: &catalog,
        now: "2026-11-22T10:40:28.5Z".parse().unwrap(),
    };
    let problems = collect(&scene, errors, as_is);
    (as_json(&problems, Path::clone), as_text("the_tool", &problems))
}

#[test]
fn one_cause_at_several_places_is_one_problem_with_a_count() {
    let throttled = |millis| {
        failure(Cause::Throttled {
            retry_after: Duration::from_millis(millis),
        })
    };
    let (json, text) = told(&[
        error("b", &throttled(38_400)),
        error("c", &throttled(38_300)),
        error("a", &throttled(38_500)),
    ]);
    assert_eq!(
        json,
        json!([{ "path": "a", "count": 3, "backend": "github", "reason": "rate limited until 10:41:07Z", "retry_after_s": 39 }])
    );
    assert_eq!(
        text,
        "the_tool failed. github: rate limited until 10:41:07Z. Try again in 39 s."
    );
}

#[test]
fn missing_credentials_name_the_variable() {
    let (json, _) = told(&[error(
        "a",
        &failure(Cause::Off {
            variables: vec!["DATADOG_API_KEY", "DATADOG_APP_KEY"],
        }),
    )]);
    assert_eq!(
        json,
        json!([{ "path": "a", "backend": "github", "reason": "off: DATADOG_API_KEY, DATADOG_APP_KEY not set", "retry": false,
            "fix": "Set DATADOG_API_KEY and DATADOG_APP_KEY (or DATADOG_API_KEY_FILE and DATADOG_APP_KEY_FILE) and start the server again" }])
    );
}

#[test]
fn what_the_backend_knows_to_change_comes_before_what_is_usual() {
    let scope = Cause::MissingScope {
        needed: "channels:history".to_owned(),
        provided: None,
    };
    let (json, _) = told(&[error("a", &failure(scope.clone()))]);
    assert_eq!(json[0]["fix"], "Give the credentials the scope channels:history");
    let hinted = failure(scope).with_hint("Add channels:history to the app behind SLACK_BOT_TOKEN");
    assert_eq!(
        told(&[error("a", &hinted)]).0[0]["fix"],
        "Add channels:history to the app behind SLACK_BOT_TOKEN"
    );
}

#[test]
fn one_kind_of_cause_at_like_places_is_one_problem() {
    let gone = |what: &str| {
        failure(Cause::NotFound {
            what: format!("user {what}"),
        })
    };
    let (json, _) = told(&[
        error("notifies.0.history.2.author", &gone("U2")),
        error("notifies.1.history.0.author", &gone("U3")),
        error("notifies.0.history.0.author", &gone("U1")),
        error("notifies.0.history.0.links", &gone("U4")),
    ]);
    assert_eq!(
        json,
        json!([
            { "path": "notifies.0.history.0.author", "count": 3, "backend": "github", "reason": "not_found: user U1", "retry": false },
            { "path": "notifies.0.history.0.links", "backend": "github", "reason": "not_found: user U4", "retry": false },
        ])
    );
}

#[test]
fn timeouts_are_one_problem_whatever_was_left_of_the_time() {
    let late = |millis| {
        failure(Cause::TimedOut {
            after: Duration::from_millis(millis),
        })
    };
    let (json, _) = told(&[error("a", &late(24_900)), error("b", &late(25_100))]);
    assert_eq!(
        json,
        json!([{ "path": "a", "count": 2, "backend": "github", "reason": "no answer within 25 s", "retry": true }])
    );
}

#[test]
fn a_vendor_that_asks_to_be_left_alone_is_told_with_its_time() {
    let down = |status, message: &str| {
        let message = message.to_owned();
        failure(Cause::Unavailable { status, message })
    };
    let maintenance = down(503, "Maintenance").staying_away(Some(Duration::from_secs(90)));
    let (json, text) = told(&[error("a", &maintenance)]);
    assert_eq!(
        json,
        json!([{ "path": "a", "backend": "github", "reason": "answered 503: Maintenance", "retry_after_s": 90 }])
    );
    assert_eq!(
        text,
        "the_tool failed. github: answered 503: Maintenance. Try again in 90 s."
    );
    // Slack says its own faults under 200.
    let (json, _) = told(&[error("a", &down(200, "fatal_error"))]);
    assert_eq!(json[0]["reason"], "had a fault of its own: fatal_error");
}

#[test]
fn what_ails_a_backend_comes_before_what_was_not_found() {
    let mut errors: Vec<_> = (0..10)
        .map(|n| {
            let gone = Cause::NotFound {
                what: format!("it {n}"),
            };
            error(&format!("a{n}"), &failure(gone))
        })
        .collect();
    let off = Cause::Off {
        variables: vec!["GITHUB_TOKEN"],
    };
    let down = Cause::Unreachable {
        reason: "refused".to_owned(),
    };
    errors.push(error("y", &failure(off)));
    errors.push(error("z", &failure(down)));
    let (json, _) = told(&errors);
    assert_eq!(json[0]["path"], "z");
    assert_eq!(json[1]["path"], "y");
    assert_eq!(json[2]["path"], "a0");
    assert_eq!(json[8], json!({ "reason": "4 more kinds of problems" }));
}

#[test]
fn a_write_of_unknown_outcome_is_to_be_checked_where_it_can_be_seen() {
    let lost = Failure {
        outcome: Outcome::Unknown,
        ..failure(Cause::TimedOut {
            after: Duration::from_secs(25),
        })
    };
    let (json, text) = told_of(
        &taking("slack_send_message", &["channel", "text"]),
        &[error("a", &lost)],
    );
    assert_eq!(
        json,
        json!([{ "path": "a", "backend": "github", "reason": "no answer within 25 s; the write may have been carried out: \
            check with `slack_get_history` before you repeat it" }])
    );
    assert!(text.ends_with("before you repeat it."), "{text}");
    let (json, _) = told_of(&taking("slack_create_rule", &["query", "name"]), &[error("a", &lost)]);
    assert_eq!(
        json[0]["reason"],
        "no answer within 25 s; the write may have been carried out: look at github itself before you repeat it"
    );
}

#[test]
fn what_is_not_there_is_not_found() {
    let (json, text) = told(&[error(
        "a",
        &failure(Cause::NotFound {
            what: "channel #nope".to_owned(),
        }),
    )]);
    assert_eq!(
        json,
        json!([{ "path": "a", "backend": "github", "reason": "not_found: channel #nope", "retry": false }])
    );
    assert_eq!(
        text,
        "the_tool failed. github: not_found: channel #nope. The same call will fail again."
    );
}

#[test]
fn an_error_without_a_failure_is_told_as_it_is() {
    let (json, _) = told(&[ServerError::new("Invalid value", None)]);
    assert_eq!(json, json!([{ "reason": "Invalid value" }]));
}

#[test]
fn a_value_that_is_refused_is_told_without_the_wrapping() {
    let refusal =
        InputValueError::<String>::custom("`yesterday` is no time").with_extension(REASON, "`yesterday` is no time");
    let (json, _) = told(&[refusal.into_server_error(Pos::default())]);
    assert_eq!(json[0]["reason"], "`yesterday` is no time");
}

#[test]
fn a_hint_becomes_a_sentence() {
    let found = Cause::NotFound { what: "it".to_owned() };
    let (_, text) = told(&[error("a", &failure(found).with_hint("look elsewhere."))]);
    assert!(text.ends_with("again. Look elsewhere."), "{text}");
}

#[test]
fn there_is_an_end_to_it() {
    let errors: Vec<_> = (0..20).map(|n| ServerError::new(format!("error {n}"), None)).collect();
    let (json, _) = told(&errors);
    assert_eq!(json.as_array().unwrap().len(), 9);
    assert_eq!(json[8], json!({ "reason": "12 more kinds of problems" }));
}

#[test]
fn words_from_outside_are_short_and_no_page() {
    assert_eq!(
        clean("Bad gateway <html><body>long</body></html>"),
        "Bad gateway (an HTML page)"
    );
    assert_eq!(clean("  two\n lines\u{7}  "), "two lines");
    assert_eq!(clean(&"é".repeat(400)).chars().count(), 301);
}

#[test]
fn bad_arguments_are_named_with_the_right_ones() {
    let mut tool = spec("slack_get_history");
    let argument = |name: &str, input, required| Argument {
        required,
        ..tests::argument(name, input)
    };
    tool.arguments = vec![
        argument("channel", Input::String, true),
        argument("limit", Input::Int, false),
        argument(
            "sort",
            Input::Enum(vec!["SCORE".to_owned(), "TIMESTAMP".to_owned()]),
            false,
        ),
    ];
    let given = json!({ "chanel": "#x", "limit": "5", "sort": "timestmp" });
    let complaints = variables(&tool, given.as_object().cloned().unwrap()).unwrap_err();
    assert_eq!(
        bad_arguments(&tool, &complaints),
        "slack_get_history was not called. `channel` is missing: give a string.\n\
         `limit` must be an integer; got the string \"5\".\n\
         `sort` cannot be \"timestmp\"; did you mean TIMESTAMP? It is one of SCORE, TIMESTAMP.\n\
         There is no argument `chanel`; did you mean `channel`?\n\
         It takes `channel` (required), `limit`, `sort`."
    );
}

#[test]
fn a_tool_that_is_off_says_all_that_is_to_be_changed() {
    let told = |off: &[&str]| {
        let send = ToolSpec {
            kind: OperationKind::Mutation,
            ..spec("slack_send_message")
        };
        let off = off
            .iter()
            .map(|backend| ((*backend).to_owned(), vec!["SLACK_BOT_TOKEN".to_owned()]));
        let catalog = Catalog::new(Params {
            specs: vec![send.into(), spec("slack_search").into()],
            off: off.collect(),
            ..Params::default()
        })
        .unwrap();
        ["slack_send_message", "slack_search"].map(|name| hidden(catalog.find(name).unwrap()))
    };
    let writes = "slack_send_message is off because it writes. \
        Whoever runs the server can allow it with `--allow-writes slack_send_message`.";
    let set = "Set SLACK_BOT_TOKEN (or SLACK_BOT_TOKEN_FILE) and start the server again.";
    assert_eq!(told(&[]), [Some(writes.to_owned()), None]);
    assert_eq!(
        told(&["slack"]),
        [
            Some(format!("{writes} slack has no credentials either. {set}")),
            Some(format!("slack_search is off because slack has no credentials. {set}")),
        ]
    );
}

#[test]
fn an_unknown_tool_comes_with_the_nearest() {
    let catalog = Catalog::new(Params {
        specs: vec![spec("slack_search").into()],
        ..Params::default()
    })
    .unwrap();
    assert_eq!(
        unknown_tool("slack_serch", &catalog),
        "Unknown tool: slack_serch. Did you mean `slack_search`?"
    );
    assert_eq!(unknown_tool("zzz", &catalog), "Unknown tool: zzz");
}

#[test]
fn what_is_out_of_date_is_told_once_for_each_backend_with_the_oldest() {
    let stale = |backend, age, cause| Stale {
        age: Duration::from_secs(age),
        failure: Failure::new(backend, "conversations.history", cause),
    };
    let down = || Cause::Unavailable {
        status: 503,
        message: "down".to_owned(),
    };
    let throttled = Cause::Throttled {
        retry_after: Duration::from_secs(30),
    };
    let all = [
        stale("slack", 40, down()),
        stale("github", 70, throttled),
        stale("slack", 310, down()),
    ];
    let tool = spec("the_tool");
    let scene = Scene {
        tool: &tool,
        variables: &Map::new(),
        catalog: &Catalog::new(Params::default()).unwrap(),
        now: "2026-11-22T10:40:28.5Z".parse().unwrap(),
    };
    let told = as_json(&out_of_date(&all, &scene), Path::clone);
    assert_eq!(
        told,
        json!([
            {
                "count": 2,
                "backend": "slack",
                "reason": "out of date: what it answered to conversations.history 310 s ago was used, as no newer answer could be had (answered 503: down)",
                "retry": true
            },
            {
                "backend": "github",
                "reason": "out of date: what it answered to conversations.history 70 s ago was used, as no newer answer could be had (rate limited until 10:40:58Z)",
                "retry_after_s": 30
            }
        ])
    );
}

#[test]
fn what_was_not_sent_is_told_as_such_and_may_be_tried_again() {
    let queued = failure(Cause::NotSent {
        waited: Duration::from_secs(22),
    });
    let hurried = failure(Cause::NotSent {
        waited: Duration::from_millis(20),
    });
    assert_eq!(
        told(&[error("a", &queued)]).1,
        "the_tool failed. github: not sent: waited 22 s for its turn. Trying again may help."
    );
    assert_eq!(
        told(&[error("a", &hurried)]).1,
        "the_tool failed. github: not sent: too little was left of the time. Trying again may help."
    );
}
