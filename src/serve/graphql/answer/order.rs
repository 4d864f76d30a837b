//! The keys of an answer in the order of the document: async-graphql gives them in the order in which they came.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use serde_json::Value;

/// The keys of an operation's objects in the order of the document.
#[derive(Debug, Default)]
pub(in crate::serve::graphql) struct Order {
    keys: Vec<(String, Order)>,
}

impl Order {
    /// The order of the operation of a document that was prepared: its fragments do not contain themselves, and stand for
    /// no more fields than a request may have.
    pub(in crate::serve::graphql) fn of(document: &ExecutableDocument) -> Self {
        let mut order = Self::default();
        for (_, operation) in document.operations.iter() {
            order.add(document, &operation.node.selection_set.node);
        }
        order
    }

    fn add(&mut self, document: &ExecutableDocument, set: &SelectionSet) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let key = self.key(field.node.response_key().node.as_str());
                    key.add(document, &field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.add(document, &fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.add(document, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn key(&mut self, name: &str) -> &mut Self {
        let index = self.keys.iter().position(|(key, _)| key == name).unwrap_or_else(|| {
            self.keys.push((name.to_owned(), Self::default()));
            self.keys.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "it was found there, or put there")]
        &mut self.keys[index].1
    }

    pub(super) fn apply(&self, value: &mut Value) {
        match value {
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.apply(element)),
            Value::Object(object) => {
                let mut rest = std::mem::take(object);
                for (name, below) in &self.keys {
                    if let Some(mut value) = rest.remove(name) {
                        below.apply(&mut value);
                        object.insert(name.clone(), value);
                    }
                }
                object.extend(rest);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Order;
    use async_graphql::parser::parse_query;
    use serde_json::json;

    #[test]
    fn keys_stand_in_the_order_of_the_document() {
        let document = parse_query("{ b { y ...F } a b { x } } fragment F on T { z }").unwrap();
        let mut data = json!({"a": 1, "b": [{"x": 1, "z": 2, "y": 3}, null]});
        Order::of(&document).apply(&mut data);
        assert_eq!(data.to_string(), r#"{"b":[{"y":3,"z":2,"x":1},null],"a":1}"#);
    }
}
