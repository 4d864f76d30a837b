//! What is remembered, for how long, and what makes it stale: the same question twice costs one request at each vendor,
//! the same question at the same time costs one, and who writes sees what was written.

use super::support::{Era, Question, Server, Setup, Stdio, structured};
use reqwest::Method;
use sandbox::{Effect, Fault, Vendor};
use serde_json::json;

/// How often a stand-in was asked this.
fn asked(setup: &Setup, vendor: Vendor, operation: &str) -> usize {
    let requests = setup.sandbox.requests(vendor);
    requests.iter().filter(|request| request.operation == operation).count()
}

#[tokio::test]
async fn the_same_question_twice_costs_one_request_at_each_vendor() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    for question in Question::to_each() {
        let first = client.call(question.tool, question.arguments.clone()).await;
        let second = client.call(question.tool, question.arguments.clone()).await;
        assert_eq!(structured(&first), structured(&second), "{}", question.tool);
        assert_eq!(question.asked(&setup), 1, "{}", question.tool);
    }
}

#[tokio::test]
async fn the_same_question_at_the_same_time_is_one_request_at_each_vendor() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for question in Question::to_each() {
        let slowly = Fault::always(Effect::Delay { ms: 300 });
        setup.sandbox.inject(question.vendor, slowly);
        let calls = (0..8).map(|_| server.modern("tools/call", question.params()));
        for answer in futures::future::join_all(calls).await {
            structured(&answer.json()["result"]);
        }
        assert_eq!(question.asked(&setup), 1, "{}", question.tool);
    }
}

#[tokio::test]
async fn who_posts_reads_the_post_and_other_channels_are_not_read_again() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let read = |channel: &str| json!({ "channel": channel, "limit": 2 });
    for channel in ["C0DEPLOYS", "C0INCIDENT"] {
        structured(&client.call("slack_get_history", read(channel)).await);
    }
    // By its name, so that the id is known from the answer only where the directory does not have it.
    let post = json!({ "channel": "#deploys", "text": "seen at once" });
    structured(&client.call("slack_send_message", post).await);
    let after = client.call("slack_get_history", read("C0DEPLOYS")).await;
    assert_eq!(structured(&after)["messages"][0]["text"], "seen at once");
    structured(&client.call("slack_get_history", read("C0INCIDENT")).await);
    assert_eq!(asked(&setup, Vendor::Slack, "conversations.history"), 3);
}

#[tokio::test]
async fn a_post_that_may_have_been_carried_out_makes_the_channel_stale_too() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let read = json!({ "channel": "C0DEPLOYS", "limit": 2 });
    structured(&client.call("slack_get_history", read.clone()).await);
    let lost = Fault::once(Effect::ResetInBody).on("chat.postMessage");
    setup.sandbox.inject(Vendor::Slack, lost);
    let post = json!({ "channel": "C0DEPLOYS", "text": "carried out all the same" });
    assert_eq!(client.call("slack_send_message", post).await["isError"], true);
    let after = client.call("slack_get_history", read).await;
    assert_eq!(structured(&after)["messages"][0]["text"], "carried out all the same");
}

#[tokio::test]
async fn who_makes_a_monitor_finds_it() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let search = async || {
        let query = r#"{ datadog { searchMonitors(query: "brand new", first: 5) { nodes { id name } } } }"#;
        let body = json!({ "query": query }).to_string();
        let headers = [("content-type", "application/json")];
        let answer = server.send(Method::POST, "/graphql", &headers, body).await;
        answer.json()["data"]["datadog"]["searchMonitors"]["nodes"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((search().await, search().await), (0, 0));
    assert_eq!(asked(&setup, Vendor::Datadog, "GET /api/v1/monitor/search"), 1);
    let monitor = json!({
        "name": "brand new", "type": "metric alert", "query": "avg(last_5m):avg:checkout.errors{*} > 5", "message": "look"
    });
    let made = server
        .modern(
            "tools/call",
            json!({ "name": "datadog_create_alert", "arguments": monitor }),
        )
        .await;
    structured(&made.json()["result"]);
    assert_eq!(search().await, 1);
}

#[tokio::test]
async fn an_answer_with_parts_that_failed_is_not_remembered() {
    let setup = Setup::new().await;
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let failing = sandbox::GithubError {
        path: vec!["l0".into(), "languages".into()],
        kind: Some("SERVICE_UNAVAILABLE".to_owned()),
        message: "Something went wrong".to_owned(),
    };
    setup.sandbox.inject(
        Vendor::GitHub,
        Fault::once(Effect::GithubErrors { errors: vec![failing] }),
    );
    let repository = json!({ "owner": "acme", "name": "checkout" });
    let first = client.call("github_get_repo", repository.clone()).await;
    let second = client.call("github_get_repo", repository).await;
    assert!(structured(&first)["problems"].is_array(), "{first:#}");
    assert!(structured(&second)["problems"].is_null(), "{second:#}");
    assert_eq!(setup.sandbox.requests(Vendor::GitHub).len(), 2);
}
