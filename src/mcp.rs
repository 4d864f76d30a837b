//! The protocol: list, call, progress, cancel, word of changes, in both eras; prompts, resources and completion. No logic of
//! its own: every answer comes from `tools`.
//!
//! What rmcp does by default and is overridden here, with the reason beside it: -32601 for known methods with malformed
//! parameters, no cache hints, no server name in results.

mod changes;
mod completion;
mod instructions;
mod listing;
mod progress;
mod prompts;
mod resources;
mod span;

use crate::tools::{Caller, Outcome, Results, Tools, UnknownTool};
use rmcp::model::{
    CacheScope, CallToolRequestMethod, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestMethod,
    CompleteRequestParams, CompleteResult, ConstString, ContentBlock, CustomRequest, CustomResult,
    DiscoverRequestMethod, DiscoverResult, ErrorCode, GetPromptRequestMethod, GetPromptRequestParams,
    GetPromptResponse, Implementation, InitializeResultMethod, ListPromptsRequestMethod, ListPromptsResult,
    ListResourceTemplatesRequestMethod, ListResourceTemplatesResult, ListResourcesRequestMethod, ListResourcesResult,
    ListToolsRequestMethod, ListToolsResult, MetaObject, PaginatedRequestParams, ProtocolVersion,
    ReadResourceRequestMethod, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ServerCapabilities,
    ServerConfig, SubscriptionFilter, SubscriptionsListenRequestMethod, Tool,
};
use rmcp::service::{NotificationContext, RequestContext, RoleServer, SubscriptionContext};
use rmcp::{ErrorData, ServerHandler};
use serde_json::json;
use std::sync::Arc;
use tracing::Instrument;
use upstream::trace;

/// The protocol revisions that are spoken, oldest first.
pub fn revisions() -> impl Iterator<Item = &'static str> {
    ProtocolVersion::KNOWN_VERSIONS.iter().map(ProtocolVersion::as_str)
}

/// The server's name; short, because clients put it before every tool's name.
const NAME: &str = "braid";

/// How long a client may go on with what discovery said: only a server that is started again says something else.
const FRESH_MS: u64 = 300_000;

/// How long with a list of tools. Clients that listen are told of a change at once; this is for the others.
const LIST_FRESH_MS: u64 = 60_000;

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
        ServerConfig::new(capabilities())
            .with_server_info(identity())
            .with_instructions(instructions::text(&self.tools.catalog()))
    }

    async fn discover(&self, _: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let result = DiscoverResult::from_server_info(versions, self.get_info());
        Ok(result.with_ttl_ms(FRESH_MS).with_cache_scope(CacheScope::Public))
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        refuse_cursor(request)?;
        let tools = listing::tools(&self.tools.catalog(), self.tools.results());
        let mut result = ListToolsResult::with_all_items(tools)
            .with_ttl_ms(LIST_FRESH_MS)
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

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        changes::tell(context.peer, self.tools.changes());
    }

    fn accepted_subscription_filter(&self, _: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(changes::offered())
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        changes::listen(&self.tools, &context).await
    }

    /// A method that rmcp knows ends here when its parameters cannot be read.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        const SERVED: [&str; 9] = [
            CallToolRequestMethod::VALUE,
            ListToolsRequestMethod::VALUE,
            DiscoverRequestMethod::VALUE,
            ListPromptsRequestMethod::VALUE,
            GetPromptRequestMethod::VALUE,
            ListResourcesRequestMethod::VALUE,
            ListResourceTemplatesRequestMethod::VALUE,
            ReadResourceRequestMethod::VALUE,
            CompleteRequestMethod::VALUE,
        ];
        let method = request.method.as_str();
        // Each era has a method that is none in the other.
        let own = if is_modern(&context) {
            SubscriptionsListenRequestMethod::VALUE
        } else {
            InitializeResultMethod::VALUE
        };
        if method == own || SERVED.contains(&method) {
            let message = format!("the parameters of {} cannot be read", request.method);
            return Err(ErrorData::invalid_params(message, None));
        }
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, request.method, None))
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        refuse_cursor(request)?;
        let mut result = ListPromptsResult::with_all_items(prompts::list(self.tools.library()))
            .with_ttl_ms(FRESH_MS)
            .with_cache_scope(CacheScope::Public);
        result.meta = signature(&context);
        Ok(result)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let mut result = prompts::get(self.tools.library(), request).map_err(invalid)?;
        result.meta = signature(&context);
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        refuse_cursor(request)?;
        let mut result = ListResourcesResult::with_all_items(resources::list(&self.tools))
            .with_ttl_ms(LIST_FRESH_MS)
            .with_cache_scope(CacheScope::Public);
        result.meta = signature(&context);
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        refuse_cursor(request)?;
        let mut result = ListResourceTemplatesResult::with_all_items(resources::templates())
            .with_ttl_ms(FRESH_MS)
            .with_cache_scope(CacheScope::Public);
        result.meta = signature(&context);
        Ok(result)
    }

    /// rmcp turns the code for what is not there into the one that the modern era has for it.
    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let Some(contents) = resources::read(&self.tools, &request.uri) else {
            let message = format!("there is no resource {}", request.uri);
            return Err(ErrorData::resource_not_found(
                message,
                Some(json!({ "uri": request.uri })),
            ));
        };
        let mut result = ReadResourceResult::new(vec![contents])
            .with_ttl_ms(FRESH_MS)
            .with_cache_scope(CacheScope::Public);
        result.meta = signature(&context);
        Ok(result.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let found = completion::complete(&self.tools, &request.r#ref, &request.argument);
        let found = tokio::select! {
            () = context.ct.cancelled() => return Err(ErrorData::internal_error("cancelled", None)),
            found = found => found.map_err(invalid)?,
        };
        let mut result = CompleteResult::new(found);
        result.meta = signature(&context);
        Ok(result)
    }
}

/// Every list is one page, which has no cursor: many clients never ask for a second.
fn refuse_cursor(request: Option<PaginatedRequestParams>) -> Result<(), ErrorData> {
    match request.and_then(|request| request.cursor) {
        Some(_) => Err(invalid("there is only one page, and it has no cursor".to_owned())),
        None => Ok(()),
    }
}

fn invalid(message: String) -> ErrorData {
    ErrorData::invalid_params(message, None)
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities::builder()
        .enable_tools()
        .enable_tool_list_changed()
        .enable_prompts()
        .enable_resources()
        .enable_resources_list_changed()
        .enable_completions()
        .build()
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
