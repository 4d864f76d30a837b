//! What the compiler knows of a result: how it is written as text, and what goes on with its lists.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says so when something is wrong"
)]

#[path = "support/shipped.rs"]
mod support;

use serde_json::{Value, json};
use toolgen::{Source, ToolSpec};

fn shipped(name: &str) -> ToolSpec {
    let compiled = support::COMPILER.compile(&support::SHIPPED);
    compiled.tools.into_iter().find(|tool| tool.name == name).unwrap()
}

fn tool(operation: &str) -> ToolSpec {
    let source = Source {
        path: "queries/any/tool.graphql".to_owned(),
        text: format!("\"Does it.\"\n{operation}"),
    };
    let compiled = support::COMPILER.compile(&[source]);
    let errors: Vec<_> = compiled.errors().map(toolgen::Diagnostic::render).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    compiled.tools.into_iter().next().unwrap()
}

fn lists(tool: &ToolSpec) -> Value {
    json!(tool.lists)
}

#[test]
fn a_tools_own_list_is_paged_by_its_arguments() {
    assert_eq!(
        lists(&shipped("slack_get_history")),
        json!([{
            "path": ["messages"], "cursors": "slack.history", "goes_on_after": "ts", "size": "limit", "cursor": "cursor",
            "next_cursor": ["next_cursor"], "arguments": { "channel": "channel" },
        }])
    );
    assert_eq!(
        lists(&shipped("github_search_repos"))[0],
        json!({
            "path": ["repositories"], "cursors": "github.search", "size": "first", "cursor": "cursor",
            "next_cursor": ["next_cursor"], "arguments": { "query": "query" }, "narrowed_by": ["query"],
        })
    );
}

#[test]
fn a_list_in_another_is_known_by_the_object_it_stands_in() {
    assert_eq!(
        lists(&shipped("monitor_context")),
        json!([
            { "path": ["notifies"] },
            {
                "path": ["notifies", "*", "history"], "cursors": "slack.history", "goes_on_after": "ts", "size": "limit",
                "parent": { "channel": ["notifies", "*", "id"] },
            },
            { "path": ["notifies", "*", "history", "*", "links"] },
        ])
    );
}

#[test]
fn aliases_and_whole_page_infos_are_followed() {
    let tool = tool(
        "query A($n: Int! = 5 @bounds(max: 9), $at: String) { slack { c: channel(channel: \"C1\") { key: id h: history(limit: $n, \
         cursor: $at) { list: nodes { when: ts text } info: pageInfo { end: endCursor more: hasNextPage } } } } }",
    );
    assert_eq!(
        lists(&tool),
        json!([{
            "path": ["h", "list"], "cursors": "slack.history", "goes_on_after": "when", "size": "n", "cursor": "at",
            "next_cursor": ["h", "info", "end"], "has_next_page": ["h", "info", "more"], "parent": { "channel": ["key"] },
        }])
    );
}

#[test]
fn without_what_a_cursor_goes_on_after_none_is_promised() {
    let collapsed = tool("query A { slack { history(channel: \"C1\", limit: 5) { nodes { text } } } }");
    assert_eq!(lists(&collapsed), json!([{ "path": ["nodes"] }]));
}

#[test]
fn what_is_fed_by_arguments_above_narrows_the_lists_below() {
    let series = lists(&shipped("datadog_query_metrics"));
    let narrowed_by = json!(["query", "from", "to"]);
    assert_eq!(series[0], json!({ "path": ["series"], "narrowed_by": narrowed_by }));
    assert_eq!(
        series[1],
        json!({ "path": ["series", "*", "points"], "narrowed_by": narrowed_by })
    );
}

#[test]
fn what_the_weights_let_keep_more_is_known_by_its_place() {
    let share = |path: &[&str]| json!({ "path": path, "weight": 3 });
    assert_eq!(
        json!(shipped("monitor_context").shares),
        json!([share(&["notifies"]), share(&["notifies", "*", "history", "*", "text"])])
    );
    assert_eq!(json!(shipped("github_get_repo").shares), json!([]));
}

#[test]
fn flat_lists_are_tables_and_what_holds_tables_is_not() {
    let messages = json!(shipped("slack_get_history").rendering)["fields"][0].clone();
    assert_eq!(messages[0], "messages");
    assert_eq!(messages[1]["table"][0], json!(["channel", "text"]));
    assert_eq!(messages[1]["table"][6], json!(["reply_count", "json"]));
    let context = json!(shipped("monitor_context").rendering);
    let notifies = &context["fields"][3][1]["items"];
    assert_eq!(notifies[0], json!(["id", "text"]));
    let history = &notifies[2][1]["table"];
    let links = history.as_array().unwrap().iter().find(|column| column[0] == "links");
    assert_eq!(links, Some(&json!(["links", "json"])), "a union has no columns");
}

#[test]
fn long_texts_are_not_put_into_cells() {
    let rendering = |field: &str| {
        let operation = format!("query A {{ datadog {{ searchMonitors(first: 5) {{ nodes {{ id {field} }} }} }} }}");
        json!(tool(&operation).rendering)["fields"][0][1].clone()
    };
    assert!(rendering("query")["table"].is_array());
    assert!(rendering("message")["items"].is_array());
    assert_eq!(rendering("__typename"), "json", "an object of one field is that field");
}

#[test]
fn a_union_at_the_root_is_json() {
    let tool = tool("query A($u: String!) { github { object(url: $u) { __typename ... on Issue { title } } } }");
    assert_eq!(json!(tool.rendering), "json");
}
