//! What GitHub's answers mean for a whole request.

use super::super::client::ONE;
use super::*;
use http::{HeaderMap, HeaderName, Method};
use std::time::Duration;
use upstream::failure::Retry;

fn judge(operation: &'static str, status: u16, headers: &[(&'static str, &str)], body: &str) -> Option<Refusal> {
    let request = Request::read(operation, Method::POST, "");
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(HeaderName::from_static(name), value.parse().unwrap());
    }
    let response = Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers: map,
        body: body.to_owned().into(),
    };
    Classifier.classify(&request, &response).err()
}

fn cause(status: u16, headers: &[(&'static str, &str)], body: &str) -> Cause {
    judge(ONE, status, headers, body).unwrap().cause
}

fn throttled_for(cause: &Cause) -> Option<u64> {
    match cause {
        Cause::Throttled { retry_after } => Some(retry_after.as_secs()),
        _ => None,
    }
}

#[test]
fn data_is_a_success_whatever_errors_stand_beside_it() {
    let body = r#"{"data":{"l0":null,"l1":{"name":"x"}},"errors":[{"type":"NOT_FOUND","path":["l0"],"message":"no"}]}"#;
    assert_eq!(judge(MANY, 200, &[], body), None);
}

#[test]
fn an_error_of_one_look_up_that_took_all_data_along_is_left_to_it() {
    let body = r#"{"data":null,"errors":[{"type":"INVALID_CURSOR_ARGUMENTS","path":["l1"],"message":"bad cursor"}]}"#;
    assert_eq!(judge(MANY, 200, &[], body), None);
}

#[test]
fn bad_credentials_name_the_variable() {
    let refused = judge(
        ONE,
        401,
        &[("x-github-request-id", "ABCD:1")],
        r#"{"message":"Bad credentials","documentation_url":"https://docs.github.com/graphql"}"#,
    );
    let refused = refused.unwrap();
    assert_eq!(
        refused.cause,
        Cause::Unauthorized {
            code: "Bad credentials".to_owned(),
            variables: vec!["GITHUB_TOKEN"],
        }
    );
    assert_eq!(refused.request_id.as_deref(), Some("ABCD:1"));
}

#[test]
fn a_spent_hour_waits_for_the_reset_in_epoch_seconds() {
    let spent = [
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "1795170667"),
        ("date", "Fri, 20 Nov 2026 10:30:00 GMT"),
    ];
    for kind in ["RATE_LIMITED", "RATE_LIMIT"] {
        let body = format!(r#"{{"errors":[{{"type":"{kind}","message":"API rate limit exceeded for user ID 1."}}]}}"#);
        assert_eq!(throttled_for(&cause(200, &spent, &body)), Some(67), "{kind}");
    }
    assert_eq!(
        throttled_for(&cause(403, &spent, r#"{"message":"API rate limit exceeded"}"#)),
        Some(67)
    );
    assert_eq!(throttled_for(&cause(429, &spent, "")), Some(67));
}

#[test]
fn a_secondary_limit_waits_as_it_says_or_a_minute() {
    let words =
        r#"{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}"#;
    assert_eq!(throttled_for(&cause(403, &[("retry-after", "17")], words)), Some(17));
    assert_eq!(
        throttled_for(&cause(403, &[("x-ratelimit-remaining", "4999")], words)),
        Some(60)
    );
    assert_eq!(throttled_for(&cause(429, &[], "")), Some(60));
    let body = r#"{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}"#;
    assert_eq!(throttled_for(&cause(200, &[], body)), Some(60));
}

#[test]
fn nonsense_in_the_headers_is_no_wait() {
    let nonsense = [
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "18446744073709551615"),
    ];
    assert_eq!(throttled_for(&cause(403, &nonsense, "")), Some(60));
    assert_eq!(throttled_for(&cause(429, &[("retry-after", "99999999")], "")), Some(60));
}

#[test]
fn forbidden_without_a_limit_is_forbidden() {
    let body = r#"{"message":"Resource not accessible by personal access token"}"#;
    assert_eq!(
        cause(403, &[("x-ratelimit-remaining", "4999")], body),
        Cause::Forbidden {
            message: "Resource not accessible by personal access token".to_owned(),
        }
    );
}

#[test]
fn missing_scopes_are_named() {
    let body = r#"{"errors":[{"type":"INSUFFICIENT_SCOPES","message":"Your token has not been granted the required scopes to execute this query. The 'name' field requires one of the following scopes: ['read:org', 'read:discussion'], but your token has only been granted the: ['repo', 'gist'] scopes."}]}"#;
    assert_eq!(
        cause(200, &[], body),
        Cause::MissingScope {
            needed: "read:org or read:discussion".to_owned(),
            provided: Some("repo, gist".to_owned()),
        }
    );
    let body = r#"{"errors":[{"type":"INSUFFICIENT_SCOPES","message":"Your token has not been granted enough."}]}"#;
    assert_eq!(
        cause(200, &[], body),
        Cause::MissingScope {
            needed: "that GitHub wants for this".to_owned(),
            provided: None,
        }
    );
}

#[test]
fn abuse_detection_is_throttling() {
    let body = r#"{"message":"You have triggered an abuse detection mechanism. Please wait a few minutes."}"#;
    assert!(matches!(cause(403, &[], body), Cause::Throttled { .. }));
}

#[test]
fn a_query_that_is_too_large_or_refused_is_not_repeated() {
    let body = r#"{"errors":[{"type":"MAX_NODE_LIMIT_EXCEEDED","message":"This query requests up to 1,000,000 possible nodes"}]}"#;
    assert!(matches!(cause(200, &[], body), Cause::Invalid { .. }));
    let body = r#"{"errors":[{"path":["query Lookups","l0","nope"],"extensions":{"code":"undefinedField"},"message":"Field 'nope' doesn't exist"}]}"#;
    let refused = cause(200, &[], body);
    assert!(
        matches!(&refused, Cause::Rejected { code, .. } if code == "undefinedField"),
        "{refused:?}"
    );
    assert_eq!(refused.retry(), Retry::Never);
}

#[test]
fn a_gateway_timeout_is_a_fault_for_one_thing_and_too_much_for_many() {
    let page = "<html><body>Unicorn!</body></html>";
    for status in [502, 504] {
        let one = judge(ONE, status, &[("content-type", "text/html")], page)
            .unwrap()
            .cause;
        assert_eq!(
            one,
            Cause::Unavailable {
                status,
                message: "an HTML page instead of an answer".to_owned(),
            }
        );
        let many = judge(MANY, status, &[("content-type", "text/html")], page)
            .unwrap()
            .cause;
        assert!(!many.is_sickness(), "{many:?}");
        assert_eq!(many.retry(), Retry::Never);
    }
    let slow = r#"{"data":null,"errors":[{"message":"Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug."}]}"#;
    assert!(matches!(cause(200, &[], slow), Cause::Unavailable { .. }));
    assert_eq!(judge(MANY, 200, &[], slow).unwrap().cause.retry(), Retry::Never);
}

#[test]
fn other_faults_are_unavailable() {
    assert_eq!(
        cause(503, &[], r#"{"message":"We are having a bad day"}"#),
        Cause::Unavailable {
            status: 503,
            message: "We are having a bad day".to_owned(),
        }
    );
    assert_eq!(cause(500, &[], "").retry(), Retry::Soon);
}

#[test]
fn what_is_no_graphql_answer_is_malformed() {
    let answers = [
        "<html>a proxy's page</html>",
        r#"{"data":{"l0":{"na"#,
        r#"{"hello":"world"}"#,
        "[]",
        "",
        r#"{"data":null,"errors":null}"#,
    ];
    for body in answers {
        assert!(matches!(cause(200, &[], body), Cause::Malformed { .. }), "{body}");
    }
}

#[test]
fn vendor_words_are_cleaned_and_cut() {
    let body = format!("{{\"message\":\"ev\\u202eil {}\"}}", "x".repeat(10_000));
    let Cause::Forbidden { message } = cause(403, &[], &body) else {
        panic!("not forbidden");
    };
    assert!(message.starts_with("evil x"));
    assert!(message.len() <= 400);
}

#[test]
fn a_wait_of_a_past_reset_is_short() {
    let past = [
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "1795170000"),
        ("date", "Fri, 20 Nov 2026 12:00:00 GMT"),
    ];
    assert_eq!(retry_after_of(&past), Duration::from_secs(1));
}

fn retry_after_of(headers: &[(&'static str, &str)]) -> Duration {
    match cause(429, headers, "") {
        Cause::Throttled { retry_after } => retry_after,
        other => panic!("{other:?}"),
    }
}
