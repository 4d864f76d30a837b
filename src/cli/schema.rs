//! `braid schema`: the unified schema, as it stands in `schema/braid.graphql`.

use super::{Common, Done, Verdict, output};
use crate::graph;
use serde_json::json;

/// Prints the schema.
pub(super) fn run(common: &Common) -> Done {
    let sdl = graph::sdl(&graph::builder().finish());
    if common.json {
        output::print_json(&json!({ "sdl": sdl }));
    } else {
        output::print(&sdl);
    }
    Ok(Verdict::Well)
}
