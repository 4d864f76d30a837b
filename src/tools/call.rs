//! One call of a tool, from its name and arguments to what the agent reads, in the order in which it happens.

use super::catalog::{Catalog, Run};
use super::explore::Refused;
use super::library::Library;
use super::live::Live;
use super::problems::{self, Problem, Scene};
use super::{arguments, budget, render, shape, truncated};
use crate::graph::engine::{Engine, Execution};
use crate::graph::prepare;
use async_graphql::parser::types::ExecutableDocument;
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::time::Instant;
use toolgen::spec::OperationKind;
use toolgen::{ToolSpec, shape as rule};
use upstream::account::Spent;
use upstream::{Metrics, trace};

/// How large a result is by default, in bytes of text: Copilot replaces a longer one by a file.
pub const DEFAULT_BUDGET: usize = 8_000;

/// Stands for all names that no tool has, where calls are counted.
const UNKNOWN: &str = "(unknown)";

/// What calls are made with.
pub struct Params {
    /// What runs operations.
    pub engine: Arc<Engine>,
    /// The tools; whoever holds the other end may swap them.
    pub live: Arc<Live>,
    /// What a result consists of.
    pub results: Results,
    /// How large a result may be, in bytes of text.
    pub budget: usize,
    /// What stands beside the tools.
    pub library: Library,
    /// The time, for what is said about it.
    pub clock: fn() -> Timestamp,
    /// Where calls are counted.
    pub metrics: Metrics,
}

/// What comes along with a call beside its arguments.
pub struct Caller<H> {
    /// The headers of the caller's HTTP request, by their names in lower case, for variables that come from them.
    pub header: H,
    /// The trace that the call belongs to.
    pub context: trace::Context,
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
    /// How it ended.
    pub ending: Ending,
}

/// How a call of a tool ended that there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With all that was asked for.
    Whole,
    /// With a part of it, or with a part that is out of date.
    Partial,
    /// With an error: nothing useful came.
    Failed,
    /// Before it began: the tool is off, or its arguments are wrong.
    Refused,
}

impl Ending {
    /// The word for metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Whole => "ok",
            Self::Partial => "partial",
            Self::Failed => "error",
            Self::Refused => "refused",
        }
    }
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
        self.params.live.catalog()
    }

    /// Says when agents would see other tools.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.params.live.changes()
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
        let caller = Caller {
            header: |_: &str| None,
            context: trace::Context::default(),
        };
        self.call_for(caller, name, given).await
    }

    /// Calls a tool for somebody who is known by more than the arguments.
    pub async fn call_for(
        &self,
        caller: Caller<impl Fn(&str) -> Option<String>>,
        name: &str,
        given: Map<String, Value>,
    ) -> Result<Outcome, UnknownTool> {
        let tally = Tally {
            metrics: &self.params.metrics,
            // Whatever a caller makes up must not become a label.
            tool: if self.catalog().find(name).is_some() {
                name
            } else {
                UNKNOWN
            },
            started: Instant::now(),
            ending: "cancelled",
        };
        let result = self.called(caller, name, given).await;
        tally.ended(result.as_ref().map_or("unknown", |outcome| outcome.ending.word()));
        result
    }

    async fn called(
        &self,
        caller: Caller<impl Fn(&str) -> Option<String>>,
        name: &str,
        given: Map<String, Value>,
    ) -> Result<Outcome, UnknownTool> {
        let catalog = self.catalog();
        let Some(tool) = catalog.find(name) else {
            let message = problems::unknown_tool(name, &catalog);
            return Err(UnknownTool { message });
        };
        if let Some(told) = problems::hidden(tool) {
            return Ok(Outcome::refused(told));
        }
        let variables = arguments::variables(&tool.spec, given).and_then(|mut variables| {
            arguments::fill_in_hidden(&tool.spec, &mut variables, caller.header)?;
            Ok(variables)
        });
        let variables = match variables {
            Ok(variables) => variables,
            Err(complaints) => return Ok(Outcome::refused(problems::bad_arguments(&tool.spec, &complaints))),
        };
        let prepared = |document| Prepared {
            spec: &tool.spec,
            document,
            variables: &variables,
            catalog: &catalog,
        };
        Ok(match &tool.run {
            Run::Operation(document) => match document.of(&tool.spec) {
                Ok(document) => self.execute(prepared(document), caller.context).await,
                Err(reason) => Outcome::refused(problems::unreadable(&tool.spec, reason)),
            },
            Run::SearchSchema(explorer) => self.success(&tool.spec, explorer.search(&variables)),
            Run::RunQuery(explorer) => match explorer.query(&variables) {
                Ok(query) => {
                    let prepared = Prepared {
                        spec: &query.spec,
                        document: &query.document,
                        variables: &query.variables,
                        catalog: &catalog,
                    };
                    self.execute(prepared, caller.context).await
                }
                Err(Refused::Query(text)) => Outcome::refused(text),
                Err(Refused::Variables(spec, complaints)) => {
                    Outcome::refused(problems::bad_arguments(&spec, &complaints))
                }
            },
        })
    }

    async fn execute(&self, prepared: Prepared<'_>, context: trace::Context) -> Outcome {
        let execution = self.params.engine.execute(prepared.operation(), context).await;
        let scene = Scene {
            tool: prepared.spec,
            variables: prepared.variables,
            catalog: prepared.catalog,
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
        problems.extend(problems::out_of_date(&call.account().stale(), scene));
        let result = self.fitted(scene, &shaped, &problems);
        let ending = if problems.is_empty() {
            Ending::Whole
        } else {
            Ending::Partial
        };
        Outcome {
            spent,
            ending,
            ..self.success(spec, result)
        }
    }

    fn success(&self, spec: &ToolSpec, result: Value) -> Outcome {
        Outcome {
            text: self.text(spec, &result),
            structured: (self.params.results == Results::Both).then_some(result),
            is_error: false,
            spent: BTreeMap::new(),
            ending: Ending::Whole,
        }
    }

    /// Beside structured content the text is the same as JSON, for clients that parse it; alone it is for reading.
    fn text(&self, spec: &ToolSpec, result: &Value) -> String {
        match self.params.results {
            Results::Both => result.to_string(),
            Results::Text => render::text(&spec.rendering, result),
        }
    }

    /// The result within the budget. Data is cut first; what is said about problems is bounded by itself and stays.
    fn fitted(&self, scene: &Scene<'_>, shaped: &Value, problems: &[Problem]) -> Value {
        let own = scene.tool.max_bytes.and_then(|bytes| usize::try_from(bytes).ok());
        let budget = own.unwrap_or(self.params.budget);
        let mut limit = self.first_limit(scene.tool, shaped, budget);
        loop {
            let (mut result, cuts) = budget::fit(shaped, &scene.tool.shares, limit);
            let mut rest = Map::new();
            if !problems.is_empty() {
                let listed = problems::as_json(problems, |path| path.in_what_is_left(shaped, &result));
                rest.insert("problems".to_owned(), listed);
            }
            if !cuts.is_empty() {
                let told = truncated::tell(scene, shaped, &cuts, &mut result);
                rest.insert("truncated".to_owned(), told);
            }
            if let Value::Object(result) = &mut result {
                result.append(&mut rest);
            }
            let over = self.size(scene.tool, &result).saturating_sub(budget);
            // What cannot be cut (numbers, keys) may be more than the budget; then the nearest that can be had is given.
            if over == 0 || limit == 0 {
                return result;
            }
            limit = limit.saturating_sub(over);
        }
    }

    /// How much JSON may be kept, to begin with. As text it takes less room, about as much less as all of it does.
    fn first_limit(&self, spec: &ToolSpec, shaped: &Value, budget: usize) -> usize {
        let (as_sent, as_json) = (self.size(spec, shaped), budget::size(shaped));
        if as_sent <= budget {
            as_json
        } else {
            (budget.saturating_mul(as_json) / as_sent).max(budget)
        }
    }

    /// How many bytes a result takes as it is sent.
    fn size(&self, spec: &ToolSpec, result: &Value) -> usize {
        match self.params.results {
            Results::Both => budget::size(result),
            Results::Text => self.text(spec, result).len(),
        }
    }
}

/// What is executed, and what the result is made by.
struct Prepared<'p> {
    spec: &'p ToolSpec,
    document: &'p ExecutableDocument,
    variables: &'p Map<String, Value>,
    catalog: &'p Catalog,
}

impl Prepared<'_> {
    fn operation(&self) -> prepare::Prepared {
        prepare::Prepared::proven(self.document.clone(), self.variables.clone())
    }
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
            ending: Ending::Failed,
        }
    }

    fn refused(text: String) -> Self {
        Self {
            ending: Ending::Refused,
            ..Self::error(text)
        }
    }
}

/// A call under way, which counts as cancelled when it is dropped before it has ended.
struct Tally<'a> {
    metrics: &'a Metrics,
    tool: &'a str,
    started: Instant,
    ending: &'static str,
}

impl Tally<'_> {
    fn ended(mut self, ending: &'static str) {
        self.ending = ending;
    }
}

impl Drop for Tally<'_> {
    fn drop(&mut self) {
        let took = self.started.elapsed();
        self.metrics.tool_called(self.tool, self.ending, took);
    }
}

#[cfg(test)]
mod tests;
