//! The long tail: what no tool gives is found in the schema and asked for, within bounds, and a query that is wrong is
//! refused with what a model can mend it from.

use super::support::{Era, Server, Setup, Stdio, failure, structured, text};
use serde_json::{Value, json};

async fn explorer(setup: &Setup, era: Era) -> Stdio {
    Stdio::open_with(setup, &["--explore"], era).await
}

async fn refused(query: &str) -> String {
    let setup = Setup::new().await;
    let mut client = explorer(&setup, Era::Modern).await;
    let result = client.call("run_query", json!({ "query": query })).await;
    assert!(setup.requests() == 0, "nothing was asked of anybody");
    failure(&result).to_owned()
}

#[tokio::test]
async fn both_tools_are_listed_when_they_are_asked_for() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        let names = |list: &Value| -> Vec<String> {
            let tools = list["result"]["tools"].as_array().unwrap().iter();
            tools.map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
        };
        let list = explorer(&setup, era).await.request("tools/list", json!({})).await;
        let off = Stdio::open(&setup, era).await.request("tools/list", json!({})).await;
        for name in ["run_query", "search_schema"] {
            assert!(names(&list).iter().any(|listed| listed == name), "{name}");
            assert!(
                !names(&off).iter().any(|listed| listed == name),
                "{name} is off by default"
            );
            let tools = list["result"]["tools"].as_array().unwrap();
            let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
            assert_eq!(tool["annotations"]["readOnlyHint"], true);
            insta::assert_snapshot!(name, format!("{tool:#}"));
        }
    }
    let mut off = Stdio::open(&setup, Era::Modern).await;
    let unknown = off
        .request("tools/call", json!({ "name": "run_query", "arguments": {} }))
        .await;
    assert_eq!(unknown["error"]["code"], -32602, "{unknown:#}");
}

#[tokio::test]
async fn words_lead_to_the_few_fields_that_matter() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        let mut client = explorer(&setup, era).await;
        for (words, field, way) in [
            (
                "failing checks of a pull request",
                "checks: ChecksRollup",
                "pullRequest(owner: String!",
            ),
            ("stars", "stargazerCount: Int!", "repository(owner: String!"),
            ("who merged it", "mergedBy: GitHubUser", "github {"),
            (
                "channels that a monitor notifies",
                "notifies: [SlackChannel!]",
                "monitor(id: ID!)",
            ),
            ("thread replies", "replies(limit: Int! = 20", "slack {"),
            ("time zone of a person", "timeZone: String", "user(id: ID!)"),
            ("hosts in alert", "failingGroups: [DatadogMonitorGroup!]", "datadog {"),
        ] {
            let result = client.call("search_schema", json!({ "words": words })).await;
            let found = structured(&result);
            let schema = found["schema"].as_str().unwrap();
            let first = schema.lines().position(|line| line.trim_start().starts_with(field));
            assert!(first.is_some_and(|line| line < 25), "{words}: {field} in\n{schema}");
            assert!(schema.contains(way), "{words}: the way there\n{schema}");
            assert!(text(&result).len() < 6_000, "{words}: {} bytes", text(&result).len());
        }
    }
}

#[tokio::test]
async fn a_types_name_gives_all_of_it_and_what_matches_nothing_gives_the_roots() {
    let setup = Setup::new().await;
    let mut client = explorer(&setup, Era::Modern).await;
    let result = client.call("search_schema", json!({ "words": "slackchannel" })).await;
    insta::assert_snapshot!("a_type", structured(&result)["schema"].as_str().unwrap());
    let result = client.call("search_schema", json!({ "words": "zebra crossing" })).await;
    let roots = structured(&result);
    assert_eq!(roots["matched"], 0);
    assert!(
        roots["schema"].as_str().unwrap().contains("searchMonitors("),
        "{roots:#}"
    );
    let result = client
        .call("search_schema", json!({ "words": "failing checks of a pull request" }))
        .await;
    insta::assert_snapshot!("words", structured(&result)["schema"].as_str().unwrap());
}

#[tokio::test]
async fn a_query_runs_and_is_shaped_like_a_tool() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        let mut client = explorer(&setup, era).await;
        let query = "query($id: ID!) { datadog { monitor(id: $id) { name state notifies { name } creator } } }";
        for variables in [json!({ "id": 40 }), json!("{\"id\": \"40\"}")] {
            let result = client
                .call("run_query", json!({ "query": query, "variables": variables }))
                .await;
            let monitor = structured(&result);
            assert_eq!(monitor["state"], "ALERT");
            assert_eq!(
                monitor["notifies"],
                json!(["incident-checkout", "deploys"]),
                "collapsed"
            );
            assert!(result["_meta"]["braid/spent"]["datadog"].is_object(), "{result:#}");
        }
        let anonymous = client
            .call(
                "run_query",
                json!({ "query": "{ github { repository(owner: \"acme\", name: \"checkout\") { forkCount url } } }" }),
            )
            .await;
        assert!(structured(&anonymous)["forkCount"].is_number(), "{anonymous:#}");
    }
}

#[tokio::test]
async fn a_result_is_cut_and_its_missing_parts_are_told() {
    let setup = Setup::new().await.unset("GITHUB_TOKEN");
    let server = Server::with(&setup, &["--explore"]).await;
    let query = "{ slack { history(channel: \"#incident-checkout\", limit: 100) { nodes { ts text permalink links { __typename } } } } }";
    let answer = server
        .modern(
            "tools/call",
            json!({ "name": "run_query", "arguments": { "query": query } }),
        )
        .await;
    let result = &answer.message()["result"];
    assert!(text(result).len() <= 8_000);
    let found = structured(result);
    assert!(
        found["problems"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("GITHUB_TOKEN"),
        "{found:#}"
    );
}

#[tokio::test]
async fn a_query_that_is_wrong_is_refused_with_what_mends_it() {
    let wrong =
        refused("{\n  github {\n    repository(owner: \"acme\", name: \"checkout\") { stars url }\n  }\n}").await;
    insta::assert_snapshot!("wrong_field", wrong);
    for (query, place, words) in [
        (
            "mutation { slackSendMessage(channel: \"#a\", text: \"b\") { ts } }",
            "run_query:1:1",
            "a mutation cannot be run here",
        ),
        (
            "subscription { x }",
            "run_query:1:1",
            "a subscription cannot be run here",
        ),
        ("{ slack { user(id: \"U1\") { name } }", "run_query:1:", "not GraphQL"),
        (
            "{ a: slack { __typename } } query B { slack { __typename } }",
            "run_query:1:29",
            "second operation",
        ),
        (
            "{ __schema { types { name } } }",
            "run_query:1:3",
            "does not look into the schema",
        ),
        ("fragment F on SlackUser { name }", "run_query", "no query in this text"),
        (
            "query($x: String! @header(name: \"authorization\")) { slack { channel(channel: $x) { id } } }",
            "run_query:1:8",
            "`@fixed` and `@header` are for the files of tools",
        ),
        (
            "{ slack { history(channel: \"#a\") { nodes { links { url } } } } }",
            "run_query:1:",
            "__typename",
        ),
        (
            "query($id: ID!) { datadog { monitor(id: $ident) { name } } }",
            "run_query:1:",
            "did you mean `$id`?",
        ),
        (
            "{ slack { history(channel: \"#a\", limit: 200) { nodes { replies(limit: 200) { nodes { text author { name } } } } } } }",
            "run_query:1:",
            "the budget is 250",
        ),
    ] {
        let said = refused(query).await;
        assert!(
            said.contains(place) && said.contains(words) && said.contains('^') || place == "run_query",
            "{query}:\n{said}"
        );
        assert!(said.contains("search_schema"), "how to go on:\n{said}");
    }
}

#[tokio::test]
async fn variables_are_checked_like_arguments() {
    let setup = Setup::new().await;
    let mut client = explorer(&setup, Era::Modern).await;
    let query = "query($id: ID!, $first: Int! = 3) { datadog { monitor(id: $id) { name } searchMonitors(first: $first) { totalCount } } }";
    for (variables, said) in [
        (json!({}), "`variables.id` is missing"),
        (json!({ "id": 40, "frist": 1 }), "did you mean `first`?"),
        (json!({ "id": 40, "first": "many" }), "`variables.first` must be"),
        (json!([1]), "`variables` must be an object"),
    ] {
        let result = client
            .call("run_query", json!({ "query": query, "variables": variables }))
            .await;
        assert!(failure(&result).contains(said), "{variables}: {}", failure(&result));
    }
    assert!(setup.requests() == 0, "nothing was asked of anybody");
}

/// What is given for a page size counts, not what it could be at most.
#[tokio::test]
async fn the_cost_is_that_of_the_values() {
    let setup = Setup::new().await;
    let mut client = explorer(&setup, Era::Modern).await;
    let query = "query($n: Int!) { slack { history(channel: \"#deploys\", limit: $n) { nodes { replies(limit: $n) { nodes { ts author { name } } } } } } }";
    let run = async |client: &mut Stdio, n: u32| {
        client
            .call("run_query", json!({ "query": query, "variables": { "n": n } }))
            .await
    };
    structured(&run(&mut client, 5).await);
    assert!(failure(&run(&mut client, 100).await).contains("upstream requests"));
}

#[tokio::test]
async fn from_the_command_line_too() {
    let setup = Setup::new().await;
    let run = setup
        .run(&[
            "call",
            "run_query",
            "query={ datadog { monitor(id: 40) { name } } }",
            "--explore",
            "--json",
        ])
        .await;
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert_eq!(
        serde_json::from_str::<Value>(&run.stdout).unwrap(),
        json!({ "name": "[P1] Checkout error rate above 5%" })
    );
    let tools = setup.run(&["tools", "--explore"]).await;
    assert!(tools.stdout.contains("search_schema(words)"), "{}", tools.stdout);
    let grouped = setup
        .run(&["tools", "--explore", "--groups", "explore", "--json"])
        .await;
    let grouped: Value = serde_json::from_str(&grouped.stdout).unwrap();
    assert_eq!(grouped.as_array().unwrap().len(), 2);
}
