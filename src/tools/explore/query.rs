//! A query of an agent: compiled by the rules that tools are compiled by, and refused with what an agent can mend it from.

use super::{Explorer, RUN_QUERY, SEARCH_SCHEMA};
use crate::backends::clean::shortened;
use crate::graph::executable;
use crate::tools::arguments::{self, Complaint, Fault};
use async_graphql::parser::types::ExecutableDocument;
use serde_json::{Map, Value};
use toolgen::spec::Input;
use toolgen::{AdHoc, Diagnostic, ToolSpec};

/// How long a query may be, in characters: longer ones are no query that somebody wrote.
pub(super) const LONGEST_QUERY: u32 = 20_000;

/// How many mistakes are shown; the others are mostly their consequence.
const MISTAKES: usize = 5;

/// How long what is said of them may be, in bytes, and a line of it, in characters.
const LONGEST_REFUSAL: usize = 4_000;
const LONGEST_LINE: usize = 500;

/// A query that may be run.
#[derive(Debug)]
pub struct Query {
    /// What it was compiled to.
    pub spec: ToolSpec,
    /// What is executed.
    pub document: ExecutableDocument,
    /// The values of its variables, checked.
    pub variables: Map<String, Value>,
}

/// Why a query is not run.
#[derive(Debug)]
pub enum Refused {
    /// It has mistakes; the text shows them in place.
    Query(String),
    /// The values of its variables do not fit; the specification says which they are, as an agent gives them.
    Variables(Box<ToolSpec>, Vec<Complaint>),
}

impl Explorer {
    /// The query that these arguments of `run_query` give.
    pub fn query(&self, arguments: &Map<String, Value>) -> Result<Query, Refused> {
        let text = arguments.get("query").and_then(Value::as_str).unwrap_or_default();
        let given = given(arguments.get("variables")).map_err(|complaint| {
            let spec = Box::new(super::run_query());
            Refused::Variables(spec, vec![complaint])
        })?;
        let compiled = self.compiler.compile_query(&AdHoc {
            name: RUN_QUERY,
            text,
            variables: &given,
            budget: &self.budget,
        });
        let mut spec = compiled.map_err(|diagnostics| Refused::Query(refusal(&diagnostics)))?;
        let variables = arguments::variables(&spec, given).map_err(|complaints| {
            let complaints = complaints.into_iter().map(below_variables).collect();
            Refused::Variables(Box::new(as_given(spec.clone())), complaints)
        })?;
        let document = executable::parse(&spec.document).map_err(Refused::Query)?;
        forget_arguments(&mut spec);
        Ok(Query {
            spec,
            document,
            variables,
        })
    }
}

/// What is said about cut lists names a tool's arguments, and these are variables. An argument that nobody can have given
/// keeps a call of this tool from being told as if it were complete; cursors in the result go on at the cut all the same.
fn forget_arguments(spec: &mut ToolSpec) {
    spec.arguments = vec![super::argument("the query", Input::String, "")];
    for list in &mut spec.lists {
        list.size = None;
        list.narrowed_by.clear();
    }
}

/// The variables. Models like to write an object as text that holds one.
fn given(value: Option<&Value>) -> Result<Map<String, Value>, Complaint> {
    let parsed = match value {
        None | Some(Value::Null) => return Ok(Map::new()),
        Some(Value::String(text)) => serde_json::from_str(text).ok(),
        Some(value) => Some(value.clone()),
    };
    match parsed {
        Some(Value::Object(variables)) => Ok(variables),
        _ => Err(Complaint {
            path: "variables".to_owned(),
            fault: Fault::Mistyped {
                expected: "an object with the query's variables".to_owned(),
                got: value.map(ToString::to_string).unwrap_or_default(),
            },
        }),
    }
}

fn below_variables(complaint: Complaint) -> Complaint {
    Complaint {
        path: format!("variables.{}", complaint.path),
        ..complaint
    }
}

/// The specification with the variables under the names that an agent gives them by.
fn as_given(mut spec: ToolSpec) -> ToolSpec {
    for argument in &mut spec.arguments {
        argument.name = format!("variables.{}", argument.name);
    }
    spec
}

/// Short, whatever the query is: a model has to read it, and names may be as long as the query.
fn refusal(diagnostics: &[Diagnostic]) -> String {
    let mut room = LONGEST_REFUSAL;
    let shown: Vec<_> = diagnostics
        .iter()
        .take(MISTAKES)
        .map(|found| {
            found
                .render()
                .lines()
                .map(|line| shortened(line, LONGEST_LINE))
                .collect::<Vec<_>>()
                .join("\n")
        })
        .take_while(|text| {
            let fits = text.len() <= room;
            room = room.saturating_sub(text.len());
            fits
        })
        .collect();
    let more = match diagnostics.len().checked_sub(shown.len()) {
        None | Some(0) => String::new(),
        Some(1) => "\n\nand one more mistake".to_owned(),
        Some(more) => format!("\n\nand {more} more mistakes"),
    };
    format!(
        "The query was not run.\n\n{}{more}\n\nMend it and call {RUN_QUERY} again; {SEARCH_SCHEMA} shows the fields and types there are.",
        shown.join("\n\n")
    )
}
