//! Plays a scenario through the real binary, and notes what is not as it is written.

use super::file::{Call, Circumstances, Scenario};
use crate::promises::support::{Era, Setup, Stdio, text};
use sandbox::{Options, Vendor};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The vendors by the names that scenarios use.
pub(super) const VENDORS: [(&str, Vendor); 3] = [
    ("slack", Vendor::Slack),
    ("github", Vendor::GitHub),
    ("datadog", Vendor::Datadog),
];

/// More pages than any scenario has.
const PAGES: usize = 40;

/// What came of a scenario.
pub(super) struct Played {
    /// The results in the order of the calls, for the snapshot.
    pub(super) results: Vec<Value>,
    /// What is not as it should be.
    pub(super) faults: Vec<String>,
}

pub(super) async fn play(scenario: &Scenario) -> Played {
    let setup = prepare(&scenario.setup).await;
    for wrong in &scenario.faults {
        setup.sandbox.inject(wrong.vendor(), wrong.fault());
    }
    let mut client = Stdio::open(&setup, Era::Modern).await;
    let schemas = output_schemas(&mut client).await;
    let mut played = Played {
        results: Vec::new(),
        faults: Vec::new(),
    };
    for call in &scenario.calls {
        let mut arguments = filled(&Value::Object(call.args.clone().into_iter().collect()), &played.results);
        for _ in 0..PAGES {
            let result = client.call(&call.tool, arguments.clone()).await;
            let cursor = result["structuredContent"]["next_cursor"].clone();
            played.take(call, &schemas, &result);
            if !call.to_the_end || cursor.is_null() {
                break;
            }
            arguments["cursor"] = cursor;
        }
    }
    let counted = count(&setup);
    if counted != scenario.requests {
        played.faults.push(difference(&scenario.requests, &counted));
    }
    played
}

async fn prepare(circumstances: &Circumstances) -> Setup {
    let options = Options {
        slack_bot_lacks: circumstances.slack_bot_lacks.clone(),
        slack_user_lacks: circumstances.slack_user_lacks.clone(),
        ..Options::default()
    };
    let setup = Setup::with(options).await.file("braid.toml", &circumstances.config);
    circumstances.unset.iter().fold(setup, |setup, name| setup.unset(name))
}

async fn output_schemas(client: &mut Stdio) -> BTreeMap<String, jsonschema::Validator> {
    let list = client.request("tools/list", json!({})).await;
    let tools = list["result"]["tools"].as_array().unwrap();
    tools
        .iter()
        .map(|tool| {
            (
                tool["name"].as_str().unwrap().to_owned(),
                jsonschema::validator_for(&tool["outputSchema"]).unwrap(),
            )
        })
        .collect()
}

impl Played {
    fn take(&mut self, call: &Call, schemas: &BTreeMap<String, jsonschema::Validator>, result: &Value) {
        let structured = &result["structuredContent"];
        if result["isError"] == true {
            if !structured.is_null() {
                self.faults.push("a failed call has structured content".to_owned());
            }
            self.results.push(json!({ "error": without_clock(text(result)) }));
            return;
        }
        match serde_json::from_str::<Value>(text(result)) {
            Ok(said) if said == *structured => {}
            _ => self
                .faults
                .push(format!("the text block says something else: {}", text(result))),
        }
        match schemas.get(&call.tool) {
            Some(schema) => {
                let broken = schema
                    .iter_errors(structured)
                    .map(|error| format!("{} at {}", error, error.instance_path()));
                self.faults
                    .extend(broken.map(|error| format!("{}'s output schema: {error}", call.tool)));
            }
            None => self.faults.push(format!("{} is not listed", call.tool)),
        }
        self.results.push(timeless(structured));
    }
}

/// Arguments with `{0.next_cursor}` replaced by what the first call gave there.
fn filled(arguments: &Value, results: &[Value]) -> Value {
    match arguments {
        Value::String(text) => match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(path) => {
                let pointer = format!("/{}", path.replace('.', "/"));
                json!(results)
                    .pointer(&pointer)
                    .unwrap_or_else(|| panic!("no result at {path}"))
                    .clone()
            }
            None => arguments.clone(),
        },
        Value::Array(items) => items.iter().map(|item| filled(item, results)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), filled(value, results)))
            .collect(),
        other => other.clone(),
    }
}

fn count(setup: &Setup) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut all = BTreeMap::new();
    for (name, vendor) in VENDORS {
        let mut counted = BTreeMap::new();
        for request in setup.sandbox.requests(vendor) {
            *counted.entry(request.operation).or_default() += 1;
        }
        if !counted.is_empty() {
            all.insert(name.to_owned(), counted);
        }
    }
    all
}

type Counts = BTreeMap<String, BTreeMap<String, usize>>;

fn difference(expected: &Counts, counted: &Counts) -> String {
    let flat = |counts: &Counts| -> BTreeMap<String, usize> {
        let all = counts.iter().flat_map(|(vendor, counts)| {
            counts
                .iter()
                .map(move |(name, count)| (format!("{vendor} {name}"), *count))
        });
        all.collect()
    };
    let (expected, counted) = (flat(expected), flat(counted));
    let mut lines = vec!["other requests than it says:".to_owned()];
    for name in expected
        .keys()
        .chain(counted.keys().filter(|name| !expected.contains_key(*name)))
    {
        let of = |counts: &BTreeMap<String, usize>| counts.get(name).copied().unwrap_or_default();
        if of(&expected) != of(&counted) {
            lines.push(format!("  {name}: {} expected, {} made", of(&expected), of(&counted)));
        }
    }
    lines.join("\n")
}

/// The result without what depends on when it is played.
fn timeless(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(without_clock(text)),
        Value::Array(items) => items.iter().map(timeless).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), timeless(value)))
            .collect(),
        other => other.clone(),
    }
}

/// `until 10:41:07Z` names a moment of the day on which it is played.
fn without_clock(text: &str) -> String {
    let mut parts = text.split("until ");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let time = part
            .get(..9)
            .filter(|time| time.ends_with('Z') && time.matches(':').count() == 2);
        plain.push_str("until ");
        plain.push_str(if time.is_some() { "HH:MM:SSZ" } else { "" });
        plain.push_str(part.get(time.map_or(0, str::len)..).unwrap_or_default());
    }
    plain
}
