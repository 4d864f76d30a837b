//! Text results: how they look, and that nothing is lost in them.

use super::text;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use toolgen::spec::Rendering;

fn fields(pairs: &[(&str, Rendering)]) -> Vec<(String, Rendering)> {
    pairs
        .iter()
        .map(|(key, below)| ((*key).to_owned(), below.clone()))
        .collect()
}

fn page() -> Rendering {
    let columns = [
        ("channel", Rendering::Text),
        ("ts", Rendering::Text),
        ("text", Rendering::Text),
        ("replies", Rendering::Json),
        ("links", Rendering::Json),
    ];
    Rendering::Fields(fields(&[
        ("total", Rendering::Json),
        ("messages", Rendering::Table(fields(&columns))),
        ("next_cursor", Rendering::Text),
    ]))
}

#[test]
fn a_list_is_a_table_and_what_its_rows_share_is_said_once() {
    let result = json!({
        "total": 3,
        "messages": [
            { "channel": "C1", "ts": "3.1", "text": "a | b", "links": [] },
            { "channel": "C1", "ts": "2.1", "text": "two\nlines", "replies": 2 },
            { "channel": "C1", "ts": "1.1", "text": "plain, \"quoted\" inside" },
        ],
        "next_cursor": "abc",
        "truncated": [{ "path": "messages", "kept": 3, "of": 9, "rest": "`next_cursor` goes on after them" }],
    });
    let expected = r#"total: 3
messages, each with channel=C1:
  ts | text | replies | links
  3.1 | "a \u007c b" |  | []
  2.1 | "two\nlines" | 2
  1.1 | plain, "quoted" inside
next_cursor: abc
truncated:
  path | kept | of | rest
  messages | 3 | 9 | `next_cursor` goes on after them"#;
    assert_eq!(text(&page(), &result), expected);
}

#[test]
fn what_fits_no_table_stands_below_each_other() {
    let points = Rendering::Table(fields(&[("at", Rendering::Text), ("value", Rendering::Json)]));
    let rendering = Rendering::Fields(fields(&[
        ("message", Rendering::Text),
        (
            "owner",
            Rendering::Fields(fields(&[("login", Rendering::Text), ("id", Rendering::Text)])),
        ),
        (
            "series",
            Rendering::Items(fields(&[("scope", Rendering::Text), ("points", points)])),
        ),
        ("none", Rendering::Table(vec![])),
    ]));
    let result = json!({
        "message": "Fails.\n\n  indented",
        "owner": { "login": "mona", "id": "|" },
        "series": [
            { "scope": "host:a", "points": [{ "at": "10:00", "value": 1.5 }, { "at": "10:05" }] },
            { "points": [] },
            {},
        ],
        "none": [],
    });
    let expected = r#"message: |
  Fails.

    indented
owner:
  login: mona
  id: "|"
series:
  - scope: host:a
    points:
      at | value
      10:00 | 1.5
      10:05
  - points: []
  - {}
none: []"#;
    assert_eq!(text(&rendering, &result), expected);
}

#[test]
fn what_has_no_form_is_json() {
    let result = json!({ "__typename": "Issue", "number": 1 });
    assert_eq!(text(&Rendering::Json, &result), result.to_string());
}

/// Reads text results: the property that nothing is lost is that this gets everything back.
struct Reader<'t> {
    lines: Vec<&'t str>,
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self, depth: usize) -> Option<&'t str> {
        self.lines.get(self.at)?.strip_prefix("  ".repeat(depth).as_str())
    }

    fn object(&mut self, fields: &[(String, Rendering)], depth: usize, dash: bool) -> Map<String, Value> {
        let mut object = Map::new();
        let mut dash = dash;
        for (key, rendering) in fields {
            let line = if dash {
                self.peek(depth - 1).and_then(|line| line.strip_prefix("- "))
            } else {
                self.peek(depth)
            };
            let Some(rest) = line.and_then(|line| line.strip_prefix(key.as_str())) else {
                continue;
            };
            let common = rest
                .strip_prefix(", each with ")
                .and_then(|rest| rest.strip_suffix(':'));
            if !rest.starts_with(':') && common.is_none() {
                continue;
            }
            dash = false;
            self.at += 1;
            object.insert(key.clone(), self.value(rendering, rest, common, depth));
        }
        object
    }

    fn value(&mut self, rendering: &Rendering, rest: &str, common: Option<&str>, depth: usize) -> Value {
        match rendering {
            Rendering::Table(columns) if rest == ":" || common.is_some() => self.table(columns, common, depth),
            Rendering::Fields(fields) if rest == ":" => Value::Object(self.object(fields, depth + 1, false)),
            Rendering::Items(fields) if rest == ":" => {
                let mut items = Vec::new();
                while let Some(line) = self.peek(depth + 1).filter(|line| line.starts_with("- ")) {
                    if line == "- {}" {
                        self.at += 1;
                        items.push(json!({}));
                    } else {
                        items.push(Value::Object(self.object(fields, depth + 2, true)));
                    }
                }
                Value::Array(items)
            }
            Rendering::Text if rest == ": |" => {
                let mut lines = Vec::new();
                while let Some(line) = self.lines.get(self.at) {
                    match (line.is_empty(), self.peek(depth + 1)) {
                        (true, _) => lines.push(""),
                        (false, Some(line)) => lines.push(line),
                        (false, None) => break,
                    }
                    self.at += 1;
                }
                lines.join("\n").into()
            }
            _ => read(rendering, rest.strip_prefix(": ").unwrap()),
        }
    }

    fn table(&mut self, columns: &[(String, Rendering)], common: Option<&str>, depth: usize) -> Value {
        let of = |key: &str| &columns.iter().find(|(known, _)| known == key).unwrap().1;
        let common: Vec<_> = common
            .iter()
            .flat_map(|common| common.split(" | "))
            .map(|pair| pair.split_once('=').unwrap())
            .collect();
        let header: Vec<_> = self.peek(depth + 1).unwrap().split(" | ").collect();
        self.at += 1;
        let mut rows = Vec::new();
        while let Some(line) = self.peek(depth + 1) {
            self.at += 1;
            let cells = line.split(" | ").filter(|_| line != "|");
            let own = header.iter().copied().zip(cells).filter(|(_, cell)| !cell.is_empty());
            let row = common.iter().copied().chain(own);
            rows.push(row.map(|(key, cell)| (key.to_owned(), read(of(key), cell))).collect());
        }
        Value::Array(rows)
    }
}

fn read(rendering: &Rendering, text: &str) -> Value {
    match rendering {
        Rendering::Text if !text.starts_with('"') => text.into(),
        _ => serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}")),
    }
}

fn read_back(rendering: &Rendering, text: &str) -> Value {
    let Rendering::Fields(fields) = rendering else {
        return serde_json::from_str(text).unwrap();
    };
    let lines = if text.is_empty() {
        vec![]
    } else {
        text.split('\n').collect()
    };
    let mut reader = Reader { lines, at: 0 };
    let object = reader.object(fields, 0, false);
    assert_eq!(reader.at, reader.lines.len(), "{text}");
    Value::Object(object)
}

/// Words that are taken for something else where nobody looks.
fn any_text() -> impl Strategy<Value = String> {
    let odd = [
        "",
        " ",
        "|",
        "\"",
        "\\",
        "\\u007c",
        "a | b",
        " | ",
        "- ",
        "key: value",
        "a\nb",
        "a\n\nb",
        "\n",
        "a\n",
        "\n  b",
        "\r\n",
        "null",
        "12",
        "[]",
        "{}",
        "|\n|",
        "a\tb",
        "é\u{1f600}",
        "\u{2028}",
        "next_cursor: x",
        "each with a=b:",
    ];
    prop_oneof![
        prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        ".{0,20}".prop_map(String::from),
        "[a-z |\"\n:=-]{0,12}".prop_map(String::from),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any_text().prop_map(Value::from),
        prop::collection::vec(any_text(), 0..3).prop_map(Value::from),
        any_text().prop_map(|text| json!([{ "__typename": "A", "text": text }, null])),
    ]
}

fn any_rendering() -> impl Strategy<Value = Rendering> {
    let cells = prop::collection::vec(prop_oneof![Just(Rendering::Text), Just(Rendering::Json)], 1..4);
    let leaf = prop_oneof![
        Just(Rendering::Text),
        Just(Rendering::Json),
        cells.prop_map(|columns| Rendering::Table(keyed(columns))),
    ];
    let inner = leaf.prop_recursive(3, 12, 4, |inner| {
        let below = prop::collection::vec(inner, 1..4);
        prop_oneof![
            below.clone().prop_map(|fields| Rendering::Fields(keyed(fields))),
            below.prop_map(|fields| Rendering::Items(keyed(fields))),
        ]
    });
    prop::collection::vec(inner, 1..4).prop_map(|fields| Rendering::Fields(keyed(fields)))
}

fn keyed(all: Vec<Rendering>) -> Vec<(String, Rendering)> {
    all.into_iter()
        .enumerate()
        .map(|(index, below)| (format!("key{index}"), below))
        .collect()
}

/// A value that a result may have there.
fn value_of(rendering: &Rendering) -> BoxedStrategy<Value> {
    match rendering {
        Rendering::Text => any_text().prop_map(Value::from).boxed(),
        Rendering::Json => any_json().boxed(),
        Rendering::Fields(fields) => object_of(fields),
        Rendering::Table(fields) | Rendering::Items(fields) => prop::collection::vec(object_of(fields), 0..4)
            .prop_map(Value::from)
            .boxed(),
    }
}

/// Keys may be missing.
fn object_of(fields: &[(String, Rendering)]) -> BoxedStrategy<Value> {
    let values: Vec<_> = fields
        .iter()
        .map(|(key, below)| {
            prop::option::weighted(0.8, value_of(below)).prop_map({
                let key = key.clone();
                move |value| Some((key.clone(), value?))
            })
        })
        .collect();
    values
        .prop_map(|values| Value::Object(values.into_iter().flatten().collect()))
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost(
        (rendering, value) in any_rendering().prop_flat_map(|rendering| {
            let value = value_of(&rendering);
            (Just(rendering), value)
        })
    ) {
        let text = text(&rendering, &value);
        prop_assert_eq!(read_back(&rendering, &text), value, "{}", text);
    }
}
