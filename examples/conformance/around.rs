//! A handler around the real one: pictures, sounds and embedded resources, which scenarios of declared capabilities ask
//! for and Braid has no use for. Everything else, and every list, is the real handler's, to which these are added.

use braid::tools::Live;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult, ContentBlock,
    CustomRequest, CustomResult, DiscoverResult, GetPromptRequestParams, GetPromptResponse, GetPromptResult,
    ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    Prompt, PromptArgument, PromptMessage, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult,
    Resource, ResourceContents, ResourceTemplate, Role, ServerConfig, SubscriptionFilter, Tool, object,
};
use rmcp::service::{NotificationContext, RequestContext, RoleServer, SubscriptionContext};
use rmcp::{ErrorData, ServerHandler};
use serde_json::{Value, json};
use std::sync::Arc;

/// A red dot.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/// A sound of no length.
const WAV: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

const TEXT: &str = "test://static-text";
const BINARY: &str = "test://static-binary";
/// The tool that changes the others.
const CHANGE: &str = "test_trigger_tool_change";

const TEMPLATE: &str = "test://template/{id}/data";

/// The real handler, and what is around it.
#[derive(Clone)]
pub(crate) struct Around<H> {
    inner: H,
    /// The real handler's tools.
    live: Arc<Live>,
}

impl<H> Around<H> {
    pub(crate) fn new(inner: H, live: Arc<Live>) -> Self {
        Self { inner, live }
    }

    /// Swaps the tools, one of which says something else of itself than before.
    fn change_a_tool(&self) -> Result<(), ErrorData> {
        let catalog = self.live.catalog();
        let mut specs: Vec<_> = catalog.all().map(|tool| Arc::clone(&tool.spec)).collect();
        if let Some(first) = specs.first_mut() {
            Arc::make_mut(first).description.push_str(" Changed.");
        }
        let changed = catalog.renewed(&specs);
        self.live
            .swap(changed.map_err(|error| ErrorData::internal_error(error.to_string(), None))?);
        Ok(())
    }
}

impl<H: ServerHandler + Clone> ServerHandler for Around<H> {
    fn get_info(&self) -> ServerConfig {
        self.inner.get_info()
    }

    async fn discover(&self, context: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        self.inner.discover(context).await
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut list = self.inner.list_tools(request, context).await?;
        list.tools.extend(tools());
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.inner
            .get_tool(name)
            .or_else(|| tools().into_iter().find(|tool| tool.name == name))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if request.name == CHANGE {
            self.change_a_tool()?;
        }
        match content(&request.name) {
            Some(given) => Ok(CallToolResult::success(given).into()),
            None => self.inner.call_tool(request, context).await,
        }
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let mut list = self.inner.list_prompts(request, context).await?;
        let uri = PromptArgument::new("resourceUri").with_required(true);
        list.prompts.extend([
            Prompt::new(
                "test_prompt_with_embedded_resource",
                Some("Embeds a resource."),
                Some(vec![uri]),
            ),
            Prompt::new("test_prompt_with_image", Some("Holds a picture."), None),
        ]);
        Ok(list)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let block = match request.name.as_str() {
            "test_prompt_with_image" => ContentBlock::image(PNG, "image/png"),
            "test_prompt_with_embedded_resource" => {
                let uri = request
                    .arguments
                    .as_ref()
                    .and_then(|given| given.get("resourceUri")?.as_str());
                let uri = uri.ok_or_else(|| ErrorData::invalid_params("resourceUri is missing", None))?;
                embedded(uri, "Embedded resource content for testing.")
            }
            _ => return self.inner.get_prompt(request, context).await,
        };
        let text = PromptMessage::new_text(Role::User, "Please process what stands above.");
        Ok(GetPromptResult::new(vec![PromptMessage::new(Role::User, block), text]).into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let mut list = self.inner.list_resources(request, context).await?;
        list.resources.extend([
            Resource::new(TEXT, "static text").with_mime_type("text/plain"),
            Resource::new(BINARY, "static binary").with_mime_type("image/png"),
        ]);
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let mut list = self.inner.list_resource_templates(request, context).await?;
        let template = ResourceTemplate::new(TEMPLATE, "template").with_mime_type("application/json");
        list.resource_templates.push(template);
        Ok(list)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.as_str();
        let id = uri
            .strip_prefix("test://template/")
            .and_then(|rest| rest.strip_suffix("/data"));
        let contents = match (uri, id) {
            (TEXT, _) => ResourceContents::text("This is the content of the static text resource.", uri),
            (BINARY, _) => ResourceContents::blob(PNG, uri).with_mime_type("image/png"),
            (_, Some(id)) => {
                let data = json!({ "id": id, "templateTest": true, "data": format!("Data for ID: {id}") });
                ResourceContents::text(data.to_string(), uri).with_mime_type("application/json")
            }
            _ => return self.inner.read_resource(request, context).await,
        };
        Ok(ReadResourceResult::new(vec![contents]).into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        self.inner.complete(request, context).await
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        self.inner.on_initialized(context).await;
    }

    fn accepted_subscription_filter(&self, wanted: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        self.inner.accepted_subscription_filter(wanted)
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        self.inner.listen(context).await
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        self.inner.on_custom_request(request, context).await
    }
}

/// What these tools give; `None` for a tool of the real handler.
fn content(name: &str) -> Option<Vec<ContentBlock>> {
    let text = || ContentBlock::text("Several kinds of content.");
    Some(match name {
        "test_image_content" => vec![ContentBlock::image(PNG, "image/png")],
        "test_audio_content" => vec![ContentBlock::audio(WAV, "audio/wav")],
        "test_embedded_resource" => vec![embedded(
            "test://embedded-resource",
            "This is an embedded resource content.",
        )],
        "test_multiple_content_types" => vec![
            text(),
            ContentBlock::image(PNG, "image/png"),
            embedded("test://mixed-content-resource", "{\"test\":\"data\"}"),
        ],
        "json_schema_2020_12_tool" | "test_parameter_as_header" | CHANGE => vec![text()],
        _ => return None,
    })
}

fn embedded(uri: &str, text: &str) -> ContentBlock {
    ContentBlock::resource(ResourceContents::text(text, uri))
}

fn tools() -> Vec<Tool> {
    let plain = || json!({ "type": "object", "properties": {}, "additionalProperties": false });
    let tool = |name: &'static str, input: Value| Tool::new(name, "Stands in the suite.", Arc::new(object(input)));
    vec![
        tool("test_image_content", plain()),
        tool("test_audio_content", plain()),
        tool("test_embedded_resource", plain()),
        tool("test_multiple_content_types", plain()),
        tool(CHANGE, plain()),
        tool("json_schema_2020_12_tool", of_2020_12()),
        tool(
            "test_parameter_as_header",
            json!({ "type": "object", "properties": { "region": { "type": "string", "x-mcp-header": "Region" } } }),
        ),
    ]
}

/// The schema that the suite wants to see unchanged.
fn of_2020_12() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": { "address": {
            "$anchor": "addressDef", "type": "object",
            "properties": { "street": { "type": "string" }, "city": { "type": "string" } },
        } },
        "properties": {
            "name": { "type": "string" },
            "address": { "$ref": "#/$defs/address" },
            "contactMethod": { "type": "string", "enum": ["phone", "email"] },
            "phone": { "type": "string" },
            "email": { "type": "string" },
        },
        "allOf": [{ "anyOf": [{ "required": ["phone"] }, { "required": ["email"] }] }],
        "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
        "then": { "required": ["phone"] },
        "else": { "required": ["email"] },
        "additionalProperties": false,
    })
}
