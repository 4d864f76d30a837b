//! The protocol through rmcp's own client, in both eras, over a pipe in memory.

use super::Handler;
use crate::tools::fixture::{Gate, swappable};
use crate::tools::{Live, Results};
use rmcp::model::{
    CacheScope, CallToolRequest, CallToolRequestParams, ClientRequest, CustomRequest, ErrorCode,
    PaginatedRequestParams, ProgressNotificationParam, ProtocolVersion, RequestMetaObject, ServerNotification,
    SubscriptionFilter, object,
};
use rmcp::service::{
    ClientLifecycleMode, ClientServiceExt, NotificationContext, PeerRequestOptions, RoleClient, RunningService,
    ServiceError, ServiceExt,
};
use rmcp::{ClientHandler, ErrorData};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// A client that remembers what it was told.
#[derive(Clone, Default)]
struct Client {
    progress: Arc<Mutex<Vec<f64>>>,
    changes: watch::Sender<usize>,
}

impl Client {
    /// Resolves when it was told so often that the tools changed.
    async fn heard(&self, count: usize) {
        self.changes
            .subscribe()
            .wait_for(|heard| *heard >= count)
            .await
            .unwrap();
    }
}

impl ClientHandler for Client {
    async fn on_progress(&self, progress: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        self.progress.lock().unwrap().push(progress.progress);
    }

    async fn on_tool_list_changed(&self, _: NotificationContext<RoleClient>) {
        self.changes.send_modify(|heard| *heard += 1);
    }
}

fn modern() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
    }
}

fn both_eras() -> [ClientLifecycleMode; 2] {
    [ClientLifecycleMode::Initialize, modern()]
}

async fn connect(era: ClientLifecycleMode, results: Results) -> (RunningService<RoleClient, Client>, Arc<Gate>) {
    let (client, gate, _) = connect_swappable(era, results).await;
    (client, gate)
}

async fn connect_swappable(
    era: ClientLifecycleMode,
    results: Results,
) -> (RunningService<RoleClient, Client>, Arc<Gate>, Arc<Live>) {
    let (tools, gate, live) = swappable(results);
    let (here, there) = tokio::io::duplex(65_536);
    tokio::spawn(async move {
        Box::pin(Handler::new(Arc::new(tools)).serve(there))
            .await
            .unwrap()
            .waiting()
            .await
    });
    let client = Client::default().serve_with_lifecycle(here, era).await.unwrap();
    (client, gate, live)
}

/// Takes a tool away.
fn without(live: &Live, name: &str) {
    let catalog = live.catalog();
    let rest = catalog.all().map(|tool| &tool.spec).filter(|spec| spec.name != name);
    let rest: Vec<_> = rest.cloned().collect();
    live.swap(catalog.renewed(&rest).unwrap());
}

fn call(name: &'static str, arguments: Value) -> CallToolRequestParams {
    CallToolRequestParams::new(name).with_arguments(object(arguments))
}

fn refused(error: ServiceError) -> ErrorData {
    match error {
        ServiceError::McpError(error) => error,
        other => panic!("no answer of the server: {other}"),
    }
}

#[tokio::test]
async fn lists_the_same_tools_in_both_eras() {
    for era in both_eras() {
        let is_modern = matches!(era, ClientLifecycleMode::Discover { .. });
        let (client, _) = connect(era, Results::Both).await;
        let list = client.list_tools(None).await.unwrap();
        let names: Vec<_> = list.tools.iter().map(|tool| tool.name.as_ref()).collect();
        assert_eq!(names, ["shop_get", "shop_list", "shop_order", "shop_wait"]);
        assert_eq!(list.next_cursor, None);
        assert_eq!(list.ttl_ms, Some(60_000));
        assert_eq!(list.cache_scope, Some(CacheScope::Public));
        let name = list
            .meta
            .and_then(|meta| Some(meta.get("io.modelcontextprotocol/serverInfo")?["name"].clone()));
        assert_eq!(name, is_modern.then(|| json!("braid")));
        let order = &list.tools[2];
        let hints = order.annotations.as_ref().unwrap();
        assert_eq!(
            (hints.read_only_hint, hints.destructive_hint),
            (Some(false), Some(false))
        );
        assert!(order.output_schema.is_some());
    }
}

#[tokio::test]
async fn discovery_says_how_long_it_holds_and_how_to_use_the_whole() {
    let (client, _) = connect(modern(), Results::Both).await;
    let discovery = client.discover(RequestMetaObject::default()).await.unwrap();
    assert_eq!((discovery.ttl_ms, discovery.cache_scope), (300_000, CacheScope::Public));
    assert!(discovery.instructions.unwrap().contains("It is data"));
    let capabilities = discovery.capabilities;
    assert!(capabilities.prompts.is_some() && capabilities.resources.is_some() && capabilities.completions.is_some());
    assert!(capabilities.logging.is_none());
}

#[tokio::test]
async fn a_call_gives_structure_and_the_same_as_text() {
    for era in both_eras() {
        let (client, _) = connect(era, Results::Both).await;
        let result = client.call_tool(call("shop_get", json!({ "id": 7 }))).await.unwrap();
        assert_eq!(result.structured_content, Some(json!({ "id": "7", "price": 1 })));
        assert_eq!(result.content[0].as_text().unwrap().text, r#"{"id":"7","price":1}"#);
        assert_eq!(result.is_error, Some(false));
    }
}

#[tokio::test]
async fn text_alone_lists_no_output_schemas() {
    let (client, _) = connect(modern(), Results::Text).await;
    assert!(
        client
            .list_tools(None)
            .await
            .unwrap()
            .tools
            .iter()
            .all(|tool| tool.output_schema.is_none())
    );
    let result = client.call_tool(call("shop_get", json!({ "id": "7" }))).await.unwrap();
    assert_eq!(result.structured_content, None);
}

#[tokio::test]
async fn bad_arguments_are_for_the_agent_and_an_unknown_tool_for_the_client() {
    for era in both_eras() {
        let (client, _) = connect(era, Results::Both).await;
        let result = client.call_tool(call("shop_get", json!({ "idd": 7 }))).await.unwrap();
        assert_eq!((result.is_error, &result.structured_content), (Some(true), &None));
        assert!(result.content[0].as_text().unwrap().text.contains("did you mean `id`?"));
        let error = refused(client.call_tool(call("shop_gt", json!({}))).await.unwrap_err());
        assert_eq!(error.code, ErrorCode::INVALID_PARAMS);
        assert!(error.message.starts_with("Unknown tool: shop_gt."), "{}", error.message);
    }
}

#[tokio::test]
async fn parameters_that_cannot_be_read_are_invalid_and_methods_that_are_not_served_not_found() {
    for era in both_eras() {
        let (client, _) = connect(era, Results::Both).await;
        let send = async |method: &str, params: Value| {
            let request = ClientRequest::CustomRequest(CustomRequest::new(method, Some(params)));
            refused(client.send_request(request).await.unwrap_err()).code
        };
        assert_eq!(
            send("tools/call", json!({ "name": "shop_get", "arguments": [1] })).await,
            ErrorCode::INVALID_PARAMS
        );
        assert_eq!(send("tools/nope", json!({})).await, ErrorCode::METHOD_NOT_FOUND);
        for method in ["prompts/get", "resources/read", "completion/complete"] {
            assert_eq!(
                send(method, json!({ "name": [] })).await,
                ErrorCode::INVALID_PARAMS,
                "{method}"
            );
        }
        let cursor = PaginatedRequestParams::default().with_cursor(Some("x".to_owned()));
        assert_eq!(
            refused(client.list_tools(Some(cursor)).await.unwrap_err()).code,
            ErrorCode::INVALID_PARAMS
        );
    }
}

#[tokio::test]
async fn prompts_and_resources_carry_how_long_they_hold_and_who_says_so() {
    for era in both_eras() {
        let is_modern = matches!(era, ClientLifecycleMode::Discover { .. });
        let (client, _) = connect(era, Results::Both).await;
        let prompts = client.list_prompts(None).await.unwrap();
        assert_eq!((prompts.ttl_ms, prompts.meta.is_some()), (Some(300_000), is_modern));
        assert_eq!(prompts.prompts[0].name, "shop_review");
        let resources = client.list_resources(None).await.unwrap();
        let uris: Vec<_> = resources
            .resources
            .iter()
            .map(|resource| resource.uri.as_str())
            .collect();
        assert_eq!(uris[..2], ["braid://schema", "braid://tools/shop_get"]);
        // Files that are dropped in are listed too: no longer than the tools.
        assert_eq!((resources.ttl_ms, resources.meta.is_some()), (Some(60_000), is_modern));
    }
}

#[tokio::test]
async fn cancelling_drops_what_is_under_way() {
    for era in both_eras() {
        let (client, gate) = connect(era, Results::Both).await;
        let request = CallToolRequest::new(call("shop_wait", json!({ "seconds": 15 })));
        let request = ClientRequest::CallToolRequest(request);
        let handle = client
            .send_cancellable_request(request, PeerRequestOptions::no_options())
            .await
            .unwrap();
        gate.waiting(1).await;
        handle.cancel(None).await.unwrap();
        gate.waiting(0).await;
        assert_eq!(client.list_tools(None).await.unwrap().tools.len(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn progress_starts_after_a_second_and_increases() {
    let (client, _) = connect(modern(), Results::Both).await;
    client
        .call_tool(call("shop_wait", json!({ "seconds": 9 })))
        .await
        .unwrap();
    let told = client.service().progress.lock().unwrap().clone();
    assert_eq!(
        told.iter().map(|progress| progress.round()).collect::<Vec<_>>(),
        [1.0, 4.0, 7.0]
    );
    client.call_tool(call("shop_get", json!({ "id": "1" }))).await.unwrap();
    assert_eq!(
        client.service().progress.lock().unwrap().len(),
        3,
        "a quick answer has none"
    );
}

#[tokio::test]
async fn a_client_of_the_older_era_hears_of_every_change() {
    let (client, _, live) = connect_swappable(ClientLifecycleMode::Initialize, Results::Both).await;
    assert_eq!(
        client
            .peer_info()
            .unwrap()
            .capabilities
            .tools
            .as_ref()
            .unwrap()
            .list_changed,
        Some(true)
    );
    // The handshake's last message has no answer; that of a later one shows that it was read.
    client.list_tools(None).await.unwrap();
    without(&live, "shop_get");
    client.service().heard(1).await;
    assert_eq!(client.list_tools(None).await.unwrap().tools.len(), 3);
    without(&live, "shop_list");
    client.service().heard(2).await;
}

#[tokio::test]
async fn a_client_of_the_newer_era_hears_of_changes_while_it_listens() {
    let (client, _, live) = connect_swappable(modern(), Results::Both).await;
    let filter = SubscriptionFilter::builder()
        .tools_list_changed()
        .prompts_list_changed()
        .build();
    let mut subscription = client.listen(filter).await.unwrap();
    assert_eq!(
        *subscription.acknowledged(),
        SubscriptionFilter::builder().tools_list_changed().build(),
        "what there is, and no more"
    );
    for (name, left) in [("shop_get", 3), ("shop_list", 2)] {
        without(&live, name);
        let told = subscription.next().await.unwrap();
        assert!(
            matches!(told, Some(ServerNotification::ToolListChangedNotification(_))),
            "{told:?}"
        );
        assert_eq!(client.list_tools(None).await.unwrap().tools.len(), left);
    }
}

#[tokio::test]
async fn a_call_goes_on_with_the_tools_it_started_with() {
    for era in both_eras() {
        let (client, gate, live) = connect_swappable(era, Results::Both).await;
        let client = Arc::new(client);
        let caller = Arc::clone(&client);
        let under_way =
            tokio::spawn(async move { caller.call_tool(call("shop_wait", json!({ "seconds": 15 }))).await });
        gate.waiting(1).await;
        without(&live, "shop_wait");
        let refused = refused(
            client
                .call_tool(call("shop_wait", json!({ "seconds": 1 })))
                .await
                .unwrap_err(),
        );
        assert_eq!(refused.code, ErrorCode::INVALID_PARAMS);
        gate.open();
        let result = under_way.await.unwrap().unwrap();
        assert_eq!(result.structured_content, Some(json!({ "slow": 15 })));
    }
}
