//! What a file becomes: descriptions, arguments, schemas, annotations, the document that is executed.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says so when something is wrong"
)]

#[path = "support/shipped.rs"]
mod support;

use serde_json::{Value, json};
use toolgen::spec::{Annotations, HiddenSource, Input, OperationKind};
use toolgen::{Compiler, Options, Source, ToolSpec};

const INPUTS: &str = r#"
type Query {
  find(
    "What to look for."
    filter: Filter
    "In which order."
    order: Order = NEW
    "Anything."
    any: Anything
    "Numbers."
    numbers: [Int]
  ): String
  tree(node: Node, endless: [Endless!]): String
}
input Filter {
  "The words."
  words: [String!]! = ["a"]
  since: DateTime
  nested: Deep!
}
input Deep { score: Float = 0.5, exact: Boolean! }
input Node { name: String, below: Node }
input Endless { name: String, below: [Endless!]! }
enum Order {
  "Newest first."
  NEW
  "Oldest first."
  OLD
}
scalar DateTime
scalar Anything
"#;

fn shipped(path: &str, text: &str) -> ToolSpec {
    only(&support::COMPILER, path, text)
}

fn with_inputs(text: &str) -> ToolSpec {
    let compiler = Compiler::new(INPUTS, Options::default()).unwrap_or_else(|found| panic!("{found:?}"));
    only(&compiler, "q/find/find_it.graphql", &format!("\"Finds.\"\n{text}"))
}

fn only(compiler: &Compiler, path: &str, text: &str) -> ToolSpec {
    let compilation = compiler.compile(&[Source {
        path: path.to_owned(),
        text: text.to_owned(),
    }]);
    let errors: Vec<_> = compilation.errors().map(toolgen::Diagnostic::render).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    compilation.tools.into_iter().next().unwrap()
}

#[test]
fn a_file_says_all_about_its_tool() {
    let text = r#"
# A licence.

# Finds messages.
#
# Newest first.
query Find(
  # Words to look for.
  $query: String!
  $count: Int! = 5
  "In which order."
  $sort: SlackSearchSort! = TIMESTAMP
) @tool(title: "Find", group: "chat", maxBytes: 2000) {
  slack { search(query: $query, count: $count, sort: $sort) { nodes { ...Text } total: totalCount } }
}
fragment Text on SlackMessage { text author { name } }
"#;
    let tool = shipped("/any/where/queries/slack/slack_find.graphql", text);
    assert_eq!(
        (tool.name.as_str(), tool.group.as_str(), tool.title.as_deref()),
        ("slack_find", "chat", Some("Find"))
    );
    assert_eq!(tool.description, "Finds messages.\n\nNewest first.");
    assert_eq!(tool.max_bytes, Some(2000));
    assert_eq!(tool.backends, ["slack"]);
    assert_eq!(
        Value::Object((*tool.input_schema).clone()),
        json!({
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "Words to look for."},
                "count": {"type": "integer", "default": 5, "description": "How many messages, 1 to 100."},
                "sort": {"type": "string", "enum": ["SCORE", "TIMESTAMP"], "default": "TIMESTAMP", "description": "In which order."},
            },
            "required": ["query"],
            "additionalProperties": false,
        })
    );
    assert_eq!(
        tool.output_schema["properties"]["nodes"],
        json!({"type": "array", "items": {
            "type": "object",
            "properties": {"text": {"type": "string"}, "author": {"type": "string"}},
            "additionalProperties": false,
        }})
    );
    assert_eq!(tool.shape.unwrap, ["slack", "search"]);
    let flat: Vec<_> = tool.document.split_whitespace().collect();
    assert_eq!(
        flat.join(" "),
        "query Find($query: String!, $count: Int! = 5, $sort: SlackSearchSort! = TIMESTAMP) { slack { search(query: $query, \
         count: $count, sort: $sort) { nodes { ...Text } total: totalCount } } } fragment Text on SlackMessage { text author { name } }"
    );
}

#[test]
fn inputs_are_written_out() {
    let tool = with_inputs(
        "query A($filter: Filter!, $any: Anything, $numbers: [Int] = 3) { find(filter: $filter, any: $any, numbers: $numbers) }",
    );
    assert_eq!(
        tool.input_schema["properties"]["filter"],
        json!({
            "type": "object",
            "properties": {
                "words": {"type": "array", "items": {"type": "string"}, "default": ["a"], "description": "The words."},
                "since": {"type": "string"},
                "nested": {
                    "type": "object",
                    "properties": {"score": {"type": "number", "default": 0.5}, "exact": {"type": "boolean"}},
                    "required": ["exact"],
                    "additionalProperties": false,
                },
            },
            "required": ["nested"],
            "additionalProperties": false,
            "description": "What to look for.",
        })
    );
    let numbers = &tool.input_schema["properties"]["numbers"];
    assert_eq!(
        numbers["items"],
        json!({"anyOf": [{"type": "integer"}, {"type": "null"}]})
    );
    assert_eq!(numbers["default"], json!([3]), "a lone value is a list of one");
    assert_eq!(tool.input_schema["required"], json!(["filter"]));
    assert_eq!(tool.arguments[1].input, Input::Any);
}

#[test]
fn few_values_are_explained_where_the_file_says_nothing() {
    let tool = with_inputs("query A($order: Order) { find(order: $order) }");
    assert_eq!(
        tool.arguments[0].description.as_deref(),
        Some("In which order.\nNEW: Newest first.\nOLD: Oldest first.")
    );
    let tool = with_inputs("query A($words: [String!]!) { find(filter: {words: $words, nested: {exact: true}}) }");
    assert_eq!(tool.arguments[0].description.as_deref(), Some("The words."));
}

#[test]
fn an_input_that_contains_itself_ends() {
    let tool = with_inputs("query A(\"N.\" $node: Node) { tree(node: $node) }");
    let mut schema = &tool.input_schema["properties"]["node"];
    let mut depth = 0;
    while let Some(below) = schema["properties"].get("below") {
        schema = below;
        depth += 1;
    }
    assert_eq!(depth, 2);
    let compiler = Compiler::new(INPUTS, Options::default()).unwrap_or_else(|found| panic!("{found:?}"));
    let text = "\"E.\" query A(\"E.\" $e: [Endless!]) { tree(endless: $e) }";
    let found = compiler.compile(&[Source {
        path: "q/find_it.graphql".to_owned(),
        text: text.to_owned(),
    }]);
    assert_eq!(
        found.errors().map(|it| it.message.as_str()).collect::<Vec<_>>(),
        ["`Endless` contains itself by the required `below`: no value could be written"]
    );
}

#[test]
fn directives_say_what_graphql_cannot() {
    let tool = shipped(
        "q/slack/slack_read.graphql",
        r##""Reads."
query A(
  "Which." $channel: String! @bounds(minLength: 2, maxLength: 80) @example(value: "#general") @example(value: "C1")
  "How many." $limit: Int! = 20 @bounds(min: 1, max: 50)
  $cursor: String = "x" @header(name: "X-Cursor")
  $replies: Int! @fixed(value: 3)
) { slack { history(channel: $channel, limit: $limit, cursor: $cursor) { nodes { ts replies(limit: $replies) { nodes { ts } } } } } }"##,
    );
    assert_eq!(
        Value::Object((*tool.input_schema).clone())["properties"],
        json!({
            "channel": {"type": "string", "minLength": 2, "maxLength": 80, "examples": ["#general", "C1"], "description": "Which."},
            "limit": {"type": "integer", "minimum": 1, "maximum": 50, "default": 20, "description": "How many."},
        })
    );
    assert_eq!(tool.hidden[0].source, HiddenSource::Header("x-cursor".to_owned()));
    assert_eq!(tool.hidden[0].default, Some(json!("x")));
    assert_eq!(tool.hidden[1].source, HiddenSource::Fixed(json!(3)));
    assert_eq!(tool.scopes["slack"], ["channels:history", "groups:history"]);
    // One page, and replies of each of the fifty.
    assert_eq!((tool.cost.requests_least, tool.cost.requests_most), (1, 51));
    assert!(
        !tool.document.contains('@') && tool.document.contains("$replies: Int!"),
        "{}",
        tool.document
    );
}

#[test]
fn annotations_are_true_or_the_worst() {
    let annotations = |text: &str| {
        let tool = shipped("q/slack/slack_x.graphql", &format!("\"X.\" {text}"));
        (tool.kind, tool.annotations)
    };
    let user = "{ slack { user(id: 1) { id name } } }";
    let send = "{ slackSendMessage(channel: \"c\", text: \"t\") { ts } }";
    let reads = Annotations {
        read_only: true,
        destructive: false,
        idempotent: true,
        open_world: false,
    };
    assert_eq!(annotations(&format!("query A {user}")), (OperationKind::Query, reads));
    let worst = Annotations {
        read_only: false,
        destructive: true,
        idempotent: false,
        open_world: false,
    };
    assert_eq!(
        annotations(&format!("mutation A {send}")),
        (OperationKind::Mutation, worst)
    );
    let said = format!("mutation A @tool(destructive: false, idempotent: true, openWorld: true) {send}");
    let mild = Annotations {
        read_only: false,
        destructive: false,
        idempotent: true,
        open_world: true,
    };
    assert_eq!(annotations(&said).1, mild);
}

#[test]
fn only_the_shared_fragments_that_are_used_come_along() {
    let file = |path: &str, text: &str| Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let sources = [
        file(
            "q/fragments/people.graphql",
            "\"A person.\" fragment Person on SlackUser { ...Id name }\nfragment Id on SlackUser { id }",
        ),
        file(
            "q/fragments/other.graphql",
            "fragment Other on SlackChannel { id name }",
        ),
        file(
            "q/slack/slack_user.graphql",
            "\"U.\" query U($id: ID!) { slack { user(id: $id) { ...Person } } }",
        ),
        file(
            "q/slack/slack_channel.graphql",
            "\"C.\" query C($id: String!) { slack { channel(channel: $id) { ...Other } } }",
        ),
    ];
    let compilation = support::COMPILER.compile(&sources);
    assert_eq!(compilation.errors().count(), 0, "{:#?}", compilation.diagnostics);
    let fragments = |name: &str| {
        let tool = compilation.tools.iter().find(|tool| tool.name == name).unwrap();
        tool.document
            .lines()
            .filter(|line| line.contains("fragment "))
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        fragments("slack_user"),
        "fragment Id on SlackUser { fragment Person on SlackUser {",
        "by name"
    );
    assert_eq!(fragments("slack_channel"), "fragment Other on SlackChannel {");
    // The exported schema may hold the directives already.
    let schema = format!("{}\n{}", *support::SCHEMA, toolgen::DIRECTIVES_SDL);
    assert_eq!(toolgen::compile(&schema, &sources, &Options::default()).tools.len(), 2);
}

#[test]
fn a_spec_survives_the_table() {
    for tool in support::COMPILER.compile(&support::SHIPPED).tools {
        let text = serde_json::to_string(&tool).unwrap();
        assert_eq!(serde_json::from_str::<ToolSpec>(&text).unwrap(), tool);
    }
}

#[test]
fn a_variable_that_may_be_left_out_has_the_default_of_what_it_feeds() {
    let text = "\"H.\" query H(\"N.\" $n: Int \"C.\" $c: String) { slack { history(channel: \"c\", limit: $n, cursor: $c) { nodes { ts text } } } }";
    let tool = shipped("slack/slack_first.graphql", text);
    assert_eq!(tool.input_schema["properties"]["n"]["default"], 20);
    assert_eq!(
        tool.input_schema["properties"]["c"].get("default"),
        None,
        "a cursor has none"
    );
    assert_eq!(tool.input_schema.get("required"), None);
    assert!(
        tool.document.contains("$n: Int = 20") && tool.document.contains("$c: String)"),
        "{}",
        tool.document
    );
    let header = text.replace("\"N.\" $n: Int ", "$sort: SlackSearchSort @header(name: \"x-sort\") ");
    let header = header.replace(
        "history(channel: \"c\", limit: $n,",
        "search(query: \"q\", sort: $sort,",
    );
    let hidden = shipped("slack/slack_first.graphql", &header).hidden;
    assert_eq!(
        hidden.first().and_then(|hidden| hidden.default.clone()),
        Some(json!("SCORE"))
    );
}

#[test]
fn a_list_says_whether_its_caller_chooses_it() {
    let fixed = |arguments: &str| {
        let text = format!(
            "\"H.\" query H(\"C.\" $c: String \"H.\" $h: String! = \"h\") {{ slack {{ channel(channel: $h) {{ id }} \
             history({arguments}, limit: 9, cursor: $c) {{ nodes {{ ts text }} }} }} }}"
        );
        let tool = shipped("slack/slack_first.graphql", &text);
        tool.lists.first().unwrap().is_fixed
    };
    assert!(fixed("channel: \"c\"") && !fixed("channel: $h"));
}
