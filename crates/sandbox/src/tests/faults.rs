//! Every fault as a client meets it, and how faults choose their requests.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    super::{Effect, Fault, GithubError, LimitForm, Outcome, RetryAfter, Vendor},
    Bench, json_of,
};

const VALIDATE: &str = "/api/v1/validate";

impl Bench {
    fn spoil(&self, effect: Effect) {
        self.sandbox.inject(Vendor::Datadog, Fault::once(effect));
    }

    async fn validate(&self) -> reqwest::Response {
        self.datadog_request(VALIDATE).send().await.unwrap()
    }
}

#[tokio::test]
async fn a_fault_meets_its_operation_as_often_as_it_says() {
    let bench = Bench::new().await;
    let down = Effect::Status {
        status: 503,
        body: None,
        headers: [].into(),
    };
    bench
        .sandbox
        .inject(Vendor::Slack, Fault::always(down).on("users.info").times(2));
    assert_eq!(bench.slack("auth.test", &[]).await["ok"], true);
    for expected in [json!("service_unavailable"), json!("service_unavailable"), Value::Null] {
        assert_eq!(bench.slack("users.info", &[("user", "U0ADA")]).await["error"], expected);
    }
    let outcomes: Vec<Outcome> = bench
        .sandbox
        .requests(Vendor::Slack)
        .iter()
        .map(|request| request.outcome)
        .collect();
    assert_eq!(outcomes, [200, 503, 503, 200].map(Outcome::Answered));
}

#[tokio::test]
async fn a_lasting_fault_ends_when_it_is_cleared() {
    let bench = Bench::new().await;
    bench
        .sandbox
        .inject(Vendor::Datadog, Fault::always(Effect::Html { status: 502 }));
    for _ in 0..3 {
        let answer = bench.validate().await;
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.headers()["content-type"].to_str().unwrap()
            ),
            (502, "text/html; charset=utf-8")
        );
    }
    bench.sandbox.clear_faults();
    assert_eq!(bench.validate().await.status(), 200);
}

#[tokio::test]
async fn bodies_are_cut_replaced_blown_up_and_mislabelled() {
    let bench = Bench::new().await;
    bench.spoil(Effect::TruncatedJson);
    assert_eq!(
        bench.validate().await.text().await.unwrap(),
        r#"{"valid""#.split_at(7).0
    );
    bench.spoil(Effect::MalformedJson);
    assert!(serde_json::from_str::<Value>(&bench.validate().await.text().await.unwrap()).is_err());
    bench.spoil(Effect::HugeBody { bytes: 3_000_000 });
    let huge = bench.validate().await.text().await.unwrap();
    assert!(huge.len() >= 3_000_000 && serde_json::from_str::<Value>(&huge).is_ok());
    bench.spoil(Effect::ContentType {
        value: "text/html".to_owned(),
    });
    assert_eq!(bench.validate().await.headers()["content-type"], "text/html");
    bench.spoil(Effect::Header {
        name: "x-ratelimit-reset".to_owned(),
        value: "-99999999999999999999".to_owned(),
    });
    assert_eq!(
        bench.validate().await.headers()["x-ratelimit-reset"],
        "-99999999999999999999"
    );
}

#[tokio::test]
async fn a_redirect_names_its_target() {
    let bench = Bench::new().await;
    bench.spoil(Effect::Redirect {
        status: 307,
        location: "http://127.0.0.1:9/elsewhere".to_owned(),
    });
    let answer = bench.validate().await;
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.headers()["location"], "http://127.0.0.1:9/elsewhere");
}

#[tokio::test]
async fn a_connection_can_be_reset_before_the_answer_and_in_it() {
    let bench = Bench::new().await;
    bench.spoil(Effect::ResetBefore);
    let before = bench.datadog_request("/api/v1/monitor/40").send().await;
    assert!(before.is_err());
    bench.spoil(Effect::ResetInBody);
    let within = bench.datadog_request("/api/v1/monitor/40").send().await.unwrap();
    assert_eq!(within.status(), 200);
    assert!(within.text().await.is_err());
    assert_eq!(bench.validate().await.status(), 200, "the next connection is sound");
}

#[tokio::test]
async fn an_answer_can_be_late_drip_or_never_come() {
    let bench = Bench::new().await;
    bench.spoil(Effect::Delay { ms: 80 });
    let started = tokio::time::Instant::now();
    bench.validate().await;
    assert!(started.elapsed() >= Duration::from_millis(80));
    bench.spoil(Effect::Drip { bytes: 4, every_ms: 20 });
    let started = tokio::time::Instant::now();
    assert_eq!(bench.validate().await.text().await.unwrap(), r#"{"valid":true}"#);
    assert!(started.elapsed() >= Duration::from_millis(80));
    bench.sandbox.clear_requests();
    bench.spoil(Effect::Hang);
    let answer = tokio::time::timeout(Duration::from_millis(100), bench.datadog_request(VALIDATE).send()).await;
    assert!(answer.is_err());
    // The stand-in notices that its peer has gone.
    for _ in 0..100 {
        if bench.sandbox.requests(Vendor::Datadog)[0].outcome == Outcome::Abandoned {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{:?}", bench.sandbox.requests(Vendor::Datadog));
}

#[tokio::test]
async fn too_many_requests_are_said_in_each_vendors_way() {
    let bench = Bench::new().await;
    let limit = |retry_after, form| Fault::once(Effect::RateLimit { retry_after, form });
    let slack = async || bench.slack_request("auth.test", &[]).send().await.unwrap();
    bench
        .sandbox
        .inject(Vendor::Slack, limit(Some(RetryAfter::Seconds(7)), LimitForm::Primary));
    let answer = slack().await;
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["retry-after"].to_str().unwrap()
        ),
        (429, "7")
    );
    assert_eq!(answer.text().await.unwrap(), r#"{"ok":false,"error":"ratelimited"}"#);
    bench.sandbox.inject(Vendor::Slack, limit(None, LimitForm::Primary));
    assert!(slack().await.headers().get("retry-after").is_none());
    bench
        .sandbox
        .inject(Vendor::Slack, limit(Some(RetryAfter::DateIn(60)), LimitForm::Primary));
    assert!(httpdate::parse_http_date(slack().await.headers()["retry-after"].to_str().unwrap()).is_ok());
    bench.sandbox.inject(
        Vendor::Slack,
        limit(Some(RetryAfter::Raw("soon".to_owned())), LimitForm::Primary),
    );
    assert_eq!(slack().await.headers()["retry-after"], "soon");

    let github = async || {
        bench
            .graphql_request(&json!({ "query": "{ viewer { login } }" }))
            .send()
            .await
            .unwrap()
    };
    bench
        .sandbox
        .inject(Vendor::GitHub, limit(Some(RetryAfter::Seconds(30)), LimitForm::Primary));
    let answer = github().await;
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["x-ratelimit-remaining"].to_str().unwrap()
        ),
        (200, "0")
    );
    assert!(answer.text().await.unwrap().contains("RATE_LIMIT"));
    bench.sandbox.inject(
        Vendor::GitHub,
        limit(Some(RetryAfter::Seconds(30)), LimitForm::Secondary),
    );
    let answer = github().await;
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["retry-after"].to_str().unwrap()
        ),
        (403, "30")
    );
    bench
        .sandbox
        .inject(Vendor::GitHub, limit(None, LimitForm::SecondaryTooMany));
    let answer = github().await;
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().get("retry-after").is_none());

    bench.sandbox.inject(
        Vendor::Datadog,
        limit(Some(RetryAfter::Seconds(12)), LimitForm::Primary),
    );
    let answer = bench.validate().await;
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["x-ratelimit-reset"].to_str().unwrap()
        ),
        (429, "12")
    );
    bench.sandbox.inject(Vendor::Datadog, limit(None, LimitForm::Primary));
    assert!(bench.validate().await.headers().get("x-ratelimit-reset").is_none());
}

#[tokio::test]
async fn slack_can_fail_with_any_of_its_words() {
    let bench = Bench::new().await;
    let more = json!({ "needed": "chat:write", "provided": "users:read" })
        .as_object()
        .cloned()
        .unwrap();
    let effect = Effect::SlackError {
        error: "missing_scope".to_owned(),
        more,
    };
    bench.sandbox.inject(Vendor::Slack, Fault::once(effect));
    let answer = bench.slack("auth.test", &[]).await;
    assert_eq!(
        answer,
        json!({ "ok": false, "error": "missing_scope", "needed": "chat:write", "provided": "users:read" })
    );
}

#[tokio::test]
async fn github_can_fail_in_part() {
    let bench = Bench::new().await;
    let error = GithubError {
        path: vec![json!("b")],
        kind: Some("FORBIDDEN".to_owned()),
        message: "Not yours".to_owned(),
    };
    let effect = Effect::GithubErrors { errors: vec![error] };
    // By one of its root fields.
    bench
        .sandbox
        .inject(Vendor::GitHub, Fault::once(effect).on("repository"));
    let query = r#"query Two { a: repository(owner: "acme", name: "web") { name } b: repository(owner: "acme", name: "ios") { name } }"#;
    let answer = bench.graphql(query).await;
    assert_eq!(answer["data"], json!({ "a": { "name": "web" }, "b": null }));
    assert_eq!(
        (&answer["errors"][0]["type"], &answer["errors"][0]["path"]),
        (&json!("FORBIDDEN"), &json!(["b"]))
    );
}

#[tokio::test]
async fn faults_and_requests_are_there_by_hand_too() {
    let bench = Bench::new().await;
    let url = |path: &str| bench.sandbox.slack_api.join(path).unwrap();
    let fault = r#"{"operation":"auth.test","times":1,"effect":{"kind":"rate_limit","retry_after":{"seconds":9}}}"#;
    let taken = bench
        .client
        .post(url("/_sandbox/faults"))
        .body(fault)
        .send()
        .await
        .unwrap();
    assert_eq!(taken.status(), 201);
    assert_eq!(bench.slack("auth.test", &[]).await["error"], "ratelimited");
    let wrong = bench
        .client
        .post(url("/_sandbox/faults"))
        .body(r#"{"effect":{"kind":"nope"}}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 400);
    let seen = json_of(bench.client.get(url("/_sandbox/requests"))).await;
    assert_eq!(seen.as_array().unwrap().len(), 1);
    assert_eq!(seen[0]["operation"], "auth.test");
    assert_eq!(seen[0]["credentials"], json!(["slack_bot_token"]));
    assert!(!seen.to_string().contains("xoxb-"), "credentials are named, not kept");
}

#[tokio::test]
async fn a_dropped_sandbox_answers_no_more() {
    let bench = Bench::new().await;
    let url = bench.sandbox.datadog_api.join(VALIDATE).unwrap();
    drop(bench.sandbox);
    for _ in 0..100 {
        if bench.client.get(url.clone()).send().await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it still answers");
}
