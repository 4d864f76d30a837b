//! `braid schema`: the unified schema, as it stands in `schema/braid.graphql`.

use super::{Common, Verdict, output};
use crate::graph;
use serde_json::json;

/// Prints the schema.
pub(super) fn run(common: &Common) -> Verdict {
    let sdl = graph::sdl(&graph::builder().finish());
    if common.json {
        output::print_json(&json!({ "sdl": sdl }));
    } else {
        output::print(&sdl);
    }
    Verdict::Well
}
