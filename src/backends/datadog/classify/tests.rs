use super::*;
use http::Method;

fn answer(status: u16, body: &str) -> Response {
    Response {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: body.to_owned().into(),
    }
}

fn refusal(operation: &'static str, answer: &Response) -> Refusal {
    let request = Request::read(operation, Method::GET, "/api/v1/monitor/40");
    Classifier.classify(&request, answer).unwrap_err()
}

fn cause(status: u16, body: &str) -> Cause {
    refusal("GetMonitor", &answer(status, body)).cause
}

#[test]
fn success_is_any_json() {
    let request = Request::read("GetMonitor", Method::GET, "/api/v1/monitor/40");
    for body in ["{}", "[1]", "null"] {
        Classifier.classify(&request, &answer(200, body)).unwrap();
    }
}

#[test]
fn html_cut_off_json_and_nothing_are_malformed() {
    let got = |status, body| match cause(status, body) {
        Cause::Malformed { got, .. } => got,
        other => panic!("{other:?}"),
    };
    assert_eq!(got(200, "\n<html>Sign in</html>"), "an HTML page");
    assert_eq!(got(200, "{\"id\": 4"), "JSON that breaks off after 8 bytes");
    assert_eq!(got(200, ""), "an empty answer");
    assert_eq!(got(200, "OK"), "text of an unnamed type");
}

#[test]
fn a_proxys_refusal_is_told_by_its_status() {
    assert_eq!(
        cause(403, "<html>Blocked</html>"),
        Cause::Rejected {
            code: "HTTP 403".to_owned(),
            message: "an HTML page instead of an answer".to_owned()
        }
    );
}

#[test]
fn a_query_error_comes_with_status_200() {
    let body = r#"{"status": "error", "error": "Rule 'avg' is unexpected\u200b at 'foo'", "series": []}"#;
    assert_eq!(
        refusal("QueryMetrics", &answer(200, body)).cause,
        Cause::Invalid {
            message: "Rule 'avg' is unexpected at 'foo'".to_owned()
        }
    );
    for body in [
        r#"{"status": "error", "error": null, "message": "no such metric"}"#,
        r#"{"status": "error", "error": "", "errors": ["no such metric"]}"#,
        r#"{"status": "ok", "error": "no such metric", "series": []}"#,
    ] {
        let message = "no such metric".to_owned();
        assert_eq!(
            refusal("QueryMetrics", &answer(200, body)).cause,
            Cause::Invalid { message }
        );
    }
    let request = Request::read("QueryMetrics", Method::GET, "/api/v1/query");
    let fine = answer(200, r#"{"status": "ok", "error": "", "series": []}"#);
    Classifier.classify(&request, &fine).unwrap();
}

#[test]
fn a_bare_forbidden_names_both_keys_and_the_permission() {
    let refusal = refusal("CreateMonitor", &answer(403, r#"{"errors": ["Forbidden"]}"#));
    assert_eq!(
        refusal.cause,
        Cause::Unauthorized {
            code: "Forbidden".to_owned(),
            variables: vec!["DATADOG_API_KEY", "DATADOG_APP_KEY"],
        }
    );
    let hint = refusal.hint.unwrap();
    assert!(
        hint.contains("DATADOG_SITE") && hint.contains("monitors_write"),
        "{hint}"
    );
}

#[test]
fn a_missing_permission_is_a_missing_scope() {
    let body = r#"{"errors": ["Failed permission authorization checks"]}"#;
    assert_eq!(
        cause(403, body),
        Cause::MissingScope {
            needed: "monitors_read".to_owned(),
            provided: None
        }
    );
}

#[test]
fn not_found_names_the_monitor() {
    assert_eq!(
        cause(404, r#"{"errors": ["Monitor not found"]}"#),
        Cause::NotFound {
            what: "monitor 40".to_owned()
        }
    );
}

#[test]
fn an_operation_that_is_not_there_is_a_matter_of_the_address() {
    let refusal = refusal("CreateMonitor", &answer(404, r#"{"errors": ["Not found"]}"#));
    assert!(matches!(refusal.cause, Cause::Rejected { code, .. } if code == "HTTP 404"));
    assert!(refusal.hint.unwrap().contains("DATADOG_SITE"));
}

#[test]
fn the_vendors_words_are_read_in_all_their_shapes() {
    let words = |body| match cause(400, body) {
        Cause::Invalid { message } => message,
        other => panic!("{other:?}"),
    };
    assert_eq!(words(r#"{"errors": ["one", "two"]}"#), "one; two");
    assert_eq!(words(r#"{"errors": "one"}"#), "one");
    assert_eq!(words(r#"{"error": "one"}"#), "one");
    assert_eq!(
        words(r#"{"errors": [{"title": "Bad Request", "detail": "no such field", "status": "400"}]}"#),
        "Bad Request: no such field"
    );
    assert_eq!(words(r#"{"errors": {"query": ["is required"]}}"#), "is required");
    assert_eq!(words(r#"{"errors": []}"#), "400 Bad Request");
    assert_eq!(
        words(&format!(r#"{{"errors": ["{}"]}}"#, "é".repeat(900)))
            .chars()
            .count(),
        301
    );
}

#[test]
fn throttling_waits_as_long_as_datadog_says_and_names_the_limit() {
    let mut response = answer(429, r#"{"errors": ["Too many requests"]}"#);
    for (name, value) in [
        ("reset", "17"),
        ("limit", "1600"),
        ("period", "3600"),
        ("name", "metric_query"),
    ] {
        let name: http::HeaderName = format!("x-ratelimit-{name}").parse().unwrap();
        response.headers.insert(name, value.parse().unwrap());
    }
    let refusal = refusal("QueryMetrics", &response);
    assert_eq!(
        refusal.cause,
        Cause::Throttled {
            retry_after: Duration::from_secs(17)
        }
    );
    assert_eq!(
        refusal.hint.as_deref(),
        Some("Datadog's limit `metric_query` is 1600 requests in 3600 s for the whole organisation")
    );
}

#[test]
fn throttling_without_figures_waits_a_while_and_never_zero() {
    let wait = |headers: &[(&'static str, &'static str)]| {
        let mut response = answer(429, "<html>");
        for (name, value) in headers {
            response.headers.insert(*name, value.parse().unwrap());
        }
        match refusal("GetMonitor", &response).cause {
            Cause::Throttled { retry_after } => retry_after.as_secs(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(wait(&[]), 30);
    assert_eq!(wait(&[("retry-after", "5")]), 5);
    assert_eq!(wait(&[("x-ratelimit-reset", "0")]), 1);
    assert_eq!(wait(&[("x-ratelimit-reset", "99999999999")]), 30);
    assert_eq!(wait(&[("x-ratelimit-reset", "99999999999"), ("retry-after", "7")]), 7);
}

#[test]
fn a_fault_of_the_vendor_is_unavailable_also_as_html() {
    assert_eq!(
        cause(502, "<html>Bad gateway</html>"),
        Cause::Unavailable {
            status: 502,
            message: "an HTML page instead of an answer".to_owned()
        }
    );
    assert_eq!(
        cause(500, r#"{"errors": ["boom"]}"#),
        Cause::Unavailable {
            status: 500,
            message: "boom".to_owned()
        }
    );
}
