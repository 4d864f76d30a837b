//! `braid call`: one tool, once, as an agent would call it.

mod waiting;

use super::output::{BAD, styled};
use super::{Common, Done, Verdict, output, pretty};
use crate::app::{App, Selection};
use crate::config::Env;
use crate::tools::Results;
use serde_json::{Map, Value, json};
use toolgen::spec::{Argument, Input};

/// What is called with what.
#[derive(Debug)]
pub(super) struct Request {
    /// The tool.
    pub(super) name: String,
    /// `key=value`.
    pub(super) pairs: Vec<String>,
    /// All arguments as JSON.
    pub(super) args: Option<String>,
}

/// Calls the tool and prints its result: on a terminal for people, else the structured content.
pub(super) async fn run(common: &Common, request: Request) -> Done {
    // Programs get JSON from here, whatever a server's clients get.
    let selection = Selection {
        results: Some(Results::Both),
        ..common.selection()
    };
    let app = App::build(&selection, &Env::of_process())
        .await
        .map_err(|error| error.to_string())?;
    let known = app
        .tools
        .catalog()
        .find(&request.name)
        .map(|tool| tool.spec.arguments.clone());
    let arguments = match &request.args {
        Some(text) => serde_json::from_str(text).map_err(|error| format!("--args is no JSON object: {error}"))?,
        None => from_pairs(&request.pairs, &known.unwrap_or_default())?,
    };
    let outcome = waiting::shown(app.tools.call(&request.name, arguments))
        .await
        .map_err(|unknown| unknown.message)?;
    let catalog = app.tools.catalog();
    let rendering = catalog.find(&request.name).map(|tool| &tool.spec.rendering);
    match (&outcome.structured, rendering) {
        (Some(structured), Some(rendering)) if !common.json && output::is_read_by_a_person() => {
            output::print(&pretty::text(rendering, structured, output::width()));
        }
        (Some(structured), _) => output::print_json(structured),
        (None, _) if common.json => output::print_json(&json!({ "error": outcome.text })),
        (None, _) => output::print(&styled(BAD, &outcome.text)),
    }
    Ok(if outcome.is_error {
        Verdict::Fault
    } else {
        Verdict::Well
    })
}

/// What is written as text becomes what the argument takes, where it can; the tool itself says what is wrong with the
/// rest.
fn from_pairs(pairs: &[String], known: &[Argument]) -> Result<Map<String, Value>, String> {
    let mut arguments = Map::new();
    for pair in pairs {
        let (key, text) = pair
            .split_once('=')
            .ok_or_else(|| format!("`{pair}` is not key=value"))?;
        let input = known
            .iter()
            .find(|argument| argument.name == key)
            .map(|argument| &argument.input);
        let given = Value::String(text.to_owned());
        let value = match input {
            Some(Input::Id | Input::String | Input::Enum(_)) | None => given,
            Some(_) => serde_json::from_str(text).unwrap_or(given),
        };
        arguments.insert(key.to_owned(), value);
    }
    Ok(arguments)
}
