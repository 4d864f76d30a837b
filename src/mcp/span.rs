//! The span of a tool call, in the words of OpenTelemetry's conventions for MCP servers, and the trace that it belongs to.

use crate::tools::{Outcome, UnknownTool};
use rmcp::model::{CallToolRequestMethod, ConstString, RequestMetaObject};
use rmcp::service::{RequestContext, RoleServer};
use tracing::field::Empty;
use tracing::{Span, info_span};
use upstream::trace;

/// The trace that a call came with: as its `_meta` says, else as the headers of its HTTP request say.
pub(super) fn context(meta: &RequestMetaObject, header: impl Fn(&str) -> Option<String>) -> trace::Context {
    let told = |name: &str| Some(meta.0.get(name)?.as_str()?.to_owned());
    // Never one part from here and another from there: they belong together.
    if told(trace::TRACEPARENT.as_str())
        .or_else(|| told(trace::BAGGAGE.as_str()))
        .is_some()
    {
        trace::Context::read(told)
    } else {
        trace::Context::read(header)
    }
}

/// The span of a call; `tool` is the name of a tool that there is, as anything else would make names without end.
pub(super) fn of_call(tool: Option<&str>, context: &RequestContext<RoleServer>) -> Span {
    const METHOD: &str = CallToolRequestMethod::VALUE;
    let over_http = context.extensions.get::<http::request::Parts>().is_some();
    info_span!(
        "tool call",
        otel.name = tool.map_or_else(|| METHOD.to_owned(), |tool| format!("{METHOD} {tool}")),
        otel.kind = "server",
        otel.status_code = Empty,
        mcp.method.name = METHOD,
        mcp.protocol.version = context.protocol_version().map(|version| version.to_string()),
        jsonrpc.request.id = %context.id,
        network.transport = if over_http { "tcp" } else { "pipe" },
        gen_ai.operation.name = "execute_tool",
        gen_ai.tool.name = tool,
        error.type = Empty,
    )
}

/// Says how the call ended.
pub(super) fn ended(span: &Span, outcome: &Result<Outcome, UnknownTool>) {
    match outcome {
        Ok(outcome) if outcome.is_error => failed(span, "tool_error"),
        Ok(_) => {}
        Err(_unknown) => failed(span, "unknown_tool"),
    }
}

/// Says that the call failed, in one word of a closed set.
pub(super) fn failed(span: &Span, kind: &'static str) {
    span.record("otel.status_code", "error");
    span.record("error.type", kind);
}
