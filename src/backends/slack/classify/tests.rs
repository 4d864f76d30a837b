//! What each kind of answer is taken for.

use super::Classifier;
use crate::backends::slack::{BOT_TOKEN, USER_TOKEN};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;
use upstream::{Body, Cause, Classify, Refusal, Request, Response};

fn history() -> Request {
    Request::read("conversations.history", Method::GET, "/conversations.history").query("channel", "C1")
}

fn response(status: u16, body: impl Into<String>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert("x-slack-req-id", "req-7".parse().unwrap());
    Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers,
        body: body.into().into(),
    }
}

fn refusal_of(request: &Request, body: &Value) -> Refusal {
    Classifier::bot()
        .classify(request, &response(200, body.to_string()))
        .unwrap_err()
}

fn cause_of(code: &str) -> Cause {
    refusal_of(&history(), &json!({"ok": false, "error": code})).cause
}

#[test]
fn ok_is_ok() {
    let answer = response(200, r#"{"ok":true,"messages":[]}"#);
    assert_eq!(Classifier::bot().classify(&history(), &answer), Ok(()));
}

#[test]
fn refused_credentials_name_the_variable_of_their_road() {
    for code in [
        "not_authed",
        "invalid_auth",
        "token_revoked",
        "token_expired",
        "account_inactive",
    ] {
        let variables = vec![BOT_TOKEN];
        assert_eq!(
            cause_of(code),
            Cause::Unauthorized {
                code: code.to_owned(),
                variables
            }
        );
    }
    let answer = response(200, r#"{"ok":false,"error":"invalid_auth"}"#);
    let refusal = Classifier::user().classify(&history(), &answer).unwrap_err();
    assert!(matches!(refusal.cause, Cause::Unauthorized { variables, .. } if variables == [USER_TOKEN]));
}

#[test]
fn a_missing_scope_says_which_and_what_there_is() {
    let body = json!({"ok": false, "error": "missing_scope", "needed": "channels:history", "provided": "chat:write"});
    let refusal = refusal_of(&history(), &body);
    let (needed, provided) = ("channels:history".to_owned(), Some("chat:write".to_owned()));
    assert_eq!(refusal.cause, Cause::MissingScope { needed, provided });
    assert_eq!(refusal.request_id.as_deref(), Some("req-7"));
}

#[test]
fn what_is_not_found_is_named() {
    assert_eq!(
        cause_of("channel_not_found"),
        Cause::NotFound {
            what: "channel C1".to_owned()
        }
    );
    let user = Request::read("users.info", Method::GET, "/users.info").query("user", "U1");
    let body = json!({"ok": false, "error": "user_not_found"});
    assert_eq!(
        refusal_of(&user, &body).cause,
        Cause::NotFound {
            what: "user U1".to_owned()
        }
    );
    let replies = history().query("ts", "1.2");
    let body = json!({"ok": false, "error": "thread_not_found"});
    let what = "message 1.2 in channel C1".to_owned();
    assert_eq!(refusal_of(&replies, &body).cause, Cause::NotFound { what });
    let post = Request::write("chat.postMessage", Method::POST, "/chat.postMessage");
    let post = post.body(Body::Json(json!({"channel": "C9", "text": "hi"})));
    let body = json!({"ok": false, "error": "channel_not_found"});
    assert_eq!(
        refusal_of(&post, &body).cause,
        Cause::NotFound {
            what: "channel C9".to_owned()
        }
    );
}

#[test]
fn a_channel_without_the_app_says_to_invite_it() {
    let refusal = refusal_of(&history(), &json!({"ok": false, "error": "not_in_channel"}));
    assert!(matches!(refusal.cause, Cause::Forbidden { .. }));
    assert_eq!(refusal.hint.as_deref(), Some("invite the app to the channel"));
}

#[test]
fn throttling_says_how_long() {
    let pause = |header: Option<&str>, status, body: &str| {
        let mut answer = response(status, body);
        if let Some(header) = header {
            answer.headers.insert("retry-after", header.parse().unwrap());
        }
        match Classifier::bot().classify(&history(), &answer).unwrap_err().cause {
            Cause::Throttled { retry_after } => retry_after,
            other => panic!("{other:?}"),
        }
    };
    let said = r#"{"ok":false,"error":"ratelimited"}"#;
    assert_eq!(pause(Some("12"), 429, ""), Duration::from_secs(12));
    assert_eq!(pause(Some("12"), 200, said), Duration::from_secs(12));
    assert_eq!(pause(None, 429, said), Duration::from_secs(30));
    assert_eq!(pause(Some("-3"), 429, said), Duration::from_secs(30));
    assert_eq!(pause(Some("soon"), 429, said), Duration::from_secs(30));
    assert_eq!(pause(Some("7200"), 429, said), Duration::from_secs(3600));
    assert_eq!(pause(Some("99999999"), 429, said), Duration::from_secs(30));
    assert_eq!(pause(Some("Thu, 01 Jan 1970 00:00:00 GMT"), 429, said), Duration::ZERO);
}

#[test]
fn slacks_own_faults_are_unavailability_whatever_the_status() {
    for code in ["internal_error", "fatal_error", "service_unavailable"] {
        assert!(
            matches!(cause_of(code), Cause::Unavailable { status: 200, .. }),
            "{code}"
        );
    }
    let refusal = Classifier::bot()
        .classify(&history(), &response(503, "<html>"))
        .unwrap_err();
    let message = "an HTML page instead of an answer".to_owned();
    assert_eq!(refusal.cause, Cause::Unavailable { status: 503, message });
}

#[test]
fn wrong_arguments_come_with_slacks_details() {
    let messages = json!({"messages": ["[ERROR] missing required field: channel"]});
    let body = json!({"ok": false, "error": "invalid_arguments", "response_metadata": messages});
    let message = "invalid_arguments: [ERROR] missing required field: channel".to_owned();
    assert_eq!(refusal_of(&history(), &body).cause, Cause::Invalid { message });
    assert!(matches!(cause_of("msg_too_long"), Cause::Invalid { .. }));
}

#[test]
fn other_codes_are_passed_on() {
    let code = "some_new_code".to_owned();
    assert_eq!(
        cause_of("some_new_code"),
        Cause::Rejected {
            message: code.clone(),
            code
        }
    );
}

#[test]
fn what_is_no_answer_of_slacks_is_malformed() {
    let got = |body: &str| match Classifier::bot()
        .classify(&history(), &response(200, body))
        .unwrap_err()
        .cause
    {
        Cause::Malformed { got, .. } => got,
        other => panic!("{other:?}"),
    };
    assert_eq!(got("<!doctype html><title>Sign in</title>"), "an HTML page");
    assert_eq!(got(r#"{"ok":tr"#), "JSON that breaks off after 8 bytes");
    assert_eq!(got("[1]"), "JSON without it");
    assert_eq!(got(r#"{"ok":false}"#), "JSON without it");
    assert_eq!(got(""), "an empty answer");
    let refusal = Classifier::bot()
        .classify(&history(), &response(404, "no such page"))
        .unwrap_err();
    assert!(matches!(refusal.cause, Cause::Rejected { code, .. } if code == "HTTP 404"));
    let refusal = Classifier::bot()
        .classify(&history(), &response(401, "no entry"))
        .unwrap_err();
    assert!(matches!(refusal.cause, Cause::Unauthorized { variables, .. } if variables == [BOT_TOKEN]));
}
