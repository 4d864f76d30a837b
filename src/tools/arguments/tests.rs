//! Each kind of argument, right and wrong.

use super::{Complaint, Fault, checked, fill_in_hidden, plain, variables};
use crate::tools::catalog::tests::{self, spec};
use serde_json::{Map, Value, json};
use toolgen::spec::{Argument, Bounds, Hidden, HiddenSource, Input};

fn argument(name: &str, input: Input, required: bool) -> Argument {
    Argument {
        required,
        ..tests::argument(name, input)
    }
}

fn check(arguments: Vec<Argument>, given: &Value) -> Result<Value, Vec<Complaint>> {
    let mut tool = spec("t");
    tool.arguments = arguments;
    variables(&tool, given.as_object().cloned().unwrap()).map(Value::Object)
}

fn one(input: Input, given: &Value) -> Result<Value, Fault> {
    check(vec![argument("x", input, true)], &json!({ "x": given }))
        .map(|taken| taken["x"].clone())
        .map_err(|complaints| complaints[0].fault.clone())
}

#[test]
fn an_id_is_a_string_or_an_integer() {
    assert_eq!(one(Input::Id, &json!("40")), Ok(json!("40")));
    assert_eq!(one(Input::Id, &json!(40)), Ok(json!("40")));
    assert_eq!(
        one(Input::Id, &json!(18_446_744_073_709_551_615_u64)),
        Ok(json!("18446744073709551615"))
    );
    assert!(one(Input::Id, &json!(1.5)).is_err());
    assert!(one(Input::Id, &json!(true)).is_err());
}

#[test]
fn everything_else_is_strict() {
    assert!(one(Input::String, &json!(5)).is_err());
    assert!(one(Input::Int, &json!("5")).is_err());
    assert!(one(Input::Int, &json!(5.5)).is_err());
    assert!(one(Input::Int, &json!(2_147_483_648_i64)).is_err());
    assert!(one(Input::Float, &json!("1.5")).is_err());
    assert!(one(Input::Boolean, &json!("true")).is_err());
    assert_eq!(
        one(Input::Int, &json!(-2_147_483_648_i64)),
        Ok(json!(-2_147_483_648_i64))
    );
    assert_eq!(one(Input::Int, &json!(5.0)), Ok(json!(5)));
    assert_eq!(one(Input::Float, &json!(5)), Ok(json!(5)));
}

#[test]
fn an_enum_takes_the_vendors_own_word() {
    let kinds = || Input::Enum(vec!["METRIC_ALERT".to_owned(), "EVENT_V2_ALERT".to_owned()]);
    assert_eq!(one(kinds(), &json!("metric alert")), Ok(json!("METRIC_ALERT")));
    assert_eq!(one(kinds(), &json!("event-v2 alert")), Ok(json!("EVENT_V2_ALERT")));
    assert_eq!(one(kinds(), &json!("MetricAlert")), Ok(json!("METRIC_ALERT")));
    assert_eq!(
        one(kinds(), &json!("metric")),
        Err(Fault::NotOneOf {
            got: "metric".to_owned(),
            allowed: vec!["METRIC_ALERT".to_owned(), "EVENT_V2_ALERT".to_owned()],
        })
    );
    assert_eq!(plain("Event-V2 Alert"), "eventv2alert");
}

#[test]
fn null_for_what_need_not_be_given_is_not_given() {
    let arguments = || vec![argument("limit", Input::Int, false), argument("id", Input::Id, true)];
    assert_eq!(
        check(arguments(), &json!({ "limit": null, "id": "1" })),
        Ok(json!({ "id": "1" }))
    );
    let refused = check(arguments(), &json!({ "limit": 3, "id": null })).unwrap_err();
    assert!(matches!(refused[0].fault, Fault::Missing { .. }), "{refused:?}");
}

#[test]
fn every_mistake_is_named_at_once_with_its_place() {
    let filter = Input::Object(vec![argument(
        "tags",
        Input::List {
            item: Box::new(Input::String),
            nullable: false,
        },
        false,
    )]);
    let arguments = vec![
        argument("channel", Input::String, true),
        argument("limit", Input::Int, false),
        argument("filter", filter, false),
    ];
    let given = json!({ "chanel": "#x", "limit": "5", "filter": { "tags": ["a", 1, null], "tag": 1 } });
    let places: Vec<_> = check(arguments, &given)
        .unwrap_err()
        .into_iter()
        .map(|complaint| complaint.path)
        .collect();
    assert_eq!(
        places,
        [
            "channel",
            "limit",
            "filter.tags.1",
            "filter.tags.2",
            "filter.tag",
            "chanel"
        ]
    );
}

#[test]
fn a_list_may_hold_nulls_only_where_the_schema_says_so() {
    let list = |nullable| Input::List {
        item: Box::new(Input::String),
        nullable,
    };
    assert_eq!(one(list(true), &json!(["a", null])), Ok(json!(["a", null])));
    assert!(one(list(false), &json!(["a", null])).is_err());
    assert!(one(list(true), &json!("a")).is_err());
}

#[test]
fn a_value_that_was_refused_is_no_variable() {
    let mut complaints = Vec::new();
    let mut at = super::At::root(&mut complaints);
    assert_eq!(checked(&Input::Int, Value::Object(Map::new()), &mut at), None);
    assert_eq!(complaints.len(), 1);
}

#[test]
fn bounds_hold_for_numbers_texts_and_lists() {
    let bounded = |input, bounds| Argument {
        bounds,
        ..argument("x", input, true)
    };
    let number = Bounds {
        min: Some(1.0),
        max: Some(200.0),
        ..Bounds::default()
    };
    let length = Bounds {
        min_length: Some(1),
        max_length: Some(2),
        ..Bounds::default()
    };
    let tags = || Input::List {
        item: Box::new(Input::String),
        nullable: false,
    };
    for (input, bounds, fits, too_much) in [
        (Input::Int, number, json!(200), json!(201)),
        (Input::Int, number, json!(1), json!(0)),
        (Input::Float, number, json!(1.0), json!(0.99)),
        (Input::String, length, json!("é\u{1f600}"), json!("abc")),
        (Input::String, length, json!("a"), json!("")),
        (tags(), length, json!(["long text", "b"]), json!(["a", "b", "c"])),
    ] {
        assert!(
            check(vec![bounded(input.clone(), bounds)], &json!({ "x": fits })).is_ok(),
            "{fits}"
        );
        let refused = check(vec![bounded(input, bounds)], &json!({ "x": too_much })).unwrap_err();
        assert_eq!(refused[0].fault, Fault::OutOfBounds { bounds }, "{too_much}");
    }
}

#[test]
fn hidden_variables_are_fixed_or_come_from_a_header() {
    let hidden = |name: &str, input, source, nullable| Hidden {
        name: name.to_owned(),
        input,
        source,
        default: None,
        nullable,
    };
    let mut tool = spec("t");
    tool.hidden = vec![
        hidden("a", Input::Int, HiddenSource::Fixed(json!(1)), false),
        hidden("b", Input::Int, HiddenSource::Header("x-b".to_owned()), false),
        hidden("c", Input::String, HiddenSource::Header("x-c".to_owned()), true),
    ];
    let mut filled = Map::new();
    fill_in_hidden(&tool, &mut filled, |name| (name == "x-b").then(|| "5".to_owned())).unwrap();
    assert_eq!(Value::Object(filled), json!({ "a": 1, "b": 5 }));
    let refused = fill_in_hidden(&tool, &mut Map::new(), |_| None).unwrap_err();
    assert_eq!(refused[0].path, "the HTTP header x-b");
}
