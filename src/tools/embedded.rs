//! The tools and prompts that were compiled into the binary, and the rules they were compiled by.

use toolgen::prompt::PromptSpec;
use toolgen::{Options, ToolSpec};

/// The table that build.rs wrote.
static TABLE: &str = include_str!(concat!(env!("OUT_DIR"), "/tools.json"));

/// The prompts that build.rs read.
static PROMPTS: &str = include_str!(concat!(env!("OUT_DIR"), "/prompts.json"));

/// The unified schema as it is exported: a test compares it with the code.
pub static SCHEMA: &str = include_str!("../../schema/braid.graphql");

/// Why the binary carries no tools. It must not serve then.
#[derive(Debug, thiserror::Error)]
pub enum NoTools {
    /// It was built with `BRAID_REFRESH_SCHEMA` set.
    #[error("this binary was built with BRAID_REFRESH_SCHEMA set, to export the schema only: build it again without")]
    Placeholder,
    /// The table is not what this version reads.
    #[error("a table in this binary cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

/// The tools, by name.
pub fn tools() -> Result<Vec<ToolSpec>, NoTools> {
    let tools: Vec<ToolSpec> = serde_json::from_str(TABLE)?;
    if tools.is_empty() {
        Err(NoTools::Placeholder)
    } else {
        Ok(tools)
    }
}

/// The prompts, by name.
pub fn prompts() -> Result<Vec<PromptSpec>, NoTools> {
    Ok(serde_json::from_str(PROMPTS)?)
}

/// What build.rs told the compiler: files that are dropped in while the server runs are compiled by the same rules.
pub fn options() -> Options {
    Options {
        weights: include_str!("../../schema/weights.graphql").to_owned(),
        ..Options::default()
    }
}
