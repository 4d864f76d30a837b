//! Whole calls on the small schema of `fixture`.

use super::{DEFAULT_BUDGET, Outcome, Results};
use crate::tools::fixture::{swappable, tools};
use serde_json::{Value, json};
use toolgen::ToolSpec;

async fn call(name: &str, arguments: Value) -> Outcome {
    let arguments = arguments.as_object().cloned().unwrap();
    tools(Results::Both).call(name, arguments).await.unwrap()
}

#[tokio::test]
async fn a_result_is_shaped_and_the_text_says_the_same() {
    let outcome = call("shop_get", json!({ "id": 7 })).await;
    assert_eq!(outcome.structured, Some(json!({ "id": "7", "price": 1 })));
    assert_eq!(outcome.text, r#"{"id":"7","price":1}"#);
    assert!(!outcome.is_error);
}

#[tokio::test]
async fn what_is_missing_stands_beside_the_rest() {
    let outcome = call("shop_list", json!({ "limit": 4 })).await;
    let result = outcome.structured.unwrap();
    assert!(!outcome.is_error);
    assert_eq!(result["items"].as_array().unwrap().len(), 4);
    assert_eq!(
        result["problems"],
        json!([{ "path": "items.1.price", "count": 2, "backend": "shop", "reason": "rate limited until 10:00:30Z", "retry_after_s": 30 }])
    );
}

#[tokio::test]
async fn nothing_found_is_an_error_with_or_without_a_failure() {
    for id in ["missing", "nothing"] {
        let outcome = call("shop_get", json!({ "id": id })).await;
        assert!(outcome.is_error, "{id}");
        assert_eq!(outcome.structured, None);
        assert!(outcome.text.starts_with("shop_get failed. "), "{}", outcome.text);
        assert!(outcome.text.contains("not_found"), "{}", outcome.text);
    }
}

#[tokio::test]
async fn a_document_that_the_executor_cannot_read_is_told_as_such() {
    let (tools, _, live) = swappable(Results::Both);
    let catalog = live.catalog();
    let mut spec = ToolSpec::clone(&catalog.find("shop_get").unwrap().spec);
    spec.document = "query Q { shop".to_owned();
    live.swap(catalog.renewed(&[spec.into()]).unwrap());
    let outcome = tools
        .call("shop_get", json!({ "id": 7 }).as_object().cloned().unwrap())
        .await
        .unwrap();
    assert!(outcome.is_error);
    let told = "shop_get cannot be run: the executor does not read its operation (";
    assert!(outcome.text.starts_with(told), "{}", outcome.text);
}

#[tokio::test]
async fn an_empty_list_is_an_answer() {
    let outcome = call("shop_list", json!({ "limit": 0 })).await;
    assert_eq!(outcome.structured, Some(json!({ "items": [] })));
}

#[tokio::test]
async fn a_write_that_was_carried_out_is_no_error() {
    let outcome = call("shop_order", json!({ "item": "unpriced" })).await;
    assert!(!outcome.is_error);
    let result = outcome.structured.unwrap();
    assert_eq!(result["id"], "unpriced");
    assert_eq!(result["problems"][0]["path"], "price");
}

#[tokio::test]
async fn a_write_of_unknown_outcome_is_an_error_that_says_so() {
    let outcome = call("shop_order", json!({ "item": "lost" })).await;
    assert!(outcome.is_error);
    assert!(
        outcome
            .text
            .ends_with("may have been carried out: look at shop itself before you repeat it."),
        "{}",
        outcome.text
    );
}

#[tokio::test]
async fn a_long_result_is_cut_to_the_budget_and_says_so() {
    let outcome = call("shop_list", json!({ "limit": 200 })).await;
    let result = outcome.structured.unwrap();
    assert!(outcome.text.len() <= DEFAULT_BUDGET, "{}", outcome.text.len());
    assert!(outcome.text.len() > DEFAULT_BUDGET * 9 / 10, "{}", outcome.text.len());
    let kept = result["items"].as_array().unwrap().len();
    assert_eq!(
        result["truncated"],
        json!([{ "path": "items", "kept": kept, "of": 200, "rest": "ask for less" }])
    );
    assert_eq!(result["problems"][0]["count"], 2);
}

#[tokio::test]
async fn bad_arguments_and_hidden_tools_are_told_and_not_called() {
    let outcome = call("shop_list", json!({ "count": 1 })).await;
    assert!(outcome.is_error);
    assert!(outcome.text.contains("`limit` is missing"), "{}", outcome.text);
    let outcome = call("bank_pay", json!({})).await;
    assert!(outcome.is_error);
    assert!(outcome.text.contains("BANK_TOKEN"), "{}", outcome.text);
}

#[tokio::test]
async fn an_unknown_tool_is_the_callers_mistake() {
    let refused = tools(Results::Both)
        .call("shop_lst", serde_json::Map::new())
        .await
        .unwrap_err();
    assert!(
        refused
            .message
            .starts_with("Unknown tool: shop_lst. Did you mean `shop_list`"),
        "{refused}"
    );
}

#[tokio::test]
async fn text_alone_has_no_structure() {
    let arguments = json!({ "id": "7" }).as_object().cloned().unwrap();
    let outcome = tools(Results::Text).call("shop_get", arguments).await.unwrap();
    assert_eq!(outcome.structured, None);
    assert_eq!(outcome.text, r#"{"id":"7","price":1}"#);
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_given_up() {
    let outcome = call("shop_wait", json!({ "seconds": 60 })).await;
    assert!(outcome.is_error);
    assert_eq!(outcome.text, "shop_wait failed. no answer within 20 s.");
}
