//! Prompts by name and with values: what is given, and what is refused with the name of what is wrong.

use crate::tools::Results;
use crate::tools::fixture::tools;
use serde_json::{Value, json};

fn filled(name: &str, given: &Value) -> Result<String, String> {
    let given = given.as_object().unwrap().clone();
    tools(Results::Both)
        .library()
        .filled(name, given)
        .map_err(|error| error.to_string())
}

#[test]
fn a_prompt_is_filled() {
    assert_eq!(
        filled("shop_review", &json!({ "item": 7, "since": null })).unwrap(),
        "Review 7 since yesterday."
    );
}

#[test]
fn what_is_wrong_is_named() {
    for (name, given, said) in [
        (
            "shop_revue",
            json!({}),
            "Unknown prompt: shop_revue; did you mean `shop_review`?",
        ),
        (
            "shop_review",
            json!({}),
            "the prompt shop_review needs the argument `item`",
        ),
        (
            "shop_review",
            json!({ "itme": "7" }),
            "the prompt shop_review has no argument `itme`; did you mean `item`?",
        ),
        (
            "shop_review",
            json!({ "item": [] }),
            "the prompt shop_review takes text as `item`",
        ),
    ] {
        assert_eq!(filled(name, &given).unwrap_err(), said);
    }
}
