//! Resources: the schema, and the file of each tool as it was written. Read from the catalog as it is at that moment.

use crate::tools::{Catalog, Tools};
use rmcp::model::{Resource, ResourceContents, ResourceTemplate};
use toolgen::ToolSpec;

/// Where the schema is.
const SCHEMA: &str = "braid://schema";

/// Where the files of tools are.
const TOOLS: &str = "braid://tools/";

/// The same with a place for the name, as in RFC 6570.
pub(super) const TOOL_TEMPLATE: &str = "braid://tools/{name}";

/// The one variable of it.
pub(super) const TOOL_NAME: &str = "name";

/// GraphQL has no registered type; this is what its tools use for documents.
const GRAPHQL: &str = "application/graphql";

/// The schema, then each listed tool that is a file.
pub(super) fn list(tools: &Tools) -> Vec<Resource> {
    let schema = Resource::new(SCHEMA, "schema")
        .with_title("The unified GraphQL schema")
        .with_description("All that can be asked for, with descriptions: for whoever writes a tool.")
        .with_mime_type(GRAPHQL)
        .with_size(length(tools.library().schema()));
    let catalog = tools.catalog();
    let files = files(&catalog).map(|spec| {
        let resource = Resource::new(format!("{TOOLS}{}", spec.name), &spec.name)
            .with_description(format!("The operation behind the tool: {}", spec.description))
            .with_mime_type(GRAPHQL)
            .with_size(length(&spec.text));
        match &spec.title {
            Some(title) => resource.with_title(title),
            None => resource,
        }
    });
    [schema].into_iter().chain(files).collect()
}

/// The one template there is.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    let template = ResourceTemplate::new(TOOL_TEMPLATE, "tool")
        .with_title("A tool's operation")
        .with_description("The GraphQL file that a tool is, by the tool's name.")
        .with_mime_type(GRAPHQL);
    vec![template]
}

/// What stands at this URI, where something does.
pub(super) fn read(tools: &Tools, uri: &str) -> Option<ResourceContents> {
    let text = if uri == SCHEMA {
        tools.library().schema().to_owned()
    } else {
        let name = uri.strip_prefix(TOOLS)?;
        files(&tools.catalog()).find(|spec| spec.name == name)?.text.clone()
    };
    Some(ResourceContents::text(text, uri).with_mime_type(GRAPHQL))
}

/// The names of the tools that have a file.
pub(super) fn names(catalog: &Catalog) -> Vec<String> {
    files(catalog).map(|spec| spec.name.clone()).collect()
}

fn files(catalog: &Catalog) -> impl Iterator<Item = &ToolSpec> {
    catalog
        .listed()
        .map(|tool| &*tool.spec)
        .filter(|spec| !spec.text.is_empty())
}

fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}
