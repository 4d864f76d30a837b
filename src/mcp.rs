//! The protocol: list, call, progress, cancel, in both eras. No logic of its own: every answer comes from `tools`.
//!
//! What rmcp does by default and is overridden here, with the reason beside it: empty successes for features that are not
//! declared, -32601 for known methods with malformed parameters, no cache hints, no server name in results.

mod instructions;
mod listing;
mod progress;
mod span;

use crate::tools::{Caller, Outcome, Results, Tools, UnknownTool};
use crate::upstream::trace;
use rmcp::model::{
    CacheScope, CallToolRequestMethod, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestMethod,
    CompleteRequestParams, CompleteResult, ConstString, ContentBlock, CustomRequest, CustomResult,
    DiscoverRequestMethod, DiscoverResult, ErrorCode, Implementation, InitializeResultMethod, ListPromptsRequestMethod,
    ListPromptsResult, ListResourceTemplatesRequestMethod, ListResourceTemplatesResult, ListResourcesRequestMethod,
    ListResourcesResult, ListToolsRequestMethod, ListToolsResult, MetaObject, PaginatedRequestParams, ProtocolVersion,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};
use rmcp::{ErrorData, ServerHandler};
use std::sync::Arc;
use tracing::Instrument;

/// The server's name; short, because clients put it before every tool's name.
const NAME: &str = "braid";

/// How long a list of tools, and what discovery says, stays right: the tools are fixed while the server runs, so this only
/// bounds how long a client goes on with the list of a server that was started again with other tools.
const FRESH_MS: u64 = 300_000;

/// What a call cost, by backend, in the `_meta` of its result: for people who look at traffic, not for the model.
const SPENT: &str = "braid/spent";

/// Answers one MCP client, or many: a clone is cheap and shares everything.
#[derive(Clone)]
pub struct Handler {
    tools: Arc<Tools>,
}

impl Handler {
    /// A handler that serves these tools.
    pub fn new(tools: Arc<Tools>) -> Self {
        Self { tools }
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(identity())
            .with_instructions(instructions::text(&self.tools.catalog()))
    }

    async fn discover(&self, _: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let result = DiscoverResult::from_server_info(versions, self.get_info());
        Ok(result.with_ttl_ms(FRESH_MS).with_cache_scope(CacheScope::Public))
    }

    /// One page: many clients never ask for a second.
    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        if request.is_some_and(|request| request.cursor.is_some()) {
            return Err(ErrorData::invalid_params(
                "there is only one page, and it has no cursor",
                None,
            ));
        }
        let tools = listing::tools(&self.tools.catalog(), self.tools.results());
        let mut result = ListToolsResult::with_all_items(tools)
            .with_ttl_ms(FRESH_MS)
            .with_cache_scope(CacheScope::Public);
        result.meta = signature(&context);
        Ok(result)
    }

    /// rmcp checks `Mcp-Param-*` headers against this.
    fn get_tool(&self, name: &str) -> Option<Tool> {
        let catalog = self.tools.catalog();
        let tool = catalog.find(name).filter(|tool| tool.hidden.is_none())?;
        Some(listing::tool(tool, self.tools.results()))
    }

    /// Cancelling drops the call, and with it every upstream request it has under way: rmcp itself would only drop the
    /// answer.
    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let parts = context.extensions.get::<http::request::Parts>();
        let header = |name: &str| Some(parts?.headers.get(name)?.to_str().ok()?.to_owned());
        let given = request.arguments.unwrap_or_default();
        let caller = Caller {
            header,
            context: span::context(&context.meta, header),
        };
        let known = self.tools.catalog().find(&request.name).is_some();
        let span = span::of_call(known.then_some(&*request.name), &context);
        trace::adopt(&span, &caller.context);
        let call = self
            .tools
            .call_for(caller, &request.name, given)
            .instrument(span.clone());
        let outcome = tokio::select! {
            () = context.ct.cancelled() => {
                span::failed(&span, "cancelled");
                return Err(ErrorData::internal_error("cancelled", None));
            }
            outcome = progress::reported(call, &context) => outcome,
        };
        span::ended(&span, &outcome);
        match outcome {
            Ok(outcome) => Ok(result(outcome, signature(&context)).into()),
            Err(UnknownTool { message }) => Err(ErrorData::invalid_params(message, None)),
        }
    }

    /// A method that rmcp knows ends here when its parameters cannot be read.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        const SERVED: [&str; 3] = [
            CallToolRequestMethod::VALUE,
            ListToolsRequestMethod::VALUE,
            DiscoverRequestMethod::VALUE,
        ];
        let method = request.method.as_str();
        // The modern era has no handshake: there, it is no method at all.
        let handshake = method == InitializeResultMethod::VALUE && !is_modern(&context);
        if handshake || SERVED.contains(&method) {
            let message = format!("the parameters of {} cannot be read", request.method);
            return Err(ErrorData::invalid_params(message, None));
        }
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, request.method, None))
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Err(ErrorData::method_not_found::<ListPromptsRequestMethod>())
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        Err(ErrorData::method_not_found::<ListResourcesRequestMethod>())
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Err(ErrorData::method_not_found::<ListResourceTemplatesRequestMethod>())
    }

    async fn complete(
        &self,
        _: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        Err(ErrorData::method_not_found::<CompleteRequestMethod>())
    }
}

/// A tool as clients see it in the list.
pub fn listed(tool: &crate::tools::Tool, results: Results) -> serde_json::Value {
    serde_json::to_value(listing::tool(tool, results)).unwrap_or_default()
}

fn identity() -> Implementation {
    Implementation::new(NAME, env!("CARGO_PKG_VERSION")).with_title("Braid")
}

fn is_modern(context: &RequestContext<RoleServer>) -> bool {
    context
        .protocol_version()
        .is_some_and(|version| version >= ProtocolVersion::V_2026_07_28)
}

/// Who answers, on every result of the modern era; the older one said it in the handshake.
fn signature(context: &RequestContext<RoleServer>) -> Option<MetaObject> {
    let identity = is_modern(context)
        .then(|| serde_json::to_value(identity()).ok())
        .flatten()?;
    let mut meta = MetaObject::new();
    meta.insert("io.modelcontextprotocol/serverInfo".to_owned(), identity);
    Some(meta)
}

fn result(outcome: Outcome, meta: Option<MetaObject>) -> CallToolResult {
    let content = vec![ContentBlock::text(outcome.text)];
    let mut result = if outcome.is_error {
        CallToolResult::error(content)
    } else {
        CallToolResult::success(content)
    };
    result.structured_content = outcome.structured;
    result.meta = meta;
    if !outcome.spent.is_empty() {
        let spent = serde_json::to_value(&outcome.spent).unwrap_or_default();
        result.meta.get_or_insert_default().insert(SPENT.to_owned(), spent);
    }
    result
}

#[cfg(test)]
mod tests;
