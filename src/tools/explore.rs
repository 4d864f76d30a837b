//! The long tail: what no tool gives can be found in the schema and asked for in a query. Two tools, off by default:
//! `search_schema` gives the few fields that matter, `run_query` runs a query that reads.
//!
//! They stand in the catalog like the tools that are files, and are listed, counted and called in the same way. Neither
//! is open-world: they reach what the other tools reach.

mod atlas;
mod draft;
mod query;
mod sdl;
mod search;

use super::catalog::Run;
use atlas::Atlas;
use query::LONGEST_QUERY;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use toolgen::spec::{Annotations, Argument, Bounds, Cost, Input, OperationKind, Rendering, RootShape, Shape};
use toolgen::{Budget, Compiler, Diagnostic, Options, ToolSpec};

pub use draft::{Draft, Required, draft};
pub use query::Refused;

/// The tool that searches the schema.
pub const SEARCH_SCHEMA: &str = "search_schema";
/// The tool that runs a query.
pub const RUN_QUERY: &str = "run_query";

/// The group of both.
const GROUP: &str = "explore";

/// What one query may cost at most: a screenful of messages from each of a few channels with their authors is within it,
/// page upon page within a page is not. The budget of bytes cuts the result further.
const MOST_REQUESTS: u64 = 250;
const MOST_TOKENS: u64 = 100_000;

/// The schema, ready to be searched and to compile queries against.
pub struct Explorer {
    atlas: Atlas,
    compiler: Compiler,
    budget: Budget,
}

impl Explorer {
    /// Reads the schema; a schema that is none gives its findings.
    pub fn new(sdl: &str, options: Options) -> Result<Self, Vec<Diagnostic>> {
        Ok(Self {
            atlas: Atlas::read(sdl),
            compiler: Compiler::new(sdl, options)?,
            budget: Budget {
                requests: Some(MOST_REQUESTS),
                result_tokens: Some(MOST_TOKENS),
                units: BTreeMap::new(),
            },
        })
    }

    /// The two tools, and what a call of each does.
    pub fn tools(self: &Arc<Self>) -> [(Arc<ToolSpec>, Run); 2] {
        [
            (Arc::new(search_schema()), Run::SearchSchema(Arc::clone(self))),
            (Arc::new(run_query()), Run::RunQuery(Arc::clone(self))),
        ]
    }

    /// What `search_schema` gives.
    pub fn search(&self, variables: &Map<String, Value>) -> Value {
        let words = variables.get("words").and_then(Value::as_str).unwrap_or_default();
        search::search(&self.atlas, words)
    }
}

impl fmt::Debug for Explorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explorer").finish_non_exhaustive()
    }
}

fn search_schema() -> ToolSpec {
    let words = Argument {
        bounds: Bounds {
            min_length: Some(1),
            max_length: Some(200),
            ..Bounds::default()
        },
        examples: vec![json!("failing checks of a pull request"), json!("DatadogMonitor")],
        ..argument(
            "words",
            Input::String,
            "What you look for, in a few words; or the name of a type, to see all of it.",
        )
    };
    ToolSpec {
        title: Some("Search the schema".to_owned()),
        description: "Find out what can be asked for that no tool gives: the fields of the GraphQL schema that match some \
                      words, the way to each from the root, and the types around them. Then ask for them with run_query."
            .to_owned(),
        output_schema: object(&json!({
            "type": "object",
            "properties": {
                "schema": { "type": "string", "description": "The fields and types that matter, as GraphQL SDL; comments give the way to each from the root." },
                "matched": { "type": "integer", "description": "How many fields match." },
                "shown": { "type": "integer", "description": "How many of them are shown, the best ones." },
                "next": { "type": "string", "description": "How to go on." },
            },
            "required": ["schema", "matched", "shown", "next"],
            "additionalProperties": false,
        })),
        rendering: Rendering::Fields(vec![
            ("schema".to_owned(), Rendering::Text),
            ("matched".to_owned(), Rendering::Json),
            ("shown".to_owned(), Rendering::Json),
            ("next".to_owned(), Rendering::Text),
        ]),
        ..tool(SEARCH_SCHEMA, vec![words])
    }
}

/// It has no output schema: what a result looks like hangs on the query. Results carry structured content all the same.
fn run_query() -> ToolSpec {
    let query = Argument {
        bounds: Bounds {
            min_length: Some(1),
            max_length: Some(LONGEST_QUERY),
            ..Bounds::default()
        },
        examples: vec![json!(
            "query($id: ID!) { datadog { monitor(id: $id) { name state tags } } }"
        )],
        ..argument(
            "query",
            Input::String,
            "One GraphQL query. Ask for few fields and small pages.",
        )
    };
    let variables = Argument {
        required: false,
        examples: vec![json!({ "id": "40" })],
        ..argument(
            "variables",
            Input::Any,
            "The values of the query's variables, by name without `$`.",
        )
    };
    let mut spec = ToolSpec {
        title: Some("Run a query".to_owned()),
        description: "Run a GraphQL query that reads from Slack, GitHub and Datadog, for what no other tool gives. Find its \
                      fields with search_schema. An object that is selected for one field only is replaced by that field."
            .to_owned(),
        cost: Cost {
            requests_most: MOST_REQUESTS,
            result_tokens: MOST_TOKENS,
            ..Cost::default()
        },
        ..tool(RUN_QUERY, vec![query, variables])
    };
    // An object, whatever stands in it; the compiler says what once it has read the query.
    if let Some(variables) = Arc::make_mut(&mut spec.input_schema)
        .get_mut("properties")
        .and_then(|all| all.get_mut("variables"))
    {
        *variables = json!({
            "type": "object",
            "description": "The values of the query's variables, by name without `$`.",
            "examples": [{ "id": "40" }],
        });
    }
    spec
}

fn tool(name: &str, arguments: Vec<Argument>) -> ToolSpec {
    ToolSpec {
        name: name.to_owned(),
        group: GROUP.to_owned(),
        title: None,
        description: String::new(),
        kind: OperationKind::Query,
        operation: String::new(),
        document: String::new(),
        backends: Vec::new(),
        annotations: Annotations {
            read_only: true,
            destructive: false,
            idempotent: true,
            open_world: false,
        },
        input_schema: toolgen::input_schema(&arguments).into(),
        output_schema: Arc::default(),
        shape: RootShape {
            unwrap: Vec::new(),
            inner: Shape::Object(Vec::new()),
        },
        rendering: Rendering::default(),
        lists: Vec::new(),
        shares: Vec::new(),
        source: "--explore".to_owned(),
        text: String::new(),
        hidden: Vec::new(),
        max_bytes: None,
        cost: Cost::default(),
        scopes: BTreeMap::new(),
        arguments,
    }
}

fn argument(name: &str, input: Input, description: &str) -> Argument {
    Argument {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        input,
        required: true,
        nullable: false,
        default: None,
        bounds: Bounds::default(),
        examples: Vec::new(),
    }
}

fn object(value: &Value) -> Arc<Map<String, Value>> {
    Arc::new(value.as_object().cloned().unwrap_or_default())
}

#[cfg(test)]
mod tests;
