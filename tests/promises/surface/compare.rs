//! What a later list of tools breaks for those who use an earlier one.
//!
//! Of arguments, what was taken must be taken still; of results, what was given must be given still. More of either breaks
//! nobody.

use serde_json::{Map, Value};
use std::fmt;

/// One thing that does not hold any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Break {
    pub(super) tool: String,
    /// The argument or the key of the result, without what it stands in.
    pub(super) part: Option<String>,
    pub(super) what: String,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.tool, self.what)
    }
}

/// Which way values go: what is a break in one is none in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// Compares two lists, each an object of tools as they are listed, by name.
pub(super) fn breaks(before: &Value, now: &Value) -> Vec<Break> {
    let mut found = Vec::new();
    for (name, old) in fields(before) {
        let mut comparison = Comparison {
            tool: name,
            found: &mut found,
        };
        let new = &now[name];
        if new.is_null() {
            comparison.report(None, "the tool is gone".to_owned());
            continue;
        }
        if old["annotations"]["readOnlyHint"] == true && new["annotations"]["readOnlyHint"] != true {
            comparison.report(None, "it only read and does not any more".to_owned());
        }
        comparison.schema(Way::In, "", (&old["inputSchema"], &new["inputSchema"]));
        comparison.schema(Way::Out, "", (&old["outputSchema"], &new["outputSchema"]));
    }
    found
}

struct Comparison<'a> {
    tool: &'a str,
    found: &'a mut Vec<Break>,
}

impl Comparison<'_> {
    fn report(&mut self, path: Option<&str>, what: String) {
        let part = path.map(|path| {
            path.rsplit('.')
                .next()
                .unwrap_or(path)
                .trim_end_matches("[]")
                .to_owned()
        });
        self.found.push(Break {
            tool: self.tool.to_owned(),
            part,
            what,
        });
    }

    fn schema(&mut self, way: Way, path: &str, (old, new): (&Value, &Value)) {
        let named = match way {
            Way::In => format!("the argument `{path}`"),
            Way::Out => format!("`{path}` in the result"),
        };
        let own = (!path.is_empty()).then_some(path);
        if old["type"] != new["type"] && !(way == Way::In && new["type"].is_null()) {
            self.report(
                own,
                format!("{named} was {} and is {}", shown(&old["type"]), shown(&new["type"])),
            );
            return;
        }
        self.values(way, own, &named, (old, new));
        for (name, below) in fields(&old["properties"]) {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let now = &new["properties"][name];
            if now.is_null() {
                let what = if way == Way::In {
                    "argument"
                } else {
                    "key of the result"
                };
                self.report(Some(&path), format!("the {what} `{path}` is gone"));
            } else {
                self.schema(way, &path, (below, now));
            }
        }
        self.required(way, path, (old, new));
        if old["items"].is_object() {
            self.schema(way, &format!("{path}[]"), (&old["items"], &new["items"]));
        }
        self.variants(way, path, (old, new));
    }

    /// Bounds and closed sets of values.
    fn values(&mut self, way: Way, path: Option<&str>, named: &str, (old, new): (&Value, &Value)) {
        let (wider, narrower) = match way {
            Way::In => (old, new),
            Way::Out => (new, old),
        };
        let lost: Vec<_> = match (wider["enum"].as_array(), narrower["enum"].as_array()) {
            (Some(wider), Some(narrower)) => wider
                .iter()
                .filter(|value| !narrower.contains(value))
                .map(shown)
                .collect(),
            (None, Some(_)) => vec!["anything else".to_owned()],
            _ => Vec::new(),
        };
        if !lost.is_empty() {
            let what = if way == Way::In { "takes no more" } else { "may be now" };
            self.report(path, format!("{named} {what}: {}", lost.join(", ")));
        }
        if way == Way::Out {
            return;
        }
        for (bound, is_least) in [
            ("minimum", true),
            ("minLength", true),
            ("minItems", true),
            ("maximum", false),
            ("maxLength", false),
            ("maxItems", false),
        ] {
            let Some(now) = new[bound].as_f64() else { continue };
            let is_tighter = |was: f64| if is_least { now > was } else { now < was };
            if old[bound].as_f64().is_none_or(is_tighter) {
                self.report(
                    path,
                    format!("{named} has a {bound} of {now}, and had {}", shown(&old[bound])),
                );
            }
        }
    }

    /// What must be given now and need not before; what may be missing now and was always there before.
    fn required(&mut self, way: Way, path: &str, (old, new): (&Value, &Value)) {
        let (less, more) = match way {
            Way::In => (old, new),
            Way::Out => (new, old),
        };
        for name in names(&more["required"]).filter(|name| !names(&less["required"]).any(|less| less == *name)) {
            // Said already where it is gone altogether.
            if new["properties"][name].is_null() {
                continue;
            }
            let path = if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            };
            let what = match way {
                Way::In => format!("the argument `{path}` must be given now"),
                Way::Out => format!("`{path}` may be missing in the result now"),
            };
            self.report(Some(&path), what);
        }
    }

    /// The types that a value may be of, told apart by `__typename`.
    fn variants(&mut self, way: Way, path: &str, (old, new): (&Value, &Value)) {
        let tag = |variant: &Value| variant["properties"]["__typename"]["const"].clone();
        let all = |schema: &Value| schema["anyOf"].as_array().cloned().unwrap_or_default();
        let later = all(new);
        for variant in all(old) {
            let tag_of_it = tag(&variant);
            match later.iter().find(|later| tag(later) == tag_of_it) {
                Some(now) => self.schema(way, path, (&variant, now)),
                None => self.report(Some(path), format!("`{path}` is never {} any more", shown(&tag_of_it))),
            }
        }
    }
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn names(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => format!("`{text}`"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::breaks;
    use serde_json::{Value, json};

    fn tools() -> Value {
        json!({ "read": {
            "annotations": { "readOnlyHint": true },
            "inputSchema": {
                "type": "object",
                "properties": {
                    "query": { "type": "string", "minLength": 1 },
                    "limit": { "type": "integer", "maximum": 100 },
                    "sort": { "type": "string", "enum": ["NEW", "OLD"] },
                    "filter": { "type": "object", "properties": { "since": { "type": "string" } } }
                },
                "required": ["query"]
            },
            "outputSchema": {
                "type": "object",
                "properties": {
                    "total": { "type": "integer" },
                    "items": { "type": "array", "items": { "type": "object", "properties": { "id": { "type": "string" } }, "required": ["id"] } },
                    "links": { "type": "array", "items": { "anyOf": [
                        { "type": "object", "properties": { "__typename": { "const": "Issue" }, "number": { "type": "integer" } } }
                    ] } }
                }
            }
        } })
    }

    /// What is said when the value at a place is another; `null`: gone.
    #[track_caller]
    fn said(changes: &[(&str, Value)]) -> Vec<String> {
        let mut now = tools();
        for (pointer, value) in changes {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let parent = now.pointer_mut(parent).unwrap();
            match value {
                Value::Null => drop(parent.as_object_mut().unwrap().remove(key).unwrap()),
                value => parent[key] = value.clone(),
            }
        }
        breaks(&tools(), &now).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_was_taken_must_be_taken_still() {
        let at = |rest: &str| format!("/read/inputSchema{rest}");
        for (change, told) in [
            (
                (at("/properties/limit"), Value::Null),
                "read: the argument `limit` is gone",
            ),
            (
                (at("/properties/limit/type"), json!("string")),
                "read: the argument `limit` was `integer` and is `string`",
            ),
            (
                (at("/properties/limit/maximum"), json!(50)),
                "read: the argument `limit` has a maximum of 50, and had 100",
            ),
            (
                (at("/properties/limit/minimum"), json!(1)),
                "read: the argument `limit` has a minimum of 1, and had none",
            ),
            (
                (at("/properties/sort/enum"), json!(["NEW"])),
                "read: the argument `sort` takes no more: `OLD`",
            ),
            (
                (at("/properties/query/enum"), json!(["a"])),
                "read: the argument `query` takes no more: anything else",
            ),
            (
                (at("/required"), json!(["query", "limit"])),
                "read: the argument `limit` must be given now",
            ),
            (
                (at("/properties/filter/properties/since"), Value::Null),
                "read: the argument `filter.since` is gone",
            ),
        ] {
            assert_eq!(said(&[(&change.0, change.1)]), [told]);
        }
        let required_and_new = [
            ("/read/inputSchema/properties/team", json!({ "type": "string" })),
            ("/read/inputSchema/required", json!(["query", "team"])),
        ];
        assert_eq!(said(&required_and_new), ["read: the argument `team` must be given now"]);
    }

    #[test]
    fn what_was_given_must_be_given_still() {
        let at = |rest: &str| format!("/read/outputSchema/properties{rest}");
        for (change, told) in [
            (
                (at("/total"), Value::Null),
                "read: the key of the result `total` is gone",
            ),
            (
                (at("/items/items/properties/id"), Value::Null),
                "read: the key of the result `items[].id` is gone",
            ),
            (
                (at("/items/items/properties/id/type"), json!("integer")),
                "read: `items[].id` in the result was `string` and is `integer`",
            ),
            (
                (at("/items/items/required"), Value::Null),
                "read: `items[].id` may be missing in the result now",
            ),
            (
                (at("/links/items/anyOf/0/properties/__typename/const"), json!("Pull")),
                "read: `links[]` is never `Issue` any more",
            ),
            (
                (at("/links/items/anyOf/0/properties/number"), Value::Null),
                "read: the key of the result `links[].number` is gone",
            ),
        ] {
            assert_eq!(said(&[(&change.0, change.1)]), [told]);
        }
    }

    #[test]
    fn a_tool_stays_and_goes_on_only_reading() {
        assert_eq!(said(&[("/read", Value::Null)]), ["read: the tool is gone"]);
        let writes = ("/read/annotations/readOnlyHint", json!(false));
        assert_eq!(said(&[writes]), ["read: it only read and does not any more"]);
    }

    #[test]
    fn more_breaks_nobody() {
        let more = [
            ("/other", json!({})),
            ("/read/inputSchema/properties/cursor", json!({ "type": "string" })),
            ("/read/inputSchema/properties/sort/enum", json!(["NEW", "OLD", "BEST"])),
            ("/read/inputSchema/properties/limit/maximum", json!(500)),
            ("/read/inputSchema/required", json!([])),
            ("/read/outputSchema/properties/cursor", json!({ "type": "string" })),
            ("/read/outputSchema/required", json!(["total"])),
            ("/read/description", json!("Reads.")),
        ];
        assert_eq!(said(&more), [""; 0]);
    }

    #[test]
    fn a_break_knows_its_part_by_its_own_name() {
        let mut now = tools();
        now["read"]["outputSchema"]["properties"]["items"]["items"]["properties"] = json!({});
        let found = breaks(&tools(), &now);
        assert_eq!(found[0].part.as_deref(), Some("id"), "{found:?}");
    }
}
