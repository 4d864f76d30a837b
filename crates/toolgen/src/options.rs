//! What the compiler is told besides schema and files.

use crate::cost::Budget;
use std::collections::BTreeMap;

/// What the compiler is told besides schema and files. It knows no vendor: what is a vendor's stands here.
#[derive(Debug, Clone)]
pub struct Options {
    /// What custom scalars are in JSON, by name. A scalar that is missing here may be anything.
    pub scalars: BTreeMap<String, Scalar>,
    /// Whether a text is a value of a custom scalar, by the scalar's name; and why not. What a file writes out is held to it.
    pub forms: BTreeMap<String, Form>,
    /// What fields cost: the text of `schema/weights.graphql`. Without it nothing is reckoned.
    pub weights: String,
    /// What a tool may cost.
    pub budget: Budget,
}

/// Says why a text is no value of a scalar.
pub type Form = fn(&str) -> Result<(), String>;

/// What a custom scalar is in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// A string; as an argument, an integer is taken as well.
    Id,
    /// A string.
    String,
    /// A 32-bit integer.
    Int,
    /// A number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// Any value.
    Any,
}

impl Options {
    pub(crate) fn scalar(&self, name: &str) -> Scalar {
        match name {
            "ID" => Scalar::Id,
            "String" => Scalar::String,
            "Int" => Scalar::Int,
            "Float" => Scalar::Float,
            "Boolean" => Scalar::Boolean,
            _ => self.scalars.get(name).copied().unwrap_or(Scalar::Any),
        }
    }
}

impl Default for Options {
    /// The scalars of the unified schema, no weights, no budget.
    fn default() -> Self {
        let scalars = [
            ("DateTime", Scalar::Id),
            ("Time", Scalar::Id),
            ("Date", Scalar::String),
            ("URL", Scalar::String),
        ];
        Self {
            scalars: scalars
                .into_iter()
                .map(|(name, scalar)| (name.to_owned(), scalar))
                .collect(),
            forms: BTreeMap::new(),
            weights: String::new(),
            budget: Budget::default(),
        }
    }
}
