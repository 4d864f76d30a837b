//! A tool as clients see it in the list.

use crate::tools::{Catalog, Results, Tool};
use rmcp::model::{Tool as Listed, ToolAnnotations};
use std::sync::Arc;

/// The listed tools, by name.
pub(super) fn tools(catalog: &Catalog, results: Results) -> Vec<Listed> {
    catalog.listed().map(|entry| tool(entry, results)).collect()
}

/// One tool. The title stands twice because clients disagree on where to look first.
pub(super) fn tool(tool: &Tool, results: Results) -> Listed {
    let spec = &tool.spec;
    let hints = spec.annotations;
    let mut annotations = ToolAnnotations::new()
        .read_only(hints.read_only)
        .destructive(hints.destructive)
        .idempotent(hints.idempotent)
        .open_world(hints.open_world);
    annotations.title.clone_from(&spec.title);
    let mut listed = Listed::new(
        spec.name.clone(),
        spec.description.clone(),
        Arc::clone(&spec.input_schema),
    )
    .with_annotations(annotations);
    listed.title.clone_from(&spec.title);
    // What run_query gives hangs on the query: it has no schema.
    if results == Results::Both && !spec.output_schema.is_empty() {
        listed.output_schema = Some(Arc::clone(&spec.output_schema));
    }
    listed
}
