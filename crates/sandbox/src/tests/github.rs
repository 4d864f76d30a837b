//! GitHub: what stands before the endpoint, the story's objects, GitHub's refusals, paging, search, cost.

use serde_json::{Value, json};

use super::{
    super::{Options, Vendor},
    Bench, column, json_of,
};

#[tokio::test]
async fn a_call_needs_a_name_and_a_token() {
    let bench = Bench::new().await;
    let body = r#"{"query":"{ viewer { login } }"}"#;
    let nameless = reqwest::Client::builder().build().unwrap();
    let url = || bench.sandbox.github_graphql.clone();
    let answer = nameless
        .post(url())
        .bearer_auth("ghp_sandbox")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    let wrong = bench
        .client
        .post(url())
        .bearer_auth("ghp_other")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(wrong.status(), 401);
    let text: Value = serde_json::from_str(&wrong.text().await.unwrap()).unwrap();
    assert_eq!(text["message"], "Bad credentials");
    let without = bench.client.post(url()).body(body).send().await.unwrap();
    assert_eq!(without.status(), 401);
    assert_eq!(
        bench.graphql("{ viewer { login } }").await["data"]["viewer"]["login"],
        "mona"
    );
}

#[tokio::test]
async fn the_story_is_there_in_githubs_own_words() {
    let bench = Bench::new().await;
    let answer = bench
        .graphql(
            r#"{ repository(owner: "acme", name: "checkout") {
                nameWithOwner owner { login __typename } primaryLanguage { name } defaultBranchRef { name }
                languages(first: 2, orderBy: {field: SIZE, direction: DESC}) { totalCount totalSize edges { size node { name } } }
                broke: pullRequest(number: 612) { title state author { login } mergedBy { login } mergeCommit { abbreviatedOid messageHeadline } }
                revert: pullRequest(number: 617) {
                    title state url isDraft author { login ... on User { name } }
                    statusCheckRollup { state contexts(first: 100) { totalCount nodes {
                        __typename ... on CheckRun { name status conclusion } ... on StatusContext { context state } } } }
                    closingIssuesReferences(first: 5) { nodes { number } }
                }
                issue(number: 615) { title state labels(first: 10) { nodes { name } } }
            } }"#,
        )
        .await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    let repository = &answer["data"]["repository"];
    assert_eq!(
        repository["owner"],
        json!({ "login": "acme", "__typename": "Organization" })
    );
    assert_eq!(
        repository["languages"]["edges"][0],
        json!({ "size": 812_440, "node": { "name": "Rust" } })
    );
    assert_eq!(repository["broke"]["mergedBy"]["login"], "ada-abara");
    assert_eq!(repository["broke"]["mergeCommit"]["abbreviatedOid"], "9f3c1d7");
    let revert = &repository["revert"];
    assert_eq!(revert["author"], json!({ "login": "mona", "name": "Mona Castle" }));
    assert_eq!(
        (revert["title"].as_str(), revert["state"].as_str()),
        (Some("Revert #612"), Some("OPEN"))
    );
    assert_eq!(revert["statusCheckRollup"]["state"], "FAILURE");
    let contexts = revert["statusCheckRollup"]["contexts"]["nodes"].as_array().unwrap();
    assert_eq!(
        contexts[3],
        json!({ "__typename": "CheckRun", "name": "e2e", "status": "IN_PROGRESS", "conclusion": null })
    );
    assert_eq!(
        contexts[6],
        json!({ "__typename": "StatusContext", "context": "ci/payments-contract", "state": "ERROR" })
    );
    assert_eq!(revert["closingIssuesReferences"]["nodes"], json!([{ "number": 615 }]));
    assert_eq!(
        column(&repository["issue"], "/labels/nodes", "name"),
        ["bug", "incident", "sev2"]
    );
}

#[tokio::test]
async fn a_part_that_is_not_there_is_null_beside_the_rest() {
    let bench = Bench::new().await;
    let answer = bench
        .graphql(
            r#"{ a: repository(owner: "acme", name: "nope") { name }
                 b: repository(owner: "acme", name: "web") { name pullRequest(number: 99999) { title } }
                 c: repository(owner: "acme", name: "paylane-ledger") { name } }"#,
        )
        .await;
    assert_eq!(
        answer["data"],
        json!({ "a": null, "b": { "name": "web", "pullRequest": null }, "c": null })
    );
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(
        errors[0],
        json!({
            "type": "NOT_FOUND", "path": ["a"], "locations": [{ "line": 1, "column": 3 }],
            "message": "Could not resolve to a Repository with the name 'acme/nope'.",
        })
    );
    assert!(
        errors.iter().any(|error| error["path"] == json!(["b", "pullRequest"])),
        "{answer}"
    );
    assert!(
        errors.iter().any(|error| error["path"] == json!(["c"])),
        "private, so it is not there"
    );
}

#[tokio::test]
async fn an_address_leads_to_what_it_names() {
    let bench = Bench::new().await;
    for (url, kind) in [
        ("https://github.com/acme/checkout", json!("Repository")),
        ("https://github.com/acme/checkout/pull/617", json!("PullRequest")),
        (
            "https://github.com/acme/checkout/pull/617/files#diff-1",
            json!("PullRequest"),
        ),
        ("https://github.com/acme/checkout/issues/617", json!("PullRequest")),
        (
            "https://github.com/acme/checkout/issues/615#issuecomment-1",
            json!("Issue"),
        ),
        ("https://github.com/acme/checkout/commit/9f3c1d7", json!("Commit")),
        (
            "https://github.com/acme/checkout/releases/tag/v2026.11.20-1",
            json!("Release"),
        ),
        ("https://github.com/mona", json!("User")),
        ("https://github.com/acme", json!("Organization")),
        ("https://github.com/acme/checkout/issues/4040", Value::Null),
        ("https://github.com/acme/paylane-ledger/pull/7", Value::Null),
        ("https://gitlab.com/acme/checkout", Value::Null),
    ] {
        let query = "query Where($url: URI!) { resource(url: $url) { __typename url } }";
        let answer = bench.graphql_with(query, json!({ "url": url })).await;
        assert_eq!(answer["data"]["resource"]["__typename"], kind, "{url}: {answer}");
        assert_eq!(answer["errors"], Value::Null);
    }
}

#[tokio::test]
async fn ids_lead_back_to_their_objects() {
    let bench = Bench::new().await;
    let query = r#"{ repository(owner: "acme", name: "checkout") { id issue(number: 615) { id } pullRequest(number: 617) { id } } }"#;
    let ids = bench.graphql(query).await;
    let found = &ids["data"]["repository"];
    let wanted = json!({ "ids": [found["id"], found["issue"]["id"], "made_up", found["pullRequest"]["id"]] });
    let answer = bench
        .graphql_with("query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", wanted)
        .await;
    let kinds: Vec<&Value> = answer["data"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| &node["__typename"])
        .collect();
    assert_eq!(
        kinds,
        [
            &json!("Repository"),
            &json!("Issue"),
            &Value::Null,
            &json!("PullRequest")
        ]
    );
    assert_eq!(answer["errors"][0]["type"], "NOT_FOUND");
}

#[tokio::test]
async fn connections_need_bounds_unless_only_counted() {
    let bench = Bench::new().await;
    let ask = |inner: &str| format!(r#"{{ repository(owner: "acme", name: "checkout") {{ {inner} }} }}"#);
    let counted = bench.graphql(&ask("issues(states: OPEN) { totalCount }")).await;
    assert!(counted["data"]["repository"]["issues"]["totalCount"].as_i64().unwrap() > 0);
    let without = bench.graphql(&ask("issues { nodes { number } }")).await;
    assert_eq!(without["errors"][0]["type"], "MISSING_PAGINATION_BOUNDARIES");
    assert_eq!(
        without["errors"][0]["message"],
        "You must provide a `first` or `last` value to properly paginate the `issues` connection."
    );
    let much = bench.graphql(&ask("issues(first: 101) { nodes { number } }")).await;
    assert_eq!(much["errors"][0]["type"], "EXCESSIVE_PAGINATION");
    assert_eq!(
        much["errors"][0]["message"],
        "Requesting 101 records on the `issues` connection exceeds the `first` limit of 100 records."
    );
    let last = bench
        .graphql(&ask(
            "issues(last: 1) { nodes { number } pageInfo { hasNextPage hasPreviousPage } }",
        ))
        .await;
    assert_eq!(
        last["data"]["repository"]["issues"]["nodes"],
        json!([{ "number": 615 }])
    );
    assert_eq!(
        last["data"]["repository"]["issues"]["pageInfo"],
        json!({ "hasNextPage": false, "hasPreviousPage": true })
    );
}

#[tokio::test]
async fn a_query_that_does_not_fit_is_refused_in_githubs_words() {
    let bench = Bench::new().await;
    let answer = bench.graphql("{ viewer { login nope } }").await;
    assert_eq!(answer.get("data"), None);
    let error = &answer["errors"][0];
    assert_eq!(error["message"], "Field 'nope' doesn't exist on type 'User'");
    assert_eq!(
        error["extensions"],
        json!({ "code": "undefinedField", "typeName": "User", "fieldName": "nope" })
    );
    let broken = bench.graphql("{ viewer { login ").await;
    assert!(broken["errors"][0]["message"].is_string());
    let empty = json_of(bench.graphql_request(&json!({}))).await;
    assert_eq!(
        empty["errors"][0]["message"],
        "A query attribute must be specified and must be a string."
    );
}

#[tokio::test]
async fn search_pages_to_its_end_and_no_further_than_a_thousand() {
    let bench = Bench::new().await;
    let query = "query S($q: String!, $after: String) { search(query: $q, type: REPOSITORY, first: 10, after: $after) {
        repositoryCount pageInfo { endCursor hasNextPage } nodes { ... on Repository { nameWithOwner } } } }";
    let mut names: Vec<String> = Vec::new();
    let mut after = Value::Null;
    loop {
        let answer = bench
            .graphql_with(query, json!({ "q": "org:acme", "after": after }))
            .await;
        names.extend(column(&answer, "/data/search/nodes", "nameWithOwner"));
        if answer["data"]["search"]["pageInfo"]["hasNextPage"] == false {
            assert_eq!(answer["data"]["search"]["repositoryCount"], names.len());
            break;
        }
        after = answer["data"]["search"]["pageInfo"]["endCursor"].clone();
    }
    assert!(names.len() >= 25, "{names:?}");
    assert!(!names.iter().any(|name| name.contains("paylane-ledger")));
    let query = "query S($after: String) { search(query: \"sample\", type: REPOSITORY, first: 100, after: $after) {
        repositoryCount pageInfo { hasNextPage } nodes { __typename } } }";
    // The cursor of the 950th hit.
    let late = bench.graphql_with(query, json!({ "after": "Y3Vyc29yOjk1MA==" })).await;
    assert_eq!(late["data"]["search"]["repositoryCount"], 1_200);
    assert_eq!(late["data"]["search"]["nodes"].as_array().unwrap().len(), 50);
    assert_eq!(late["data"]["search"]["pageInfo"]["hasNextPage"], false);
}

#[tokio::test]
async fn search_reads_qualifiers() {
    let bench = Bench::new().await;
    let search = async |text: &str, kind: &str| {
        let query = format!(
            "query S($q: String!) {{ search(query: $q, type: {kind}, first: 50) {{ nodes {{ __typename
            ... on Repository {{ name }} ... on Issue {{ name: title }} ... on PullRequest {{ name: title }} ... on User {{ name: login }} }} }} }}"
        );
        column(
            &bench.graphql_with(&query, json!({ "q": text })).await,
            "/data/search/nodes",
            "name",
        )
    };
    assert_eq!(search("checkout language:rust", "REPOSITORY").await, ["checkout"]);
    assert_eq!(search("org:acme stars:>250", "REPOSITORY").await, ["web"]);
    assert_eq!(
        search("repo:acme/checkout is:pr is:open revert", "ISSUE").await,
        ["Revert #612"]
    );
    assert_eq!(
        search("repo:acme/checkout label:incident is:issue", "ISSUE")
            .await
            .len(),
        1
    );
    assert_eq!(search("mona", "USER").await, ["mona"]);
}

#[tokio::test]
async fn a_query_is_priced_at_what_it_may_return() {
    let bench = Bench::new().await;
    let query = r#"{ repository(owner: "acme", name: "checkout") { pullRequests(first: 100) { nodes { labels(first: 10) { nodes { name } } } } }
        rateLimit { cost nodeCount limit remaining used resetAt } }"#;
    let answer = bench.graphql(query).await;
    let limit = &answer["data"]["rateLimit"];
    assert_eq!(
        (limit["cost"].as_i64(), limit["nodeCount"].as_i64()),
        (Some(1), Some(1_100))
    );
    let huge = bench
        .graphql_with(
            r#"query Q($n: Int!) { repository(owner: "acme", name: "checkout") { pullRequests(first: $n) { nodes {
                commits(first: 100) { nodes { commit { statusCheckRollup { contexts(first: 100) { nodes { __typename } } } } } } } } } }"#,
            json!({ "n": 100 }),
        )
        .await;
    assert_eq!(huge["errors"][0]["type"], "MAX_NODE_LIMIT_EXCEEDED");
    assert_eq!(
        huge["errors"][0]["message"],
        "This query requests up to 1,010,100 possible nodes which exceeds the maximum limit of 500,000."
    );
}

#[tokio::test]
async fn the_quota_runs_out_and_says_so_in_headers() {
    let bench = Bench::with(Options {
        github_points: 2,
        ..Options::default()
    })
    .await;
    let body = json!({ "query": "{ viewer { login } }" });
    for left in ["1", "0"] {
        let answer = bench.graphql_request(&body).send().await.unwrap();
        assert_eq!(answer.headers()["x-ratelimit-remaining"], left);
    }
    let answer = bench.graphql_request(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let reset: i64 = answer.headers()["x-ratelimit-reset"].to_str().unwrap().parse().unwrap();
    assert!(reset > 1_700_000_000, "epoch seconds");
    let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(answer["errors"][0]["type"], "RATE_LIMIT");
}

#[tokio::test]
async fn a_recorded_query_goes_by_its_operations_name() {
    let bench = Bench::new().await;
    bench.graphql("query Who { me: viewer { login } }").await;
    bench.graphql("{ me: viewer { login } }").await;
    let requests = bench.sandbox.requests(Vendor::GitHub);
    let names: Vec<&str> = requests.iter().map(|request| request.operation.as_str()).collect();
    assert_eq!(names, ["Who", "me"]);
    assert_eq!(requests[0].credentials, ["github_token"]);
    assert!(
        requests[0].arguments.is_null(),
        "GitHub does not ask for a content type, so there was none"
    );
}

#[tokio::test]
async fn rest_says_who_and_how_much_is_left() {
    let bench = Bench::new().await;
    let get = |path: &str| {
        let url = bench.sandbox.github_api.join(path).unwrap();
        json_of(
            bench
                .client
                .get(url)
                .bearer_auth(&bench.sandbox.credentials.github_token),
        )
    };
    assert_eq!(get("/user").await["login"], "mona");
    assert_eq!(get("/rate_limit").await["resources"]["graphql"]["limit"], 5_000);
    assert_eq!(get("/nope").await["message"], "Not Found");
}
