use super::*;
use serde_json::json;

fn object(fields: &[(&str, Shape)]) -> Shape {
    Shape::Object(
        fields
            .iter()
            .map(|(key, shape)| ((*key).to_owned(), shape.clone()))
            .collect(),
    )
}

fn collapse(key: &str, inner: Shape) -> Shape {
    Shape::Collapse {
        key: key.to_owned(),
        inner: Box::new(inner),
    }
}

fn list(item: Shape) -> Shape {
    Shape::List(Box::new(item))
}

fn shaped(unwrap: &[&str], inner: Shape, data: Value) -> Value {
    let unwrap = unwrap.iter().map(|key| (*key).to_owned()).collect();
    Value::Object(apply(&RootShape { unwrap, inner }, data))
}

#[test]
fn wrappers_come_off_and_null_keys_are_left_out() {
    let inner = object(&[
        ("name", Shape::Leaf),
        ("author", collapse("login", Shape::Leaf)),
        ("x", list(Shape::Leaf)),
    ]);
    let data = json!({"github": {"pr": {"name": "a", "author": {"login": null}, "x": null, "unasked": 1}}});
    assert_eq!(shaped(&["github", "pr"], inner.clone(), data), json!({"name": "a"}));
    assert_eq!(shaped(&["github", "pr"], inner, json!({"github": null})), json!({}));
}

#[test]
fn null_objects_leave_a_list_and_null_scalars_stay() {
    let inner = object(&[
        ("objects", list(object(&[("a", Shape::Leaf)]))),
        ("scalars", list(Shape::Leaf)),
        ("collapsed", list(collapse("login", Shape::Leaf))),
        ("deep", list(collapse("a", collapse("b", Shape::Leaf)))),
    ]);
    let data = json!({
        "objects": [{"a": 1}, null, {"a": null}],
        "scalars": [1, null],
        "collapsed": [{"login": "x"}, null, {"login": null}],
        "deep": [{"a": {"b": 1}}, {"a": null}, {"a": {"b": null}}],
    });
    let result = json!({
        "objects": [{"a": 1}, {}],
        "scalars": [1, null],
        "collapsed": ["x", null],
        "deep": [1, null],
    });
    assert_eq!(shaped(&[], inner, data), result);
}

#[test]
fn a_union_is_read_by_its_typename_and_never_collapses() {
    let inner = object(&[(
        "links",
        list(Shape::Abstract(
            [
                (
                    "Issue".to_owned(),
                    vec![(TYPENAME.to_owned(), Shape::Leaf), ("number".to_owned(), Shape::Leaf)],
                ),
                ("Other".to_owned(), vec![(TYPENAME.to_owned(), Shape::Leaf)]),
            ]
            .into(),
        )),
    )]);
    let data =
        json!({"links": [{"__typename": "Issue", "number": 7}, {"__typename": "Other"}, null, {"__typename": "?"}]});
    let result = json!({"links": [{"__typename": "Issue", "number": 7}, {"__typename": "Other"}]});
    assert_eq!(shaped(&[], inner, data), result);
}
