//! Real clients: rmcp's own, over a child process and over HTTP, in both eras.

use super::support::{Era, Server, Setup, within};
use rmcp::model::{CallToolRequestParams, ProtocolVersion, object};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt, RunningService};
use rmcp::transport::streamable_http_client::{StreamableHttpClientTransport, StreamableHttpClientTransportConfig};
use rmcp::transport::{ConfigureCommandExt, TokioChildProcess};
use rmcp::{RoleClient, transport::IntoTransport};
use serde_json::json;

fn lifecycle(era: Era) -> ClientLifecycleMode {
    match era {
        Era::Legacy => ClientLifecycleMode::Initialize,
        Era::Modern => ClientLifecycleMode::Discover {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
        },
    }
}

async fn open<T, E, A>(transport: T, era: Era) -> RunningService<RoleClient, ()>
where
    T: IntoTransport<RoleClient, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    within(().serve_with_lifecycle(transport, lifecycle(era)))
        .await
        .unwrap()
}

async fn lists_and_calls(client: RunningService<RoleClient, ()>) {
    let tools = within(client.list_all_tools()).await.unwrap();
    assert!(tools.iter().any(|tool| tool.name == "monitor_context"));
    let arguments = object(json!({ "id": "40", "limit": 2 }));
    let call = CallToolRequestParams::new("monitor_context").with_arguments(arguments);
    let result = within(client.call_tool(call)).await.unwrap();
    assert_eq!(result.structured_content.unwrap()["state"], "ALERT");
    let unknown = within(client.call_tool(CallToolRequestParams::new("nothing_like_it"))).await;
    assert!(unknown.unwrap_err().to_string().contains("-32602"));
    within(client.cancel()).await.unwrap();
}

#[tokio::test]
async fn over_a_child_process() {
    let setup = Setup::new().await;
    for era in Era::BOTH {
        let command = setup.command(&["stdio"]).configure(|_| {});
        lists_and_calls(open(TokioChildProcess::new(command).unwrap(), era).await).await;
    }
}

#[tokio::test]
async fn over_http() {
    let setup = Setup::new().await;
    let server = Server::start(&setup).await;
    for era in Era::BOTH {
        let config = StreamableHttpClientTransportConfig::with_uri(format!("{}/mcp", server.url));
        lists_and_calls(open(StreamableHttpClientTransport::from_config(config), era).await).await;
    }
}
