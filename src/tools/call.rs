//! One call of a tool, from its name and arguments to what the agent reads, in the order in which it happens.

use super::catalog::{Catalog, Run};
use super::explore::{Explorer, Refused};
use super::library::Library;
use super::problems::{self, Problem, Scene};
use super::{arguments, budget, shape, truncated};
use crate::graph::engine::{Engine, Execution};
use crate::upstream::account::Spent;
use arc_swap::ArcSwap;
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Variables};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use toolgen::spec::OperationKind;
use toolgen::{ToolSpec, shape as rule};

/// How large a result is by default, in bytes of text: Copilot replaces a longer one by a file.
pub const DEFAULT_BUDGET: usize = 8_000;

/// What calls are made with.
pub struct Params {
    /// What runs operations.
    pub engine: Arc<Engine>,
    /// The tools; whoever holds the other end may swap it.
    pub catalog: Arc<ArcSwap<Catalog>>,
    /// What a result consists of.
    pub results: Results,
    /// How large a result may be, in bytes of text.
    pub budget: usize,
    /// What stands beside the tools.
    pub library: Library,
    /// The time, for what is said about it.
    pub clock: fn() -> Timestamp,
}

/// What a result consists of. Some clients put both into the model's context.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Results {
    /// Structured content and the same as text; output schemas are listed.
    #[default]
    Both,
    /// Text alone; no output schemas are listed.
    Text,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The result as data; none with an error, or where text alone is wanted.
    pub structured: Option<Value>,
    /// The same as text, or what went wrong.
    pub text: String,
    /// Whether nothing useful came.
    pub is_error: bool,
    /// What the call cost, by backend; empty where nothing was asked of any.
    pub spent: BTreeMap<&'static str, Spent>,
}

/// There is no tool of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct UnknownTool {
    /// What to tell the caller, with the nearest names.
    pub message: String,
}

/// Calls tools.
pub struct Tools {
    params: Params,
}

impl Tools {
    /// Calls tools with these.
    pub fn new(params: Params) -> Self {
        Self { params }
    }

    /// The tools as they are now.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.params.catalog.load_full()
    }

    /// What stands beside the tools.
    pub fn library(&self) -> &Library {
        &self.params.library
    }

    /// What results consist of.
    pub fn results(&self) -> Results {
        self.params.results
    }

    /// Calls a tool. Dropping the future drops what the call has under way.
    pub async fn call(&self, name: &str, given: Map<String, Value>) -> Result<Outcome, UnknownTool> {
        self.call_with_headers(name, given, |_| None).await
    }

    /// Calls a tool; `header` gives the headers of the caller's HTTP request, in lower case, for variables that come from
    /// them.
    pub async fn call_with_headers(
        &self,
        name: &str,
        given: Map<String, Value>,
        header: impl Fn(&str) -> Option<String>,
    ) -> Result<Outcome, UnknownTool> {
        let catalog = self.catalog();
        let Some(tool) = catalog.find(name) else {
            let message = problems::unknown_tool(name, &catalog);
            return Err(UnknownTool { message });
        };
        if let Some(told) = problems::hidden(tool) {
            return Ok(Outcome::error(told));
        }
        let variables = arguments::variables(&tool.spec, given).and_then(|mut variables| {
            arguments::fill_in_hidden(&tool.spec, &mut variables, header)?;
            Ok(variables)
        });
        let variables = match variables {
            Ok(variables) => variables,
            Err(complaints) => return Ok(Outcome::error(problems::bad_arguments(&tool.spec, &complaints))),
        };
        Ok(match &tool.run {
            Run::Operation(document) => self.execute(&tool.spec, document, &variables, &catalog).await,
            Run::SearchSchema(explorer) => self.success(explorer.search(&variables), BTreeMap::new()),
            Run::RunQuery(explorer) => self.run_query(explorer, &variables, &catalog).await,
        })
    }

    async fn run_query(&self, explorer: &Explorer, variables: &Map<String, Value>, catalog: &Catalog) -> Outcome {
        match explorer.query(variables) {
            Ok(query) => {
                self.execute(&query.spec, &query.document, &query.variables, catalog)
                    .await
            }
            Err(Refused::Query(text)) => Outcome::error(text),
            Err(Refused::Variables(spec, complaints)) => Outcome::error(problems::bad_arguments(&spec, &complaints)),
        }
    }

    async fn execute(
        &self,
        spec: &ToolSpec,
        document: &ExecutableDocument,
        variables: &Map<String, Value>,
        catalog: &Catalog,
    ) -> Outcome {
        let request = request(spec, document, variables.clone());
        let execution = self.params.engine.execute(request).await;
        let scene = Scene {
            tool: spec,
            variables,
            catalog,
            now: (self.params.clock)(),
        };
        self.outcome(&scene, execution)
    }

    fn outcome(&self, scene: &Scene<'_>, execution: Execution) -> Outcome {
        let Execution { response, call } = execution;
        let spec = scene.tool;
        let spent = call.account().all();
        let data = response.data.into_json().unwrap_or_default();
        let mut problems = problems::collect(scene, &response.errors, |path| shape::locate(&spec.shape, &data, path));
        let carried_out = was_carried_out(spec, &data);
        let shaped = Value::Object(rule::apply(&spec.shape, data));
        if !is_useful(&shaped) && !carried_out {
            if problems.is_empty() && is_bare(&shaped) {
                problems.push(problems::nothing_found());
            }
            if !problems.is_empty() {
                let text = problems::as_text(&spec.name, &problems);
                return Outcome {
                    spent,
                    ..Outcome::error(text)
                };
            }
        }
        let result = self.fitted(scene, &shaped, &problems);
        self.success(result, spent)
    }

    fn success(&self, result: Value, spent: BTreeMap<&'static str, Spent>) -> Outcome {
        Outcome {
            text: result.to_string(),
            structured: (self.params.results == Results::Both).then_some(result),
            is_error: false,
            spent,
        }
    }

    /// The result within the budget. Data is cut first; what is said about problems is bounded by itself and stays.
    fn fitted(&self, scene: &Scene<'_>, shaped: &Value, problems: &[Problem]) -> Value {
        let own = scene.tool.max_bytes.and_then(|bytes| usize::try_from(bytes).ok());
        let budget = own.unwrap_or(self.params.budget);
        let mut limit = budget;
        loop {
            let (mut result, cuts) = budget::fit(shaped, limit);
            let mut rest = Map::new();
            if !problems.is_empty() {
                let listed = problems::as_json(problems, |path| path.in_what_is_left(shaped, &result));
                rest.insert("problems".to_owned(), listed);
            }
            if !cuts.is_empty() {
                rest.insert("truncated".to_owned(), truncated::as_json(scene, shaped, &cuts));
            }
            if let Value::Object(result) = &mut result {
                result.append(&mut rest);
            }
            let over = budget::size(&result).saturating_sub(budget);
            // What cannot be cut (numbers, keys) may be more than the budget; then the nearest that can be had is given.
            if over == 0 || limit == 0 {
                return result;
            }
            limit = limit.saturating_sub(over);
        }
    }
}

fn request(spec: &ToolSpec, document: &ExecutableDocument, variables: Map<String, Value>) -> Request {
    let variables = Variables::from_json(Value::Object(variables));
    let mut request = Request::new(String::new())
        .operation_name(&spec.operation)
        .variables(variables);
    request.set_parsed_query(document.clone());
    request
}

/// Whether anything was found: a value that is more than the name of its type. An empty list is none, beside a problem.
fn is_useful(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => items.iter().any(is_useful),
        Value::Object(fields) => fields
            .iter()
            .any(|(key, value)| key != "__typename" && is_useful(value)),
        _ => true,
    }
}

fn is_bare(shaped: &Value) -> bool {
    shaped
        .as_object()
        .is_some_and(|fields| fields.keys().all(|key| key == "__typename"))
}

/// A write whose field is there was carried out, whatever is missing below it.
fn was_carried_out(spec: &ToolSpec, data: &Value) -> bool {
    spec.kind == OperationKind::Mutation
        && data
            .as_object()
            .is_some_and(|fields| fields.values().any(|value| !value.is_null()))
}

impl Outcome {
    fn error(text: String) -> Self {
        Self {
            structured: None,
            text,
            is_error: true,
            spent: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests;
