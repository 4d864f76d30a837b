//! Resources: the schema and the file of each tool, those that are dropped in too; and what is declared.

use super::support::{Era, Server, Setup, Stdio};
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_declared_is_served_in_both_eras() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    let opened = server
        .legacy(None, &Era::Legacy.request(1, "initialize", Era::handshake()))
        .await
        .message();
    let discovered = server.modern("server/discover", json!({})).await.message();
    for answer in [opened, discovered] {
        let capabilities = answer["result"]["capabilities"].as_object().unwrap().clone();
        let mut names: Vec<_> = capabilities.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["completions", "prompts", "resources", "tools"]);
        assert_eq!(capabilities["resources"].get("subscribe"), None, "{capabilities:?}");
    }
    for era in Era::BOTH {
        for method in [
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list",
        ] {
            let answer = server.request(era, method, json!({})).await;
            assert!(answer["result"].is_object(), "{method}: {answer:#}");
            let refused = server.request(era, method, json!({ "cursor": "next" })).await;
            assert_eq!(refused["error"]["code"], -32602, "{method}: {refused:#}");
        }
    }
}

#[tokio::test]
async fn the_schema_and_every_file_can_be_read() {
    let setup = Setup::new()
        .await
        .file("more/datadog/datadog_get_monitor.graphql", DROPPED_IN);
    for era in Era::BOTH {
        let mut client = Stdio::open_with(
            &setup,
            &["--allow-writes", "all", "--queries", "more", "--explore"],
            era,
        )
        .await;
        let tools = client.request("tools/list", json!({})).await;
        let listed = client.request("resources/list", json!({})).await;
        let resources = listed["result"]["resources"].as_array().unwrap();
        assert_eq!(resources[0]["uri"], "braid://schema");
        // All but the two that explore the schema are files.
        assert_eq!(
            resources.len(),
            1 + tools["result"]["tools"].as_array().unwrap().len() - 2
        );
        for resource in resources {
            let answer = client
                .request("resources/read", json!({ "uri": resource["uri"] }))
                .await;
            let contents = &answer["result"]["contents"][0];
            assert_eq!(
                (&contents["uri"], &contents["mimeType"]),
                (&resource["uri"], &json!("application/graphql"))
            );
            let text = contents["text"].as_str().unwrap();
            assert_eq!(text, written(resource), "as it was written");
            assert_eq!(resource["size"], text.len());
        }
        assert!(
            resources
                .iter()
                .any(|resource| resource["uri"] == "braid://tools/datadog_get_monitor")
        );
    }
}

#[tokio::test]
async fn the_template_names_tools_and_completes_them() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for era in Era::BOTH {
        let answer = server.request(era, "resources/templates/list", json!({})).await;
        let template = answer["result"]["resourceTemplates"][0]["uriTemplate"].clone();
        assert_eq!(template, "braid://tools/{name}");
        let complete = async |name: &str, uri: &Value| {
            let params = json!({ "ref": { "type": "ref/resource", "uri": uri }, "argument": { "name": name, "value": "slack_s" } });
            server.request(era, "completion/complete", params).await
        };
        let found = complete("name", &template).await;
        assert_eq!(
            found["result"]["completion"]["values"],
            json!(["slack_search", "slack_send_message"]),
            "{found:#}"
        );
        assert_eq!(complete("nme", &template).await["error"]["code"], -32602);
        assert_eq!(
            complete("name", &json!("braid://nothing/{name}")).await["error"]["code"],
            -32602
        );
    }
}

#[tokio::test]
async fn what_is_not_there_has_the_code_of_its_era() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for (era, code) in [(Era::Legacy, -32002), (Era::Modern, -32602)] {
        for uri in [
            "braid://nothing",
            "braid://tools/",
            "braid://tools/no_such_tool",
            "braid://tools/slack_search/x",
            "file:///etc/passwd",
        ] {
            let error = server.request(era, "resources/read", json!({ "uri": uri })).await["error"].clone();
            assert_eq!(
                (&error["code"], &error["data"]["uri"]),
                (&json!(code), &json!(uri)),
                "{error:#}"
            );
        }
    }
}

const DROPPED_IN: &str = "\"\"\"A monitor.\"\"\"\nquery DatadogGetMonitor($id: ID!) {\n  datadog {\n    # as it was written\n    monitor(id: $id) { name state }\n  }\n}\n";

/// What stands in the repository, or was dropped in.
fn written(resource: &Value) -> String {
    let uri = resource["uri"].as_str().unwrap();
    match uri.strip_prefix("braid://tools/") {
        None => std::fs::read_to_string("schema/braid.graphql").unwrap(),
        Some("datadog_get_monitor") => DROPPED_IN.to_owned(),
        Some(name) => {
            let groups = std::fs::read_dir("queries").unwrap();
            let files = groups.map(|group| group.unwrap().path().join(format!("{name}.graphql")));
            std::fs::read_to_string(files.into_iter().find(|file| file.is_file()).unwrap()).unwrap()
        }
    }
}
