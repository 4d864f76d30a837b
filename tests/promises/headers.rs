//! A variable that comes from a header of the HTTP request: over HTTP it is read, over stdio its default stands.

use super::support::{Era, Server, Setup, Stdio, failure, structured};
use reqwest::header::HeaderValue;
use serde_json::{Value, json};

/// A tool whose monitor is named by a header: with a default, and without.
async fn setup() -> Setup {
    let file = |default: &str| {
        format!(
            "\"A monitor.\"\nquery Ours($id: ID!{default} @header(name: \"X-Monitor\")) {{ datadog {{ monitor(id: $id) {{ id name }} }} }}\n"
        )
    };
    Setup::new()
        .await
        .file("more/datadog/our_monitor.graphql", &file(" = \"40\""))
        .file("more/datadog/their_monitor.graphql", &file(""))
}

const ARGUMENTS: [&str; 2] = ["--queries", "more"];

fn call(tool: &str) -> Value {
    json!({ "name": tool, "arguments": {} })
}

#[tokio::test]
async fn over_http_it_is_the_header_or_the_default() {
    let setup = setup().await;
    let mut server = Server::with(&setup, &ARGUMENTS).await;
    for era in Era::BOTH {
        server.headers.remove("x-monitor");
        let answer = server.request(era, "tools/call", call("our_monitor")).await;
        assert_eq!(structured(&answer["result"])["id"], "40", "the default");
        let answer = server.request(era, "tools/call", call("their_monitor")).await;
        let said = failure(&answer["result"]);
        assert!(
            said.contains("the HTTP header x-monitor") && said.contains("missing"),
            "{said}"
        );
        server.headers.insert("x-monitor", HeaderValue::from_static("41"));
        for tool in ["our_monitor", "their_monitor"] {
            let answer = server.request(era, "tools/call", call(tool)).await;
            assert_eq!(structured(&answer["result"])["id"], "41", "{tool}");
        }
    }
}

#[tokio::test]
async fn over_stdio_the_default_stands() {
    let setup = setup().await;
    for era in Era::BOTH {
        let mut client = Stdio::open_with(&setup, &ARGUMENTS, era).await;
        let list = client.request("tools/list", json!({})).await;
        let tools = list["result"]["tools"].as_array().unwrap();
        let ours = tools.iter().find(|tool| tool["name"] == "our_monitor").unwrap();
        assert_eq!(
            ours["inputSchema"]["properties"],
            json!({}),
            "agents neither see nor set it"
        );
        assert_eq!(structured(&client.call("our_monitor", json!({})).await)["id"], "40");
        let refused = client.call("our_monitor", json!({ "id": "41" })).await;
        assert!(failure(&refused).contains("`id`"), "{refused:#}");
        assert!(failure(&client.call("their_monitor", json!({})).await).contains("x-monitor"));
    }
}
