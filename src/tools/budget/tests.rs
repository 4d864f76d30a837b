//! Cutting to size.

use super::{Cut, FLOOR, Kind, size, water_level};
use proptest::prelude::*;
use serde_json::{Value, json};
use toolgen::spec::Share;

fn fit(value: &Value, limit: usize) -> (Value, Vec<Cut>) {
    super::fit(value, &[], limit)
}

fn places(cuts: &[Cut]) -> Vec<(String, Kind, usize, usize)> {
    cuts.iter()
        .map(|cut| (cut.path.to_string(), cut.what, cut.kept, cut.of))
        .collect()
}

#[test]
fn what_fits_is_left_alone() {
    let value = json!({ "a": [1, 2, 3], "b": "text" });
    assert_eq!(fit(&value, size(&value)), (value, vec![]));
}

#[test]
fn a_list_loses_its_last_items() {
    let value = json!({ "name": "n", "rows": (0..100).collect::<Vec<_>>() });
    let (cut, cuts) = fit(&value, 120);
    assert!(size(&cut) <= 120);
    let kept = cut["rows"].as_array().unwrap().len();
    assert_eq!(places(&cuts), [("rows".to_owned(), Kind::Items, kept, 100)]);
    assert_eq!(cut["rows"], json!((0..kept).collect::<Vec<_>>()));
    assert_eq!(cut["name"], "n");
}

#[test]
fn one_long_text_among_short_ones_is_what_is_cut() {
    let mut messages: Vec<_> = (0..10)
        .map(|n| json!({ "ts": n.to_string(), "text": "short" }))
        .collect();
    messages[4]["text"] = Value::String("long ".repeat(1000));
    let (cut, cuts) = fit(&json!({ "messages": messages }), 3000);
    assert_eq!(cut["messages"].as_array().unwrap().len(), 10);
    assert_eq!(cuts.len(), 1, "{cuts:?}");
    assert_eq!(cuts[0].path.to_string(), "messages.4.text");
    assert_eq!(cuts[0].of, 5000);
    assert!(cut["messages"][4]["text"].as_str().unwrap().ends_with('…'));
    assert!(size(&cut) <= 3000);
}

#[test]
fn two_long_lists_share_what_there_is() {
    let rows: Vec<_> = (0..200).map(|n| json!({ "n": n })).collect();
    let (cut, cuts) = fit(&json!({ "left": rows, "right": rows, "small": [1] }), 1000);
    assert_eq!(
        places(&cuts).iter().map(|cut| cut.0.as_str()).collect::<Vec<_>>(),
        ["left", "right"]
    );
    let len = |key: &str| cut[key].as_array().unwrap().len();
    assert!(len("left").abs_diff(len("right")) <= 1);
    assert_eq!(cut["small"], json!([1]));
}

#[test]
fn characters_are_never_split() {
    let (cut, cuts) = fit(&json!({ "text": "é\u{1f600}\n".repeat(400) }), 500);
    assert!(size(&cut) <= 500);
    assert_eq!(cuts[0].of, 1200);
    assert_eq!(cut["text"].as_str().unwrap().chars().count(), cuts[0].kept + 1);
}

#[test]
fn what_names_something_is_never_cut() {
    let cursor = "c2xhY2s".repeat(60);
    let value = json!({ "rows": "many words ".repeat(100), "next_cursor": cursor });
    let (cut, cuts) = fit(&value, 700);
    assert_eq!(cut["next_cursor"], cursor);
    assert_eq!(
        cuts.iter().map(|cut| cut.path.to_string()).collect::<Vec<_>>(),
        ["rows"]
    );
}

#[test]
fn water_stands_at_one_level() {
    assert_eq!(water_level(vec![(10, 1), (100, 1), (100, 1)], 110), 50);
    assert_eq!(water_level(vec![(10, 1), (20, 1)], 30), usize::MAX);
    assert_eq!(water_level(vec![], 0), usize::MAX);
    // Three times the level for the last one: 20 and 60 of 80.
    assert_eq!(water_level(vec![(10, 1), (100, 1), (100, 3)], 90), 20);
    // What its weight leaves it more than it needs goes to the others.
    assert_eq!(water_level(vec![(100, 1), (30, 3)], 90), 60);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,60}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::vec(("[a-e]", inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn sizes_are_those_of_the_text(value in any_json()) {
        prop_assert_eq!(size(&value), value.to_string().len());
    }

    #[test]
    fn a_list_always_fits(value in prop::collection::vec(any_json(), 0..20), limit in FLOOR..4000usize) {
        let (cut, _) = fit(&Value::Array(value), limit);
        prop_assert!(size(&cut) <= limit);
    }
}

#[test]
fn of_a_list_in_little_room_the_first_item_stays() {
    let rows: Vec<_> = (0..100).map(|n| json!({ "n": n })).collect();
    let channel = json!({ "name": "general", "history": rows });
    let (cut, cuts) = fit(&json!({ "channels": [channel, channel] }), 400);
    assert!(size(&cut) <= 400);
    assert_eq!(cut["channels"][0]["name"], "general");
    let kept = cut["channels"][0]["history"].as_array().unwrap().len();
    assert!(kept > 10, "{kept}");
    assert_eq!(
        places(&cuts),
        [
            ("channels.0.history".to_owned(), Kind::Items, kept, 100),
            ("channels".to_owned(), Kind::Items, 1, 2)
        ]
    );
}

#[test]
fn a_field_that_keeps_more_is_cut_less() {
    let words = "many words ".repeat(200);
    let messages = json!({ "messages": [{ "text": words, "note": words }] });
    let text = Share {
        path: ["messages", "*", "text"].map(str::to_owned).to_vec(),
        weight: 3,
    };
    let (cut, cuts) = super::fit(&messages, &[text], 1600);
    assert!(size(&cut) <= 1600);
    assert_eq!(cuts.len(), 2);
    let kept = |key: &str| cut["messages"][0][key].as_str().unwrap().len();
    let (text, note) = (kept("text"), kept("note"));
    assert!((3 * note).abs_diff(text) < 20, "{text} {note}");
}
