//! `braid call`: one tool, once, as an agent would call it.

use super::{Common, Done, Verdict, output};
use crate::app::App;
use crate::config::Env;
use serde_json::{Map, Value};
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

/// Calls the tool and prints its result: as text the tool's own, with `--json` the structured content.
pub(super) async fn run(common: &Common, request: Request) -> Done {
    let app = App::build(&common.selection(), &Env::of_process())
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
    let outcome = app
        .tools
        .call(&request.name, arguments)
        .await
        .map_err(|unknown| unknown.message)?;
    match &outcome.structured {
        Some(structured) => output::print_json(structured),
        None if common.json => output::print_json(&serde_json::json!({ "error": outcome.text })),
        None => output::print(&outcome.text),
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
