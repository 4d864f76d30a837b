//! The three vendors at one address: answers follow from the request alone.

use super::answers::Random;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use axum::Router;
use axum::extract::Request;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use tokio::net::TcpListener;

static GITHUB: LazyLock<Valid<Schema>> = LazyLock::new(|| {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema/github.graphql")).unwrap();
    Schema::parse_and_validate(text, "github.graphql").unwrap()
});

/// Starts them, and gives the address.
pub(super) async fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

async fn answer(request: Request) -> axum::Json<Value> {
    let path = request.uri().path().to_owned();
    let line = format!("{} {}", request.method(), request.uri());
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    let mut random = Random::of(&format!("{line} {body}"));
    let random = &mut random;
    axum::Json(match path.split('/').nth(1) {
        Some("slack") => slack(random, path.rsplit('/').next().unwrap()),
        Some("github") => github(random, &serde_json::from_str(&body).unwrap()),
        _ => datadog(random, &path),
    })
}

fn slack(random: &mut Random, method: &str) -> Value {
    match method {
        "conversations.list" => {
            let channels = random.list(5, |random, n| channel(random, &format!("C{n}")));
            json!({ "ok": true, "channels": channels, "response_metadata": { "next_cursor": "" } })
        }
        "conversations.info" => json!({ "ok": true, "channel": channel(random, "C1") }),
        "conversations.history" | "conversations.replies" => {
            let messages = random.list(15, message);
            let next = random.pick(&["", "bmV4dA=="]);
            let metadata = json!({ "next_cursor": next });
            random.object([
                ("!ok", json!(true)),
                ("!messages", messages),
                ("has_more", json!(!next.is_empty())),
                ("response_metadata", metadata),
            ])
        }
        "users.info" => json!({ "ok": true, "user": user(random, "U1") }),
        "users.list" => {
            let members = random.list(20, |random, n| user(random, &format!("U{n}")));
            json!({ "ok": true, "members": members })
        }
        "bots.info" => {
            let bot = random.object([("id", json!("B1")), ("name", json!("Deploys"))]);
            json!({ "ok": true, "bot": bot })
        }
        "search.messages" => {
            let matches = random.list(10, |random, n| {
                let mut found = message(random, n);
                let name = random.words();
                found["channel"] =
                    random.object([("!id", json!("C1")), ("name", json!(name)), ("is_im", json!(false))]);
                found["permalink"] =
                    random.pick(&[json!("https://acme.slack.com/archives/C1/p1"), json!(5), Value::Null]);
                found
            });
            let found = random.object([
                ("total", json!(40)),
                ("!matches", matches),
                ("paging", json!({ "pages": 4 })),
            ]);
            json!({ "ok": true, "messages": found })
        }
        "chat.postMessage" => {
            let posted = message(random, 1);
            json!({ "ok": true, "channel": "C1", "ts": "1700000000.000100", "message": posted })
        }
        _ => json!({ "ok": false, "error": "unknown_method" }),
    }
}

fn channel(random: &mut Random, id: &str) -> Value {
    let topic = json!({ "value": random.words() });
    random.object([
        ("!id", json!(id)),
        ("name", json!("ops")),
        ("topic", topic),
        ("is_private", json!(false)),
        ("num_members", json!(4)),
    ])
}

fn user(random: &mut Random, id: &str) -> Value {
    let name = random.words();
    let profile = random.object([("display_name", json!(name)), ("real_name", json!("Ada Abara"))]);
    random.object([
        ("!id", json!(id)),
        ("name", json!("ada")),
        ("real_name", json!("Ada")),
        ("profile", profile),
    ])
}

fn message(random: &mut Random, number: usize) -> Value {
    let (text, attached) = (random.words(), random.words());
    let attachments = random.list(2, |_, _| json!({ "text": attached, "fallback": "x" }));
    let blocks = random.list(2, |random, _| {
        let text = random.words();
        random.object([
            ("type", json!("section")),
            ("text", json!({ "type": "mrkdwn", "text": text })),
        ])
    });
    let author = random.below(5);
    random.object([
        ("!ts", json!(format!("17000000{:02}.000100", 99 - number))),
        ("type", json!("message")),
        ("user", json!(format!("U{author}"))),
        ("bot_id", if author == 4 { json!("B1") } else { Value::Null }),
        ("text", json!(text)),
        ("attachments", attachments),
        ("blocks", blocks),
        ("thread_ts", json!("1700000000.000100")),
        ("reply_count", json!(author)),
    ])
}

fn datadog(random: &mut Random, path: &str) -> Value {
    if path.ends_with("/query") {
        let series = random.list(3, |random, _| {
            let points = random.list(40, |random, n| {
                let value = random.pick(&[json!(1.5), json!(0), Value::Null, json!("x")]);
                json!([1_795_170_600_000_u64 + 60_000 * n as u64, value])
            });
            let scope = random.words();
            random.object([
                ("metric", json!("system.load.1")),
                ("scope", json!(scope)),
                ("pointlist", points),
                ("unit", json!([{ "short_name": "%" }, null])),
            ])
        });
        return random.object([("status", json!("ok")), ("!series", series)]);
    }
    let (name, words) = (random.words(), random.words());
    let message = format!("{words} @slack-ops @slack-nowhere");
    let state = random.pick(&["Alert", "OK", "No Data", "Puzzled"]);
    let kind = random.pick(&["metric alert", "query alert", "quantum alert"]);
    random.object([
        ("!id", json!(40)),
        ("name", json!(name)),
        ("type", json!(kind)),
        ("query", json!("avg:x{*} > 1")),
        ("message", json!(message)),
        ("tags", json!(["a:b", 5, null])),
        ("overall_state", json!(state)),
    ])
}

/// Executes the document over values at random; a field is null now and then, or its enum's value one that is new.
fn github(random: &mut Random, request: &Value) -> Value {
    let text = request["query"].as_str().unwrap();
    let document = ExecutableDocument::parse_and_validate(&GITHUB, text, "request.graphql");
    let document = document.unwrap_or_else(|error| panic!("{text}\n{}", error.errors));
    let operation = document.operations.iter().next().unwrap();
    let root = operation.object_type().as_str();
    let data = object(random, &document, root, &[&operation.selection_set]);
    json!({ "data": data })
}

fn object(random: &mut Random, document: &ExecutableDocument, ty: &str, sets: &[&SelectionSet]) -> Value {
    let mut fields = Vec::new();
    for set in sets {
        collect(document, ty, set, &mut fields);
    }
    let mut object = Map::new();
    for (key, name, of, below) in fields {
        let value = match name {
            "__typename" => json!(ty),
            _ => value(random, document, of, &below),
        };
        object.insert(key.to_owned(), value);
    }
    Value::Object(object)
}

type Field<'d> = (&'d str, &'d str, &'d Type, Vec<&'d SelectionSet>);

fn collect<'d>(document: &'d ExecutableDocument, ty: &str, set: &'d SelectionSet, fields: &mut Vec<Field<'d>>) {
    let covers = |condition: &str| condition == ty || GITHUB.is_subtype(condition, ty);
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                let key = field.response_name().as_str();
                if let Some((.., below)) = fields.iter_mut().find(|(known, ..)| *known == key) {
                    below.extend(&field.selection_set);
                } else {
                    let below = field.selection_set.iter().collect();
                    fields.push((key, field.name.as_str(), &field.definition.ty, below));
                }
            }
            Selection::InlineFragment(inline) => {
                if inline.type_condition.as_ref().is_none_or(|condition| covers(condition)) {
                    collect(document, ty, &inline.selection_set, fields);
                }
            }
            Selection::FragmentSpread(spread) => {
                let fragment = &document.fragments[&spread.fragment_name];
                if covers(fragment.type_condition()) {
                    collect(document, ty, &fragment.selection_set, fields);
                }
            }
        }
    }
}

fn value(random: &mut Random, document: &ExecutableDocument, ty: &Type, sets: &[&SelectionSet]) -> Value {
    if !ty.is_non_null() && random.below(12) == 0 {
        return Value::Null;
    }
    if ty.is_list() {
        return random.list(4, |random, _| value(random, document, ty.item_type(), sets));
    }
    let name = ty.inner_named_type().as_str();
    match &GITHUB.types[name] {
        ExtendedType::Object(_) => object(random, document, name, sets),
        ExtendedType::Enum(names) => {
            let mut names: Vec<_> = names.values.keys().map(ToString::to_string).collect();
            names.push("BRAND_NEW".to_owned());
            json!(random.pick(&names))
        }
        ExtendedType::Interface(_) | ExtendedType::Union(_) => {
            let objects = GITHUB.types.iter().filter(|(_, ty)| ty.is_object());
            let possible: Vec<_> = objects
                .map(|(object, _)| object.to_string())
                .filter(|object| GITHUB.is_subtype(name, object))
                .collect();
            let chosen = random.pick(&possible);
            object(random, document, &chosen, sets)
        }
        _ => match name {
            "Int" => json!(random.below(1000)),
            "Float" => json!(0.5),
            "Boolean" => json!(random.below(2) == 0),
            "DateTime" => json!("2026-11-20T10:30:00Z"),
            "URI" => json!("https://github.com/acme/checkout/pull/1"),
            _ => json!(random.words()),
        },
    }
}
