//! Where Slack reads arguments from: the query, a form, and for the writing methods a JSON body ("Using the Slack Web API").

use std::collections::HashMap;

use serde_json::Value;

use super::{
    super::reply::{Call, pairs},
    failure::Failure,
};

/// A call's arguments, all as text, as a form would bring them.
pub(super) struct Arguments {
    values: HashMap<String, String>,
    /// What Slack remarks on the content type.
    pub(super) warnings: Vec<&'static str>,
}

impl Arguments {
    pub(super) fn read(call: &Call, takes_json: bool) -> Result<Self, Failure> {
        let mut values: HashMap<String, String> = call.query.iter().cloned().collect();
        let mut warnings = Vec::new();
        let charset = call
            .header("content-type")
            .is_some_and(|full| full.to_ascii_lowercase().contains("charset="));
        match call.content_type().as_str() {
            "application/x-www-form-urlencoded" => {
                values.extend(pairs(&call.body));
                warnings.extend(charset.then_some("superfluous_charset"));
            }
            "application/json" => {
                if takes_json {
                    values.extend(fields(&call.body)?);
                }
                warnings.extend((!charset).then_some("missing_charset"));
            }
            _ if call.body.is_empty() => {}
            "" => return Err(Failure::new("missing_post_type")),
            _ => return Err(Failure::new("invalid_post_type")),
        }
        Ok(Self { values, warnings })
    }

    /// An empty value counts as none, as everywhere at Slack.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, Failure> {
        self.get(name).ok_or_else(|| Failure::missing(name))
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.get(name), Some("true" | "1"))
    }

    /// `limit`, 100 where it is not given.
    pub(super) fn limit(&self, most: usize) -> Result<usize, Failure> {
        let Some(text) = self.get("limit") else {
            return Ok(most.min(100));
        };
        match text.parse() {
            Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
            Ok(_) => Err(Failure::new("invalid_limit")),
            Err(_) => {
                Err(Failure::new("invalid_arguments").detail("[ERROR] must be a valid integer [json-pointer:/limit]"))
            }
        }
    }
}

fn fields(body: &[u8]) -> Result<Vec<(String, String)>, Failure> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        return Err(Failure::new("invalid_json"));
    };
    let Value::Object(fields) = value else {
        return Err(Failure::new("json_not_object"));
    };
    let texts = fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| match value {
            Value::String(text) => (name, text),
            other => (name, other.to_string()),
        });
    Ok(texts.collect())
}
