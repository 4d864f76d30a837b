//! A small schema and its tools, for the tests of everything that stands on tools: two lists, a write, a slow answer, and
//! fields that fail.

use super::call::{DEFAULT_BUDGET, Params, Results, Tools};
use super::catalog::{self, Catalog, Writes, tests};
use super::library::Library;
use super::live::Live;
use crate::backends::Backend;
use crate::graph::engine::{self, Engine};
use crate::graph::failure::graphql_error;
use crate::loaders::Clients;
use async_graphql::{Context, EmptySubscription, Error, ID, Object, Schema, SimpleObject};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;
use toolgen::ToolSpec;
use toolgen::prompt::{Directory, PromptArgument, PromptSpec};
use toolgen::spec::{Annotations, Input, OperationKind, RootShape, Shape};
use upstream::{Cause, Failure, Metrics, Outcome};

/// Where a slow answer waits; a test sees that it does, and lets it go on.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    waiting: watch::Sender<usize>,
    open: watch::Sender<bool>,
}

/// Counts one that waits until it goes on or is dropped.
struct Waits<'a>(&'a Gate);

impl Gate {
    /// Resolves when so many slow answers are waiting.
    pub(crate) async fn waiting(&self, count: usize) {
        self.waiting
            .subscribe()
            .wait_for(|waiting| *waiting == count)
            .await
            .unwrap();
    }

    /// Lets all of them go on.
    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }

    async fn pass(&self, limit: Duration) {
        self.waiting.send_modify(|waiting| *waiting += 1);
        let _waits = Waits(self);
        let _ = timeout(limit, self.open.subscribe().wait_for(|open| *open)).await;
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.waiting.send_modify(|waiting| *waiting -= 1);
    }
}

struct Query;

#[Object]
impl Query {
    async fn shop(&self) -> Shop {
        Shop
    }
}

struct Mutation;

#[Object]
impl Mutation {
    #[expect(clippy::unused_async, reason = "async-graphql asks for it")]
    async fn order(&self, item: String) -> Result<Option<Item>, Error> {
        match item.as_str() {
            "lost" => Err(failed(
                Cause::Interrupted {
                    reason: "the connection broke".to_owned(),
                },
                Outcome::Unknown,
            )),
            _ => Ok(Some(Item {
                id: ID(item),
                name: None,
                text: String::new(),
            })),
        }
    }
}

struct Shop;

#[Object]
impl Shop {
    async fn items(&self, count: i32) -> Vec<Item> {
        (0..count).map(Item::numbered).collect()
    }

    #[expect(clippy::unused_async, reason = "async-graphql asks for it")]
    async fn item(&self, id: ID) -> Result<Option<Item>, Error> {
        match id.as_str() {
            "nothing" => Ok(None),
            "missing" => Err(failed(
                Cause::NotFound {
                    what: "item missing".to_owned(),
                },
                Outcome::NotDone,
            )),
            _ => Ok(Some(Item {
                id,
                name: None,
                text: String::new(),
            })),
        }
    }

    async fn slow(&self, ctx: &Context<'_>, seconds: i32) -> Result<i32, Error> {
        let limit = Duration::from_secs(u64::try_from(seconds)?);
        ctx.data::<Arc<Gate>>()?.pass(limit).await;
        Ok(seconds)
    }
}

#[derive(SimpleObject)]
#[graphql(complex)]
struct Item {
    id: ID,
    name: Option<String>,
    text: String,
}

impl Item {
    fn numbered(n: i32) -> Self {
        Self {
            id: ID(format!("I{n}")),
            name: Some(format!("item {n}")),
            text: "text ".repeat(20),
        }
    }
}

#[async_graphql::ComplexObject]
impl Item {
    #[expect(clippy::unused_async, reason = "async-graphql asks for it")]
    async fn price(&self) -> Result<Option<i32>, Error> {
        match self.id.as_str() {
            "I1" | "I3" | "unpriced" => Err(failed(
                Cause::Throttled {
                    retry_after: Duration::from_secs(30),
                },
                Outcome::NotDone,
            )),
            _ => Ok(Some(1)),
        }
    }
}

fn failed(cause: Cause, outcome: Outcome) -> Error {
    graphql_error(&Failure {
        outcome,
        ..Failure::new("shop", "call", cause)
    })
}

/// Tools on that schema; writes allowed.
pub(crate) fn tools(results: Results) -> Tools {
    gated(results).0
}

/// Tools on that schema, and the gate of its slow answers.
pub(crate) fn gated(results: Results) -> (Tools, Arc<Gate>) {
    let (tools, gate, _) = swappable(results);
    (tools, gate)
}

/// Tools on that schema, the gate of its slow answers, and what swaps the tools.
pub(crate) fn swappable(results: Results) -> (Tools, Arc<Gate>, Arc<Live>) {
    let gate = Arc::new(Gate::default());
    let clients = Clients {
        slack: off("slack"),
        github: off("github"),
        datadog: off("datadog"),
    };
    let engine = Engine::new(engine::Params {
        schema: Schema::build(Query, Mutation, EmptySubscription)
            .data(Arc::clone(&gate))
            .finish(),
        clients: clients.clone(),
        deadline: Duration::from_secs(20),
    });
    let catalog = Catalog::new(catalog::Params {
        specs: specs().into_iter().map(Arc::new).collect(),
        writes: Writes::All,
        off: BTreeMap::from([("bank".to_owned(), vec!["BANK_TOKEN".to_owned()])]),
        ..catalog::Params::default()
    })
    .unwrap();
    let live = Arc::new(Live::new(catalog));
    let tools = Tools::new(Params {
        engine: Arc::new(engine),
        live: Arc::clone(&live),
        results,
        budget: DEFAULT_BUDGET,
        library: Library::new(SCHEMA, prompts(), clients),
        clock: || "2026-11-22T10:00:00Z".parse().unwrap(),
        metrics: Metrics::new().unwrap(),
    });
    (tools, gate, live)
}

/// Some text: nothing here reads it.
const SCHEMA: &str = "type Query { shop: Shop! }";

fn prompts() -> Vec<PromptSpec> {
    let argument = |name: &str, default: Option<&str>| PromptArgument {
        name: name.to_owned(),
        description: format!("What {name} is."),
        default: default.map(str::to_owned),
        complete: Some(Directory::Channels),
    };
    vec![PromptSpec {
        name: "shop_review".to_owned(),
        title: "Review the shop".to_owned(),
        description: "Reviews it.".to_owned(),
        arguments: vec![argument("item", None), argument("since", Some("yesterday"))],
        text: "Review {{item}} since {{since}}.".to_owned(),
    }]
}

fn off<C>(backend: &'static str) -> Backend<C> {
    Backend::Off {
        backend,
        variables: vec!["UNUSED"],
    }
}

fn specs() -> Vec<ToolSpec> {
    let leaves = |keys: &[&str]| Shape::Object(keys.iter().map(|key| ((*key).to_owned(), Shape::Leaf)).collect());
    let items = Shape::Object(vec![(
        "items".to_owned(),
        Shape::List(Box::new(leaves(&["id", "name", "text", "price"]))),
    )]);
    let order = spec(
        "shop_order",
        "mutation Op($item: String!) { order(item: $item) { id price } }",
        ("item", Input::String),
        (&["order"], leaves(&["id", "price"])),
    );
    let closed = ToolSpec {
        backends: vec!["bank".to_owned()],
        ..spec(
            "bank_pay",
            "{ shop { __typename } }",
            ("sum", Input::Int),
            (&["shop"], leaves(&[])),
        )
    };
    vec![
        spec(
            "shop_list",
            "query Op($limit: Int!) { shop { items(count: $limit) { id name text price } } }",
            ("limit", Input::Int),
            (&["shop"], items),
        ),
        spec(
            "shop_get",
            "query Op($id: ID!) { shop { item(id: $id) { id name price } } }",
            ("id", Input::Id),
            (&["shop", "item"], leaves(&["id", "name", "price"])),
        ),
        spec(
            "shop_wait",
            "query Op($seconds: Int!) { shop { slow(seconds: $seconds) } }",
            ("seconds", Input::Int),
            (&["shop"], leaves(&["slow"])),
        ),
        order,
        closed,
    ]
}

fn spec(name: &str, document: &str, argument: (&str, Input), shape: (&[&str], Shape)) -> ToolSpec {
    let (argument, input) = argument;
    let writes = document.starts_with("mutation");
    let schema = |value: Value| Arc::new(value.as_object().cloned().unwrap_or_default());
    ToolSpec {
        group: "shop".to_owned(),
        kind: if writes {
            OperationKind::Mutation
        } else {
            OperationKind::Query
        },
        operation: "Op".to_owned(),
        document: document.to_owned(),
        backends: vec!["shop".to_owned()],
        annotations: Annotations {
            read_only: !writes,
            destructive: false,
            idempotent: !writes,
            open_world: false,
        },
        arguments: vec![tests::argument(argument, input)],
        input_schema: schema(json!({
            "type": "object",
            "properties": { argument: { "type": "string" } },
            "required": [argument],
            "additionalProperties": false,
        })),
        output_schema: schema(json!({ "type": "object" })),
        shape: RootShape {
            unwrap: shape.0.iter().map(ToString::to_string).collect(),
            inner: shape.1,
        },
        ..tests::spec(name)
    }
}
